"""The strip in a real browser: small, accessible, in nobody's way, gone in print."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from chalice import Chalice, Response
from playwright.sync_api import Browser, Page
from small_app import unrouted

from local.clock import ShiftedClock
from local.gateway import Answer, Gateway
from local.http_server import Server
from local.places import REPOSITORY
from local.strip import ONE_MINUTE_BEFORE_REVEAL, Strip

pytestmark = pytest.mark.browser

POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; form-action 'self'"
AXE = REPOSITORY / "node_modules" / "axe-core" / "axe.min.js"
NOW = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> ShiftedClock:
    return ShiftedClock(NOW)


@pytest.fixture
def address(tmp_path: Path, clock: ShiftedClock) -> Iterator[str]:
    app = Chalice("page")
    headers: dict[str, Any] = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": POLICY,
        "Referrer-Policy": "no-referrer",
    }
    lines = "".join(f"<p>Line {n}</p>" for n in range(60))
    body = (
        '<!doctype html><html lang="ar" dir="rtl"><head><title>Page</title><meta name="viewport" '
        f'content="width=device-width"></head><body><main><h1>Page</h1>{lines}'
        '<button id="last">Last</button></main></body></html>'
    )

    def page(popup_id: str = "") -> Response:
        del popup_id
        return Response(body, headers=headers)

    def plain() -> Response:
        return page()

    for path in ("/", "/p/{popup_id}", "/staff", "/live"):
        app.route(path)(page if "{" in path else plain)
    strip = Strip(
        clock=clock,
        enrol=lambda stand, profile: f"CODE-{stand}-{profile}",
        sign_in=lambda role, _: Answer(303, (("Location", f"/signed-in-as-{role}"),)),
        stand_at=lambda _: "istanbul",
        stands={"istanbul", "rome"},
        hosts={"localhost", "127.0.0.1"},
    )
    server = Server("127.0.0.1", 0)
    server.start(Gateway(app, unrouted, tmp_path, strip).answer)
    yield f"http://localhost:{server.port}"
    server.close()


@pytest.fixture
def page(chrome: Browser) -> Iterator[Page]:
    context = chrome.new_context(viewport={"width": 360, "height": 640})
    opened = context.new_page()
    faults: list[str] = []
    opened.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    opened.on("pageerror", lambda error: faults.append(str(error)))
    yield opened
    context.close()
    assert [f for f in faults if "favicon" not in f and "404" not in f] == []


def test_it_is_one_low_row_and_covers_nothing_at_the_end(page: Page, address: str) -> None:
    page.goto(address)
    strip = page.locator("#local-strip").bounding_box()
    assert strip is not None
    assert strip["height"] <= 56
    assert strip["width"] <= 360
    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    last, strip = page.locator("#last").bounding_box(), page.locator("#local-strip").bounding_box()
    assert last is not None
    assert strip is not None
    assert last["y"] + last["height"] <= strip["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_focus_is_never_hidden_under_it(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("#last").focus()
    last, strip = page.locator("#last").bounding_box(), page.locator("#local-strip").bounding_box()
    assert last is not None
    assert strip is not None
    assert last["y"] + last["height"] <= strip["y"]


def test_the_clock_turns_and_the_strip_stays_open(page: Page, address: str, clock: Any) -> None:
    page.goto(f"{address}/p/rome")
    page.locator("#local-strip summary").click()
    page.get_by_role("button", name="1 min to reveal").click()
    page.wait_for_load_state()
    assert page.url == f"{address}/p/rome"
    assert abs((clock.now() - ONE_MINUTE_BEFORE_REVEAL).total_seconds()) < 20
    assert "27 Oct 2019 23:59" in page.locator("#local-clock").inner_text()
    assert page.locator("#local-strip details").get_attribute("open") is not None
    page.get_by_role("button", name="now").click()
    page.wait_for_load_state()
    assert abs(clock.shift.total_seconds()) < 1


def test_personas_are_one_tap(page: Page, address: str) -> None:
    page.goto(f"{address}/p/rome")
    page.get_by_role("button", name="Steward").click()
    page.wait_for_url("**/staff/#enrol=CODE-rome-steward")
    page.get_by_role("button", name="Visitor").click()
    page.wait_for_url("**/p/rome")


def test_it_has_no_accessibility_fault_open_or_closed(chrome: Browser, address: str) -> None:
    # axe is put in by the test, so this page has no policy; the others run under it.
    page = chrome.new_page(bypass_csp=True)
    page.goto(address)
    page.add_script_tag(path=AXE)
    for _ in range(2):
        found = page.evaluate("axe.run('#local-strip').then(r => r.violations.map(v => v.id))")
        assert found == []
        page.locator("#local-strip summary").click()
    page.close()


def test_it_is_not_printed(page: Page, address: str) -> None:
    page.goto(address)
    page.emulate_media(media="print")
    assert not page.locator("#local-strip").is_visible()
