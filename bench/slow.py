"""How long a phone on a slow network waits for its code: 400 kbit/s, 400 ms, nothing cached."""

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from local import demo, ground
from local.house import House, Plan, opened

ROUNDS = 5
_KILOBIT = 1000 / 8
NETWORK = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 400 * _KILOBIT,
    "uploadThroughput": 400 * _KILOBIT,
}
# The code is part of the page and waits for the style sheet: it is there with the first paint.
_SEEN = """() => {
  const box = document.querySelector(".qr-card svg").getBoundingClientRect();
  return box.width >= 200 && performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
}"""


def measure() -> dict[str, float]:
    """Return the median over fresh phones, each with a fresh voucher."""
    ground.keep_home()
    with TemporaryDirectory() as directory:
        plan = Plan(log=Path(directory), strip=False)
        with opened(plan) as house, demo.browser(headed=False) as chrome:
            _shown_after(house, chrome)  # the server, too, has its first time
            times = [_shown_after(house, chrome) for _ in range(ROUNDS)]
    return {"slow_code_seconds": median(times) / 1000}


def _shown_after(house: House, chrome: Browser) -> float:
    """Claim on a good network, then open the ticket in a phone that has nothing of ours."""
    base = house.world.base_url
    first = _phone(chrome, base)
    first.goto("/p/istanbul")
    first.locator('form:has(input[value="lantern-gift"]) button').click()
    first.wait_for_url("**/V/*")
    cookies, ticket = first.context.cookies(), urlsplit(first.url).path
    first.context.close()
    second = _phone(chrome, base)
    second.context.add_cookies(cookies)  # type: ignore[arg-type]
    session = second.context.new_cdp_session(second)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", NETWORK)
    second.goto(ticket, wait_until="load")
    waited: float = second.evaluate(_SEEN)
    second.context.close()
    if not waited:
        raise RuntimeError("the code was not painted")
    return waited


def _phone(chrome: Browser, base: str) -> Page:
    viewport = {"width": 360, "height": 740}
    return chrome.new_context(viewport=viewport, base_url=base).new_page()  # type: ignore[arg-type]
