"""Several vouchers of one order: all or none, or those that are valid, each with its own answer."""

from dataclasses import replace
from datetime import timedelta

import pytest
from house import Answer, Browser, House, Json, Shop

from chalicelib.domain.offer import Channel
from chalicelib.domain.voucher import code_of

EUROS = (10_000, "EUR")


@pytest.fixture
def browser(house: House) -> Browser:
    return house.browser()


@pytest.fixture
def shop(house: House) -> Shop:
    return house.shop()


def told(answer: Answer) -> list[tuple[str, str | None]]:
    """Return the outcome and the reason of each line."""
    assert answer.status == 200, answer.text
    return [(line["outcome"], line["reason"]) for line in answer.json["results"]]


def states(house: House, *vouchers: Json) -> list[str]:
    items = {item["pk"]["S"]: item["st"]["S"] for item in house.items() if item["sk"]["S"] == "V"}
    return [items[f"V#{voucher['voucher_id']}"] for voucher in vouchers]


def pair(browser: Browser) -> tuple[Json, Json]:
    """Claim two vouchers in Milan of which an order may have one."""
    return browser.claim("milan", "parcel-10"), browser.claim("milan", "parcel-cup-gift")


# --- all, or the valid ones -----------------------------------------------------------------------
def test_all_vouchers_of_an_order_are_used_together(
    house: House, browser: Browser, shop: Shop
) -> None:
    ten, delivery = browser.claim("milan", "parcel-10"), browser.claim("milan", "delivery-on-us")
    answer = shop.order(ten["url"], delivery["code"], total=EUROS)
    assert told(answer) == [("accepted", None), ("accepted", None)]
    first, second = (line["redemption"] for line in answer.json["results"])
    assert first["discount"] == {"amount_minor": 1_000, "currency": "EUR"}
    assert (second["offer_id"], second["discount"]) == ("delivery-on-us", None)
    assert states(house, ten, delivery) == ["redeemed", "redeemed"]


def test_one_that_cannot_be_used_keeps_all_from_it_and_says_why(
    house: House, browser: Browser, shop: Shop
) -> None:
    ten, delivery = browser.claim("milan", "parcel-10"), browser.claim("milan", "delivery-on-us")
    shop.redeem(delivery["url"], order="earlier")
    answer = shop.order(ten["url"], delivery["url"], total=EUROS)
    assert told(answer) == [("not_used", None), ("refused", "already_redeemed")]
    undone, refused = answer.json["results"]
    assert (undone["detail"], undone["redemption"]) == (None, None)
    assert "Used on 20 May, 14:00 (Rome) at Milan." in refused["detail"]
    assert states(house, ten, delivery) == ["issued", "redeemed"]


def test_the_valid_ones_are_used_and_the_others_say_why(
    house: House, browser: Browser, shop: Shop
) -> None:
    ten, delivery = browser.claim("milan", "parcel-10"), browser.claim("milan", "delivery-on-us")
    pot = browser.claim("milan", "moka-15")
    shop.redeem(delivery["url"], order="earlier")
    answer = shop.order(
        *(delivery["url"], "rubbish", ten["url"], pot["url"], code_of("0" * 15)),
        mode="valid",
        total=EUROS,
    )
    assert told(answer) == [
        ("refused", "already_redeemed"),
        ("refused", "unknown_code"),
        ("accepted", None),
        ("refused", "wrong_channel"),
        ("refused", "unknown_code"),
    ]
    assert states(house, ten, delivery, pot) == ["redeemed", "redeemed", "issued"]


def test_each_line_is_named_by_its_nonce_in_the_order_in_which_it_came(
    browser: Browser, shop: Shop
) -> None:
    ten = browser.claim("milan", "parcel-10")
    lines = [
        {"scanned": "rubbish", "nonce": "nonce-b2"},
        {"scanned": ten["url"], "nonce": "nonce-a1"},
    ]
    answer = shop.order(mode="valid", total=EUROS, lines=lines)
    assert [line["nonce"] for line in answer.json["results"]] == ["nonce-b2", "nonce-a1"]


@pytest.mark.parametrize("mode", ["all", "valid"])
def test_a_retry_gets_the_first_answer(browser: Browser, shop: Shop, mode: str) -> None:
    ten, cup = pair(browser)
    delivery = browser.claim("milan", "delivery-on-us")
    shown = [ten, delivery] if mode == "all" else [ten, delivery, cup]
    lines = [{"scanned": v["url"], "nonce": f"nonce-{n:03}"} for n, v in enumerate(shown)]
    first = shop.order(mode=mode, total=EUROS, lines=lines)
    again = shop.order(mode=mode, total=EUROS, lines=lines)
    assert again.json == first.json
    assert told(first)[:2] == [("accepted", None)] * 2


