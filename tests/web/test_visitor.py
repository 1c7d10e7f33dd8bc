"""The festival, a stand, a claim, preferences and this browser's vouchers, as people meet them."""

import gzip
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote

import pytest
from house import Browser, House

from chalicelib.domain.errors import TryAgain
from chalicelib.domain.source import Source
from chalicelib.store import engine

REVEAL_IN_ISTANBUL = datetime(2019, 10, 27, 21, tzinfo=UTC)
REVEAL_IN_MADRID = datetime(2019, 10, 27, 23, tzinfo=UTC)
COFFEE_POTS, CLAY_JUGS = "20% off copper coffee pots", "€7 off clay jugs and cups"
A_SECOND = timedelta(seconds=1)


def _claim(browser: Browser, popup_id: str = "istanbul", offer_id: str = "coffee-pot-20") -> str:
    """Open the stand and claim there; return the voucher's path."""
    browser.get(f"/p/{popup_id}")
    answer = browser.submit(f"/p/{popup_id}/claims", {"offer_id": offer_id})
    assert answer.status == 303, answer.text
    return answer.headers["location"]


# --- the festival -------------------------------------------------------------------------------
def test_the_first_page_is_the_festival_of_the_day(house: House) -> None:
    page = house.browser().get("/")
    assert page.status == 200
    named = house.browser().get("/c/festival-now").text
    assert page.text == named.replace("to=/c/festival-now", "to=/")


def test_any_festival_has_its_page_and_a_missing_one_an_empty_stand(house: House) -> None:
    assert "festival of 2019" in house.browser().get("/c/festival-2019").text
    assert house.browser().get("/c/no-such").status == 404


def test_the_countdown_names_the_cities_in_the_order_of_their_clocks(house: House) -> None:
    house.at = REVEAL_IN_ISTANBUL - timedelta(hours=3)
    page = house.browser().get("/c/festival-2019").text
    words = "Reveal in Yekaterinburg in 1 h, in Dubai in 2 h, in Istanbul in 3 h"
    assert words in page.replace("\N{NO-BREAK SPACE}", " ")
    house.at = REVEAL_IN_ISTANBUL
    page = house.browser().get("/c/festival-2019").text
    assert "Reveal in Milan in 2\N{NO-BREAK SPACE}h, in London in 3\N{NO-BREAK SPACE}h" in page


def test_a_festival_that_is_over_says_so(house: House) -> None:
    house.at = datetime(2019, 11, 13, tzinfo=UTC)
    page = house.browser().get("/c/festival-2019").text
    assert "The festival is over in every city" in page
    assert 'class="countdown"' not in page


def test_the_festival_lists_every_city_with_a_row_in_the_table_twin(house: House) -> None:
    page = house.browser().get("/").text
    for popup in house.campaign().popups:
        assert page.count(f'href="/p/{popup.popup_id}"') >= 2


def test_the_map_lights_from_east_to_west(house: House) -> None:
    house.at = REVEAL_IN_ISTANBUL - timedelta(hours=3)
    assert _dots(house, "revealed") == []
    house.at = REVEAL_IN_ISTANBUL
    assert min(_dots(house, "revealed")) > max(_dots(house, "scheduled"))
    house.at = datetime(2019, 10, 29, tzinfo=UTC)
    assert _dots(house, "scheduled") == []


def _dots(house: House, phase: str) -> list[float]:
    """Return how far east the map has dots of a phase; the key to the map has each once, at 12."""
    page = house.browser().get("/c/festival-2019").text
    east = re.findall(rf'class="map-dot dot-{phase}" cx="([\d.]+)"', page)
    return [float(x) for x in east if x != "12"]


def test_no_offer_is_named_before_its_first_reveal(house: House) -> None:
    house.at = datetime(2019, 10, 26, tzinfo=UTC)
    page = house.browser().get("/c/festival-2019").text
    for offer in house.campaign("festival-2019").offers:
        assert offer.title["en"] not in page
        assert offer.offer_id not in page
    assert "13 offers are sealed" in page


