"""The console in a real browser: signed in by the pool's own pages, set up from CSV to live."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from street import violations

from chalicelib.domain import exchange
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.member import Role
from local import ground
from local.house import House, Plan, opened

HOME = "/console/c/festival-now"
PATHS = [
    "/console/",
    HOME,
    *(f"{HOME}/edit/{sheet}" for sheet in ("campaign", "popups", "hours", "merchants")),
    *(f"{HOME}/edit/{sheet}" for sheet in ("offers", "offers/moka-15", "texts", "delivery")),
    f"{HOME}/preview?popup=rome",
    f"{HOME}/preview?popup=rome&lang=ar",
    f"{HOME}/preview?popup=rome&as=staff",
    f"{HOME}/board",
    f"{HOME}/board?sort=stock&dir=desc",
    *(f"{HOME}/{page}" for page in ("devices", "batches", "keys", "voucher", "messages")),
    f"{HOME}/trail",
    "/console/trail",
    "/console/members",
    "/console/import",
    "/console/nothing",
]


@dataclass(frozen=True)
class Office:
    """Where the marketing team sits: a house without its history, and one browser signed in."""

    house: House
    page: Page


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, chrome: Browser) -> Iterator[Office]:
    ground.keep_home()
    directory = tmp_path_factory.mktemp("house")
    with opened(Plan(log=directory / "log", strip=False)) as house:
        context = chrome.new_context(base_url=house.world.base_url)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.goto(f"{HOME}/edit/campaign")
        page.fill("input[name=username]", house.people.email(Role.OWNER))
        page.fill("input[name=password]", house.people.password)
        page.click("[type=submit]")
        expect(page).to_have_url(f"{house.world.base_url}{HOME}/edit/campaign")
        yield Office(house, page)
        context.close()


@pytest.mark.parametrize("path", PATHS)
def test_each_page_fits_a_phone_and_axe_finds_no_barrier(office: Office, path: str) -> None:
    office.page.set_viewport_size({"width": 360, "height": 740})
    said: list[str] = []
    office.page.on("pageerror", lambda error: said.append(str(error)))
    office.page.goto(path)
    assert office.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert violations(office.page) == []
    assert said == []


def renamed(whole: Campaign) -> Campaign:
    """Return the festival as another campaign, with stands of its own."""
    ids = {popup.popup_id: f"{popup.popup_id}-spring" for popup in whole.popups}
    plan = whole.delivery
    assert plan is not None

    def moved(popup_ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(ids.get(popup_id, popup_id) for popup_id in popup_ids)

    return replace(
        whole,
        campaign_id="spring",
        number=9,
        popups=tuple(replace(p, popup_id=ids[p.popup_id]) for p in whole.popups),
        offers=tuple(replace(o, popup_ids=moved(o.popup_ids)) for o in whole.offers),
        delivery=replace(
            plan, options=tuple(replace(o, popup_ids=moved(o.popup_ids)) for o in plan.options)
        ),
    )


def test_35_cities_are_set_up_from_csv_to_publish(office: Office, tmp_path: Path) -> None:
    page = office.page
    zipped = tmp_path / "spring.zip"
    zipped.write_bytes(exchange.export(renamed(office.house.world.campaigns["festival-now"])))
    page.goto("/console/import")
    page.set_input_files("#zip", zipped)
    page.get_by_role("button", name="Check it").click()
    page.get_by_role("button", name="Import all of it").click()
    expect(page.get_by_text("Nothing blocks a publish")).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Revision 1 is live")).to_be_visible()
    page.goto("/p/istanbul-spring")
    expect(page.get_by_role("heading", name="Istanbul")).to_be_visible()


def test_a_stand_is_edited_by_keyboard_and_without_a_script(
    office: Office, chrome: Browser
) -> None:
    context = chrome.new_context(
        base_url=office.house.world.base_url,
        java_script_enabled=False,
        storage_state=office.page.context.storage_state(),
    )
    page = context.new_page()
    page.goto(f"{HOME}/edit/popups")
    city = page.get_by_label("City, rome")
    city.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("Roma")
    page.keyboard.press("Enter")
    expect(page.get_by_label("City, rome")).to_have_value("Roma")
    context.close()


def test_the_instants_of_a_date_follow_what_is_typed(office: Office) -> None:
    page = office.page
    page.goto(f"{HOME}/edit/campaign")
    page.get_by_label("Usable from").fill("2027-01-01T00:00")
    expect(page.get_by_text("1 Jan 2027 08:00 UTC")).to_be_visible()


def test_the_slider_turns_the_preview(office: Office) -> None:
    page = office.page
    page.goto(f"{HOME}/preview?popup=istanbul")
    page.locator("#hour").fill("1")
    expect(page.get_by_text("Sealed until the reveal").first).to_be_visible()


def test_the_board_reads_itself_again_and_keeps_focus_and_place(
    office: Office, chrome: Browser
) -> None:
    page, house = office.page, office.house
    page.goto(f"{HOME}/board?sort=claimed&dir=desc")
    row = page.get_by_role("row", name="Rome")
    before = int(row.get_by_role("cell").first.inner_text())
    as_of = page.locator("#as-of").inner_text()
    page.get_by_role("link", name="Milan").focus()
    context = chrome.new_context(base_url=house.world.base_url)
    visitor = context.new_page()
    visitor.goto("/p/rome")
    visitor.locator('form:has(input[value="lantern-gift"]) button').click()
    visitor.wait_for_url("**/V/*")
    context.close()
    expect(row.get_by_role("cell").first).to_have_text(str(before + 1), timeout=20_000)
    expect(page.get_by_role("link", name="Milan")).to_be_focused()
    expect(page.locator("#as-of")).not_to_have_text(as_of)
    expect(page.locator("#lost")).to_be_empty()


def test_the_board_is_sorted_by_keyboard_without_a_script(office: Office, chrome: Browser) -> None:
    context = chrome.new_context(
        base_url=office.house.world.base_url,
        java_script_enabled=False,
        storage_state=office.page.context.storage_state(),
    )
    page = context.new_page()
    page.goto(f"{HOME}/board")
    page.get_by_role("link", name="Rate").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("columnheader", name="Rate")).to_have_attribute(
        "aria-sort", "descending"
    )
    expect(page.get_by_label("Read again every 5 seconds")).to_be_hidden()
    context.close()
