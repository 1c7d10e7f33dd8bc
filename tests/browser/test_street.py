"""What walks on one lived-in house, which takes longest to open: its pages, its demo, its shop.

Every page, on a small phone, in four languages: no barrier, nothing cut off, no error. The demo
walked from the poster to the reveal and kept its pictures. A customer claims, shops and sends back.
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import ConsoleMessage, Page, Response, expect
from street import Street, violations

from local.wire import Answer, Wire

STEPS = ["poster", "claimed", "used", "already-used", "delivery", "live", "reveal"]
LOCALES = ["en-GB", "tr-TR", "ru-RU", "ar-EG"]
PATHS = [
    "/",
    "/c/festival-2019",
    "/c/festival-now/offers",
    "/c/festival-now/m/cam-fener",
    "/p/istanbul",
    "/p/istanbul/poster",
    "/voucher",
    "/voucher passed on",
    "/gift",
    "/claim refused",
    "/p/valencia sold out",
    "/me",
    "/private link",
    "/me/erased",
    "/privacy",
    "/method",
    "/live",
    "/staff/",
    "/staff/self-test",
    "/staff/help",
    "/staff/training?stand=istanbul",
    "/staff/cases",
    "/screen/istanbul",
    "/style",
    "/developers",
    "/problems",
    "/problems/already_redeemed",
    "/problems/lapsed",
    "/nowhere",
]
# The laptop's own strip lies over what happens to be below it, and is no part of a page.
WITHOUT_STRIP = "document.getElementById('local-strip')?.remove()"
# An offer of another city, as of a page that has lain open for long.
CLAIM_ELSEWHERE = """() => {
  const form = document.querySelector("form[action$=claims]");
  form.elements.offer_id.value = "moka-15";
  form.submit();
}"""


@dataclass(frozen=True)
class Passing:
    """A voucher whose holder has made both kinds of link, and what its browser keeps."""

    voucher: str
    link: str
    private: str
    cookies: list[Any]


@pytest.fixture(scope="module")
def passing(street: Street) -> Passing:
    """Claim a voucher, make its links, once for all the pages that show it."""
    page = street.page()
    page.goto("/p/istanbul")
    page.locator('form:has(input[value="lantern-gift"]) button').click()
    page.locator("#gift button").click()
    link = page.locator(".gift-link").inner_text()
    voucher, cookies = urlsplit(page.url).path, list(page.context.cookies())
    page.goto("/me")
    page.fill("#field-address", "visitor@example.org")
    page.keyboard.press("Enter")
    page.wait_for_url("**/me?mail=sent")
    page.goto("/_local/mail")
    private = page.locator("a[href*='/r/']").first.inner_text()
    page.context.close()
    return Passing(voucher, urlsplit(link).path, urlsplit(private).path, cookies)


@pytest.fixture(scope="module")
def sold_out(street: Street) -> str:
    """Claim all that a stand has of an offer, and return the stand's page."""
    wish = {"campaign_id": "festival-now", "popup_id": "valencia", "offer_id": "fan-gift"}
    wire, answer = Wire(street.house.world.base_url), Answer(201, "", "", {})
    while answer.status == 201:
        cookie = wire.ask("POST", "/api/v1/claims", {}).cookie
        answer = wire.ask("POST", "/api/v1/claims", wish, Cookie=cookie)
    wire.close()
    assert answer.document["reason"] == "out_of_stock"
    return "/p/valencia"


def opened(street: Street, passing: Passing, sold_out: str, path: str, page: Page) -> Page:
    """Open a path; "/voucher" is the demo's, as a stranger sees it, "/gift" what a friend sees."""
    if path in {"/voucher passed on", "/me"}:
        page.context.add_cookies(passing.cookies)
    if path == "/claim refused":
        page.goto("/p/istanbul")
        page.evaluate(CLAIM_ELSEWHERE)
        page.wait_for_url("**/claims")
        return page
    named = {
        "/voucher": street.voucher_path,
        "/voucher passed on": passing.voucher,
        "/gift": passing.link,
        "/private link": passing.private,
        "/p/valencia sold out": sold_out,
    }
    page.goto(named.get(path, path))
    return page


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("path", PATHS)
def test_a_small_phone_shows_all_and_axe_finds_no_barrier(
    street: Street, passing: Passing, sold_out: str, path: str, locale: str
) -> None:
    page = opened(street, passing, sold_out, path, street.page(width=360, locale=locale))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.evaluate(WITHOUT_STRIP)
    assert violations(page) == []
    page.context.close()


@pytest.mark.parametrize("path", PATHS)
def test_no_script_fails_and_nothing_breaks_the_policy(
    street: Street, passing: Passing, sold_out: str, path: str
) -> None:
    page = street.page()
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and not re.search("40[49]", message.text):
            said.append(message.text)

    def look(answer: Response) -> None:
        if answer.status >= 500:
            said.append(f"{answer.status} {answer.url}")

    page.on("console", hear)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("response", look)
    opened(street, passing, sold_out, path, page).wait_for_load_state("networkidle")
    assert said == []
    page.context.close()


