"""The scanner without network, in a real browser: it opens, judges, keeps, and hands in."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import door as doors
import pytest
from door import OPEN_PHONE, Ask, BrowserPhone, Door, scans
from house import House
from playwright.sync_api import Browser, Route, expect

from chalicelib.domain.offline_scan import Outcome
from local.gateway import Answer
from local.rest import Request

# What a browser has on its disk, or does with it.
KEPT = """(name) => new Promise((done) => {
  const asked = indexedDB.open("marquee-staff");
  asked.onsuccess = () => {
    const found = asked.result.transaction("kept").objectStore("kept").get(name);
    found.onsuccess = () => {
      asked.result.close();
      done(found.result ? JSON.parse(JSON.stringify(found.result)) : null);
    };
  };
})"""
FULL = """() => {
  IDBObjectStore.prototype.add = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
}"""
UPDATED = """async () => {
  const found = await navigator.serviceWorker.getRegistration();
  await found.update();
  while (!found.waiting) await new Promise((done) => setTimeout(done, 10));
}"""

WORKS = re.compile("good|careful")  # and how fast, which is for the laptop to say
OWN_PROFILE = "in-incognito"  # what every context of a test is, and nothing is installed from there


@pytest.fixture(scope="module")
def _entrance(_furnished: House) -> Iterator[Door]:
    with doors.opened(_furnished) as door:
        yield door


@pytest.fixture
def door(_entrance: Door, house: House) -> Door:
    assert _entrance.house is house
    return _entrance.as_new()


@contextmanager
def phones(door: Door, chrome: Browser, count: int = 1, **of: Any) -> Iterator[list[BrowserPhone]]:
    """Return phones that are enrolled, each with the house's clock, or one that is `ahead`."""
    ahead = of.pop("ahead", timedelta())
    contexts = [chrome.new_context(**OPEN_PHONE | of) for _ in range(count)]
    for context in contexts:
        context.clock.install(time=door.house.at + ahead)
    yield [BrowserPhone(door, context).enrol() for context in contexts]
    for context in contexts:
        context.close()


@pytest.fixture
def phone(door: Door, chrome: Browser) -> Iterator[BrowserPhone]:
    with phones(door, chrome) as (phone,):
        yield phone


def outcomes(house: House) -> list[tuple[str, str | None]]:
    return [(scan.outcome.value, scan.reason) for scan in scans(house)]


# --- It opens -----------------------------------------------------------------------------------


def test_without_network_every_page_opens_in_any_language_and_an_update_waits(
    door: Door, chrome: Browser
) -> None:
    with phones(door, chrome, service_workers="allow") as (phone,):
        phone.installed()
        can_be_installed(phone)
        visitor = phone.context.new_page()
        visitor.goto(f"{door.url}/p/istanbul")
        assert visitor.evaluate("navigator.serviceWorker.controller") is None
        visitor.close()
        opens_without_network(door, phone)
        waits_with_its_update(door, phone)


def can_be_installed(phone: BrowserPhone) -> None:
    """Ask the browser itself what stands against the home screen."""
    devtools = phone.context.new_cdp_session(phone.page)
    manifest = devtools.send("Page.getAppManifest")
    assert "/staff/app." in manifest["url"]
    assert manifest["errors"] == []
    against = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert {error["errorId"] for error in against} <= {OWN_PROFILE}
    devtools.detach()


def opens_without_network(door: Door, phone: BrowserPhone) -> None:
    """Change the language, open other pages and tabs; each change is remembered."""
    page = phone.page
    with phone.offline():
        page.click("#shift-open")
        page.fill("#field-shift-name", "Ayşe")
        page.keyboard.press("Enter")
        expect(page.locator("#shift-now")).to_have_text("Shift: Ayşe")
        page.reload()
        phone.ready()
        expect(page.locator("#shift-now")).to_have_text("Shift: Ayşe")
        page.click(".prefs summary")
        page.click("a[hreflang=ar]")
        page.wait_for_selector("html[lang=ar] body[data-mode=ready]")
        assert page.url == f"{door.url}/staff/"
        tab = BrowserPhone(door, phone.context).open()
        for one in (page, tab.page):
            assert one.get_attribute("html", "lang") == "ar"
            expect(one.locator("#head")).to_have_attribute("data-stand", "istanbul")
        for path, shows in (("help", "#main dt"), ("cases", "#trouble"), ("self-test", "#start")):
            tab.page.goto(f"{door.url}/staff/{path}")
            expect(tab.page.locator(shows).first).to_be_visible()
            assert tab.page.get_attribute("html", "lang") == "ar"
            assert tab.faults() == []
        tab.page.click("#start")
        expect(tab.page.locator("#test-decoder")).to_have_attribute("data-state", WORKS)
        tab.page.close()
        page.click(".prefs summary")
        page.click("a[hreflang=tr]")
        page.wait_for_selector("html[lang=tr] body[data-mode=ready]")
    page.reload()
    page.wait_for_selector("html[lang=tr] body[data-mode=ready]")


