"""The staff's scanner: its page, and a steward's day in a real browser."""

import json
import re
from collections.abc import Iterator

import pytest
from house import House
from playwright.sync_api import Browser, expect
from scanner import Scanner, scanners

from chalicelib.domain import shift
from chalicelib.domain.device import Profile
from chalicelib.domain.shift import Pin
from chalicelib.store import shifts
from chalicelib.web import offline_words, training
from local.places import REPOSITORY

# --- The page -----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/staff", "/staff/"])
def test_the_scanner_opens_with_and_without_a_slash(house: House, path: str) -> None:
    answer = house.browser().get(path)
    assert answer.status == 200
    assert 'id="scanned"' in answer.text
    assert "woff2" not in answer.text, "staff pages load no font"


def test_without_script_the_page_says_what_it_needs(house: House) -> None:
    page = house.browser().get("/staff/").text
    assert "The scanner needs JavaScript" in page.partition("<noscript>")[2]


def test_the_sentences_of_the_script_come_with_the_page(house: House) -> None:
    page = house.browser().get("/staff/").text
    block = page.partition('<script type="application/json" id="words">')[2]
    brought = json.loads(block.partition("</script>")[0])
    assert brought["minor_digits"]["CLP"] == 0
    assert all(brought["words"].values())
    assert brought["refusals"]["expired"]["title"] == "Over"


def test_the_page_hangs_the_awning_that_its_cookie_names(house: House) -> None:
    browser = house.browser()
    browser.cookies["staff_stand"] = "istanbul"
    assert 'data-stand="istanbul"' in browser.get("/staff/").text


@pytest.mark.parametrize("stand", ["nowhere", "<script>", ""])
def test_a_cookie_that_names_no_stand_changes_nothing(house: House, stand: str) -> None:
    browser = house.browser()
    browser.cookies["staff_stand"] = stand
    assert 'data-stand=""' in browser.get("/staff/").text


def test_the_service_worker_sees_the_scanner_alone_and_changes_with_its_assets(
    house: House,
) -> None:
    answer = house.browser().get("/staff/sw.js")
    assert answer.headers["service-worker-allowed"] == "/staff"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    version = json.loads(answer.text.partition("=")[2].partition(";")[0])
    assert (REPOSITORY / "static" / "built" / version.removeprefix("/static/")).exists()
    assert f'data-version="{version}"' in house.browser().get("/staff/").text


def test_every_reason_that_the_phone_finds_has_its_words() -> None:
    scripts = (REPOSITORY / "static" / "staff" / "offline").glob("*.js")
    found = {
        reason
        for script in scripts
        for reason in re.findall(r'(?:reason: |no\()"(\w+)"', script.read_text())
    }
    spoken = offline_words.refusals("en")
    own = {"cannot_keep", "live_code"}  # which the server never says
    assert found - own - {"already_redeemed"} == {str(r) for r in offline_words.JUDGED}
    assert found - own <= spoken.keys()


def test_the_page_reads_from_right_to_left_in_arabic(house: House) -> None:
    assert '<html lang="ar" dir="rtl"' in house.browser("ar").get("/staff/").text


# --- In a browser -------------------------------------------------------------------------------


@pytest.fixture
def scanner(house: House, chrome: Browser) -> Iterator[Scanner]:
    with scanners(house, chrome) as opened:
        yield opened


@pytest.mark.browser
def test_a_link_makes_the_phone_a_scanner_and_leaves_no_code_behind(scanner: Scanner) -> None:
    page = scanner.enrol().page
    assert page.url == f"{scanner.base_url}/staff/"
    assert "Istanbul" in page.inner_text("#head")
    page.reload()
    page.wait_for_selector("body[data-mode=ready]")
    assert page.evaluate("document.activeElement.id") == "scanned"


