"""The code of the stand's screen becomes a proof, and the proof lets claim."""

from datetime import timedelta

import pytest
from house import Answer, Browser, House, Phone

from chalicelib.domain.device import Profile
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.guessing import MOST, WINDOW, Guess
from chalicelib.store import engine

OFFER = "tea-glass-gift"  # of Istanbul, for those who come by
HALF_A_MINUTE, TEN_MINUTES = timedelta(seconds=30), timedelta(minutes=10)
AT_THE_STAND = "You are at the stand: for the next 10 min"
NOT_THE_CODE = "That code is not on the screen any more"


@pytest.fixture
def screen(house: House) -> Phone:
    return house.phone(profile=Profile.SCREEN)


def code(screen: Phone) -> str:
    """Return what the screen shows now, as its link carries it."""
    answer = screen.house.ask("GET", "/api/v1/devices/self/presence", headers=screen.headers)
    return str(answer.json["url"].partition("?c=")[2])


def scan(browser: Browser, symbols: str, popup_id: str = "istanbul") -> str:
    return browser.get(f"/p/{popup_id}?c={symbols}").text


def claim(browser: Browser) -> Answer:
    return browser.submit("/p/istanbul/claims", {"offer_id": OFFER})


def guesses(house: House) -> int:
    rows = [row for row in house.items("access") if row["pk"]["S"].startswith("GUESS#presence")]
    return sum(int(row["guesses"]["N"]) for row in rows)


# --- the page -------------------------------------------------------------------------------------
def test_a_new_visitor_scans_the_screen_and_claims(house: House, screen: Phone) -> None:
    browser, before = house.browser(), house.items()
    page = browser.get(f"/p/istanbul?c={code(screen)}")
    assert page.status == 200
    assert AT_THE_STAND in page.text
    assert f'value="{OFFER}"' in page.text
    assert [cookie.partition("=")[0] for cookie in page.set_cookies] == [
        "__Host-visitor",
        "__Host-presence",
    ]
    assert all("Secure; HttpOnly; SameSite=Lax" in cookie for cookie in page.set_cookies)
    assert page.headers["cache-control"] == "no-store"
    assert house.items() == before
    assert claim(browser).headers["location"].startswith("/V/")
    assert guesses(house) == 0


def test_the_proof_holds_no_personal_data(house: House, screen: Phone) -> None:
    browser = house.browser()
    scan(browser, code(screen))
    visitor = browser.cookies["__Host-visitor"].partition(".")[0]
    assert visitor not in browser.cookies["__Host-presence"]


def test_without_a_code_the_page_says_what_to_do(house: House) -> None:
    browser = house.browser()
    page = browser.get("/p/istanbul").text.replace("&#39;", "'")
    assert "scan the code on the stand's screen" in page
    assert 'name="c"' in page
    refused = claim(browser)
    assert refused.status == 409
    assert "Scan the code on the stand" in refused.text


def test_the_code_before_is_taken_and_one_older_is_told_kindly(house: House, screen: Phone) -> None:
    symbols = code(screen)
    house.real_at += HALF_A_MINUTE
    assert AT_THE_STAND in scan(house.browser(), symbols)
    house.real_at += HALF_A_MINUTE
    late = house.browser()
    page = late.get(f"/p/istanbul?c={symbols}")
    assert page.status == 200
    assert NOT_THE_CODE in page.text
    assert 'value="lantern-gift"' in page.text, "the rest of the stand is there as ever"
    assert "__Host-presence" not in late.cookies
    assert claim(late).status == 409


def test_a_code_may_be_typed(house: House, screen: Phone) -> None:
    symbols = code(screen).lower()
    assert AT_THE_STAND in scan(house.browser(), f"{symbols[:4]}-{symbols[4:]}")


