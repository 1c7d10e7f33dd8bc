"""Privacy, export, erasing: what a browser's visitor may know and undo."""

import json

import pytest
from house import Browser, House, Json, path_of

NOTE = "a lamp for me"


@pytest.fixture
def browser(house: House) -> Browser:
    return house.browser()


@pytest.fixture
def voucher(browser: Browser) -> Json:
    made = browser.claim("istanbul", "coffee-pot-20")
    path = path_of(made["url"])
    browser.submit(f"{path}/note", {"note": NOTE})
    browser.submit(f"{path}/delivery", {"option": "locker"})
    return made


def _visitor(browser: Browser) -> str:
    return browser.cookies["__Host-visitor"].partition(".")[0]


def _vouchers(house: House) -> list[Json]:
    return [item for item in house.items() if item["sk"]["S"] == "V"]


def test_the_export_holds_all_that_is_kept(house: House, browser: Browser, voucher: Json) -> None:
    phone = house.phone()
    use = phone.redeem(voucher["url"], total=(90_000, "TRY")).json
    phone.reverse(use["redemption_id"])
    answer = browser.get("/me/export")
    assert 'filename="marquee.json"' in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json
    assert told["visitor"] == _visitor(browser)
    (mine,) = told["vouchers"]
    assert (mine["code"], mine["state"], mine["note"]) == (voucher["code"], "reversed", NOTE)
    assert mine["delivery"]["option"] == "locker"
    assert [u["discount_minor"] for u in mine["uses_given_back"]] == [18_000]
    assert mine["use"] is None


def test_the_export_finds_what_the_cookies_forgot(browser: Browser, voucher: Json) -> None:
    del browser.cookies["__Host-stands"]
    assert [v["code"] for v in browser.get("/me/export").json["vouchers"]] == [voucher["code"]]


def test_a_browser_without_a_voucher_exports_nothing(house: House) -> None:
    told = house.browser().get("/me/export").json
    assert (told["visitor"], told["vouchers"]) == (None, [])


def test_erasing_takes_the_visitor_off_and_keeps_state_and_amounts(
    house: House, browser: Browser, voucher: Json
) -> None:
    visitor = _visitor(browser)
    del browser.cookies["__Host-stands"]
    before = _vouchers(house)
    answer = browser.submit("/me/erase")
    assert (answer.status, answer.headers["location"]) == (303, "/me/erased")
    assert browser.cookies.keys() & {"__Host-visitor", "__Host-stands", "__Host-gifts"} == set()
    assert visitor not in json.dumps(house.items(), default=str)
    gone = {"vis", "ver", "updated_at"}
    assert [{k: v for k, v in item.items() if k not in gone} for item in _vouchers(house)] == [
        {k: v for k, v in item.items() if k not in gone} for item in before
    ]
    assert not [item for item in house.items() if "note" in item]
    assert [item for item in house.items() if item["sk"]["S"] == "DELIVERY"]
    assert "Your data is erased" in browser.follow(answer).text
    assert house.phone().redeem(voucher["url"], total=(90_000, "TRY")).status == 201


def test_an_old_cookie_finds_nothing_after_it(browser: Browser, voucher: Json) -> None:
    cookies = dict(browser.cookies)
    browser.submit("/me/erase")
    browser.cookies = cookies
    assert "No voucher yet" in browser.get("/me").text
    page = browser.get(path_of(voucher["url"])).text
    assert "/note" not in page
    assert "/gift" not in page
    assert browser.get("/me/export").json["vouchers"] == []


def test_it_is_done_again_as_it_is(house: House, browser: Browser, voucher: Json) -> None:
    del voucher
    cookies = dict(browser.cookies)
    browser.submit("/me/erase")
    before = house.items()
    browser.cookies = cookies
    assert browser.submit("/me/erase").status == 303
    assert house.items() == before


def test_a_friends_voucher_stays_the_friends(house: House, browser: Browser) -> None:
    made = browser.claim("istanbul", "lantern-gift")
    link = browser.post(f"/api/v1/vouchers/{made['code']}/gift").json["url"]
    friend = house.browser()
    friend.sign_in()
    friend.post("/api/v1/gifts", {"gift": link.rpartition("/")[2]})
    browser.submit("/me/erase")
    assert "1 voucher in this browser" in friend.get("/me").text
    friend.submit("/me/erase")
    assert "vis" not in {name for item in _vouchers(house) for name in item}


def test_a_stranger_with_a_photo_of_the_code_erases_nothing(
    house: House, browser: Browser, voucher: Json
) -> None:
    del voucher
    before = house.items()
    stranger = house.browser()
    assert stranger.submit("/me/erase").status == 303
    stranger.sign_in()
    stranger.cookies["__Host-gifts"] = before[0]["pk"]["S"].partition("#")[2]
    stranger.submit("/me/erase")
    assert house.items() == before
    assert "1 voucher in this browser" in browser.get("/me").text


def test_whoever_asks_over_and_over_is_stopped(browser: Browser) -> None:
    browser.sign_in()
    assert [browser.get("/me/export").status for _ in range(11)] == [200] * 10 + [429]
    assert browser.submit("/me/erase").status == 429


def test_the_privacy_page_offers_it_to_those_of_whom_there_is_something(
    house: House, browser: Browser
) -> None:
    browser.get("/p/istanbul")
    assert 'action="/me/erase"' in browser.get("/privacy").text
    assert "nothing is kept of it" in house.browser().get("/privacy").text
    assert 'href="/privacy"' in browser.get("/").text