@pytest.mark.browser
def test_a_known_stand_opens_though_the_server_does_not_answer(scanner: Scanner) -> None:
    page = scanner.enrol().page
    page.route("**/api/**", lambda route: route.abort())
    page.reload()
    page.wait_for_selector("body[data-mode=ready]")
    page.clock.run_for(2000)
    expect(page.locator("#network")).to_contain_text("No answer")


@pytest.mark.browser
def test_a_wrong_code_is_refused_in_words(scanner: Scanner) -> None:
    page = scanner.page
    page.goto(f"{scanner.base_url}/staff/")
    page.fill("#field-code", "abcd-efgh")
    page.click("#enrol button")
    expect(page.locator("#enrolment-error")).to_contain_text("26 letters and digits")
    page.fill("#field-code", "abcd efgh ijkl mnop qrst uvwx 23")
    page.click("#enrol button")
    expect(page.locator("#enrolment-error")).to_contain_text("Enrolment code not valid")
    assert scanner.faults() == []


@pytest.mark.browser
def test_used_once_then_already_used_when_where_and_by_which_device(scanner: Scanner) -> None:
    made = scanner.house.browser().claim("istanbul", "lantern-gift")
    scanner.enrol().scan(made["url"])
    assert "Used" in scanner.sees("used")
    scanner.scan(made["url"])  # a scanner that fires twice
    assert "Used" in scanner.sees("used")
    assert scanner.faults() == []
    scanner.later(4)
    scanner.scan(made["code"].lower().replace("-", " "))
    seen = scanner.sees("already")
    assert "15:00" in seen, "the stand's own clock"
    assert "Istanbul · by this device" in seen
    assert scanner.faults() == []


@pytest.mark.browser
def test_garbage_then_a_good_code_without_a_touch(scanner: Scanner) -> None:
    made = scanner.house.browser().claim("istanbul", "lantern-gift")
    scanner.enrol()
    for bad in ("x" * 3000, "https://example.com/a", f"{scanner.base_url}/p/istanbul", "\u2603"):
        scanner.scan(bad)
        assert "Not one of our codes" in scanner.sees("refused")
    assert scanner.faults() == []
    scanner.scan(made["url"])
    assert "Used" in scanner.sees("used")


@pytest.mark.browser
def test_a_hand_scanner_and_a_paste_find_the_field_wherever_the_focus_is(scanner: Scanner) -> None:
    page, keyboard = scanner.enrol().page, scanner.page.keyboard
    house = scanner.house
    typed, pasted = (house.browser().claim("istanbul", "lantern-gift") for _ in range(2))
    page.focus("#help-open")
    keyboard.type(typed["url"])
    keyboard.press("Enter")
    assert "Used" in scanner.sees("used")
    scanner.later(4)
    keyboard.press("Escape")
    scanner.stands_at("ready")
    page.focus("#help-open")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("(text) => navigator.clipboard.writeText(text)", pasted["url"])
    keyboard.press("ControlOrMeta+V")
    expect(page.locator("#scanned")).to_have_value(pasted["url"])
    keyboard.press("Enter")
    assert "Used" in scanner.sees("used")


@pytest.mark.browser
def test_the_total_is_asked_for_and_the_scan_sent_again_under_its_nonce(scanner: Scanner) -> None:
    made = scanner.house.browser().claim("istanbul", "coffee-pot-20")
    sent: list[str] = []
    scanner.enrol().page.on(
        "request", lambda r: sent.append(r.post_data or "") if r.method == "POST" else None
    )
    scanner.scan(made["url"])
    assert "in TRY" in scanner.sees("input")
    assert scanner.faults() == []
    scanner.scan("a lot")
    expect(scanner.page.locator("#amount-read")).to_contain_text("in figures")
    scanner.page.fill("#amount", "900,50")
    scanner.page.keyboard.press("Enter")
    assert "180.10" in scanner.sees("used")
    assert len({json.loads(body)["nonce"] for body in sent}) == 1


