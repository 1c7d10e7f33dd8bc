"""`make looks`: a picture of each page of a visitor, by language and width, in `.local/looks`.

To look at with one's own eyes: no test sees a clumsy line. Variables choose others, as in
`make looks LANGS="de nl" WIDTHS=320`.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, expect

from local import ground, places
from local.demo import browser
from local.house import House, Plan, opened
from local.terminal import say
from local.trouble import told

LANGUAGES = os.environ.get("LANGS", "en tr ru ar").split()
WIDTHS = [int(width) for width in os.environ.get("WIDTHS", "360").split()]
PAGES = {
    "festival": "/",
    "stand": "/p/istanbul",
    "stand-2019": "/p/istanbul-2019",
    "offers": "/c/festival-now/offers",
    "merchant": "/c/festival-now/m/cam-fener",
    "voucher": "/voucher",
    "mine": "/me",
    "live": "/live",
    "method": "/method",
    "privacy": "/privacy",
    "poster": "/p/istanbul/poster",
    "nowhere": "/p/nowhere",
}


@dataclass(frozen=True)
class Looks:
    """Where the pictures are taken of a house, and where they are put."""

    house: House
    chrome: Browser

    def take(self, language: str, width: int) -> None:
        """Open every page as one visitor, with a voucher before and after its use."""
        with self._phone(language, width) as page:
            ticket = self._claim(page)
            for name, path in PAGES.items():
                page.goto(path.replace("/voucher", ticket))
                self._keep(page, name, language, width)
            page.goto(f"{ticket}#code")
            page.screenshot(path=_file("code", language, width))
            page.goto(f"{ticket}?coming_anyway=yes#delivery")
            self._keep(page, "delivery", language, width)
            self._use(ticket)
            page.goto(ticket)
            self._keep(page, "used", language, width)

    def _claim(self, page: Page) -> str:
        page.goto("/p/istanbul")
        page.locator('form:has(input[value="lantern-gift"]) button').click()
        page.wait_for_url("**/V/*")
        return urlsplit(page.url).path

    def _use(self, ticket: str) -> None:
        """Scan it as the staff do."""
        with self._phone("en", 360) as steward:
            steward.goto(f"/staff/#enrol={self.house.world.enrol('istanbul')}")
            field = steward.locator("#scanned")
            expect(field).to_be_focused()
            field.fill(f"{self.house.world.base_url}{ticket}".upper())
            field.press("Enter")
            expect(steward.locator("section[data-verdict=used]")).to_be_visible()

    def _keep(self, page: Page, name: str, language: str, width: int) -> None:
        page.screenshot(path=_file(name, language, width), full_page=True)

    @contextmanager
    def _phone(self, language: str, width: int) -> Iterator[Page]:
        context = self.chrome.new_context(
            viewport={"width": width, "height": 740},
            locale=language,
            base_url=self.house.world.base_url,
            color_scheme="light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        yield context.new_page()
        context.close()


def main() -> int:
    """Take every picture in a house of its own."""
    directory = places.usual().root / "looks"
    shutil.rmtree(directory, ignore_errors=True)
    plan = Plan(log=directory / "log", sample=True, strip=False)
    with opened(plan) as house, browser(headed=False) as chrome:
        for language in LANGUAGES:
            for width in WIDTHS:
                Looks(house, chrome).take(language, width)
    say(f"{len(list(directory.glob('*.png')))} pictures in {directory}")
    return 0


def _file(name: str, language: str, width: int) -> str:
    return str(places.usual().root / "looks" / f"{name}-{language}-{width}.png")


if __name__ == "__main__":
    ground.keep_home()
    raise SystemExit(told(main))
