"""The stand's screen: what it asks for as a device, and what everybody may see on it."""

from datetime import timedelta
from typing import Any

import pytest
from house import Answer, House, Phone

from chalicelib.domain.device import SCREEN_GRACE, TOKEN_LIFE, Profile


@pytest.fixture
def screen(house: House) -> Phone:
    return house.phone(profile=Profile.SCREEN)


def ask(phone: Phone) -> Answer:
    return phone.house.ask("GET", "/api/v1/devices/self/presence", headers=phone.headers)


# --- as a device ----------------------------------------------------------------------------------
def test_a_screen_is_told_its_code_and_how_long_it_stands(house: House, screen: Phone) -> None:
    house.real_at += timedelta(seconds=12.5)
    told = ask(screen).json
    assert told["popup_id"] == "istanbul"
    symbols = told["code"].replace("-", "")
    assert told["url"] == f"https://marquee.example/p/istanbul?c={symbols}"
    assert told["picture"].startswith("<svg")
    assert (told["until"], told["next_in_ms"]) == ("2026-05-20T12:00:30Z", 17_500)
    house.real_at += timedelta(milliseconds=17_500)
    assert ask(screen).json["code"] != told["code"]


def test_a_screen_counts_what_its_stand_did_today(house: House, screen: Phone) -> None:
    browser = house.browser()
    voucher = browser.claim("istanbul", "lantern-gift")
    browser.claim("istanbul", "coffee-pot-20")
    browser.claim("ankara", "lantern-gift")
    house.phone().redeem(voucher["url"])
    house.project()
    told = ask(screen).json
    assert (told["day"], told["claimed"], told["redeemed"]) == ("2026-05-20", 2, 1)
    house.at += timedelta(hours=9)  # midnight in Istanbul
    told = ask(screen).json
    assert (told["day"], told["claimed"], told["redeemed"]) == ("2026-05-21", 0, 0)


def test_a_screen_gets_a_fresh_token_each_time_and_runs_for_ever(
    house: House, screen: Phone
) -> None:
    for _ in range(3):
        house.real_at += TOKEN_LIFE - timedelta(minutes=1)
        screen.token = ask(screen).json["device_token"]
    assert ask(screen).status == 200


@pytest.mark.parametrize(("off", "status"), [(SCREEN_GRACE, 200), (2 * SCREEN_GRACE, 401)])
def test_a_screen_that_was_off_for_days_goes_on(
    house: House, screen: Phone, off: timedelta, status: int
) -> None:
    house.real_at += off
    assert ask(screen).status == status
    house.live(revoked_devices={screen.device_id})
    assert ask(screen).reason in {"device_revoked", "not_signed_in"}


def test_no_other_device_gets_the_code(house: House, screen: Phone) -> None:
    assert ask(house.phone()).reason == "device_not_allowed"
    assert ask(house.phone(profile=Profile.SUPERVISOR)).reason == "device_not_allowed"
    assert house.browser().get("/api/v1/devices/self/presence").reason == "not_signed_in"
    house.live(revoked_devices={screen.device_id})
    assert ask(screen).reason == "device_revoked"


# --- the page -------------------------------------------------------------------------------------
def test_the_page_says_what_is_on_and_what_is_only_for_those_who_scan(house: House) -> None:
    page = house.browser().get("/screen/istanbul", accept_language="en")
    assert page.status == 200
    assert 'lang="tr"' in page.text
    house_english = house.browser()
    house_english.cookies["lang"] = "en"
    english = house_english.get("/screen/istanbul").text
    assert "20% off copper coffee pots" in english
    assert english.count("Only for those who scan here") == 1
    assert "Open until" in english


@pytest.mark.parametrize(
    ("popup_id", "cookie", "language"),
    [("istanbul", "", "tr"), ("istanbul", "ar", "ar"), ("rome", "", "it"), ("dubai", "", "ar")],
)
def test_a_screen_speaks_its_stands_language_unless_another_is_chosen(
    house: House, popup_id: str, cookie: str, language: str
) -> None:
    browser = house.browser()
    browser.cookies["lang"] = cookie
    page = browser.get(f"/screen/{popup_id}", accept_language="ru")
    assert page.headers["content-language"] == language
    assert ("Scan to open this stand" in page.text) is True


@pytest.mark.parametrize(
    ("live", "said"),
    [
        ({"paused_popups": {"istanbul"}}, "Paused for a moment"),
        ({"paused_offers": {"lantern-gift"}}, "Open until"),
    ],
)
def test_what_is_paused_is_not_on(house: House, live: dict[str, Any], said: str) -> None:
    browser = house.browser()
    browser.cookies["lang"] = "en"
    house.live(**live)
    page = browser.get("/screen/istanbul").text
    assert said in page
    assert "A paper lantern" not in page


def test_no_sealed_offer_is_named(house: House) -> None:
    house.at -= timedelta(days=10)
    browser = house.browser()
    browser.cookies["lang"] = "en"
    page = browser.get("/screen/istanbul").text
    assert "Nothing can be claimed right now" in page
    assert "Reveal in" in page
    assert "copper coffee pots" not in page


def test_a_stand_that_is_not_there_has_no_screen(house: House) -> None:
    assert house.browser().get("/screen/atlantis").status == 404
