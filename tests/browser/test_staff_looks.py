"""Every verdict on a small phone in three languages: whole, without a barrier, told apart."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from house import House
from playwright.sync_api import Browser, Page, ViewportSize, expect
from scanner import Scanner, scanners

from chalicelib.web import render
from local.places import REPOSITORY

ALBUM = REPOSITORY / ".local" / "verdicts"  # one picture of each, to be looked at
LOCALES = {"en": "en-GB", "tr": "tr-TR", "ar": "ar-EG"}
GROUNDS = {
    "used": "rgb(53, 208, 127)",
    "offline": "rgb(255, 196, 0)",
    "already": "rgb(74, 20, 140)",
    "refused": "rgb(176, 0, 32)",
    "input": "rgb(255, 255, 255)",
    "unanswered": "rgb(0, 0, 0)",
}
_OFFLINE = """async ([verdict, stage, page]) => {
  const { verdictOf } = await import(verdict);
  const { showVerdict } = await import(stage);
  const { say, language, minorDigits, now } = await import(page);
  const answer = { status: 202, ok: true, offline: true, body: { offer_id: "x", discount: null } };
  const facts = { say, language, minorDigits, now, deviceId: "", timeZone: "UTC" };
  showVerdict(verdictOf(answer, { ...facts, titleOf: () => say("offer") }));
}"""

# What a thumb has to hit and is too low for it.
_LOW = """() => [...document.querySelectorAll("button, label.button, a, summary, select, input")]
  .filter((at) => at.checkVisibility() && !at.matches(".hidden, .skip"))
  .filter((at) => at.getBoundingClientRect().height < 48)
  .map((at) => at.outerHTML)"""
# What of a verdict is too small for an arm's length, by the px of a phone held either way.
_SMALL = """() => [...document.querySelectorAll("#verdict *, #scan *")]
  .filter((at) => at.checkVisibility() && !at.matches(".hidden, .hidden *, svg *"))
  .filter((at) => at.matches("svg") ? at.matches(".verdict > *") &&
    at.getBoundingClientRect().height < .3 * Math.min(innerWidth, innerHeight)
    : parseFloat(getComputedStyle(at).fontSize) < 20)
  .map((at) => at.outerHTML)"""
SCREENS = (ViewportSize(width=740, height=360), ViewportSize(width=360, height=740))


@dataclass(frozen=True)
class Steward:
    """A phone with the vouchers that it will be shown."""

    phone: Scanner
    gift: dict[str, Any]
    priced: dict[str, Any]

    def brings(self, kind: str) -> None:
        """Make the screen show a verdict of this kind."""
        phone, page = self.phone, self.phone.page
        if kind == "unanswered":
            page.route("**/api/v1/redemptions", lambda route: route.abort())
        if kind == "offline":
            modules = ("staff/verdict.js", "staff/stage.js", "staff/page.js")
            page.evaluate(_OFFLINE, [render.asset(name) for name in modules])
        else:
            phone.later(4)
            shown = {"refused": "?", "input": self.priced["url"]}
            phone.scan(shown.get(kind, self.gift["url"]))
        page.wait_for_selector(f"body[data-verdict={kind}]")


@pytest.fixture(params=LOCALES)
def steward(house: House, chrome: Browser, request: pytest.FixtureRequest) -> Iterator[Steward]:
    with scanners(house, chrome, locale=LOCALES[request.param]) as phone:
        browser = house.browser()
        gift = browser.claim("istanbul", "lantern-gift")
        priced = browser.claim("istanbul", "coffee-pot-20")
        yield Steward(phone.enrol(), gift, priced)


def fits(page: Page, screen: ViewportSize) -> None:
    """See that a verdict is whole, large, and in reach of a thumb."""
    assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"]
    last = page.locator("#verdict .verdict-actions > :last-child").bounding_box()
    assert last is not None
    assert last["y"] + last["height"] <= screen["height"], "what to press next is in sight"
    assert page.evaluate(_LOW) == []
    assert page.evaluate(_SMALL) == []


def test_each_verdict_fills_the_screen_by_its_own_ground_and_has_no_barrier(
    steward: Steward,
) -> None:
    page, icons = steward.phone.page, {}
    language = page.get_attribute("html", "lang")
    for kind, ground in GROUNDS.items():
        steward.brings(kind)
        style = page.evaluate(
            "getComputedStyle(document.querySelector('.verdict')).backgroundColor"
        )
        behind = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground in {style, behind}, kind
        for screen in SCREENS:
            page.set_viewport_size(screen)
            fits(page, screen)
        page.screenshot(path=ALBUM / f"{language}-{kind}.png")
        icons[kind] = page.get_attribute(".verdict > .icon use", "href")
        if language == "en":  # what axe looks at is the same in each
            assert steward.phone.faults() == []
    assert len(set(icons.values())) == len(GROUNDS), "told apart without any colour"


def test_the_desk_fits_either_hand_and_remembers_which(steward: Steward) -> None:
    page = steward.phone.page
    sides = []
    for _ in range(2):
        type_button, field = (page.locator(at).bounding_box() for at in ("#type", "#scanned"))
        assert type_button is not None
        assert field is not None
        sides.append("right" if type_button["x"] > field["x"] else "left")
        page.click(".prefs summary")
        panel = page.locator(".prefs-panel").bounding_box()
        assert panel is not None
        assert panel["x"] >= 0
        assert panel["x"] + panel["width"] <= 360
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        page.click("#hand")
        page.reload()
        steward.phone.stands_at("ready")
    assert sides == ["right", "left"]


def test_what_to_say_is_at_hand_and_can_be_printed_on_one_small_card(steward: Steward) -> None:
    phone, page = steward.phone, steward.phone.page
    page.click("#help-open")
    expect(page.locator("#help")).to_be_visible()
    assert phone.faults() == []
    page.keyboard.press("Escape")
    expect(page.locator("#scanned")).to_be_focused()
    page.goto(f"{phone.base_url}/staff/help")
    assert phone.faults() == []
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.count(b"/Type /Page\n") == 1
    assert b"/MediaBox [0 0 298" in printed, "105 mm in points, to the next pixel"


def test_the_scanner_can_be_installed(house: House) -> None:
    browser = house.browser()
    assert render.asset("staff/app.webmanifest") in browser.get("/staff/").text
    assert render.asset("staff/icon-180.png") in browser.get("/staff/").text
