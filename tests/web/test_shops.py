"""Online shops by their keys: one order one voucher, held, confirmed, released, given back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from house import Browser, House, Json, Shop

from chalicelib.domain.api_key import Role
from chalicelib.domain.device import Profile
from chalicelib.domain.offer import Channel

ORDER = "/api/v1/redemptions/order"
EUROS = (2_000, "EUR")


@pytest.fixture
def browser(house: House) -> Browser:
    return house.browser()


@pytest.fixture
def shop(house: House) -> Shop:
    return house.shop()


def item(house: House, voucher: Json) -> Json:
    where = (f"V#{voucher['voucher_id']}", "V")
    return next(i for i in house.items() if (i["pk"]["S"], i["sk"]["S"]) == where)


def left(house: House, counter: str) -> list[int]:
    """Return what is left of the counters whose key begins so."""
    found = [i for i in house.items() if i["pk"]["S"].startswith(f"C#{counter}.")]
    return [int(counted["left"]["N"]) for counted in found if counted["sk"]["S"] != "C"] or [
        int(counted["left"]["N"]) for counted in found
    ]


def online(house: House, offer_id: str, **facts: Any) -> None:
    """Publish the festival with that offer online, and with these facts."""
    campaign = house.campaign()
    changed = replace(campaign.offer[offer_id], channels=(Channel.STAND, Channel.ONLINE), **facts)
    offers = [changed if o.offer_id == offer_id else o for o in campaign.offers]
    house.publish(replace(campaign, offers=tuple(offers)))


# --- once -----------------------------------------------------------------------------------------
def test_a_shop_uses_a_voucher_for_an_order(browser: Browser, shop: Shop) -> None:
    voucher = browser.claim("milan", "parcel-10")
    answer = shop.redeem(voucher["url"], total=EUROS)
    assert answer.status == 201
    assert answer.json == {
        "redemption_id": f"{voucher['voucher_id']}.1",
        "voucher_id": voucher["voucher_id"],
        "offer_id": "parcel-10",
        "popup_id": "milan",
        "device_id": "shop-2.harbour",
        "scanned_at": "2026-05-20T12:00:00Z",
        "received_at": "2026-05-20T12:00:00Z",
        "discount": {"amount_minor": 200, "currency": "EUR"},
        "revision": 1,
        "outcome": "accepted",
    }


def test_a_retry_gets_the_first_answer_and_another_order_none(browser: Browser, shop: Shop) -> None:
    voucher = browser.claim("milan", "parcel-10")
    first = shop.redeem(voucher["code"], "nonce-a1", total=EUROS)
    again = shop.redeem(voucher["code"], "nonce-a1", total=EUROS)
    assert (first.status, again.status, again.json) == (201, 200, first.json)
    assert shop.redeem(voucher["code"], order="order-2", total=EUROS).reason == "already_redeemed"


def test_both_keys_of_a_shop_share_nonces_and_uses(house: House, browser: Browser) -> None:
    old, new, other = house.shop(), house.shop(), house.shop("market")
    voucher = browser.claim("milan", "parcel-10")
    first = old.redeem(voucher["url"], "nonce-a1", total=EUROS)
    assert new.redeem(voucher["url"], "nonce-a1", total=EUROS).json == first.json
    assert other.redeem(voucher["url"], "nonce-a1", total=EUROS).reason == "already_redeemed"
    assert new.reverse(first.json["redemption_id"]).status == 201


def test_trying_out_says_the_same_and_changes_nothing(
    house: House, browser: Browser, shop: Shop
) -> None:
    voucher = browser.claim("milan", "parcel-10")
    before = house.items()
    tried = shop.redeem(voucher["url"], total=EUROS, simulate=True, hold_seconds=60)
    assert (tried.status, tried.json) == (200, {"outcome": "accepted"})
    assert house.items() == before
    shop.redeem(voucher["url"], total=EUROS, hold_seconds=60)
    tried = shop.redeem(voucher["url"], order="order-2", total=EUROS, simulate=True)
    assert tried.reason == "held_by_order"


# --- place, channel, time, money ------------------------------------------------------------------
def test_a_voucher_for_the_stand_alone_is_of_the_wrong_channel(
    browser: Browser, shop: Shop
) -> None:
    voucher = browser.claim("milan", "moka-15")
    assert shop.redeem(voucher["url"], total=EUROS).reason == "wrong_channel"


def test_an_online_voucher_is_of_the_wrong_channel_at_the_stand(
    house: House, browser: Browser
) -> None:
    voucher = browser.claim("milan", "parcel-10")
    answer = house.phone("milan").redeem(voucher["url"], total=EUROS)
    assert answer.reason == "wrong_channel"


def test_a_shop_takes_the_vouchers_of_its_merchants(house: House, browser: Browser) -> None:
    voucher = browser.claim("milan", "parcel-10")
    lamps = house.shop("lamps", "cam-fener")
    pots = house.shop("pots", "cam-fener", "caffettiera-ammaccata")
    assert lamps.redeem(voucher["url"], total=EUROS).reason == "wrong_merchant"
    assert pots.redeem(voucher["url"], total=EUROS).status == 201


def test_a_voucher_of_another_festival_is_named_so(house: House, browser: Browser) -> None:
    voucher = browser.claim("milan", "parcel-10")
    past = house.shop("past", campaign_id="festival-2019")
    assert past.redeem(voucher["url"], total=EUROS).reason == "wrong_campaign"


def test_opening_hours_do_not_gate_an_order_but_the_window_does(
    house: House, browser: Browser, shop: Shop
) -> None:
    vouchers = [browser.claim(stand, "delivery-on-us") for stand in ("istanbul",)]
    vouchers += [house.browser().claim("madrid", "delivery-on-us") for _ in range(2)]
    house.at = datetime(2026, 5, 20, 4, tzinfo=UTC)  # six in the morning in Madrid
    assert house.phone("madrid").redeem(vouchers[1]["url"]).reason == "not_now"
    assert shop.redeem(vouchers[1]["url"]).status == 201
    house.at = datetime(2026, 5, 21, 21, 30, tzinfo=UTC)  # past midnight in Istanbul alone
    assert shop.redeem(vouchers[0]["url"]).reason == "expired"
    assert shop.redeem(vouchers[2]["url"]).status == 201


def test_the_total_is_in_the_currency_of_the_stand_that_issued_the_voucher(
    browser: Browser, shop: Shop
) -> None:
    voucher = browser.claim("milan", "parcel-10")
    wrong = shop.redeem(voucher["url"], total=(2_000, "TRY"))
    assert (wrong.status, wrong.reason) == (422, "order_total_required")
    assert "EUR" in wrong.json["detail"]
    assert shop.redeem(voucher["url"]).reason == "order_total_required"
    gift = browser.claim("istanbul", "delivery-on-us")
    assert shop.redeem(gift["url"], total=EUROS).status == 201


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"hold_seconds": 901}, "/hold_seconds"),
        ({"hold_seconds": 0}, "/hold_seconds"),
        ({"order_ref": "a#b"}, "/order_ref"),
        ({"order_ref": None}, "/order_ref"),
        ({"order_ref": "o" * 41}, "/order_ref"),
        ({"scanned_at": "2026-05-20T12:00:00Z"}, ""),
    ],
)
def test_a_wrong_body_says_which_part_is_wrong(shop: Shop, change: Json, pointer: str) -> None:
    answer = shop.post(
        "/api/v1/redemptions",
        {"scanned": "x", "nonce": "nonce-a1", "order_ref": "order-1"} | change,
    )
    assert (answer.status, answer.reason) == (422, "invalid_payload")
    assert answer.json["errors"][0]["pointer"] == pointer


def test_rubbish_is_an_unknown_code(shop: Shop) -> None:
    assert shop.redeem("https://shop.example/cart").reason == "unknown_code"


# --- held for an order ----------------------------------------------------------------------------
def held(browser: Browser, shop: Shop, **more: Any) -> tuple[Json, Json]:
    """Claim a voucher in Milan and hold it for ten minutes."""
    voucher = browser.claim("milan", "parcel-10")
    answer = shop.redeem(voucher["url"], "nonce-hold", total=EUROS, hold_seconds=600, **more)
    assert answer.status == 201, answer.text
    return voucher, answer.json


def test_a_hold_says_until_when_and_keeps_others_out(
    house: House, browser: Browser, shop: Shop
) -> None:
    voucher, hold = held(browser, shop)
    assert (hold["outcome"], hold["held_until"]) == ("held", "2026-05-20T12:10:00Z")
    assert shop.redeem(voucher["url"], order="order-2", total=EUROS).reason == "held_by_order"
    other = house.shop("market").redeem(voucher["url"], total=EUROS, hold_seconds=60)
    assert other.reason == "held_by_order"


def test_a_confirmed_hold_is_a_use_and_confirming_again_changes_nothing(
    house: House, browser: Browser, shop: Shop
) -> None:
    voucher, hold = held(browser, shop)
    first = shop.confirm(hold["redemption_id"])
    assert (first.status, first.json["outcome"]) == (201, "accepted")
    assert first.json["discount"] == {"amount_minor": 200, "currency": "EUR"}
    before = house.items()
    again = shop.confirm(hold["redemption_id"])
    assert (again.status, again.json) == (200, first.json)
    house.at += timedelta(minutes=30)
    assert shop.confirm(hold["redemption_id"]).status == 200
    assert shop.release(hold["redemption_id"]).reason == "already_redeemed"
    assert house.items() == before
    assert item(house, voucher)["st"] == {"S": "redeemed"}
    assert "due" not in item(house, voucher)


def test_a_released_hold_is_free_again_and_releasing_again_changes_nothing(
    house: House, browser: Browser, shop: Shop
) -> None:
    voucher, hold = held(browser, shop)
    first = shop.release(hold["redemption_id"])
    assert (first.status, first.json["outcome"]) == (201, "released")
    before = house.items()
    again = shop.release(hold["redemption_id"])
    assert (again.status, again.json) == (200, first.json)
    assert shop.confirm(hold["redemption_id"]).reason == "already_reversed"
    assert house.items() == before
    assert browser.get(f"/api/v1/vouchers/{voucher['code']}").json["status"] == "issued"
    assert shop.redeem(voucher["url"], total=EUROS).json["redemption_id"].endswith(".2")


@pytest.mark.parametrize("ending", ["confirm", "release"])
def test_a_retry_of_the_hold_gets_its_first_answer_whatever_became_of_it(
    browser: Browser, shop: Shop, ending: str
) -> None:
    voucher, hold = held(browser, shop)
    getattr(shop, ending)(hold["redemption_id"])
    again = shop.redeem(voucher["url"], "nonce-hold", total=EUROS, hold_seconds=600)
    assert (again.status, again.json) == (200, hold)


def test_a_hold_that_ended_cannot_be_confirmed_and_the_next_order_has_it(
    house: House, browser: Browser, shop: Shop
) -> None:
    voucher, hold = held(browser, shop)
    house.at += timedelta(minutes=10)
    assert shop.confirm(hold["redemption_id"]).reason == "already_reversed"
    assert browser.get(f"/api/v1/vouchers/{voucher['code']}").json["status"] == "issued"
    second = shop.redeem(voucher["url"], order="order-2", total=EUROS, hold_seconds=60)
    assert (second.status, second.json["redemption_id"][-2:]) == (201, ".2")
    assert shop.confirm(hold["redemption_id"]).reason == "already_reversed"
    assert shop.confirm(second.json["redemption_id"]).status == 201


def test_a_hold_moves_the_budget_and_the_day_and_a_release_gives_both_back(
    house: House, browser: Browser, shop: Shop
) -> None:
    online(house, "jug-7", day_limit=3)
    voucher = browser.claim("madrid", "jug-7")
    budget, day = left(house, "budget.2.7"), left(house, "day.2.7")
    hold = shop.redeem(voucher["url"], total=(5_000, "EUR"), hold_seconds=600)
    assert hold.status == 201, hold.text
    assert left(house, "budget.2.7") == [budget[0] - 700]
    assert sum(left(house, "day.2.7")) == sum(day) - 1
    assert shop.release(hold.json["redemption_id"]).status == 201
    assert shop.release(hold.json["redemption_id"]).status == 200
    assert (left(house, "budget.2.7"), left(house, "day.2.7")) == (budget, day)


def test_a_held_voucher_is_released_and_not_reversed(browser: Browser, shop: Shop) -> None:
    _, hold = held(browser, shop)
    assert shop.reverse(hold["redemption_id"]).reason == "held_by_order"
    assert shop.release(hold["redemption_id"]).status == 201


# --- whose it is ----------------------------------------------------------------------------------
def test_a_shop_gives_its_own_use_back_days_later_and_the_same_answer_again(
    house: House, browser: Browser, shop: Shop
) -> None:
    voucher = browser.claim("milan", "parcel-10")
    used = shop.redeem(voucher["url"], total=EUROS).json["redemption_id"]
    house.at += timedelta(days=5)
    first = shop.reverse(used, "back-0001")
    assert (first.status, first.json["device_id"]) == (201, "shop-2.harbour")
    assert (shop.reverse(used, "back-0001").status, shop.reverse(used).reason) == (
        200,
        "already_reversed",
    )


@pytest.mark.parametrize("ending", ["confirm", "release", "reverse"])
@pytest.mark.parametrize("hold_seconds", [None, 600])
def test_what_another_shop_did_is_not_found(
    house: House, browser: Browser, shop: Shop, ending: str, hold_seconds: int | None
) -> None:
    voucher = browser.claim("milan", "parcel-10")
    used = shop.redeem(voucher["url"], total=EUROS, hold_seconds=hold_seconds)
    other = house.shop("market")
    before = house.items()
    assert getattr(other, ending)(used.json["redemption_id"]).reason == "not_found"
    assert house.items() == before


@pytest.mark.parametrize("name", ["nothing", "0123456789ABCDE.1", "0123456789ABCDE.9"])
@pytest.mark.parametrize("ending", ["confirm", "release", "reverse"])
def test_what_never_was_is_not_found(shop: Shop, name: str, ending: str) -> None:
    assert getattr(shop, ending)(name).reason == "not_found"


def test_a_steward_cannot_give_back_what_a_shop_used_and_a_supervisor_can(
    house: House, browser: Browser, shop: Shop
) -> None:
    voucher = browser.claim("milan", "parcel-10")
    used = shop.redeem(voucher["url"], total=EUROS).json["redemption_id"]
    assert house.phone("milan").reverse(used).reason == "device_not_allowed"
    assert house.phone("milan", Profile.SUPERVISOR).reverse(used).status == 201


# --- keys -----------------------------------------------------------------------------------------
SHOP_ROUTES: list[tuple[str, Json | None]] = [
    ("/api/v1/redemptions", {}),
    (ORDER, {}),
    ("/api/v1/redemptions/0123456789ABCDE.1/confirm", None),
    ("/api/v1/redemptions/0123456789ABCDE.1/release", None),
    ("/api/v1/redemptions/0123456789ABCDE.1/reversal", {}),
]
each_route = pytest.mark.parametrize(("path", "body"), SHOP_ROUTES)


@each_route
def test_an_unknown_or_changed_key_is_not_signed_in(
    house: House, shop: Shop, path: str, body: Json | None
) -> None:
    flipped = shop.key[:-1] + ("b" if shop.key[-1] == "a" else "a")
    for key in (flipped, "mk_", "mk_aaaqeayeaudaocaj_bifqydiob4ibceqtcqkrmfyydy", ""):
        answer = Shop(house, key).post(path, body)
        assert (answer.status, answer.reason) == (401, "not_signed_in"), key


@each_route
def test_a_key_of_another_role_is_not_allowed(house: House, path: str, body: Json | None) -> None:
    robot = house.shop("robot", role=Role.MARKETER)
    answer = robot.post(path, body)
    assert (answer.status, answer.reason) == (403, "not_allowed")


def test_a_devices_token_settles_no_order(house: House, browser: Browser, shop: Shop) -> None:
    _, hold = held(browser, shop)
    phone = house.phone("milan", Profile.SUPERVISOR)
    answer = phone.post(f"/api/v1/redemptions/{hold['redemption_id']}/confirm", {})
    assert (answer.status, answer.reason) == (401, "not_signed_in")


def test_a_shops_key_is_no_devices_token(house: House, shop: Shop) -> None:
    headers = {"authorization": f"Bearer {shop.key}"}
    answer = house.ask("GET", "/api/v1/devices/self/manifest", headers=headers)
    assert answer.reason == "not_signed_in"


def test_a_key_ends_by_real_time_whatever_the_festivals_clock_says(
    house: House, browser: Browser
) -> None:
    shop = house.shop(expires_at=house.real_at + timedelta(hours=1))
    voucher = browser.claim("milan", "parcel-10")
    house.at += timedelta(hours=2)
    assert shop.redeem(voucher["url"], total=EUROS).status == 201
    house.real_at += timedelta(hours=1)
    assert shop.redeem(voucher["url"], total=EUROS).reason == "not_signed_in"
