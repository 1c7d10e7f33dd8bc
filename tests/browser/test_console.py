"""The console in a real browser: signed in by the pool's own pages, set up from CSV to live."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from zipfile import ZipFile

import pypdfium2  # type: ignore[import-untyped]
import pytest
import zxingcpp
from playwright.sync_api import Browser, Page, expect
from street import violations

from chalicelib.domain import exchange
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.member import Role
from chalicelib.web.console.labels import SHEETS
from chalicelib.web.console.rules import RULES
from local import ground
from local.house import House, Plan, opened

HOME = "/console/c/festival-now"
PATHS = [
    "/console/",
    HOME,
    *(f"{HOME}/edit/{sheet}" for sheet in SHEETS),
    f"{HOME}/edit/offers/moka-15",
    f"{HOME}/preview?popup=rome",
    f"{HOME}/preview?popup=rome&lang=ar",
    f"{HOME}/preview?popup=rome&as=staff",
    f"{HOME}/board",
    f"{HOME}/board?sort=stock&dir=desc",
    f"{HOME}/delivery",
    f"{HOME}/webhooks",
    f"{HOME}/prints",
    f"{HOME}/prints/istanbul",
    f"{HOME}/prints/dubai?print=poster",
    *(f"{HOME}/proposal/cam-fener{part}" for part in ("", "/offers", "/texts")),
    f"{HOME}/review/cam-fener",
    *(f"{HOME}/{page}" for page in ("devices", "batches", "keys", "voucher", "messages")),
    f"{HOME}/stand/istanbul",
    f"{HOME}/stand/istanbul/report",
    f"{HOME}/trail",
    "/console/trail",
    "/console/members",
    "/console/import",
    "/console/nothing",
]
# What shows no page: files, a part of a page, ways elsewhere. A batch is opened where it is minted.
NO_PAGE = re.compile(
    r".*(/csv|/export|\.zip|/instants|/brand/.*|/\{kind\}|/console/sign-in|/callback)"
)
OPENED_BELOW = {"/console/c/{campaign_id}/batches/{batch}"}


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
        context.set_default_timeout(20_000)
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


def test_every_page_of_the_console_is_looked_at() -> None:
    shown = {r.path for r in RULES if r.method == "GET" and not NO_PAGE.fullmatch(r.path)}
    looked_at = [path.partition("?")[0].rstrip("/") for path in PATHS]
    wanted = {path: re.compile(re.sub(r"{\w+}", "[^/]+", path)) for path in shown}
    assert {
        path for path, form in wanted.items() if not any(map(form.fullmatch, looked_at))
    } == OPENED_BELOW


def checked(page: Page) -> None:
    """Find a page that answers a form without barriers, on a phone."""
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert violations(page) == []


def test_what_forms_are_answered_with_has_no_barrier(office: Office) -> None:
    """A batch, a device's code, a key, a voucher, a form that is wrong."""
    page = office.page
    page.goto(f"{HOME}/batches")
    page.get_by_label("How many").fill("3")
    page.get_by_role("button", name="Mint").click()
    expect(page.get_by_role("heading", name="Batch 1")).to_be_visible()
    checked(page)
    page.goto(f"{HOME}/devices")
    page.get_by_role("button", name="Make a one-time code").click()
    expect(page.get_by_role("heading", name="Set up a device")).to_be_visible()
    checked(page)
    page.goto(f"{HOME}/keys")
    page.get_by_label("Name").fill("Harbour Books")
    page.get_by_role("button", name="Make a key").click()
    expect(page.get_by_role("heading", name="A new key")).to_be_visible()
    checked(page)
    page.goto(f"{HOME}/edit/offers/moka-15")
    page.get_by_label("Visitor limit", exact=True).fill("many")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Not saved. Mend these and save again:")).to_be_visible()
    checked(page)


def test_two_editors_of_one_offer_see_both_versions_and_lose_nothing(
    office: Office, chrome: Browser
) -> None:
    form = f"{HOME}/edit/offers/coffee-pot-20"
    context = chrome.new_context(
        base_url=office.house.world.base_url,
        storage_state=office.page.context.storage_state(),
        java_script_enabled=False,
    )
    mine, theirs = office.page, context.new_page()
    for page in (mine, theirs):
        page.goto(form)
    theirs.get_by_label("Visitor limit", exact=True).fill("2")
    theirs.get_by_label("Stock units", exact=True).fill("4321")
    theirs.get_by_role("button", name="Save").click()
    expect(theirs.get_by_text("Saved as version")).to_be_visible()
    mine.get_by_label("Visitor limit", exact=True).fill("3")
    mine.get_by_label("Group", exact=True).fill("tea")
    mine.get_by_role("button", name="Save").click()
    expect(mine.get_by_role("heading", name="Edited meanwhile")).to_be_visible()
    checked(mine)
    both = mine.get_by_role("group", name="both changed it")
    expect(both.get_by_role("radio")).to_have_count(2)
    both.get_by_label("yours").check()
    mine.get_by_role("button", name="Save these").click()
    mine.goto(form)
    expect(mine.get_by_label("Visitor limit", exact=True)).to_have_value("3")
    expect(mine.get_by_label("Group", exact=True)).to_have_value("tea")
    expect(mine.get_by_label("Stock units", exact=True)).to_have_value("4321")
    context.close()


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
    expect(page.get_by_role("heading", name="What the import would do")).to_be_visible()
    checked(page)
    page.get_by_role("button", name="Import all of it").click()
    expect(page.get_by_text("Nothing blocks a publish")).to_be_visible()
    page.get_by_text("All of it is new").click()
    checked(page)
    page.get_by_role("button", name="Publish", exact=True).click()
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