def waits_with_its_update(door: Door, phone: BrowserPhone) -> None:
    """Learn of a new version, and take it when nothing waits and somebody says so."""
    code, page = door.vouchers(1)[0], phone.page
    old = page.get_attribute("body", "data-version") or ""
    door.tamper = lambda request, ask: newer(request, ask, old)
    with phone.offline():
        phone.scan(code)
        phone.sees("offline")
    page.route("**/batch", lambda route: route.abort())
    page.evaluate(UPDATED)
    page.click("#verdict [data-action=next]")
    phone.ready()
    expect(page.locator("#update")).to_be_hidden()
    page.unroute("**/batch")
    phone.synced()
    page.click("#update button")
    page.wait_for_selector(f'body[data-version="{old.replace("sw.", "sw.newer")}"]')
    with phone.offline():
        page.reload()
        phone.ready()
        assert page.get_attribute("body", "data-version") != old
    assert page.evaluate("caches.keys()") == [f"scanner:{old.replace('sw.', 'sw.newer')}"]


def newer(request: Request, ask: Ask, old: str) -> Answer:
    """Serve the next version: the same worker under another name."""
    new = old.replace("sw.", "sw.newer")
    if request.path == new:
        return ask(replace(request, target=old))
    if not request.path.startswith("/staff"):
        return ask(request)
    plain = tuple(row for row in request.headers if row[0] != "accept-encoding")
    answer = ask(replace(request, headers=plain))
    body = answer.body.replace(old.encode(), new.encode())
    headers = tuple(row for row in answer.headers if row[0].lower() != "content-length")
    return Answer(answer.status, (*headers, ("Content-Length", str(len(body)))), body)


# --- It judges and keeps ------------------------------------------------------------------------


def test_a_scan_without_network_is_accepted_once_and_handed_in_with_its_own_time(
    house: House, door: Door, phone: BrowserPhone
) -> None:
    code, other = door.vouchers(2)
    with phone.offline():
        phone.page.click("#shift-open")
        phone.page.fill("#field-shift-name", "Ayşe")
        phone.page.keyboard.press("Enter")
        expect(phone.page.locator("#shift-now")).to_have_text("Shift: Ayşe")
        expect(phone.page.locator("#scanned")).to_be_focused()
        phone.scan(code)
        assert "It is sent when the network is back" in phone.sees("offline")
        assert phone.faults() == []
        phone.page.clock.fast_forward(4_000)
        phone.scan(code)
        assert "Istanbul · by this device" in phone.sees("already")
        phone.page.clock.fast_forward(60_000)
        phone.scan(other)
        phone.sees("offline")
        phone.waits(2)
    house.at += timedelta(hours=1)
    phone.synced()
    assert outcomes(house) == [("accepted", None)] * 2
    first, second = scans(house)
    assert (first.shift, second.shift) == ("Ayşe", "Ayşe")
    assert timedelta(seconds=64) <= second.corrected_at - first.corrected_at < timedelta(seconds=90)
    phone.page.keyboard.press("Escape")
    expect(phone.page.locator("[data-count=used]")).to_have_text("2")