# --- a stand ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("popup_id", "title", "reveal"),
    [
        ("istanbul-2019", COFFEE_POTS, REVEAL_IN_ISTANBUL),
        ("madrid-2019", CLAY_JUGS, REVEAL_IN_MADRID),
    ],
)
def test_a_stand_reveals_its_offers_by_its_own_clock_to_the_second(
    house: House, popup_id: str, title: str, reveal: datetime
) -> None:
    house.at = reveal - A_SECOND
    sealed = house.browser().get(f"/p/{popup_id}").text
    assert title not in sealed
    assert "Sealed until the reveal" in sealed
    assert "Opens at 00:00 tomorrow" in sealed
    house.at = reveal
    opened = house.browser().get(f"/p/{popup_id}").text
    assert title in opened
    assert "offer-fresh" in opened
    assert "Sealed" not in opened


def test_ten_minutes_before_madrid_istanbul_is_open_already(house: House) -> None:
    house.at = datetime(2019, 10, 27, 22, 50, tzinfo=UTC)
    assert CLAY_JUGS not in house.browser().get("/p/madrid-2019").text
    assert COFFEE_POTS in house.browser().get("/p/istanbul-2019").text
    festival = house.browser().get("/c/festival-2019").text
    assert CLAY_JUGS not in festival
    assert COFFEE_POTS in festival


def test_a_stand_says_whether_it_is_open_by_its_own_clock(house: House) -> None:
    house.at = datetime(2026, 5, 20, 12, tzinfo=UTC)  # 14:00 in Rome
    assert "Closed, opens 16:00 today" in house.browser().get("/p/rome").text
    assert "Closed, opens 18:00 today" in house.browser().get("/p/madrid").text
    house.at = datetime(2026, 5, 20, 22, 30, tzinfo=UTC)  # half past midnight in Madrid
    assert "Open until 02:00 today" in house.browser().get("/p/madrid").text
    assert "10:00 – 13:30, 16:00 – 23:00" in house.browser().get("/p/rome").text
    assert "Mon – Fri" in house.browser().get("/p/paris").text


def test_the_last_day_ends_a_stand_whatever_its_hours_say(house: House) -> None:
    house.at = datetime(2026, 5, 21, 18, 30, tzinfo=UTC)  # the last evening in Madrid
    assert "Open until 24:00 today" in house.browser().get("/p/madrid").text
    house.at = datetime(2026, 5, 21, 20, 30, tzinfo=UTC)  # Milan has an hour and a half to go
    assert "Closed for good" in house.browser().get("/p/turin").text
    house.at = datetime(2026, 5, 23, tzinfo=UTC)
    assert "The festival is over here" in house.browser().get("/p/madrid").text


def test_a_paused_stand_and_a_paused_offer_say_so(house: House) -> None:
    house.live(paused_offers={"coffee-pot-20"})
    assert "Paused for a moment" in house.browser().get("/p/istanbul").text
    house.live(paused_popups={"istanbul"})
    page = house.browser().get("/p/istanbul").text
    assert "Paused for a moment" in page
    assert "<form" not in page


def test_a_stand_that_is_not_there_is_an_empty_stand(house: House) -> None:
    page = house.browser().get("/p/atlantis")
    assert page.status == 404
    assert "Nothing stands here" in page.text
    assert "text/html" in page.headers["content-type"]


def test_a_browser_is_known_after_its_first_stand(house: House) -> None:
    browser = house.browser()
    first = browser.get("/p/istanbul?s=poster-7&c=123456")
    assert "__Host-visitor=" in first.set_cookies[0]
    assert "Secure; HttpOnly; SameSite=Lax" in first.set_cookies[0]
    assert first.headers["cache-control"] == "no-store"
    assert browser.get("/p/istanbul").set_cookies == ()


def test_an_offer_that_asks_for_presence_says_what_to_do(house: House) -> None:
    page = house.browser().get("/p/istanbul").text
    assert "scan the code on the stand's screen" in page.replace("&#39;", "'")
    assert 'value="tea-glass-gift"' not in page


# --- a claim ------------------------------------------------------------------------------------
def test_a_claim_leads_to_the_voucher_and_back_to_the_same_one(house: House) -> None:
    browser = house.browser()
    path = _claim(browser)
    assert path.startswith("/V/")
    assert browser.get(path).status == 200
    stand = browser.get("/p/istanbul").text
    assert f'href="{path}"' in stand
    assert 'value="coffee-pot-20"' not in stand
    assert _claim(browser) == path


