"""The scanner's camera in a real browser: one that plays a film, and one that a test holds."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from house import House
from playwright.sync_api import Browser, FilePayload, Page, expect
from scanner import Scanner, scanners

from bench import frames
from bench import scanner as bench
from chalicelib.web.staff import SAMPLE

STUB = (Path(__file__).parent / "camera_stub.js").read_text()
FOREIGN = "https://example.com/menu"
A_SECOND = 30  # frames of the fake camera


@pytest.fixture
def held(house: House, chrome: Browser) -> Iterator[Scanner]:
    """Return a phone with a stubbed camera, which shows nothing yet."""
    with scanners(house, chrome) as phone:
        phone.page.context.add_init_script(STUB)
        yield phone


def show(page: Page, text: str | None) -> None:
    """Hold a code before the stubbed camera, or take it away."""
    shot = base64.b64encode(frames.jpeg(frames.shown(text))).decode() if text else ""
    page.evaluate("(url) => stub.show(url)", shot and f"data:image/jpeg;base64,{shot}")


def film(*scenes: tuple[str | None, float]) -> bytes:
    """Return a film of codes, each for so many seconds; None is the street alone."""
    shots = {
        text: frames.jpeg(frames.shown(text) if text else frames.street().convert("RGB"))
        for text, _ in scenes
    }
    return b"".join(shots[text] * round(seconds * A_SECOND) for text, seconds in scenes)


def photo(shot: bytes) -> FilePayload:
    return FilePayload(name="photo.jpg", mimeType="image/jpeg", buffer=shot)


def turned_on(phone: Scanner) -> Page:
    phone.enrol().page.click("#camera-on")
    expect(phone.page.locator("body")).to_have_attribute("data-camera", "on")
    return phone.page


# --- The decoder --------------------------------------------------------------------------------


def test_almost_every_degraded_frame_is_read(chrome: Browser) -> None:
    codes = json.loads((Path(__file__).parents[1] / "golden" / "codes.json").read_text())["codes"]
    shown = list(frames.degraded([row["token"] for row in codes[:8]]))
    assert len(shown) >= 60
    with bench.page(chrome) as page:
        assert bench.share(shown, bench.readings(page, shown)) >= 0.95


# --- A film before the fake camera --------------------------------------------------------------


def test_garbage_the_poster_then_a_good_code_and_the_same_again_without_a_touch(
    house: House, chrome: Browser, tmp_path: Path
) -> None:
    made = house.browser().claim("istanbul", "lantern-gift")
    played = film((None, 1), (FOREIGN, 1.5), (made["url"], 1.5), (None, 3.5))
    started = bench.camera(chrome, played, tmp_path)
    with scanners(house, started) as phone:
        page = turned_on(phone)
        assert "Not one of our codes" in phone.sees("refused")
        assert "Used" in phone.sees("used")
        seen = phone.sees("already")
        assert "Istanbul · by this device" in seen, "it was out of sight, and came again"
        assert page.evaluate("document.activeElement.id") == "scanned", "a hand scanner can go on"
        page.reload()
        expect(page.locator("body")).to_have_attribute("data-camera", "on")
    started.close()


# --- A stubbed camera ---------------------------------------------------------------------------


def test_a_code_that_stays_in_sight_is_one_scan(held: Scanner) -> None:
    made = held.house.browser().claim("istanbul", "lantern-gift")
    page = turned_on(held)
    show(page, made["url"])
    held.sees("used")
    page.wait_for_timeout(500)
    held.later(4)
    page.wait_for_timeout(500)
    assert "Used" in held.sees("used")


def test_the_stands_own_poster_is_told_apart_and_stops_nothing(held: Scanner) -> None:
    made = held.house.browser().claim("istanbul", "lantern-gift")
    page = turned_on(held)
    show(page, f"{held.base_url}/p/istanbul?s=poster")
    expect(page.locator("#toast")).to_contain_text("it is no voucher")
    assert page.evaluate("document.body.dataset.mode") == "ready"
    show(page, made["url"])
    held.sees("used")


def test_while_a_total_is_typed_the_camera_waits(held: Scanner) -> None:
    priced = held.house.browser().claim("istanbul", "coffee-pot-20")
    page = turned_on(held)
    show(page, priced["url"])
    held.sees("input")
    page.fill("#amount", "900")
    show(page, FOREIGN)
    page.wait_for_timeout(600)
    assert page.input_value("#amount") == "900"
    page.keyboard.press("Enter")
    held.sees("used")


def test_a_camera_that_is_denied_says_what_to_do_and_codes_are_typed(held: Scanner) -> None:
    made = held.house.browser().claim("istanbul", "lantern-gift")
    page = held.enrol().page
    page.evaluate("stub.fails = 'NotAllowedError'")
    page.click("#camera-on")
    expect(page.locator("#camera-note")).to_contain_text("may not use the camera")
    assert held.faults() == []
    held.scan(made["code"])
    held.sees("used")
    page.evaluate("stub.fails = ''")
    page.keyboard.press("Escape")
    held.later(1)
    page.keyboard.press("Escape")
    page.click("#camera-on")
    expect(page.locator("body")).to_have_attribute("data-camera", "on")


def test_torch_and_choice_of_camera_are_there_where_the_phone_has_them(held: Scanner) -> None:
    page = turned_on(held)
    assert page.evaluate("stub.asked[0].facingMode") == {"ideal": "environment"}
    page.click("#torch")
    expect(page.locator("#torch")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("stub.lit") == [True]
    assert held.faults() == []
    page.select_option("#camera-choice", "front")
    expect(page.locator("#torch")).to_be_hidden()
    page.reload()
    expect(page.locator("body")).to_have_attribute("data-camera", "on")
    assert page.evaluate("stub.asked[0].deviceId") == {"exact": "front"}, "it is remembered"
    page.click("#camera-off")
    page.reload()
    held.stands_at("ready")
    assert page.evaluate("stub.asked") == [], "and that it is off, too"


def test_the_screen_stays_on_while_the_camera_looks(held: Scanner) -> None:
    page = held.enrol().page
    html = page.locator("html")
    assert html.get_attribute("data-lock") is None
    page.click("#camera-on")
    expect(html).to_have_attribute("data-lock", "screen")
    page.click("#camera-off")
    expect(html).to_have_attribute("data-lock", "released")


def test_a_camera_that_the_phone_takes_away_comes_back(held: Scanner) -> None:
    made = held.house.browser().claim("istanbul", "lantern-gift")
    page = turned_on(held)
    page.evaluate("stub.track.dispatchEvent(new Event('ended'))")
    expect(page.locator("html")).to_have_attribute("data-asked", "2", timeout=15_000)
    expect(page.locator("body")).to_have_attribute("data-camera", "on")
    show(page, made["url"])
    held.sees("used")


def test_pictures_that_stop_are_noticed_and_the_camera_starts_again(held: Scanner) -> None:
    page = turned_on(held)
    page.evaluate("stub.track.stop()")
    expect(page.locator("html")).to_have_attribute("data-asked", "2", timeout=15_000)


def test_a_photo_does_where_the_camera_does_not(held: Scanner) -> None:
    made = held.house.browser().claim("istanbul", "lantern-gift")
    page = held.enrol().page
    street = frames.jpeg(frames.street().convert("RGB"))
    page.set_input_files("#photo", photo(street))
    expect(page.locator("#toast")).to_contain_text("No code was found in the photo")
    page.set_input_files("#photo", photo(b"?"))
    expect(page.locator("#toast")).to_contain_text("could not be read")
    shot = frames.jpeg(frames.shown(made["url"]))
    page.set_input_files("#photo", photo(shot))
    held.sees("used")


# --- The self-test ------------------------------------------------------------------------------


def test_the_self_test_says_what_works(held: Scanner) -> None:
    page = held.page
    page.goto(f"{held.base_url}/staff/self-test")
    assert held.faults() == []
    page.evaluate("(url) => stub.show(url)", None)
    page.click("#start")
    expect(page.locator("#sum")).to_be_visible(timeout=30_000)
    said = {name: page.inner_text(f"#test-{name}") for name in ("camera", "decoder", "key")}
    assert "1280 by 720" in said["camera"]
    assert "thousandths of a second" in said["decoder"]
    assert "Ed25519" in said["key"] or "P-256" in said["key"]
    for name in ("sound", "storage", "clock"):
        assert page.get_attribute(f"#test-{name}", "data-state") in {"good", "careful"}
    assert held.faults() == []


def test_the_self_test_names_the_cure(held: Scanner) -> None:
    page = held.page
    page.goto(f"{held.base_url}/staff/self-test")
    page.evaluate("stub.fails = 'NotAllowedError'")
    page.route("**/staff/decoder/**", lambda route: route.abort())
    page.route("**/health", lambda route: route.abort())
    page.click("#start")
    expect(page.locator("#sum")).to_have_text("Not as it is", timeout=30_000)
    expect(page.locator("#test-camera .test-cure")).to_contain_text("Allow the camera")
    expect(page.locator("#test-decoder .test-cure")).to_contain_text("Update the browser")
    expect(page.locator("#test-clock .test-cure")).to_contain_text("Find the network")
    assert SAMPLE not in page.inner_text("main")
    assert held.faults() == []
