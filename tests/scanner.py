"""A steward's phone in a real browser, in front of a house in process."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from house import House
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from app import app
from chalicelib.domain.device import Profile
from chalicelib.web.pages import unrouted
from local.gateway import Gateway
from local.http_server import Server
from local.places import REPOSITORY

AXE = (REPOSITORY / "node_modules" / "axe-core" / "axe.min.js").read_text()


class Scanner:
    """A steward's phone with a hand scanner that types and presses Enter."""

    def __init__(self, house: House, context: BrowserContext, base_url: str) -> None:
        self.house, self.base_url = house, base_url
        self.page: Page = context.new_page()

    def enrol(self, popup_id: str = "istanbul", profile: Profile = Profile.STEWARD) -> "Scanner":
        """Open an enrolment link; the scanner is then ready."""
        code = self.house.enrolment_code(popup_id, profile)
        self.page.goto(f"{self.base_url}/staff/#enrol={code}")
        self.page.wait_for_selector("body[data-mode=ready]")
        return self

    def scan(self, text: str) -> None:
        """Type as a hand scanner does, wherever the focus is."""
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Enter")

    def sees(self, kind: str) -> str:
        """Wait for a verdict and return its text."""
        return self.page.inner_text(f"body[data-verdict={kind}] #verdict [data-verdict={kind}]")

    def stands_at(self, mode: str) -> None:
        """Wait until the screen shows this part of the page."""
        self.page.wait_for_selector(f"body[data-mode={mode}]")

    def later(self, seconds: int) -> None:
        """Let the phone's own time pass."""
        self.page.clock.fast_forward(seconds * 1000)

    def faults(self) -> list[str]:
        """Return what axe finds wrong with the page as it stands."""
        self.page.evaluate(AXE)
        found: dict[str, Any] = self.page.evaluate("axe.run()")
        return [f"{v['id']}: {v['nodes'][0]['html']}" for v in found["violations"]]


@contextmanager
def scanners(house: House, chrome: Browser, *, locale: str = "en-GB") -> Iterator[Scanner]:
    """Serve the house on a free port, and open a phone's browser there.

    Its pages stay open, so it needs no worker and starts in a fraction of the time.
    """
    built: Path = REPOSITORY / "static" / "built"
    server = Server("127.0.0.1", 0)
    server.start(Gateway(app, unrouted, built).answer)
    screen = ViewportSize(width=360, height=740)
    opened = chrome.new_context(
        viewport=screen, has_touch=True, locale=locale, service_workers="block"
    )
    opened.clock.install(time=house.at)
    opened.set_default_timeout(20_000)
    try:
        yield Scanner(house, opened, f"http://localhost:{server.port}")
    finally:
        opened.close()
        server.close()