def test_a_claim_without_a_cookie_writes_nothing_and_comes_back_with_one(house: House) -> None:
    browser, before = house.browser(), house.items()
    answer = browser.submit("/p/istanbul/claims", {"offer_id": "coffee-pot-20"})
    assert answer.status == 303
    assert answer.headers["location"] == "/p/istanbul?cookie=new"
    assert answer.headers["cache-control"] == "no-store"
    assert house.items() == before
    assert "Tap “Claim” once more" in browser.follow(answer).text


def _sources(house: House) -> list[str]:
    """Return what the vouchers say of how their claims came about; '' for nothing."""
    vouchers = (item for item in house.items() if item["sk"]["S"] == "V")
    return [item["src"]["S"] if "src" in item else "" for item in vouchers]


def _hidden(page: str, name: str) -> list[str]:
    return re.findall(f'<input type="hidden" name="{name}" value="([^"]*)">', page)


@pytest.mark.parametrize("tag", Source)
def test_a_print_leads_to_the_claim_though_cookie_and_language_come_between(
    house: House, tag: str
) -> None:
    browser = house.browser()
    page = browser.get(f"/p/istanbul?s={tag}").text
    assert set(_hidden(page, "source")) == {tag}
    assert f"to=/p/istanbul%3Fs%3D{tag}" in page
    browser.cookies.clear()
    form = {"offer_id": "coffee-pot-20", "source": tag}
    answer = browser.submit("/p/istanbul/claims", form)
    assert answer.headers["location"] == f"/p/istanbul?cookie=new&s={tag}"
    assert set(_hidden(browser.follow(answer).text, "source")) == {tag}
    assert browser.submit("/p/istanbul/claims", form).status == 303
    assert _sources(house) == [tag]
    assert [one["claimed_by"] for one in browser.get("/me/export").json["vouchers"]] == [tag]


@pytest.mark.parametrize("tag", ["flyer", "POSTER", "poster ", "help", '"><script>', "x" * 500])
def test_a_tag_that_no_print_has_is_dropped(house: House, tag: str) -> None:
    browser = house.browser()
    page = browser.get(f"/p/istanbul?s={quote(tag)}").text
    assert _hidden(page, "source") == []
    assert "<script>" not in page
    form = {"offer_id": "coffee-pot-20", "source": tag}
    assert browser.submit("/p/istanbul/claims", form).status == 303
    assert _sources(house) == [""]


def test_who_comes_without_a_print_gets_no_card_that_was_drawn_for_a_poster(house: House) -> None:
    one, other = house.browser(), house.browser()
    assert _hidden(one.get("/p/istanbul?s=poster").text, "source")
    assert _hidden(other.get("/p/istanbul").text, "source") == []


@pytest.mark.parametrize(
    "headers",
    [{"sec_fetch_site": "cross-site"}, {"sec_fetch_site": "same-site"}, {"origin": "null"}],
)
def test_another_site_takes_no_vouchers_away(house: House, headers: dict[str, str]) -> None:
    """The browser sends no cookie with a foreign form, but would keep the one that comes back."""
    answer = house.browser().submit("/p/istanbul/claims", {"offer_id": "lantern-gift"}, **headers)
    assert (answer.status, answer.headers["location"]) == (303, "/p/istanbul")
    assert not answer.set_cookies


def test_a_browser_that_keeps_no_cookies_is_told_why_it_gets_nothing(house: House) -> None:
    assert "keeps no cookies" in house.browser().get("/p/istanbul?cookie=new").text


def test_a_forged_cookie_is_no_cookie(house: House) -> None:
    browser = house.browser()
    browser.cookies["__Host-visitor"] = "aaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbb"
    before = house.items()
    assert browser.submit("/p/istanbul/claims", {"offer_id": "lantern-gift"}).status == 303
    assert house.items() == before


