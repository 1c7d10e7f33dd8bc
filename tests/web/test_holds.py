"""A claim that has to be used in time: kept, used, or gone back to the stand and claimed again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from house import Browser, House, path_of

from chalicelib import sweeper
from chalicelib.domain.counter import CounterId, CounterKind
from chalicelib.domain.offer import Stock
from chalicelib.domain.pointer import Pointer
from chalicelib.store import counters
from chalicelib.usecases.sweeping import Swept

UNIT = CounterId(CounterKind.STOCK, 2, 99, 1, "0")


@pytest.fixture
def browser(house: House) -> Browser:
    """Return a browser at a stand whose last lamp is kept for half an hour."""
    festival = house.campaign()
    lantern = festival.offer["lantern-gift"]
    lamp = replace(
        lantern,
        offer_id="last-lamp",
        number=99,
        stock=Stock(units=1),
        hold_minutes=30,
        offline=False,
    )
    stand = replace(lamp, popup_ids=("istanbul",))
    assert isinstance(house.publish(replace(festival, offers=(*festival.offers, stand))), Pointer)
    return house.browser()


def left(house: House) -> int:
    festival = house.campaign()
    unit = replace(
        UNIT, campaign_number=festival.number, popup_number=festival.popup["istanbul"].number
    )
    return counters.read([unit])[unit].left


def later(house: House, minutes: int) -> Swept:
    house.at += timedelta(minutes=minutes)
    return sweeper.sweep(house.at)


def test_the_ticket_says_until_when_it_is_kept(browser: Browser) -> None:
    page = browser.get(path_of(browser.claim("istanbul", "last-lamp")["url"])).text
    assert "It is kept for you until 15:30" in page


def test_an_unused_claim_goes_back_and_is_claimed_again_under_a_new_code(
    house: House, browser: Browser
) -> None:
    old = browser.claim("istanbul", "last-lamp")
    house.swept()
    assert (later(house, 29).lapsed, later(house, 2).lapsed) == (0, 1)
    assert left(house) == 1
    assert "Claim it there again" in browser.get(path_of(old["url"])).text
    assert house.phone().redeem(old["url"]).reason == "lapsed"
    new = browser.claim("istanbul", "last-lamp")
    assert new["token"] != old["token"]
    assert left(house) == 0
    assert house.phone().redeem(old["url"]).reason == "lapsed"
    assert house.phone().redeem(new["url"]).status == 201


def test_what_lapsed_may_be_another_visitors(house: House, browser: Browser) -> None:
    browser.claim("istanbul", "last-lamp")
    house.swept()
    other = house.browser()
    assert other.try_to_claim("istanbul", "last-lamp").reason == "out_of_stock"
    later(house, 31)
    assert other.try_to_claim("istanbul", "last-lamp").status == 201
    assert browser.try_to_claim("istanbul", "last-lamp").reason == "out_of_stock"


def test_a_used_claim_keeps_its_unit_and_so_does_one_that_was_given_back(
    house: House, browser: Browser
) -> None:
    voucher, phone = browser.claim("istanbul", "last-lamp"), house.phone()
    used = phone.redeem(voucher["url"])
    assert phone.reverse(used.json["redemption_id"]).status == 201
    house.swept()
    assert later(house, 31).lapsed == 0
    assert left(house) == 0
    assert phone.redeem(voucher["url"]).status == 201
