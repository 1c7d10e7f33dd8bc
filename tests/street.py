"""What browser tests walk on: a house that is lived in, the system's Chromium, the demo played."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from local import places
from local.demo import Demo
from local.house import House

AXE = places.REPOSITORY / "node_modules" / "axe-core" / "axe.min.js"
_RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}"


@dataclass(frozen=True)
class Street:
    """What a browser test walks on: the house, the browser, and what the demo has shown."""

    house: House
    chrome: Browser
    demo: Demo
    voucher_path: str

    def page(self, *, width: int = 360, locale: str = "en-GB", script: bool = True) -> Page:
        """Open a browser of its own: a new visitor."""
        context = self.chrome.new_context(
            viewport={"width": width, "height": 740},
            locale=locale,
            java_script_enabled=script,
            base_url=self.house.world.base_url,
        )
        context.set_default_timeout(20_000)
        return context.new_page()


def violations(page: Page) -> list[str]:
    """Return what axe finds on a page, a line each."""
    page.evaluate(AXE.read_text())
    found: list[dict[str, Any]] = page.evaluate(f"async () => (await axe.run({_RULES})).violations")
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


def picture_of(directory: Path, name: str) -> Path:
    """Return the one picture of that name in an album's directory."""
    return next(directory.glob(f"*-{name}.png"))
