"""Lighthouse on pages as a phone loads them: accessibility, and of the visitors' pages speed.

It is large and nothing else wants it, so it is installed when it is asked for the first time.
"""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from bench import console
from chalicelib.domain.member import Role
from chalicelib.web.console.visit import COOKIE
from local import chromium, demo, ground
from local.house import House, Plan, opened
from local.places import REPOSITORY

ROUNDS = 3
_NODE = REPOSITORY / "bench" / "node"
_TRIES = 3
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
        cookie = _signed_in(house)
        inside = [_accessible(base + path, cookie) for path in console.PAGES.values()]
    return {
        "lighthouse_accessibility": min(s["accessibility"] for page in pages for s in page),
        "lighthouse_performance": min(median(s["performance"] for s in page) for page in pages),
        "lighthouse_console": min(inside),
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


def _signed_in(house: House) -> str:
    """Sign in as the owner of the console, and return the cookie of its session."""
    with demo.browser(headed=False) as chrome:
        page = chrome.new_context(base_url=house.world.base_url).new_page()
        page.goto("/console/members")
        page.fill("input[name=username]", house.people.email(Role.OWNER))
        page.fill("input[name=password]", house.people.password)
        page.click("[type=submit]")
        page.wait_for_url("**/console/members")
        cookies = {one["name"]: one["value"] for one in page.context.cookies()}
    return f"{COOKIE}={cookies[COOKIE]}"


def _accessible(url: str, cookie: str) -> float:
    """Load a page of the console once and return how accessible it is. Raises RuntimeError."""
    headers = json.dumps({"Cookie": cookie})
    found = _report(url, "accessibility", f"--extra-headers={headers}")
    if found["finalDisplayedUrl"].rstrip("/") != url.rstrip("/"):
        raise RuntimeError(f"{url} led to {found['finalDisplayedUrl']}")
    return float(100 * found["categories"]["accessibility"]["score"])


def _scores(url: str) -> Scores:
    """Load a page once and return its scores, 0 to 100."""
    found = _report(url, ",".join(_WANTED))["categories"]
    return {name: 100 * found[name]["score"] for name in _WANTED}


def _report(url: str, wanted: str, *more: str) -> dict[str, Any]:
    """Load a page once and return what Lighthouse says of it."""
    told = os.environ | {"CHROME_PATH": str(chromium.find())}
    with TemporaryDirectory() as directory:
        file = Path(directory) / "report.json"  # it ends before all is through a pipe
        command = [
            *("node", str(_PROGRAM), url, "--quiet", "--no-enable-error-reporting"),
            *("--output=json", f"--output-path={file}", f"--only-categories={wanted}"),
            f"--chrome-flags={' '.join(chromium.FLAGS)}",
            *more,
        ]
        for _ in range(_TRIES):  # a busy machine's trace has no beginning now and then
            done = subprocess.run(command, env=told, check=False, capture_output=True)  # noqa: S603
            if done.returncode == 0:
                break
        else:
            raise RuntimeError(f"{url}: {done.stderr.decode()}")
        report: dict[str, Any] = json.loads(file.read_bytes())
    return report