@pytest.mark.parametrize("locale", LOCALES)
def test_the_page_speaks_the_readers_language(street: Street, locale: str) -> None:
    page = street.page(locale=locale)
    page.goto("/")
    html = page.locator("html")
    assert html.get_attribute("lang") == locale[:2]
    assert html.get_attribute("dir") == ("rtl" if locale == "ar-EG" else "ltr")
    page.context.close()


# --- the demo ----------------------------------------------------------------------------------
def test_the_demo_played_every_step_and_kept_a_picture_of_each(street: Street) -> None:
    kept = sorted(path.stem[3:] for path in street.demo.album.directory.glob("*.png"))
    assert kept == sorted(STEPS)


def test_all_pictures_are_one_animation(street: Street) -> None:
    with Image.open(street.demo.album.directory / "marquee.webp") as picture:
        assert getattr(picture, "n_frames", 1) == len(STEPS)


def test_the_visitors_page_turned_by_itself(street: Street) -> None:
    assert "visitor_page_turned_seconds" in street.demo.shown


# --- the sample shop ---------------------------------------------------------------------------
def claimed(page: Page) -> str:
    """Claim the online discount of Milan and return its code."""
    page.goto("/p/milan")
    page.locator('form:has(input[value="parcel-10"]) button').click()
    expect(page).to_have_url(re.compile("/V/"))
    return page.locator(".code").first.inner_text().strip()


def chosen(page: Page, way: str) -> int:
    board = page.request.get("/api/v1/insights/live?campaign_id=festival-now").json()
    return next(int(one["chosen"]) for one in board["delivery"] if one["option"] == way)


def assert_side_by_side(page: Page) -> None:
    """Every way in the same letters, on one scale: the baseline's line is where it always is."""
    words = page.locator("#delivery .way .range-words")
    sizes = words.evaluate_all("all => all.map(one => getComputedStyle(one).fontSize)")
    assert (len(sizes), len(set(sizes))) == (6, 1)
    lines = page.locator("#delivery .way .range-base")
    places = lines.evaluate_all("all => all.map(one => Math.round(one.getBoundingClientRect().x))")
    assert (len(places), len(set(places))) == (6, 1)


@pytest.fixture
def customer(street: Street) -> Page:
    page = street.page(width=1280)
    page.set_default_timeout(20_000)
    return page


def test_a_voucher_goes_through_the_sample_shop_and_back(street: Street, customer: Page) -> None:
    page = customer
    code, ticket = claimed(page), page.url
    assert_side_by_side(page)
    before = chosen(page, "home_cargo_bike")
    page.locator("#local-strip button[value=shop]").click()
    page.fill("#voucher", code)
    page.get_by_role("button", name="Use it for this order").click()
    expect(page.locator("[data-state=held]")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Yes, or on foot").click()
    expect(page.get_by_text("This counts no trip").first).to_be_visible()
    page.locator("input[value=home_cargo_bike]").check()
    page.get_by_role("button", name="Keep this delivery").click()
    page.get_by_role("button", name="Order and pay").click()
    expect(page.locator("[data-state=ordered]")).to_be_visible()
    order = page.url
    page.goto(ticket)
    expect(page.locator("#voucher[data-status=used]")).to_be_visible()
    expect(page.get_by_text("The shop has confirmed the order")).to_be_visible()
    street.house.projector.drain(20)
    assert chosen(page, "home_cargo_bike") == before + 1
    page.goto(order)
    page.get_by_role("button", name="Send it back").click()
    expect(page.locator("[data-state='given back']")).to_be_visible()
    page.goto(ticket)
    expect(page.get_by_role("button", name="Keep this delivery")).to_be_visible()
    page.context.close()


def test_how_far_one_would_drive_changes_the_figures_in_their_place(customer: Page) -> None:
    page = customer
    claimed(page)
    page.locator("#trip-km").evaluate(
        "far => { far.value = 8; for (const name of ['input', 'change']) "
        "far.dispatchEvent(new Event(name, { bubbles: true })); }"
    )
    expect(page.get_by_text("This counts a special trip by car, 8 km each way.")).to_have_count(2)
    expect(page.locator("output[for=trip-km]")).to_have_text("8 km")
    assert "km=8" in page.url
    page.context.close()


def test_without_script_a_number_and_a_button_do_the_same(street: Street) -> None:
    page = street.page(script=False)
    claimed(page)
    page.locator("[name=coming_anyway][value=no]").check()
    page.fill("#trip-km", "8")
    page.get_by_role("button", name="Show the figures for this").click()
    expect(page.get_by_text("This counts a special trip by car, 8 km each way.")).to_have_count(2)
    page.context.close()
