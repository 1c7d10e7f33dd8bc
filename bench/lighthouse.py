"""Lighthouse on the visitors' pages as a phone loads them: accessibility, and speed.

It is large and nothing else wants it, so it is installed when it is asked for the first time.
"""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from local import chromium, demo, ground
from local.house import House, Plan, opened
from local.places import REPOSITORY

ROUNDS = 3
_NODE = REPOSITORY / "bench" / "node"
_PROGRAM = _NODE / "node_modules" / "lighthouse" / "cli" / "index.js"
_WANTED = ("accessibility", "performance")

Scores = Mapping[str, float]


def measure() -> dict[str, float]:
    """Return the lowest score of any page; of a page's speed the median counts."""
    ground.keep_home()
    _install()
    with TemporaryDirectory() as log, opened(Plan(log=Path(log), strip=False)) as house:
        paths = ("/", "/p/istanbul", "/c/festival-now/offers", _ticket(house))
        base = house.world.base_url
        pages = [[_scores(base + path) for _ in range(ROUNDS)] for path in paths]
    return {
        "lighthouse_accessibility": min(s["accessibility"] for page in pages for s in page),
        "lighthouse_performance": min(median(s["performance"] for s in page) for page in pages),
    }


def _install() -> None:
    if not _PROGRAM.exists():
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(command, cwd=_NODE, check=True)  # noqa: S603 - our own words


def _ticket(house: House) -> str:
    """Claim, and return the path of the ticket."""
    with demo.browser(headed=False) as chrome:
        page = chrome.new_context(base_url=house.world.base_url).new_page()
        page.goto("/p/istanbul")
        page.locator('form:has(input[value="lantern-gift"]) button').click()
        page.wait_for_url("**/V/*")
        return urlsplit(page.url).path


def _scores(url: str) -> Scores:
    """Load a page once and return its scores, 0 to 100."""
    command = [
        *("node", str(_PROGRAM), url, "--quiet", "--output=json", "--no-enable-error-reporting"),
        f"--only-categories={','.join(_WANTED)}",
        f"--chrome-flags={' '.join(chromium.FLAGS)}",
    ]
    told = os.environ | {"CHROME_PATH": str(chromium.find())}
    done = subprocess.run(command, env=told, check=True, capture_output=True)  # noqa: S603 - as above
    found = json.loads(done.stdout)["categories"]
    return {name: 100 * found[name]["score"] for name in _WANTED}