def test_a_proof_lasts_ten_minutes(house: House, screen: Phone) -> None:
    browser = house.browser()
    scan(browser, code(screen))
    house.real_at += TEN_MINUTES - timedelta(seconds=1)
    assert claim(browser).status == 303
    late = house.browser()
    scan(late, code(screen))
    house.real_at += TEN_MINUTES
    refused = claim(late)
    assert refused.status == 409
    assert "Scan the screen again" in refused.text
    assert AT_THE_STAND in scan(late, code(screen))
    assert claim(late).status == 303


def test_who_has_the_voucher_gets_it_without_standing_there(house: House, screen: Phone) -> None:
    browser = house.browser()
    scan(browser, code(screen))
    first = claim(browser).headers["location"]
    house.real_at += timedelta(days=1)
    assert claim(browser).headers["location"] == first


def test_a_page_that_is_read_again_counts_no_guess(house: House, screen: Phone) -> None:
    browser, symbols = house.browser(), code(screen)
    scan(browser, symbols)
    house.real_at += 3 * HALF_A_MINUTE
    assert "You are at the stand: for the next 9 min" in scan(browser, symbols)
    assert guesses(house) == 0


def test_the_proof_of_another_browser_or_stand_is_none(house: House, screen: Phone) -> None:
    browser, thief = house.browser(), house.browser()
    scan(browser, code(screen))
    thief.sign_in()
    thief.cookies["__Host-presence"] = browser.cookies["__Host-presence"]
    assert claim(thief).status == 409
    assert NOT_THE_CODE in scan(house.browser(), code(screen), "ankara")


def test_what_is_gone_says_so_to_those_who_have_not_scanned_too(house: House) -> None:
    for row in house.items():
        if row["pk"]["S"].startswith("C#stock.2.2."):
            house.put("ledger", row | {"left": engine.number(0)})
    page = house.browser().get("/p/istanbul").text
    assert 'name="c"' not in page


# --- the API --------------------------------------------------------------------------------------
def test_a_program_sends_the_code_with_the_claim(house: House, screen: Phone) -> None:
    browser = house.browser()
    assert browser.try_to_claim("istanbul", OFFER).reason == "presence_required"
    wrong = browser.try_to_claim("istanbul", OFFER, presence="AAAA-AAAA")
    assert wrong.reason == "presence_expired"
    assert browser.try_to_claim("istanbul", OFFER, presence=code(screen)).status == 201
    assert browser.try_to_claim("istanbul", OFFER).status == 200


def test_a_code_is_not_looked_at_where_the_offer_asks_for_none(house: House) -> None:
    answer = house.browser().try_to_claim("istanbul", "lantern-gift", presence="AAAA-AAAA")
    assert answer.status == 201
    assert guesses(house) == 0


# --- guessing -------------------------------------------------------------------------------------
@pytest.mark.parametrize("guess", [Guess.PRESENCE, Guess.PRESENCE_STAND])
def test_presence_closes_under_attack_even_to_a_right_code(
    house: House, screen: Phone, guess: Guess
) -> None:
    scan(house.browser(), "AAAAAAAA")
    assert guesses(house) == 2
    for row in house.items("access"):
        if row["pk"]["S"].startswith(f"GUESS#{guess}#"):
            house.put("access", row | {"guesses": engine.number(MOST[guess])})
    stopped = house.browser()
    assert "Too many wrong codes came from this network" in scan(stopped, code(screen))
    assert claim(stopped).status == 409
    refused = stopped.try_to_claim("istanbul", OFFER, presence=code(screen))
    assert refused.status == 429
    house.real_at += WINDOW
    assert AT_THE_STAND in scan(stopped, code(screen))


def test_what_cannot_be_counted_is_not_let_through(house: House, screen: Phone) -> None:
    browser, symbols = house.browser(), code(screen)

    def fail(**_: object) -> None:
        raise TryAgain("the table is busy")

    events = engine.client().meta.events
    events.register("before-call.dynamodb.GetItem", fail)
    try:
        answer = browser.get(f"/p/istanbul?c={symbols}")
    finally:
        events.unregister("before-call.dynamodb.GetItem", fail)
    assert answer.status == 503
    assert "__Host-presence" not in browser.cookies