def test_an_offer_that_may_be_had_twice_is_offered_twice(house: House) -> None:
    browser = house.browser()
    first = _claim(browser, "kazan", "spoon-10")
    page = browser.get("/p/kazan").text
    assert "Claim another" in page
    assert '<input type="hidden" name="ordinal" value="2">' in page
    form = {"offer_id": "spoon-10", "ordinal": "2"}
    second = browser.submit("/p/kazan/claims", form).headers["location"]
    assert second != first
    assert "Claim another" not in browser.get("/p/kazan").text


def _passed_on(house: House, giver: Browser, ticket: str) -> None:
    """Let the giver pass a voucher on to a new friend."""
    giver.submit(f"{ticket}/gift")
    secret = giver.get(ticket).text.partition("/g/")[2][:26]
    friend = house.browser()
    friend.get(f"/g/{secret}")
    assert friend.submit(f"/g/{secret}").status == 303


def test_whoever_passed_one_of_two_on_may_claim_the_other(house: House) -> None:
    browser = house.browser()
    first = _claim(browser, "moscow", "spoon-10")
    _passed_on(house, browser, first)
    page = browser.get("/p/moscow").text
    assert "Claim another" in page
    assert _hidden(page, "ordinal") == ["2"]
    form = {"offer_id": "spoon-10", "ordinal": "2"}
    second = browser.submit("/p/moscow/claims", form).headers["location"]
    assert 'data-status="ready"' in browser.get(second).text
    page = browser.get("/p/moscow").text
    assert 'value="spoon-10"' not in page
    assert "Open your voucher 2" in page
    assert "Open your voucher 1" not in page


def test_whoever_passed_all_on_is_offered_no_other(house: House) -> None:
    browser = house.browser()
    _passed_on(house, browser, _claim(browser, "istanbul", "coffee-pot-20"))
    page = browser.get("/p/istanbul").text
    assert 'value="coffee-pot-20"' not in page
    assert "<span>Passed on</span>" in page
    others = house.browser().get("/p/istanbul").text
    assert 'value="coffee-pot-20"' in others
    assert "Passed on" not in others


def test_what_was_passed_on_and_is_sold_out_leads_nowhere_else(house: House) -> None:
    _with_few(house, "fan-gift")
    browser = house.browser()
    _passed_on(house, browser, _claim(browser, "madrid", "fan-gift"))
    house.wait(A_SECOND)
    page = browser.get("/p/madrid").text
    assert "<span>Passed on</span>" in page
    assert "302 km from here, 1 left" not in page
    assert "302 km from here, 1 left" in house.browser().get("/p/madrid").text


@pytest.mark.parametrize(
    ("form", "status", "title"),
    [
        ({"offer_id": "tea-glass-gift"}, 409, "Come to the stand"),
        ({"offer_id": "moka-15"}, 409, "Another stand"),
        ({"offer_id": "no-such-offer"}, 404, "Nothing stands here"),
        ({"offer_id": "coffee-pot-20", "ordinal": "2"}, 409, "You have yours"),
    ],
)
def test_a_refused_claim_is_a_page_with_a_next_step(
    house: House, form: dict[str, str], status: int, title: str
) -> None:
    browser = house.browser()
    browser.sign_in()
    answer = browser.submit("/p/istanbul/claims", form)
    assert answer.status == status
    assert "text/html" in answer.headers["content-type"]
    assert title in answer.text
    assert "<a class=" in answer.text


def test_a_sold_out_offer_says_so(house: House) -> None:
    campaign = house.campaign()
    few = [
        replace(offer, stock=replace(offer.stock, units=1))
        if offer.offer_id == "fan-gift" and offer.stock
        else offer
        for offer in campaign.offers
    ]
    house.publish(replace(campaign, offers=tuple(few)))
    _claim(house.browser(), "madrid", "fan-gift")
    late = house.browser()
    late.sign_in()
    answer = late.submit("/p/madrid/claims", {"offer_id": "fan-gift"})
    assert answer.status == 409
    assert "Sold out here" in answer.text
    assert 'href="/p/madrid"' in answer.text
    assert "There is more in:" in answer.text
    assert '<a href="/p/valencia">Valencia</a>, 302 km from here, 1 left' in answer.text


