"""A supervisor decides on the phone what several doors accepted."""

from collections.abc import Iterator
from datetime import timedelta

import door as doors
import pytest
from door import OPEN_PHONE, BrowserPhone, Door
from handing import OfflinePhone
from house import House
from playwright.sync_api import Browser, Locator, expect

from chalicelib.domain.device import Profile

POT, TOTAL = "coffee-pot-20", (125_000, "TRY")


@pytest.fixture
def door(house: House) -> Iterator[Door]:
    with doors.opened(house) as door:
        yield door


def accepted(house: House, url: str, *names: str) -> list[OfflinePhone]:
    """Let doors accept a voucher a minute after each other."""
    found = []
    for name in names:
        phone = OfflinePhone(house, name=name)
        phone.accept(url, total=TOTAL, shift="Ayşe" if name == "North" else None)
        house.at += timedelta(minutes=1)
        found.append(phone)
    return found


def test_a_case_is_seen_counted_and_decided_with_a_tap(
    house: House, door: Door, chrome: Browser
) -> None:
    url = str(house.browser().claim("istanbul", POT)["url"])
    north, south, east = accepted(house, url, "North", "South", "East")
    for phone in (south, north):
        phone.hand_in()
    context = chrome.new_context(**OPEN_PHONE)
    context.clock.install(time=house.at)
    boss = BrowserPhone(door, context).enrol(profile=Profile.SUPERVISOR)
    expect(boss.page.locator("#cases-count")).to_have_text("1")
    boss.page.click("#cases-offer a")
    shows_what_is_known(boss, boss.page.locator(".case"))

    with door.one_by_one:
        east.hand_in()
    case = boss.page.locator(".case")
    case.locator("[value=keep]").click()
    expect(case.locator("[data-part=news]")).to_contain_text("Nothing was decided")
    expect(case.locator("[data-part=news]")).to_contain_text("New: East in Istanbul.")
    expect(case.locator(".party")).to_have_count(3)
    assert boss.faults() == []

    case.locator("input").fill("two good faiths")
    boss.page.route("**/resolution", lambda route: route.abort(), times=2)
    case.locator("[value=write_off]").click()
    expect(case.locator("[data-part=news]")).to_contain_text("No answer")
    case.locator("[value=write_off]").click()
    expect(boss.page.locator("#decided .case-resolution")).to_contain_text("two good faiths")
    expect(boss.page.locator("#none")).to_be_visible()
    assert boss.faults() == []
    boss.page.goto(f"{door.url}/staff/")
    expect(boss.page.locator("#cases-offer")).to_be_visible()
    expect(boss.page.locator("#cases-count")).to_have_text("")
    context.close()


def shows_what_is_known(boss: BrowserPhone, case: Locator) -> None:
    """See who accepted it, when, what is at risk and who bears no loss."""
    expect(case.locator(".party")).to_have_count(2)
    north, south = case.locator(".party").all()
    expect(north).to_contain_text("Istanbul · 15:00")
    expect(north).to_contain_text("Accepted offline, does not count: Already used")
    expect(north).to_contain_text("Shift: Ayşe")
    expect(north.locator("[data-part=wins]")).to_be_visible()
    expect(south).to_contain_text("Accepted offline: it counts")
    expect(case.locator("[data-part=winner]")).to_have_text("North")
    expect(case.locator("[data-part=risk]")).to_contain_text("250.00")
    assert boss.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert boss.faults() == []


def test_a_steward_is_not_shown_what_a_supervisor_decides(door: Door, chrome: Browser) -> None:
    context = chrome.new_context(**OPEN_PHONE)
    phone = BrowserPhone(door, context).enrol()
    expect(phone.page.locator("#cases-offer")).to_be_hidden()
    phone.page.goto(f"{door.url}/staff/cases")
    expect(phone.page.locator("#trouble")).to_contain_text("for the stand's supervisor")
    context.close()