def test_the_reader_is_told_in_the_own_language(house: House, browser: Browser) -> None:
    shop = house.shop()
    del browser
    headers = {"authorization": f"Bearer {shop.key}", "accept-language": "tr"}
    body = b'{"order_ref":"1","mode":"valid","lines":[{"scanned":"x","nonce":"nonce-a1"}]}'
    answer = house.ask("POST", "/api/v1/redemptions/order", headers=headers, body=body)
    (line,) = answer.json["results"]
    assert line["reason"] == "unknown_code"
    assert "festivalin" in line["detail"]


# --- twice, together, held ------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("mode", "first"), [("all", ("not_used", None)), ("valid", ("accepted", None))]
)
@pytest.mark.parametrize("form", ["url", "code"])
def test_the_same_voucher_twice_in_an_order_is_refused_the_second_time(
    browser: Browser, shop: Shop, mode: str, first: tuple[str, str | None], form: str
) -> None:
    ten = browser.claim("milan", "parcel-10")
    answer = shop.order("rubbish", ten["url"], ten[form], mode=mode, total=EUROS)
    assert told(answer) == [("refused", "unknown_code"), first, ("refused", "already_redeemed")]
    detail = answer.json["results"][2]["detail"]
    assert detail == "This order has the same voucher in line 2 already."


def test_two_orders_with_one_voucher_have_it_once(house: House, browser: Browser) -> None:
    ten, delivery = browser.claim("milan", "parcel-10"), browser.claim("milan", "delivery-on-us")
    assert told(house.shop().order(ten["url"], order="order-1", total=EUROS))[0][0] == "accepted"
    other = house.shop("market").order(ten["url"], delivery["url"], mode="valid", total=EUROS)
    assert told(other) == [("refused", "already_redeemed"), ("accepted", None)]


def test_a_second_voucher_of_a_group_is_refused_within_an_order(
    house: House, browser: Browser, shop: Shop
) -> None:
    ten, cup = pair(browser)
    every = shop.order(ten["url"], cup["url"], total=EUROS)
    assert told(every) == [("not_used", None), ("refused", "not_stackable")]
    assert states(house, ten, cup) == ["issued", "issued"]
    valid = shop.order(ten["url"], cup["url"], mode="valid", total=EUROS)
    assert told(valid) == [("accepted", None), ("refused", "not_stackable")]


def test_a_group_excludes_across_single_uses_and_orders_until_the_first_is_given_back(
    browser: Browser, shop: Shop
) -> None:
    ten, cup = pair(browser)
    used = shop.redeem(ten["url"], total=EUROS)
    assert shop.redeem(cup["url"]).reason == "not_stackable"
    assert shop.redeem(cup["url"], simulate=True).reason == "not_stackable"
    assert told(shop.order(cup["url"])) == [("refused", "not_stackable")]
    assert shop.reverse(used.json["redemption_id"]).status == 201
    assert told(shop.order(cup["url"])) == [("accepted", None)]
    assert shop.redeem(ten["url"], total=EUROS).reason == "not_stackable"


def test_a_group_leaves_other_orders_and_other_shops_alone(house: House, browser: Browser) -> None:
    ten, cup = pair(browser)
    assert house.shop().redeem(ten["url"], order="order-1", total=EUROS).status == 201
    assert house.shop("market").redeem(cup["url"], order="order-1").status == 201


def test_a_released_hold_frees_its_group(browser: Browser, shop: Shop) -> None:
    ten, cup = pair(browser)
    hold = shop.redeem(ten["url"], total=EUROS, hold_seconds=600)
    assert shop.redeem(cup["url"]).reason == "not_stackable"
    shop.release(hold.json["redemption_id"])
    assert shop.redeem(cup["url"]).status == 201


def test_a_shop_holds_a_whole_order_and_settles_each_of_it(
    house: House, browser: Browser, shop: Shop
) -> None:
    ten, delivery = browser.claim("milan", "parcel-10"), browser.claim("milan", "delivery-on-us")
    answer = shop.order(ten["url"], delivery["url"], total=EUROS, hold_seconds=900)
    assert told(answer) == [("held", None), ("held", None)]
    one, two = (line["redemption"] for line in answer.json["results"])
    assert one["held_until"] == two["held_until"] == "2026-05-20T12:15:00Z"
    assert shop.confirm(one["redemption_id"]).status == 201
    assert shop.release(two["redemption_id"]).status == 201
    assert states(house, ten, delivery) == ["redeemed", "issued"]


def test_a_hold_that_ended_is_given_back_by_the_next_order(
    house: House, browser: Browser, shop: Shop
) -> None:
    ten, cup = pair(browser)
    shop.order(ten["url"], total=EUROS, hold_seconds=60)
    house.at += timedelta(seconds=60)
    assert told(shop.order(ten["url"], order="order-2", total=EUROS)) == [("accepted", None)]
    assert told(shop.order(cup["url"])) == [("accepted", None)]