def _with_few(house: House, offer_id: str, **changes: Any) -> None:
    """Leave one unit of an offer at each stand."""
    campaign = house.campaign()
    few = [
        replace(offer, stock=replace(offer.stock, units=1, shards=1), **changes)
        if offer.offer_id == offer_id and offer.stock
        else offer
        for offer in campaign.offers
    ]
    house.publish(replace(campaign, offers=tuple(few)))


def test_the_stand_itself_says_what_is_sold_out_and_where_there_is_more(house: House) -> None:
    _with_few(house, "fan-gift")
    owner = house.browser()
    _claim(owner, "madrid", "fan-gift")
    house.wait(A_SECOND)
    page = house.browser().get("/p/madrid").text
    assert "offer-sold_out" in page
    assert '<a href="/p/valencia">Valencia</a>' in page
    assert "offer-sold_out" not in house.browser().get("/p/valencia").text
    assert "Open your voucher" in owner.get("/p/madrid").text


def test_what_is_sold_out_everywhere_leads_to_what_else_is_on(house: House) -> None:
    _with_few(house, "tea-glass-gift", presence_required=False)
    _claim(house.browser(), "istanbul", "tea-glass-gift")
    house.wait(A_SECOND)
    late = house.browser()
    assert "No stand has any left. See what else is on." in late.get("/p/istanbul").text


def test_an_offer_that_takes_unused_units_back_says_when_to_look_again(house: House) -> None:
    _with_few(house, "parcel-cup-gift")
    for popup in house.campaign().popups:
        if house.campaign().offer["parcel-cup-gift"].runs_at(popup.popup_id):
            _claim(house.browser(), popup.popup_id, "parcel-cup-gift")
    house.wait(A_SECOND)
    page = house.browser().get("/p/milan").text
    assert "look again at 15:00 today" in page


def test_a_stand_shows_its_offers_though_nobody_can_look_at_the_stock(house: House) -> None:
    browser = house.browser()
    browser.get("/p/madrid")

    def busy(**_: object) -> None:
        raise TryAgain("nobody answers")

    events = engine.client().meta.events
    events.register("before-call.dynamodb.BatchGetItem", busy)
    try:
        page = house.browser().get("/p/madrid")
    finally:
        events.unregister("before-call.dynamodb.BatchGetItem", busy)
    assert page.status == 200
    assert "offer-open" in page.text


def test_stocks_are_looked_at_once_for_a_crowd(house: House) -> None:
    calls: list[object] = []
    house.browser().get("/p/madrid")
    events = engine.client().meta.events
    events.register("before-call.dynamodb.BatchGetItem", lambda **_: calls.append(1), "looked")
    for _ in range(5):
        house.browser().get("/p/madrid")
    events.unregister("before-call.dynamodb.BatchGetItem", unique_id="looked")
    assert calls == []


def test_a_closed_and_a_paused_stand_name_the_nearest_that_is_open(house: House) -> None:
    house.at = datetime(2026, 5, 20, 13, tzinfo=UTC)  # Rome sleeps from 13:30 to 16:00
    page = house.browser().get("/p/rome").text
    assert "what you claim can be used once it opens. Others are open:" in page
    assert '<a href="/p/milan">Milan</a>, 479 km from here, open until' in page
    house.live(paused_popups={"istanbul"})
    paused = house.browser().get("/p/istanbul").text
    assert "This stand takes no vouchers right now. Others do:" in paused
    assert "Others do:" not in house.browser().get("/p/milan").text
    house.live(paused=True)
    for path in ("/", "/p/istanbul"):
        assert "Nothing is lost. Try again in a few minutes." in house.browser().get(path).text


def test_the_festival_names_the_stands_that_are_open_now(house: House) -> None:
    page = house.browser().get("/").text
    shown = page[page.index('id="open"') : page.index('id="map"')]
    assert 'href="/p/istanbul"' in shown
    assert 'href="/p/madrid"' not in shown  # opens at 18:00
    house.at = datetime(2019, 10, 28, 12, tzinfo=UTC)
    assert 'id="open"' not in house.browser().get("/c/festival-2019").text