def test_a_slow_server_is_not_waited_for_and_turns_the_card_it_answers_late(
    house: House, door: Door, phone: BrowserPhone
) -> None:
    (code,) = door.vouchers(1)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    phone.page.route("**/api/v1/redemptions", hold)
    phone.page.route("**/batch", lambda route: route.abort())
    phone.scan(code)
    phone.sees("offline")
    held[0].continue_()
    assert "Used" in phone.sees("used")
    phone.page.unroute("**/batch")
    phone.synced()
    assert outcomes(house) == [("duplicate", None)]


def test_what_was_taken_back_in_time_moves_nothing(
    house: House, door: Door, phone: BrowserPhone
) -> None:
    (code,) = door.vouchers(1)
    with phone.offline():
        phone.scan(code)
        phone.sees("offline")
        phone.page.click("[data-action=withdraw]")
        phone.ready()
        phone.waits(1)
    phone.synced()
    assert outcomes(house) == [("rejected", "already_reversed")]
    assert house.phone().redeem(code).status == 201


def test_a_typed_code_and_a_listed_voucher_ask_for_the_network(
    house: House, phone: BrowserPhone
) -> None:
    codes = house.marketing().minted("lantern-gift", 2)
    house.phone().redeem(codes[0]["url"])
    house.wait(timedelta(minutes=5))
    house.project()
    with phone.page.expect_response("**/manifest*"):
        phone.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    with phone.offline():
        phone.scan(codes[0]["url"])
        phone.hears("It may have been used already")
        phone.scan(codes[1]["code"])
        phone.hears("A typed code can be checked online only")
        phone.waits(0)


def test_what_is_known_of_the_stand_grows_stale_with_a_warning_then_too_old(
    house: House, door: Door, phone: BrowserPhone
) -> None:
    first, second = door.vouchers(2)
    house.publish(house.campaign())
    with phone.offline():
        phone.page.clock.fast_forward((6 * 3600 + 1) * 1000)
        expect(phone.page.locator("#warning")).to_contain_text("has not heard from the server")
        assert phone.faults() == []
        phone.scan(first)
        phone.sees("offline")
        phone.page.clock.fast_forward(12 * 3600 * 1000)
        phone.scan(second)
        assert "Out of date" in phone.sees("unanswered")


def test_a_full_storage_says_so_and_shows_no_green(door: Door, phone: BrowserPhone) -> None:
    phone.page.evaluate(FULL)
    with phone.offline():
        phone.scan(door.vouchers(1)[0])
        assert "This device cannot keep scans" in phone.sees("refused")
        phone.waits(0)


def test_private_mode_accepts_nothing_without_network(door: Door, chrome: Browser) -> None:
    context = chrome.new_context(**OPEN_PHONE)
    context.add_init_script("delete window.indexedDB; window.indexedDB = undefined;")
    phone = BrowserPhone(door, context).enrol()
    expect(phone.page.locator("#warning")).to_contain_text("keeps nothing")
    assert phone.faults() == []
    with phone.offline():
        phone.scan(door.vouchers(1)[0])
        assert "This device cannot keep scans" in phone.sees("refused")
    context.close()


# --- It hands in --------------------------------------------------------------------------------


def test_a_clock_three_hours_fast_is_put_right(house: House, door: Door, chrome: Browser) -> None:
    with phones(door, chrome, ahead=timedelta(hours=3)) as (phone,):
        with phone.offline():
            phone.scan(door.vouchers(1)[0])
            phone.sees("offline")
        house.at += timedelta(minutes=5)
        phone.synced()
    (scan,) = scans(house)
    assert scan.scanned_at - scan.corrected_at > timedelta(hours=2, minutes=59)
    assert abs(scan.corrected_at - house.at) <= timedelta(minutes=5)
    assert scan.outcome is Outcome.ACCEPTED


def test_an_answer_that_was_lost_is_asked_for_again_unchanged(
    house: House, door: Door, phone: BrowserPhone
) -> None:
    codes = door.vouchers(3)
    with phone.offline():
        phone.scan_all(codes[:2])

    def stored_but_not_answered(route: Route) -> None:
        route.fetch()
        route.abort()

    phone.page.route("**/batch", stored_but_not_answered, times=1)
    with phone.page.expect_event("requestfailed", lambda asked: asked.url.endswith("/batch")):
        phone.look_up()
    assert outcomes(house) == [("accepted", None)] * 2
    with phone.offline():
        phone.scan_all(codes[2:])
    phone.synced()
    assert outcomes(house) == [("accepted", None)] * 3
    assert [scan.seq for scan in scans(house)] == [1, 2, 3]