@pytest.mark.browser
def test_no_answer_is_tried_twice_then_the_same_again_under_the_same_nonce(
    scanner: Scanner,
) -> None:
    made = scanner.house.browser().claim("istanbul", "lantern-gift")
    page = scanner.enrol().page
    nonces: list[str] = []
    page.on(
        "request",
        lambda r: (
            nonces.append(json.loads(r.post_data or "")["nonce"])
            if r.url.endswith("/redemptions")
            else None
        ),
    )
    page.route("**/api/v1/redemptions", lambda route: route.abort())
    scanner.scan(made["code"])  # which the phone cannot judge by itself
    while not page.locator("body[data-verdict=unanswered]").count():
        page.clock.run_for(200)
    assert scanner.faults() == []
    assert "A typed code can be checked online only" in scanner.sees("unanswered")
    assert len(nonces) == 2
    page.unroute("**/api/v1/redemptions")
    page.reload()
    page.wait_for_selector("body[data-mode=ready]")
    scanner.scan(made["code"])
    scanner.sees("used")
    assert len(nonces) == 3
    assert len(set(nonces)) == 1


@pytest.mark.browser
def test_a_use_is_given_back_and_may_be_used_again(scanner: Scanner) -> None:
    made = scanner.house.browser().claim("istanbul", "lantern-gift")
    page = scanner.enrol().page
    scanner.scan(made["url"])
    scanner.sees("used")
    page.click("#verdict [data-action=give-back]")
    assert page.evaluate("document.activeElement.id") == "give-back-no", "Enter keeps it as used"
    assert scanner.faults() == []
    page.click("#give-back [value=mistake]")
    expect(page.locator("#toast")).to_contain_text("Given back")
    assert page.inner_text("[data-count=given_back]") == "1"
    assert page.locator("#recent [data-action=give-back]:visible").count() == 0
    assert scanner.faults() == []
    scanner.scan(made["url"])
    scanner.sees("used")


@pytest.mark.browser
def test_a_supervisor_moves_a_voucher_to_a_new_phone(scanner: Scanner) -> None:
    made = scanner.house.browser().claim("istanbul", "lantern-gift")
    page = scanner.enrol(profile=Profile.SUPERVISOR).page
    page.click("#move-open")
    page.fill("#field-old-code", "0000-0000-0000-0000")
    page.click("#move-form button")
    expect(page.locator("#move-error")).to_contain_text("Not one of our codes")
    page.fill("#field-old-code", made["code"])
    page.click("#move-form button")
    expect(page.locator("#move-picture")).to_be_visible()
    assert page.evaluate("document.querySelector('#move-picture').naturalWidth") > 0
    assert scanner.faults() == []
    page.click("#move-close")
    expect(page.locator("#scanned")).to_be_focused()
    scanner.scan(made["url"])
    scanner.sees("used")


@pytest.mark.browser
def test_a_supervisor_at_work_with_a_stewards_phone_may_move_vouchers(scanner: Scanner) -> None:
    made, page = scanner.house.browser().claim("istanbul", "lantern-gift"), scanner.enrol().page
    kept = shift.hashed("271828", bytes(shift.SALT_BYTES))
    shifts.put_pin(Pin(popup_id="istanbul", name="Ayşe", hash=kept, supervisor=True))
    expect(page.locator("#move-open")).to_be_hidden()
    page.click("#shift-open")
    assert scanner.faults() == []
    sheet = page.locator("#shift").bounding_box()
    assert sheet is not None
    assert sheet["y"] + sheet["height"] == 740, "it lies at the thumb"
    page.fill("#field-shift-name", "ayşe")
    page.fill("#field-shift-pin", "271829")
    page.keyboard.press("Enter")
    expect(page.locator("#shift-error")).to_contain_text("not known at this stand")
    page.fill("#field-shift-pin", "271828")
    page.keyboard.press("Enter")
    expect(page.locator("#shift-now")).to_have_text("Shift: Ayşe")
    expect(page.locator("#move-open")).to_be_visible()
    page.reload()
    scanner.stands_at("ready")
    expect(page.locator("#move-open")).to_be_visible()
    scanner.scan(made["url"])
    scanner.sees("used")
    page.click("#verdict [data-action=next]")
    expect(page.locator("#recent .recent-shift")).to_have_text("Ayşe")
    page.click("#shift-open")
    page.click("#shift-end")
    expect(page.locator("#move-open")).to_be_hidden()
    assert "'by': {'S': 'Ayşe'}" in str(scanner.house.items())