def test_a_stand_has_its_place_for_the_phones_own_map_and_a_link_that_tells_nobody(
    house: House,
) -> None:
    page = house.browser().get("/p/istanbul").text
    assert 'href="geo:41.' in page
    (link,) = re.findall(r"<a [^>]*https://(?!marquee\.example)[^>]*>", page)
    assert 'href="https://www.openstreetmap.org/?mlat=41.' in link
    assert 'rel="noreferrer"' in link
    assert page.count("https://") - page.count("https://marquee.example") == 1


def test_an_address_stands_wherever_a_visitor_looks_for_the_stand(house: House) -> None:
    campaign = house.campaign()
    popups = [replace(p, address="Hall <B>, stand 7 & 8") for p in campaign.popups]
    without = house.browser().get("/p/istanbul/poster").text
    house.publish(replace(campaign, popups=tuple(popups)))
    browser, shown = house.browser(), ">Hall &lt;B&gt;, stand 7 &amp; 8</bdi>"
    page = browser.get("/p/istanbul").text
    assert shown in page
    assert re.search(
        r'href="geo:41.*&amp;q=41[^"]*\(Hall%20%3CB%3E%2C%20stand%207%20%26%208\)"', page
    )
    ticket = _claim(browser)
    assert browser.get(ticket).text.count("Hall &lt;B&gt;, stand 7 &amp; 8") == 2  # the sheet, too
    assert browser.get("/p/istanbul/poster").text != without  # drawn, letter by letter
    for path in ("/p/istanbul/remind.ics", f"{ticket}/use.ics"):
        lines = browser.get(path).text.replace("\r\n ", "").split("\r\n")
        assert any(
            line.startswith("LOCATION:Hall <B>\\, stand 7 & 8\\, Istanbul") for line in lines
        )
    stands = browser.get("/api/v1/campaigns/festival-now").json["popups"]
    assert {stand["address"] for stand in stands} == {"Hall <B>, stand 7 & 8"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"offer_id",
        b"offer_id=",
        b"offer_id=%ff%fe",
        b"\xff\xfe\x00",
        b"offer_id=../../etc",
        b"offer_id=lantern-gift&offer_id=fan-gift",
        b"offer_id=lantern-gift&more=1",
        b"offer_id=lantern-gift&ordinal=0",
        b"offer_id=lantern-gift&ordinal=two",
        b"&".join(b"a%d=1" % number for number in range(50)),
        b"x" * 100_000,
        b'{"offer_id": "lantern-gift"}',
    ],
)
def test_garbage_in_the_form_is_a_page_and_never_a_fault(house: House, body: bytes) -> None:
    browser = house.browser()
    browser.sign_in()
    before = house.items()
    answer = browser.ask("POST", "/p/istanbul/claims", body=body)
    assert answer.status == 422
    assert "text/html" in answer.headers["content-type"]
    assert "Go back and try once more." in answer.text
    assert 'href="/p/istanbul"' in answer.text
    assert house.items() == before


def test_after_garbage_the_next_good_claim_works(house: House) -> None:
    browser = house.browser()
    browser.sign_in()
    assert browser.ask("POST", "/p/istanbul/claims", body=b"\xff" * 3000).status == 422
    assert _claim(browser).startswith("/V/")


# --- this browser's vouchers --------------------------------------------------------------------
def test_me_lists_what_this_browser_claimed(house: House) -> None:
    browser = house.browser()
    assert "No voucher yet" in browser.get("/me").text
    paths = [
        _claim(browser),
        _claim(browser, "milan", "moka-15"),
        _claim(browser, "kazan", "spoon-10"),
    ]
    page = browser.get("/me").text
    assert all(f'href="{path}"' in page for path in paths)
    assert "No voucher yet" in house.browser().get("/me").text


def test_me_survives_a_cookie_of_stands_that_are_not_there(house: House) -> None:
    browser = house.browser()
    _claim(browser)
    browser.cookies["__Host-stands"] = "atlantis.istanbul.<b>." + "x" * 50
    assert "1 voucher in this browser" in browser.get("/me").text