# --- money ----------------------------------------------------------------------------------------
def test_the_discounts_of_an_order_add_up_to_no_more_than_the_order(
    house: House, browser: Browser, shop: Shop
) -> None:
    campaign = house.campaign()
    jug = replace(campaign.offer["jug-7"], channels=(Channel.ONLINE,), visitor_limit=2)
    offers = tuple(jug if o.offer_id == "jug-7" else o for o in campaign.offers)
    house.publish(replace(campaign, offers=offers))
    jugs = [house.browser().claim("madrid", "jug-7") for _ in range(6)]
    del browser
    answer = shop.order(*(jug["url"] for jug in jugs), mode="valid", total=(3_000, "EUR"))
    lines = answer.json["results"]
    discounts = [r["redemption"]["discount"]["amount_minor"] for r in lines if r["redemption"]]
    assert discounts == [700, 700, 700, 700, 200]
    assert told(answer)[5] == ("refused", "no_effect")


def test_a_line_that_counts_in_another_currency_asks_for_its_own(
    house: House, browser: Browser, shop: Shop
) -> None:
    ten = browser.claim("milan", "parcel-10")
    gift = house.browser().claim("istanbul", "delivery-on-us")
    answer = shop.order(ten["url"], gift["url"], mode="valid", total=(9_000, "TRY"))
    assert told(answer) == [("refused", "order_total_required"), ("accepted", None)]
    assert "EUR" in answer.json["results"][0]["detail"]


# --- at a stand -----------------------------------------------------------------------------------
def test_a_stands_device_takes_an_order_too(house: House, browser: Browser) -> None:
    lantern, cup = browser.claim("milan", "lantern-gift"), browser.claim("milan", "parcel-cup-gift")
    phone = house.phone("milan")
    answer = phone.order(lantern["url"], cup["url"], "https://shop.example/x", mode="valid")
    assert told(answer) == [
        ("accepted", None),
        ("accepted", None),
        ("refused", "unknown_code"),
    ]
    assert answer.json["results"][0]["redemption"]["device_id"] == phone.device_id


def test_a_single_scan_at_a_stand_may_name_its_order(house: House, browser: Browser) -> None:
    campaign = house.campaign()
    twins = tuple(
        replace(campaign.offer["parcel-cup-gift"], number=number, offer_id=f"cup-{number}")
        for number in (21, 22)
    )
    house.publish(replace(campaign, offers=campaign.offers + twins))
    one, two = browser.claim("milan", "cup-21"), browser.claim("milan", "cup-22")
    phone = house.phone("milan")
    assert phone.redeem(one["url"], order_ref="7").status == 201
    assert phone.redeem(two["url"], order_ref="7").reason == "not_stackable"
    assert told(phone.order(two["url"], order="7")) == [("refused", "not_stackable")]
    assert phone.redeem(two["url"]).status == 201


def test_a_stands_device_holds_nothing_and_counts_in_its_own_currency(
    house: House, browser: Browser
) -> None:
    del browser
    line = {"scanned": "x", "nonce": "nonce-a1"}
    order: Json = {"order_ref": "1", "mode": "all", "lines": [line]}
    phone = house.phone("milan")
    path = "/api/v1/redemptions/order"
    assert phone.post(path, order | {"hold_seconds": 60}).reason == "invalid_payload"
    foreign = phone.post(path, order | {"order_total": {"amount_minor": 5, "currency": "TRY"}})
    assert foreign.json["errors"][0]["pointer"] == "/order_total/currency"


@pytest.mark.parametrize("count", [0, 21])
def test_an_order_has_one_to_twenty_lines(shop: Shop, count: int) -> None:
    answer = shop.order(*["rubbish"] * count)
    assert (answer.status, answer.reason) == (422, "invalid_payload")
    assert answer.json["errors"][0]["pointer"] == "/lines"


def test_twenty_lines_are_used_in_one_transaction(house: House, shop: Shop) -> None:
    vouchers = [house.browser().claim("milan", "delivery-on-us") for _ in range(20)]
    answer = shop.order(*(voucher["url"] for voucher in vouchers))
    assert told(answer) == [("accepted", None)] * 20


def test_a_taken_group_is_told_before_a_day_that_is_used_up_and_by_a_trial_as_well(
    house: House, browser: Browser, shop: Shop
) -> None:
    campaign = house.campaign()
    cup = replace(campaign.offer["parcel-cup-gift"], day_limit=1)
    offers = tuple(cup if o.offer_id == cup.offer_id else o for o in campaign.offers)
    house.publish(replace(campaign, offers=offers))
    ten, mine = pair(browser)
    last = house.browser().claim("milan", "parcel-cup-gift")
    assert shop.redeem(last["url"], order="earlier").status == 201
    assert shop.redeem(ten["url"], total=EUROS).status == 201
    assert shop.redeem(mine["url"], order="order-2").reason == "limit_day"
    assert shop.redeem(mine["url"], simulate=True).reason == "not_stackable"
    assert shop.redeem(mine["url"]).reason == "not_stackable"
