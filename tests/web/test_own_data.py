"""Privacy, export, erasing: what a browser's visitor may know and undo."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from house import Browser, House, Json, path_of
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.watch import watching
from chalicelib.domain.pointer import Pointer

NOTE = "a lamp for me"
TAKEN_FROM_THE_STAND: Json = {"popup_ids": ("izmir",)}
PUT_OFF: Json = {"claimable_from": "2026-05-21T00:00", "usable_from": "2026-05-21T00:00"}
LATER = [TAKEN_FROM_THE_STAND, PUT_OFF, {"closed": True}, {"visitor_limit": 4}]


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


def _publish(house: House, offer_id: str, changes: Json) -> None:
    festival = house.campaign()
    offers = (replace(o, **changes) if o.offer_id == offer_id else o for o in festival.offers)
    assert isinstance(house.publish(replace(festival, offers=tuple(offers))), Pointer)


@pytest.mark.parametrize("changes", LATER)
def test_what_a_publish_changes_later_stays_in_list_and_export(
    house: House, browser: Browser, voucher: Json, changes: Json
) -> None:
    _publish(house, "coffee-pot-20", changes)
    assert "1 voucher in this browser" in browser.get("/me").text
    (mine,) = browser.get("/me/export").json["vouchers"]
    assert (mine["code"], mine["note"]) == (voucher["code"], NOTE)


@pytest.mark.parametrize("changes", LATER)
def test_what_a_publish_changes_later_is_erased_too(
    house: House, browser: Browser, voucher: Json, changes: Json
) -> None:
    visitor, cookies = _visitor(browser), dict(browser.cookies)
    _publish(house, "coffee-pot-20", changes)
    browser.submit("/me/erase")
    _is_forgotten(house, visitor)
    browser.cookies = cookies
    assert NOTE not in browser.get(path_of(voucher["url"])).text


def test_the_last_of_many_vouchers_of_one_offer_is_found(house: House, browser: Browser) -> None:
    _publish(house, "coffee-pot-20", {"visitor_limit": 99})
    browser.claim("istanbul", "coffee-pot-20", ordinal=99)
    assert "1 voucher in this browser" in browser.get("/me").text
    visitor = _visitor(browser)
    browser.submit("/me/erase")
    _is_forgotten(house, visitor)


def test_the_list_of_seven_stands_costs_no_more_requests_than_that_of_one(house: House) -> None:
    """The festival has 14 vouchers a stand for one visitor, and a request reads a hundred."""
    one, many = house.browser(), house.browser()
    for browser, stands in ((one, ["istanbul"]), (many, list(house.campaign().popup)[:7])):
        for popup_id in stands:
            browser.claim(popup_id, "lantern-gift")
    for browser in (one, many):
        with watching() as watched:
            browser.get("/me")
        assert watched.requests == 1


class Life:
    """One visitor, one friend, and the marketing team at work between them."""

    def __init__(self, house: House) -> None:
        house.restore()
        self.house, self.me, self.friend = house, house.browser(), house.browser()
        for browser in (self.me, self.friend):
            browser.sign_in()

    def claim(self, popup_id: str, offer_id: str, ordinal: int) -> None:
        """Claim and write a note, if that is to be had."""
        self._note(self.me.try_to_claim(popup_id, offer_id, ordinal=ordinal).json)

    def give(self, popup_id: str, offer_id: str, ordinal: int) -> None:
        """Claim and pass it on."""
        self._pass(self.me, self.friend, popup_id, offer_id, ordinal)

    def receive(self, popup_id: str, offer_id: str, ordinal: int) -> None:
        """Take what the friend passes on, and write a note."""
        self._note(self._pass(self.friend, self.me, popup_id, offer_id, ordinal))

    def publish(self, popup_id: str, offer_id: str, ordinal: int) -> None:
        """Change the offer: where it is to be had, from when, whether at all, how often."""
        del popup_id
        _publish(self.house, offer_id, LATER[ordinal % 4])

    def roll_back(self, *_: object) -> None:
        """Go back to the first revision."""
        self.house.roll_back("festival-now", 1)

    def _pass(
        self, giver: Browser, taker: Browser, popup_id: str, offer_id: str, ordinal: int
    ) -> Json:
        code = giver.try_to_claim(popup_id, offer_id, ordinal=ordinal).json.get("code", "")
        url = giver.post(f"/api/v1/vouchers/{code}/gift").json.get("url", "")
        got: Json = taker.post("/api/v1/gifts", {"gift": url.rpartition("/")[2]}).json
        return got

    def _note(self, voucher: Json) -> None:
        if "url" in voucher:
            self.me.submit(f"{path_of(voucher['url'])}/note", {"note": NOTE})


def test_after_erasing_nothing_names_the_visitor_whatever_was_published_meanwhile(
    house: House,
) -> None:
    what: list[Callable[..., Any]] = [Life.claim, Life.give, Life.receive, Life.publish]
    step = st.tuples(
        st.sampled_from([*what, Life.roll_back]),
        st.sampled_from(["istanbul", "izmir"]),
        st.sampled_from(["coffee-pot-20", "lantern-gift", "delivery-on-us"]),
        st.integers(1, 4),
    )

    @settings(max_examples=10)
    @given(st.lists(step, min_size=2, max_size=10))
    def holds(steps: list[tuple[Callable[..., Any], str, str, int]]) -> None:
        life = Life(house)
        for do, *where in steps:
            do(life, *where)
        visitor = _visitor(life.me)
        assert life.me.submit("/me/erase").status == 303
        _is_forgotten(house, visitor)

    holds()


def _is_forgotten(house: House, visitor: str) -> None:
    """Look at the whole ledger: no item names the visitor, and no note is left."""
    kept = house.stored()
    assert visitor not in json.dumps(kept)
    assert not [item for item in kept if "note" in item]


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