# --- preferences --------------------------------------------------------------------------------
def test_language_and_colours_are_kept_and_right_at_once(house: House) -> None:
    browser = house.browser()
    answer = browser.get("/preferences?lang=ar&theme=dark&to=/p/istanbul")
    assert (answer.status, answer.headers["location"]) == (303, "/p/istanbul")
    page = browser.get("/p/istanbul").text
    assert '<html lang="ar" dir="rtl" data-theme="dark">' in page
    browser.get("/preferences?theme=&to=/")
    assert "data-theme" not in browser.get("/p/istanbul").text.split("<head>")[0]


@pytest.mark.parametrize(
    ("asked", "leads"),
    [
        ("/c/festival-now/offers?q=a+%26+b&x=1", "/c/festival-now/offers?q=a+%26+b"),
        ("/p/istanbul?s=poster&cookie=new", "/p/istanbul?s=poster"),
        ("/privacy?s=poster", "/privacy"),
    ],
)  # fmt: skip
def test_another_language_keeps_what_was_asked_for(house: House, asked: str, leads: str) -> None:
    page = house.browser().get(asked).text
    (to,) = set(re.findall(r'lang=tr&amp;to=([^"]+)"', page))
    assert unquote(to) == leads


def test_a_forms_address_that_is_opened_as_a_page_leads_to_its_page(house: House) -> None:
    answer = house.browser().get("/p/istanbul/claims")
    assert answer.status == 405
    assert re.search(r'<a class="button[^>]*href="/p/istanbul"', answer.text)
    assert 'lang=tr&amp;to=/p/istanbul"' in answer.text


@pytest.mark.parametrize("secret", ["a%0d%0aX-Y:%20z", "a%5Cb", "a%20b"])
def test_no_part_of_an_address_ends_in_a_header(house: House, secret: str) -> None:
    answer = house.browser().submit(f"/g/{secret}")
    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert "x-y" not in answer.headers


def test_another_language_leads_from_a_refused_form_to_its_page(house: House) -> None:
    browser = house.browser()
    browser.sign_in()
    page = browser.submit("/p/istanbul/claims", {"offer_id": "moka-15"}).text
    assert 'lang=tr&amp;to=/p/istanbul"' in page


@pytest.mark.parametrize(
    "to",
    [
        "//evil.example",
        "https://evil.example",
        "/%5Cevil.example",
        "/%5C/evil.example",
        "%2F%2Fevil.example",
        "/%0d%0aSet-Cookie:a=b",
        "/%09/evil.example",
        "javascript:alert(1)",
        "",
    ],
)
def test_preferences_send_nobody_to_another_site(house: House, to: str) -> None:
    answer = house.browser().get(f"/preferences?lang=tr&to={to}")
    assert answer.status == 303
    assert answer.headers["location"] == "/"
    assert len(answer.set_cookies) == 1


@pytest.mark.parametrize(
    ("language", "fonts"), [("en", ["latin"]), ("tr", ["latin", "latin-ext"]), ("ar", [])]
)
def test_the_letters_of_a_language_are_fetched_at_once(
    house: House, language: str, fonts: list[str]
) -> None:
    page = house.browser(language).get("/").text
    assert re.findall(r'rel="preload"[^>]*/static/sofia-([a-z-]+)\.', page) == fonts


def test_an_unknown_language_or_theme_is_not_kept(house: House) -> None:
    answer = house.browser().get("/preferences?lang=xx&theme=pink&to=/me")
    assert answer.set_cookies == ()
    assert answer.headers["location"] == "/me"


# --- every page ---------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/", "/p/istanbul", "/me", "/method", "/p/atlantis"])
@pytest.mark.parametrize("language", ["en", "tr", "ar"])
def test_a_page_keeps_the_rules_of_the_house(house: House, path: str, language: str) -> None:
    page = house.browser(language).get(path)
    assert page.headers["content-language"] == language
    assert "script-src 'self'" in str(page.headers["content-security-policy"])
    assert " style=" not in page.text
    assert "<style" not in page.text
    assert "onclick" not in page.text
    for word in ("eco-friendly", "green", "climate"):
        assert word not in page.text.lower().replace("greenhouse", "")


def test_the_festival_fits_into_thirty_kilobytes(house: House) -> None:
    assert len(gzip.compress(house.browser().get("/").body)) < 12_000