@pytest.mark.parametrize("first", [0, 1])
def test_two_doors_and_an_online_use_make_one_winner_in_any_order(
    house: House, door: Door, chrome: Browser, first: int
) -> None:
    (code,) = door.vouchers(1)
    with phones(door, chrome, 2) as pair:
        for phone in pair:
            with phone.offline():
                phone.scan(code)
                phone.sees("offline")
                phone.page.route("**/api/**", lambda route: route.abort())
        used = house.phone().redeem(code)
        assert used.status == 201
        for phone in (pair[first], pair[1 - first]):
            phone.page.unroute("**/api/**")
            phone.synced()
            assert "Already used" in phone.sees("already")
    assert outcomes(house) == [("conflict", "already_redeemed")] * 2
    again = house.phone().redeem(code)
    assert (again.reason, used.status) == ("already_redeemed", 201)


def test_a_removed_device_hands_in_forgets_everything_and_says_so(
    house: House, door: Door, phone: BrowserPhone
) -> None:
    with phone.offline():
        phone.scan(door.vouchers(1)[0])
        phone.sees("offline")
    device = phone.page.evaluate(KEPT, "device")
    phone.page.route("**/batch", lambda route: route.abort())
    house.live(revoked_devices={device["device_id"]})
    phone.look_up()
    expect(phone.page.locator("#enrolment-error")).to_contain_text(
        "waiting scans are handed in", timeout=20_000
    )
    phone.page.unroute("**/batch")
    phone.page.reload()
    expect(phone.page.locator("#enrolment-error")).to_contain_text("What it had kept is deleted")
    assert outcomes(house) == [("rejected", "device_revoked")]
    assert [phone.page.evaluate(KEPT, name) for name in ("device", "key", "manifest")] == [None] * 3


def test_a_token_that_ended_meanwhile_still_hands_in(
    house: House, door: Door, phone: BrowserPhone
) -> None:
    with phone.offline():
        phone.scan(door.vouchers(1)[0])
        phone.sees("offline")
    house.real_at += timedelta(hours=13)
    phone.look_up()
    expect(phone.page.locator("#enrolment-error")).to_contain_text("no longer signed in")
    assert outcomes(house) == [("accepted", None)]


def test_a_rollback_a_new_key_and_a_withdrawn_one_meanwhile_end_every_entry(
    house: House, door: Door, phone: BrowserPhone
) -> None:
    codes = door.vouchers(3)
    house.publish(house.campaign())
    with phone.offline():
        phone.scan_all(codes[:1])
    house.roll_back("festival-now", 1)
    phone.synced()
    with house.new_key():
        with phone.offline():
            newer = door.claimed()
            phone.scan_all(codes[1:2])
            phone.scan(newer)
            phone.hears("Signed with an unknown key")
            assert phone.faults() == []
        phone.page.click("[data-action=again]")
        assert "Used" in phone.sees("used")
        phone.synced()
    with phone.offline():
        phone.scan_all(codes[2:])
    house.live(withdrawn_keys={1})
    phone.synced()
    *ends, last = outcomes(house)  # the newer key's is one of them, if the phone knew it already
    assert set(ends) == {("accepted", None)}
    assert last == ("conflict", "key_withdrawn")
    before, after, *_ = (scan.epoch for scan in scans(house))
    assert before < after


def test_two_tabs_keep_one_queue_and_send_each_entry_once(
    house: House, door: Door, phone: BrowserPhone
) -> None:
    codes = door.vouchers(6)
    tab = BrowserPhone(door, phone.context).open()
    with phone.offline():
        for one, other in zip(codes[:3], codes[3:], strict=True):
            phone.scan_all([one])
            tab.scan_all([other])
    phone.look_up()
    tab.look_up()
    tab.waits(0)
    phone.waits(0)
    assert outcomes(house) == [("accepted", None)] * 6
    times = [scan.scanned_at for scan in scans(house)]
    assert all(before < after for before, after in pairwise(times))
    assert len(door.batches()) <= 2  # a tab that saw the last answer may look once more