def test_a_preview_takes_both_choices_of_a_quick_hand_and_turns_right_to_left(
    office: Office,
) -> None:
    page = office.page
    page.goto(f"{HOME}/preview?popup=istanbul&as=staff")
    page.select_option("#as", "visitor")
    page.select_option("#popup", "los-angeles")
    page.locator("#lang").focus()
    page.select_option("#lang", "ar")
    expect(page.locator("html[lang=ar][dir=rtl] body:not(.console)")).to_be_visible()
    expect(page.get_by_role("heading", name="لوس أنجلوس")).to_be_visible()
    expect(page.locator("#lang")).to_be_focused()


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


def test_a_manager_books_and_pauses_on_a_phone_without_a_script(office: Office) -> None:
    chrome = office.page.context.browser
    assert chrome is not None
    plain = chrome.new_context(
        base_url=office.house.world.base_url,
        java_script_enabled=False,
        storage_state=office.page.context.storage_state(),
        viewport={"width": 360, "height": 740},
    )
    page = plain.new_page()
    page.goto(f"{HOME}/stand/istanbul")
    page.get_by_text("Book what came, broke or was counted").first.click()
    form = page.locator("form[action*=stock]").first
    form.get_by_label("Received").check()
    form.get_by_label("How many").fill("12")
    form.get_by_label("Why").fill("second box")
    form.get_by_role("button", name="Book").click()
    expect(page.get_by_text("second box")).to_be_visible()
    page.get_by_label("Message for everybody").fill("Back at three")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Paused for a moment")).to_be_visible()
    page.goto("/p/istanbul")
    expect(page.get_by_text("Back at three")).to_be_visible()
    page.goto(f"{HOME}/stand/istanbul")
    page.get_by_label("Message for everybody").fill("")
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_text("Paused for a moment")).to_have_count(0)
    plain.close()


def test_a_webhook_is_added_by_its_form_and_shows_its_secret_once(office: Office) -> None:
    page = office.page
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{HOME}/webhooks")
    page.get_by_label("Address").fill("https://127.0.0.1/")
    page.get_by_label("delivery.chosen").uncheck()
    page.get_by_role("button", name="Add", exact=True).click()
    wrong = page.get_by_label("Address")
    expect(wrong).to_be_focused()
    expect(wrong).to_have_value("https://127.0.0.1/")
    expect(wrong).to_have_accessible_description(re.compile("full name of a host"))
    expect(page.get_by_label("delivery.chosen")).not_to_be_checked()
    assert violations(page) == []
    wrong.fill(f"https://shop.example.org/{'a-long-path-' * 10}")
    page.get_by_role("button", name="Add", exact=True).click()
    secret = page.locator("code.secret")
    expect(secret).to_have_text(re.compile("mhs_[a-z2-7]{32}"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert violations(page) == []
    page.goto(HOME)
    page.locator("summary", has_text="Pause").click()
    page.get_by_role("button", name="Pause", exact=True).click()
    page.get_by_role("button", name="Resume", exact=True).click()
    assert office.house.projector.drain(20)
    page.goto(f"{HOME}/webhooks")
    expect(secret).to_have_count(0)
    expect(page.get_by_role("rowheader", name="2")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert violations(page) == []


def test_all_prints_become_one_zip_that_goes_on_after_a_break(
    office: Office, tmp_path: Path
) -> None:
    page, zipped = office.page, tmp_path / "prints.zip"
    page.goto(f"{HOME}/prints")
    page.route("**/prints.zip?from=10&*", lambda route: route.abort(), times=1)
    button = page.get_by_role("link", name="All as one zip")
    button.click()
    expect(page.get_by_text("The connection broke off")).to_be_visible()
    expect(page.get_by_role("progressbar", name="Prints")).to_have_js_property("value", 10)
    with page.expect_download() as download:
        button.click()
    download.value.save_as(zipped)
    expect(page.get_by_text("All prints are there.")).to_be_visible()
    with ZipFile(zipped) as opened:
        assert opened.testzip() is None
        stands = {name.partition("/")[0] for name in opened.namelist()}
        assert (len(opened.namelist()), len(stands)) == (3 * 35, 35)


def test_a_printer_gets_each_print_on_its_own_page_and_nothing_else(office: Office) -> None:
    office.page.goto(f"{HOME}/prints/dubai")
    printed = pypdfium2.PdfDocument(
        office.page.pdf(prefer_css_page_size=True, print_background=True)
    )
    sizes = [tuple(round(side / 72 * 25.4) for side in sheet.get_size()) for sheet in printed]
    assert sizes == [(210, 297), (105, 148), (105, 148)]
    home = office.house.world.base_url
    for sheet, address in zip(
        printed,
        ("/p/dubai?s=poster", "/p/dubai?s=card", "/staff/training?stand=dubai&s=help"),
        strict=True,
    ):
        (code,) = zxingcpp.read_barcodes(sheet.render(scale=2).to_pil())
        assert code.text == home + address


def test_a_sheet_for_devices_is_made_from_the_stands_prints(office: Office) -> None:
    page = office.page
    page.goto(f"{HOME}/prints/istanbul")
    page.get_by_role("button", name="Make the sheet").click()
    expect(page.get_by_text("are never shown again")).to_be_visible()
    assert violations(page) == []
    (sheet,) = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    codes = zxingcpp.read_barcodes(sheet.render(scale=2).to_pil())
    assert len({code.text.partition("#enrol=")[2] for code in codes}) == 4
