"""`make demo`: the whole product in a minute, in a real browser.

Headed where there is a display, else recorded: pictures of each step and one animation of all
go to `.local/demo`; `--keep` copies the animation to `docs/pictures`, where the README shows it.
"""

import json
import os
import re
import shutil
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from local import chromium, ground, places
from local.album import PHONE, Album
from local.house import House, Plan, opened
from local.terminal import say
from local.trouble import Trouble, told

PICTURES = places.REPOSITORY / "docs" / "pictures"
ANIMATION = "marquee.webp"
BEFORE_MADRID = datetime(2019, 10, 27, 22, 59, tzinfo=UTC)
SLOW_MILLISECONDS = 700  # between two steps, where a person is watching
SAME_CODE_SECONDS = 3.2  # the scanner takes the same code again after three
_TURNS_WITHIN_MILLISECONDS = 10_000


@dataclass
class Demo:
    """A visitor's phone, a steward's phone, and what they show."""

    house: House
    browser: Browser
    album: Album
    shown: dict[str, float] = field(default_factory=dict)
    voucher_path: str = ""

    def play(self) -> None:
        """Play every step in order; each fails loudly where the product does not do its part."""
        visitor, steward = self._phone("tr-TR"), self._phone("en-GB")
        before = self._counts()
        self._claim(visitor)
        scanned = self._show(visitor)
        self._enrol(steward)
        self._use(visitor, steward, scanned)
        self._use_again(visitor, steward, scanned)
        self._choose_delivery(visitor)
        self._see_it_live(before)
        self._before_the_reveal(visitor, steward)

    def _claim(self, visitor: Page) -> None:
        visitor.goto(self._url("/p/istanbul/poster"))
        code = visitor.locator(".poster-code")
        expect(code).to_be_visible()
        poster = visitor.screenshot()
        stand = read_qr(code.screenshot())
        visitor.goto(stand)
        offer = visitor.locator("form:has([name=offer_id][value=lantern-gift])").first
        offer.scroll_into_view_if_needed()
        self.album.two_phones("poster", "Scan the stand's poster", poster, visitor.screenshot())
        offer.get_by_role("button").click()
        expect(visitor).to_have_url(re.compile("/V/"))
        self.voucher_path = urlsplit(visitor.url).path

    def _show(self, visitor: Page) -> str:
        card = visitor.locator("svg#qr")
        expect(card).to_be_visible()
        scanned = read_qr(card.screenshot())
        if not scanned.startswith(self._url("/V/").upper()):
            raise Trouble(f"The voucher's code says {scanned[:60]}, not its own address.")
        return scanned

    def _enrol(self, steward: Page) -> None:
        code = self.house.world.enrol("istanbul")
        steward.goto(self._url(f"/staff/#enrol={code}"))
        expect(self._field(steward)).to_be_focused()

    def _use(self, visitor: Page, steward: Page, scanned: str) -> None:
        self.album.two_phones(
            "claimed", "Claimed in one tap. Staff: ready", *_both(visitor, steward)
        )
        self._scan(steward, scanned)
        expect(steward.locator("section[data-verdict=used]")).to_be_visible()
        began = time.monotonic()
        used = visitor.locator("#voucher[data-status=used]")
        expect(used).to_be_visible(timeout=_TURNS_WITHIN_MILLISECONDS)
        self.shown["visitor_page_turned_seconds"] = time.monotonic() - began
        caption = "Used. The visitor's page turns by itself"
        self.album.two_phones("used", caption, *_both(visitor, steward))

    def _use_again(self, visitor: Page, steward: Page, scanned: str) -> None:
        time.sleep(SAME_CODE_SECONDS)
        self._scan(steward, scanned)
        expect(steward.locator("section[data-verdict=already]")).to_contain_text("Istanbul")
        caption = "A second scan: already used, when and where"
        self.album.two_phones("already-used", caption, *_both(visitor, steward))

    def _choose_delivery(self, visitor: Page) -> None:
        visitor.goto(visitor.url.split("?")[0] + "?coming_anyway=yes#delivery")
        collect = visitor.locator("#delivery input[value=popup_collect]")
        collect.check(force=True)
        self._top(visitor, "#delivery")
        before = visitor.screenshot()
        visitor.locator("#delivery form").get_by_role("button").last.click()
        expect(visitor.locator("#delivery .chosen")).to_be_visible()
        self._top(visitor, "#delivery")
        caption = "Delivery, with its CO2e estimate and range"
        self.album.two_phones("delivery", caption, before, visitor.screenshot())

    def _see_it_live(self, before: dict[str, int]) -> None:
        deadline = time.monotonic() + 20
        while self._counts()["redeemed"] <= before["redeemed"]:
            if time.monotonic() > deadline:
                raise Trouble("The live counts did not count the use within 20 s.")
            time.sleep(0.3)
        page = self.browser.new_context(viewport={"width": 1080, "height": 1050}).new_page()
        page.goto(self._url("/live"))
        self.album.wide("live", "Counted live, in every city", page.screenshot())
        page.context.close()

    def _before_the_reveal(self, visitor: Page, steward: Page) -> None:
        self.house.world.clock.set(BEFORE_MADRID)
        visitor.goto(self._url("/p/istanbul-2019"))
        steward.goto(self._url("/p/madrid-2019"))
        expect(visitor.locator("form:has([name=offer_id])").first).to_be_visible()
        expect(steward.locator("form:has([name=offer_id])")).to_have_count(0)
        caption = "2019, a minute before Madrid's reveal"
        self.album.two_phones("reveal", caption, *_both(visitor, steward))

    # --- small things -------------------------------------------------------------------------
    def _phone(self, locale: str) -> Page:
        width, height = PHONE
        phone = self.browser.new_context(
            viewport={"width": width, "height": height},
            locale=locale,
            color_scheme="light",
            has_touch=True,
            is_mobile=True,
        )
        return phone.new_page()

    def _url(self, path: str) -> str:
        return self.house.world.base_url + path

    def _field(self, steward: Page) -> Locator:
        return steward.locator("#scanned")

    def _scan(self, steward: Page, scanned: str) -> None:
        field_ = self._field(steward)
        field_.fill(scanned)
        field_.press("Enter")

    def _top(self, page: Page, where: str) -> None:
        page.locator(where).evaluate("section => section.scrollIntoView()")

    def _counts(self) -> dict[str, int]:
        url = self._url("/api/v1/insights/live?campaign_id=festival-now")
        with urllib.request.urlopen(url, timeout=10) as answer:
            total: dict[str, int] = json.load(answer)["total"]
        return total