@pytest.mark.browser
def test_training_is_seen_on_the_whole_screen_and_moves_nothing(scanner: Scanner) -> None:
    campaign, page = scanner.house.campaign(), scanner.enrol().page
    used, amount, *_ = (code.url for code in training.codes(campaign, campaign.popup["istanbul"]))
    made = scanner.house.browser().claim("istanbul", "lantern-gift")
    before = scanner.house.items()
    scanner.scan(used)
    assert "A training code" in scanner.sees("refused")
    page.click("#verdict [data-action=next]")
    page.click(".prefs summary")
    menu = page.locator(".prefs-panel").bounding_box()
    assert menu is not None
    assert menu["x"] >= 0, "no button of it lies outside the screen"
    page.click("#training")
    scanner.later(4)
    scanner.scan(used)
    scanner.sees("used")
    expect(page.locator("#training-band")).to_be_in_viewport()
    expect(page.locator("#verdict [data-action=give-back]")).to_be_hidden()
    assert scanner.faults() == []
    scanner.later(4)
    scanner.scan(used)
    scanner.sees("already")
    scanner.scan(amount)
    scanner.sees("input")
    page.fill("#amount", "100")
    page.keyboard.press("Enter")
    assert "20.00" in scanner.sees("used")
    scanner.scan(made["url"])
    assert "It was not used" in scanner.sees("refused")
    assert scanner.house.items() == before
    page.click("#verdict [data-action=next]")
    page.click("#training-off")
    expect(page.locator("[data-count=used]")).to_have_text("0")
    scanner.scan(made["url"])
    scanner.sees("used")
    expect(page.locator("#training-band")).to_be_hidden()


@pytest.mark.browser
def test_a_removed_device_forgets_everything_and_says_so(scanner: Scanner) -> None:
    made = scanner.house.browser().claim("istanbul", "lantern-gift")
    page = scanner.enrol().page
    scanner.scan("a code before")
    scanner.sees("refused")
    removed = page.evaluate("new Promise(r=>{indexedDB.open('marquee-staff').onsuccess=e=>{"
        "const q=e.target.result.transaction('kept').objectStore('kept').get('device');"
        "q.onsuccess=()=>r(q.result.device_id)}})")  # fmt: skip
    scanner.house.live(revoked_devices={removed})
    scanner.scan(made["url"])
    expect(page.locator("#enrolment-error")).to_contain_text("removed this device")
    left = page.evaluate("new Promise(r=>{indexedDB.open('marquee-staff').onsuccess=e=>{"
        "const q=e.target.result.transaction('kept').objectStore('kept').getAllKeys();"
        "q.onsuccess=()=>r(q.result)}})")  # fmt: skip
    assert set(left) <= {"device"}, "an empty place at most"


@pytest.mark.browser
def test_the_longest_word_keeps_its_height_and_never_breaks(scanner: Scanner) -> None:
    page = scanner.enrol().page
    page.evaluate(
        "document.getElementById('verdict-refused').content"
        ".querySelector('.verdict-word > span').textContent = 'Unwiederbringlich'"
    )
    scanner.scan("garbage")
    scanner.sees("refused")
    word = page.locator(".verdict-word > span").bounding_box()
    assert word is not None
    assert word["x"] >= 0
    assert word["x"] + word["width"] <= 360
    assert 60 <= word["height"] <= 80, "one line of a fifth of the screen"
