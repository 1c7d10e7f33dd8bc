"""The scanner without network, in a real browser: its verdicts, its start, and handing in."""

import csv
import logging
import time
from argparse import Namespace
from io import StringIO
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import BrowserContext, Page

from bench.festival import CAMPAIGN, NOON, STAND, Place
from chalicelib.domain.reasons import Refusal
from chalicelib.web import mints
from chalicelib.web.context import context
from chalicelib.web.schema import MintRequest
from commands import mint
from commands.progress import Progress
from local import demo
from local.house import Plan, opened
from local.world import World

SCANS, STARTS = 1_000, 5
_READY = "body[data-mode=ready]"
_WITHIN_MS = 600_000.0
CONTROLLED = """async () => {
  await navigator.serviceWorker.ready;
  while (!navigator.serviceWorker.controller) await new Promise((done) => setTimeout(done, 10));
}"""
# A hand scanner that waits for each verdict; returns how long each took, in milliseconds.
SCAN_ALL = """async (codes) => {
  const input = document.getElementById("scanned");
  const times = [];
  for (const code of codes) {
    delete document.body.dataset.verdict;
    input.value = code;
    const began = performance.now();
    input.form.requestSubmit();
    while (!document.body.dataset.verdict) await new Promise((done) => setTimeout(done));
    times.push(performance.now() - began);
    if (document.body.dataset.verdict !== "offline") throw Error(document.body.innerText);
  }
  return times;
}"""


def measure() -> dict[str, float]:
    """Scan a thousand codes offline, open the page again and again, then hand everything in."""
    logging.getLogger("marquee.gateway").setLevel(logging.CRITICAL)  # phones hang up
    with TemporaryDirectory() as directory:
        plan = Plan(log=Path(directory), at=NOON, strip=False)
        with opened(plan) as house, demo.browser(headed=False) as chrome:
            codes = _codes(Path(directory, "codes.csv"))
            phone = chrome.new_context(viewport={"width": 360, "height": 740})
            phone.set_default_timeout(_WITHIN_MS)
            page = _enrolled(phone, house.world)
            phone.set_offline(True)
            times: list[float] = page.evaluate(SCAN_ALL, codes)
            page.close()
            starts = [_start(phone, house.world) for _ in range(STARTS)]
            return {
                "verdict_ms": median(times),
                "offline_start_ms": median(starts),
                **_handed_in(phone, house.world),
            }


def _codes(file: Path) -> list[str]:
    """Print so many vouchers, which are the cheapest to make."""
    place, published = Place(), context.catalog.campaign(CAMPAIGN)
    wish = MintRequest(offer_id=place.offer_id, popup_id=place.popup_id, count=SCANS)
    made = mints.mint(published, wish, request="bench")
    if isinstance(made, Refusal):
        raise RuntimeError(f"the batch is refused: {made}")  # noqa: TRY004 - no wrong type
    asked = Namespace(csv=file, cards=None)
    mint.write(asked, published, made.batch, Progress(StringIO()))
    with file.open(newline="") as lines:
        return [row["url"] for row in csv.DictReader(lines)]


def _enrolled(phone: BrowserContext, world: World) -> Page:
    page = phone.new_page()
    page.goto(f"{world.base_url}/staff/#enrol={world.enrol(STAND)}")
    page.wait_for_selector(_READY)
    page.evaluate(CONTROLLED)
    return page


def _start(phone: BrowserContext, world: World) -> float:
    """Open the scanner in a new tab without network; return the milliseconds until it is ready."""
    page = phone.new_page()
    began = time.perf_counter()
    page.goto(f"{world.base_url}/staff/")
    page.wait_for_selector(_READY)
    taken = 1_000 * (time.perf_counter() - began)
    page.close()
    return taken


def _handed_in(phone: BrowserContext, world: World) -> dict[str, float]:
    """Let the network come back and count until nothing waits."""
    asked: list[str] = []
    page = phone.new_page()
    page.goto(f"{world.base_url}/staff/")
    page.wait_for_selector(f"{_READY} #waiting:not([hidden])")
    page.on("request", lambda request: asked.append(request.url))
    phone.set_offline(False)
    began = time.perf_counter()
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_selector("#waiting", state="hidden")
    seconds = time.perf_counter() - began
    sent = sum("/api/" in url for url in asked)
    return {"sync_requests": sent, "sync_seconds": seconds}