def read_qr(shot: bytes) -> str:
    """Return the text of the one QR code in a screenshot, as a camera would read it."""
    picture = Image.open(BytesIO(shot)).convert("L")
    large = picture.resize((picture.width * 3, picture.height * 3), Image.Resampling.NEAREST)
    found = zxingcpp.read_barcodes(large)
    if not found:
        raise Trouble("No QR code could be read from the screenshot.")
    return found[0].text


@contextmanager
def browser(*, headed: bool) -> Iterator[Browser]:
    """Start the system's Chromium."""
    path = chromium.find()
    if path is None:
        raise Trouble("No Chromium found. make demo installs it; or set CHROMIUM=its path.")
    flags = [flag for flag in chromium.FLAGS if not (headed and flag.startswith("--headless"))]
    with sync_playwright() as playwright:
        slow = SLOW_MILLISECONDS if headed else 0
        started = playwright.chromium.launch(
            executable_path=path, args=flags, headless=not headed, slow_mo=slow
        )
        try:
            yield started
        finally:
            started.close()


def main() -> int:
    """Play the demo in a house of its own and keep its pictures."""
    headed = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    directory = places.usual().root / "demo"
    shutil.rmtree(directory, ignore_errors=True)
    began = time.monotonic()
    plan = Plan(log=directory / "log", sample=True, strip=False)
    with opened(plan) as house, browser(headed=headed) as chrome:
        demo = Demo(house, chrome, Album(directory))
        demo.play()
        demo.album.animate(directory / ANIMATION)
    say(f"{len(demo.album.frames)} pictures and {ANIMATION} in {directory}")
    turned = demo.shown["visitor_page_turned_seconds"]
    say(f"The visitor's page turned by itself {turned:.1f} s after the scan.")
    say(f"Played in {time.monotonic() - began:.0f} s.")
    if "--keep" in sys.argv:
        keep(directory)
    return 0


def keep(directory: Path) -> None:
    """Copy the animation to where the README shows it."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    shutil.copy(directory / ANIMATION, PICTURES / ANIMATION)
    say(f"kept {PICTURES / ANIMATION}")


def _both(left: Page, right: Page) -> tuple[bytes, bytes]:
    return left.screenshot(), right.screenshot()


if __name__ == "__main__":
    ground.keep_home()
    raise SystemExit(told(main))
