"""Uses and returns through the API: exact, whatever is scanned, retried or given back."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from house import Browser, House, Json, Phone
from made import plan, use

from chalicelib import signing
from chalicelib.domain import token as tokens
from chalicelib.domain.device import Profile
from chalicelib.domain.offer import Channel
from chalicelib.domain.voucher import Use
from chalicelib.store import uses
from chalicelib.web.context import context


@pytest.fixture
def browser(house: House) -> Browser:
    """Return a visitor's browser."""
    return house.browser()


@pytest.fixture
def phone(house: House) -> Phone:
    """Return Istanbul's phone."""
    return house.phone()


def ledger_item(house: House, voucher: Json) -> Json:
    key = f"V#{voucher['voucher_id']}"
    return next(i for i in house.items() if (i["pk"]["S"], i["sk"]["S"]) == (key, "V"))


def edited(house: House, voucher: Json, **attributes: Json) -> None:
    """Set attributes of a voucher's item, as a later part of the product will."""
    item = ledger_item(house, voucher) | attributes
    house.put("ledger", item)


def forged(voucher: Json, **facts: Any) -> str:
    """Return the voucher's token with other facts, signed by the house's own key."""
    signed = tokens.read(voucher["token"])
    assert signed is not None
    return signing.sign(context.secrets, replace(signed.token, **facts))


# --- once -----------------------------------------------------------------------------------------
def test_a_use_is_answered_as_the_contract_has_it(
    house: House, browser: Browser, phone: Phone
) -> None:
    voucher = browser.claim("istanbul", "coffee-pot-20")
    answer = phone.redeem(voucher["url"], total=(20_000, "TRY"))
    assert answer.status == 201
    assert answer.json == {
        "redemption_id": f"{voucher['voucher_id']}.1",
        "voucher_id": voucher["voucher_id"],
        "offer_id": "coffee-pot-20",
        "popup_id": "istanbul",
        "device_id": phone.device_id,
        "scanned_at": "2026-05-20T12:00:00Z",
        "received_at": "2026-05-20T12:00:00Z",
        "discount": {"amount_minor": 4000, "currency": "TRY"},
        "revision": 1,
        "outcome": "accepted",
    }
    assert ledger_item(house, voucher)["st"] == {"S": "redeemed"}


@pytest.mark.parametrize("shown", ["url", "token", "code"])
def test_a_code_is_used_once_in_whatever_form_it_is_shown(
    browser: Browser, phone: Phone, shown: str
) -> None:
    voucher = browser.claim("istanbul", "lantern-gift")
    assert phone.redeem(voucher[shown].lower()).status == 201
    for again in ("url", "token", "code"):
        assert phone.redeem(voucher[again]).reason == "already_redeemed"


def test_a_retry_gets_the_first_answer(browser: Browser, phone: Phone) -> None:
    voucher = browser.claim("istanbul", "lantern-gift")
    first = phone.redeem(voucher["url"], "nonce-a1")
    again = phone.redeem(voucher["url"], "nonce-a1")
    assert (first.status, again.status) == (201, 200)
    assert again.json == first.json


@pytest.mark.parametrize(
    "scanned_at",
    ["2026-05-20T15:00:59.999999+03:00", "1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z",
     "9999-12-31T23:59:59.999999Z"],
)  # fmt: skip
def test_the_retry_repeats_even_the_oddest_clock(
    browser: Browser, phone: Phone, scanned_at: str
) -> None:
    voucher = browser.claim("istanbul", "lantern-gift")
    first = phone.redeem(voucher["url"], "nonce-a1", scanned_at=scanned_at)
    again = phone.redeem(voucher["url"], "nonce-a1", scanned_at=scanned_at)
    assert (first.status, again.status) == (201, 200)
    assert again.json == first.json
    if scanned_at.startswith("2026"):
        assert first.json["scanned_at"] == "2026-05-20T12:00:59Z"


def test_a_retry_after_the_reversal_is_the_first_use_and_uses_nothing(
    house: House, browser: Browser, phone: Phone
) -> None:
    voucher = browser.claim("istanbul", "lantern-gift")
    first = phone.redeem(voucher["url"], "nonce-a1")
    phone.reverse(first.json["redemption_id"])
    before = house.items()
    again = phone.redeem(voucher["url"], "nonce-a1")
    assert (again.status, again.json) == (200, first.json)
    assert house.items() == before
    assert ledger_item(house, voucher)["st"] == {"S": "reversed"}


def test_a_retry_long_after_everything_is_over_is_the_first_use(
    house: House, browser: Browser, phone: Phone
) -> None:
    voucher = browser.claim("istanbul", "lantern-gift")
    first = phone.redeem(voucher["url"], "nonce-a1")
    house.at = datetime(2026, 6, 1, tzinfo=UTC)
    assert phone.redeem(voucher["url"], "nonce-a1").json == first.json
    assert phone.redeem(voucher["url"], "nonce-a2").reason == "expired"


def test_the_nonce_of_another_device_does_not_replay(
    house: House, browser: Browser, phone: Phone
) -> None:
    voucher = browser.claim("istanbul", "lantern-gift")
    phone.redeem(voucher["url"], "nonce-a1")
    answer = house.phone().redeem(voucher["url"], "nonce-a1")
    assert answer.reason == "already_redeemed"
    assert answer.json["used_device_id"] == phone.device_id
    assert answer.json["used_place"] == "Istanbul"
    assert answer.json["used_at"] == "2026-05-20T12:00:00Z"
    assert "20 May" in answer.json["detail"] or "2026" in answer.json["detail"]


def test_the_same_nonce_may_use_another_voucher(house: House, phone: Phone) -> None:
    for visitor in (house.browser(), house.browser()):
        voucher = visitor.claim("istanbul", "lantern-gift")
        assert phone.redeem(voucher["url"], "nonce-a1").status == 201


def test_trying_out_changes_nothing(house: House, browser: Browser, phone: Phone) -> None:
    voucher = browser.claim("istanbul", "lantern-gift")
    before = house.items()
    for _ in range(2):
        answer = phone.redeem(voucher["url"], simulate=True)
        assert (answer.status, answer.json) == (200, {"outcome": "accepted"})
    assert house.items() == before
    assert phone.redeem(voucher["url"]).status == 201
    assert phone.redeem(voucher["url"], simulate=True).reason == "already_redeemed"


# --- giving back ----------------------------------------------------------------------------------
def counters(house: House) -> dict[str, int]:
    return {
        f"{item['pk']['S']}|{item['sk']['S']}": int(item["left"]["N"])
        for item in house.items()
        if item["pk"]["S"].startswith("C#")
    }


@pytest.mark.parametrize(
    ("popup_id", "offer_id", "total"),
    [
        ("istanbul", "lamp-100", (60_000, "TRY")),
        ("barcelona", "jug-7", (3500, "EUR")),
        ("istanbul", "coffee-pot-20", (9000, "TRY")),
    ],
)
def test_a_return_restores_every_counter_exactly_once_on_the_original_day(
    house: House, popup_id: str, offer_id: str, total: tuple[int, str]
) -> None:
    voucher = house.browser().claim(popup_id, offer_id)
    supervisor = house.phone(popup_id, Profile.SUPERVISOR)
    before = counters(house)
    used = supervisor.redeem(voucher["url"], total=total)
    assert used.status == 201
    assert (counters(house) != before) is (offer_id != "coffee-pot-20")
    house.at += timedelta(days=1)
    for nonce in ("back-0001", "back-0001", "back-0002"):
        supervisor.reverse(used.json["redemption_id"], nonce)
    assert counters(house) == before


def test_a_return_is_answered_as_it_was_the_first_time(browser: Browser, phone: Phone) -> None:
    voucher = browser.claim("istanbul", "lantern-gift")
    name = phone.redeem(voucher["url"]).json["redemption_id"]
    first = phone.reverse(name, "back-0001", why="yanlış")
    again = phone.reverse(name, "back-0001", why="something else")
    assert (first.status, again.status) == (201, 200)
    assert again.json == first.json
    assert first.json["reason"] == "yanlış"
    assert phone.reverse(name, "back-0002").reason == "already_reversed"
    assert phone.redeem(voucher["url"]).json["redemption_id"].endswith(".2")
    assert phone.reverse(name, "back-0001").json == first.json


def test_who_may_give_back_and_until_when(house: House, browser: Browser, phone: Phone) -> None:
    voucher = browser.claim("istanbul", "lantern-gift")
    name = phone.redeem(voucher["url"]).json["redemption_id"]
    assert house.phone().reverse(name).reason == "device_not_allowed"
    house.at += timedelta(minutes=15, seconds=1)
    assert phone.reverse(name).reason == "reversal_window_closed"
    supervisor = house.phone("istanbul", Profile.SUPERVISOR)
    assert supervisor.reverse(name).status == 201


@pytest.mark.parametrize(
    "name", ["x", "0" * 15 + ".1", "0" * 15 + ".9", "%00", "%2e%2e", "..%2f..", "%ff.1", "a%20b"]
)
def test_a_use_that_never_was_is_not_found(phone: Phone, name: str) -> None:
    assert phone.reverse(name).reason == "not_found"


def test_the_eighth_use_stands(browser: Browser, phone: Phone) -> None:
    voucher = browser.claim("istanbul", "lantern-gift")
    for number in range(1, 9):
        used = phone.redeem(voucher["url"]).json
        assert used["redemption_id"].endswith(f".{number}")
        answer = phone.reverse(used["redemption_id"])
        assert answer.status == (201 if number < 8 else 409)
    assert answer.reason == "reversal_window_closed"


# --- limits ---------------------------------------------------------------------------------------
def limited(house: House, offer_id: str, **facts: Any) -> None:
    campaign = house.campaign()
    offers = [replace(o, **facts) if o.offer_id == offer_id else o for o in campaign.offers]
    house.publish(replace(campaign, offers=tuple(offers)))


def use_up(house: House, phone: Phone, popup_id: str, offer_id: str, total: Any) -> list[str]:
    """Return the reasons that four visitors get, '' where the voucher is used."""
    vouchers = [house.browser().claim(popup_id, offer_id) for _ in range(4)]
    return [phone.redeem(voucher["url"], total=total).reason for voucher in vouchers]


def test_a_day_limit_holds_for_the_stands_own_day(house: House, phone: Phone) -> None:
    limited(house, "lamp-100", day_limit=2)
    reasons = use_up(house, phone, "istanbul", "lamp-100", (60_000, "TRY"))
    assert reasons == ["", "", "limit_day", "limit_day"]
    house.at = datetime(2026, 5, 20, 21, 0, tzinfo=UTC)  # midnight in Istanbul
    reasons = use_up(house, phone, "istanbul", "lamp-100", (60_000, "TRY"))
    assert reasons == ["", "", "limit_day", "limit_day"]


def test_a_day_that_no_publish_made_gets_its_counter_from_the_first_use(house: House) -> None:
    campaign = house.campaign()
    later = replace(campaign.calendar, usable_until="2026-06-30")
    house.publish(replace(campaign, calendar=later))
    limited(house, "lamp-100", day_limit=1)
    house.at = datetime(2026, 6, 20, 12, tzinfo=UTC)
    house.real_at = house.at
    reasons = use_up(house, house.phone(), "istanbul", "lamp-100", (60_000, "TRY"))
    assert reasons == ["", "limit_day", "limit_day", "limit_day"]


def test_a_budget_is_never_exceeded(house: House) -> None:
    limited(house, "jug-7", budget_minor=1700)
    reasons = use_up(house, house.phone("barcelona"), "barcelona", "jug-7", (3500, "EUR"))
    assert reasons == ["", "", "budget_exhausted", "budget_exhausted"]


# --- every reason ---------------------------------------------------------------------------------
def test_a_code_is_judged_by_its_authenticity_first(browser: Browser, phone: Phone) -> None:
    voucher = browser.claim("istanbul", "lantern-gift")
    token = voucher["token"]
    swapped = token[:100] + ("A" if token[100] != "A" else "B") + token[101:]
    assert phone.redeem(swapped).reason == "bad_signature"
    body = bytearray(tokens.read(token).body)  # type: ignore[union-attr]
    body[1] = 9
    assert phone.redeem(tokens.text_of(bytes(body), bytes(64))).reason == "unknown_key"
    body[1], body[3] = 1, 99
    assert phone.redeem(tokens.text_of(bytes(body), bytes(64))).reason == "unknown_key"
    old = forged(voucher, issued_at=datetime(2019, 1, 1, tzinfo=UTC))
    assert phone.redeem(old).status == 201


def test_a_retired_or_withdrawn_key_vouches_for_nothing(
    house: House, browser: Browser, phone: Phone
) -> None:
    voucher = browser.claim("istanbul", "lantern-gift")
    house.live(withdrawn_keys={1})
    assert phone.redeem(voucher["url"]).reason == "key_withdrawn"
    assert phone.redeem(voucher["code"]).status == 201  # a typed code needs no key
    house.live()
    before_the_key = context.secrets.keys_of(2)[0].not_before - timedelta(days=1)
    assert before_the_key.year == 2018
    with house.keys_until(house.at - timedelta(days=1)):
        assert phone.redeem(voucher["url"]).reason == "key_retired"


def test_a_withdrawn_key_of_one_festival_says_nothing_of_another(
    house: House, browser: Browser, phone: Phone
) -> None:
    house.at = datetime(2019, 11, 11, 12, tzinfo=UTC)
    voucher = browser.claim("istanbul-2019", "lantern-gift")
    house.live(withdrawn_keys={1})
    assert phone.redeem(voucher["url"]).reason == "wrong_campaign"
    house.live("festival-2019", withdrawn_keys={1})
    assert phone.redeem(voucher["url"]).reason == "key_withdrawn"
    house.live("festival-2019", revoked={voucher["voucher_id"]})
    assert phone.redeem(voucher["url"]).reason == "revoked"


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("revoked", "revoked"),
        ("given", "given_away"),
        ("lapsed", "lapsed"),
        ("held", "held_by_order"),
    ],
)
def test_the_ledgers_state_stands_in_the_way(
    house: House, browser: Browser, phone: Phone, state: str, reason: str
) -> None:
    voucher = browser.claim("istanbul", "lantern-gift")
    held_until = {"N": str(int((house.at + timedelta(minutes=5)).timestamp() * 1000))}
    edited(house, voucher, st={"S": state}, held_until=held_until)
    for shown in ("url", "code"):
        assert phone.redeem(voucher[shown]).reason == reason
    assert phone.redeem(voucher["url"], simulate=True).reason == reason


def test_a_hold_that_ended_gives_the_voucher_back(
    house: House, browser: Browser, phone: Phone
) -> None:
    voucher = browser.claim("istanbul", "lantern-gift")
    held = use(number=0, device_id="shop", request_id="order-1")
    ended = plan(held, voucher_id=voucher["voucher_id"], held_until=house.at - timedelta(seconds=1))
    assert isinstance(uses.use(ended), Use)
    assert phone.redeem(voucher["url"]).status == 201


def test_the_code_of_an_earlier_generation_is_dead(
    house: House, browser: Browser, phone: Phone
) -> None:
    voucher = browser.claim("istanbul", "lantern-gift")
    edited(house, voucher, gen={"N": "1"})
    assert phone.redeem(voucher["url"]).reason == "lapsed"
    assert phone.redeem(forged(voucher, generation=1)).status == 201


def test_a_revocation_works_at_once(house: House, browser: Browser, phone: Phone) -> None:
    voucher = browser.claim("istanbul", "lantern-gift")
    house.live(revoked={voucher["voucher_id"]})
    assert phone.redeem(voucher["url"]).reason == "revoked"


def test_place_channel_and_pause(house: House, browser: Browser, phone: Phone) -> None:
    voucher = browser.claim("ankara", "lantern-gift")
    answer = phone.redeem(voucher["url"])
    assert answer.reason == "wrong_city"
    assert "Ankara" in answer.json["detail"]
    assert answer.json["setting"] == "usable_at"
    country = browser.claim("ankara", "coffee-pot-20")
    assert phone.redeem(country["url"], total=(9000, "TRY")).status == 201
    limited(house, "lantern-gift", channels=(Channel.ONLINE,))
    here = browser.claim("istanbul", "lantern-gift")
    assert phone.redeem(here["url"]).reason == "wrong_channel"
    house.live(paused=True)
    mine = house.browser()
    assert mine.try_to_claim("istanbul", "coffee-pot-20").reason == "paused"
    assert phone.redeem(country["url"], total=(9000, "TRY")).reason == "paused"


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        ("2026-05-18T20:59:59", "not_started"),
        ("2026-05-18T21:00:00", ""),
        ("2026-05-21T20:59:59", ""),
        ("2026-05-21T21:00:00", "expired"),
    ],
)
def test_the_window_is_exact_to_the_second(
    house: House, browser: Browser, phone: Phone, at: str, reason: str
) -> None:
    voucher = browser.claim("istanbul", "lantern-gift")
    house.at = datetime.fromisoformat(at).replace(tzinfo=UTC)
    answer = phone.redeem(voucher["url"])
    assert answer.reason == reason
    if reason == "not_started":
        assert answer.json["starts_at"] == "2026-05-18T21:00:00Z"


def test_opening_hours_say_when_the_stand_opens(house: House, browser: Browser) -> None:
    voucher = browser.claim("paris", "lantern-gift")
    phone = house.phone("paris")
    house.at = datetime(2026, 5, 20, 17, 0, tzinfo=UTC)  # 19:00 in Paris, closing time
    answer = phone.redeem(voucher["url"])
    assert answer.reason == "not_now"
    assert answer.json["opens_at"] == "2026-05-21T08:00:00Z"
    assert answer.json["time_zone"] == "Europe/Paris"
    house.at -= timedelta(seconds=1)
    assert phone.redeem(voucher["url"]).status == 201


def test_the_order_is_asked_for_where_it_matters(browser: Browser, phone: Phone) -> None:
    pot = browser.claim("istanbul", "coffee-pot-20")
    asked = phone.redeem(pot["url"])
    assert (asked.status, asked.reason) == (422, "order_total_required")
    assert asked.json["currency"] == "TRY"
    assert phone.redeem(pot["url"], total=(2, "TRY")).reason == "no_effect"
    lamp = browser.claim("istanbul", "lamp-100")
    small = phone.redeem(lamp["url"], total=(49_999, "TRY"))
    assert small.reason == "minimum_not_met"
    assert small.json["setting"] == "minimum_minor"
    assert phone.redeem(lamp["url"], total=(50_000, "EUR")).reason == "invalid_payload"
    assert phone.redeem(lamp["url"], total=(50_000, "TRY")).status == 201
    assert phone.redeem(pot["url"], total=(10**12, "TRY")).json["discount"] == {
        "amount_minor": 30_000,
        "currency": "TRY",
    }


# --- who calls ------------------------------------------------------------------------------------
@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic a", "Bearer é", "Bearer ...."])
def test_without_a_devices_token_nothing_is_done(house: House, header: str) -> None:
    answer = house.ask("POST", "/api/v1/redemptions", headers={"authorization": header}, body=b"{}")
    assert (answer.status, answer.reason) == (401, "not_signed_in")


def test_a_token_lives_for_twelve_hours_of_real_time(house: House, phone: Phone) -> None:
    house.at += timedelta(days=30)  # business time does not matter
    assert phone.redeem("x").reason == "unknown_code"
    house.real_at += timedelta(hours=11, minutes=59)
    fresh = phone.manifest().json["device_token"]
    house.real_at += timedelta(minutes=1)
    assert phone.redeem("x").reason == "not_signed_in"
    phone.token = fresh
    assert phone.redeem("x").reason == "unknown_code"


def test_a_revoked_device_may_do_nothing(house: House, browser: Browser, phone: Phone) -> None:
    voucher = browser.claim("istanbul", "lantern-gift")
    house.live(revoked_devices={phone.device_id})
    assert phone.redeem(voucher["url"]).reason == "device_revoked"
    assert phone.reverse("x").reason == "device_revoked"
    assert phone.manifest().reason == "device_revoked"


def test_a_screen_uses_and_returns_nothing(house: House, browser: Browser) -> None:
    voucher = browser.claim("istanbul", "lantern-gift")
    screen = house.phone("istanbul", Profile.SCREEN)
    assert screen.redeem(voucher["url"]).reason == "device_not_allowed"
    assert screen.reverse(f"{voucher['voucher_id']}.1").reason == "device_not_allowed"
    assert screen.manifest().status == 200


# --- bad input ------------------------------------------------------------------------------------
RUBBISH = [
    "x" * 3000,
    "\0" * 50,
    "ABCD-EFGH-JKMN-PQRS",
    "https://marquee.example/p/istanbul?s=poster-1",
    "https://example.com/menu",
    "https://[broken",
    "WIFI:S:cafe;T:WPA;P:secret;;",
    "HTTPS://MARQUEE.EXAMPLE/V/" + "A" * 141,
    "A" * 141,
    "{}",
    "' OR 1=1 --",
    "{{ 7 * 7 }} {0} {used_at} %s",
    "<script>alert(1)</script>",
    "\u202e\u0000\uffff😀" * 30,
    "ıİß" * 20,
]


def test_rubbish_is_an_unknown_code_and_the_next_good_scan_works(
    house: House, browser: Browser, phone: Phone
) -> None:
    voucher = browser.claim("istanbul", "lantern-gift")
    before = house.items()
    for scanned in RUBBISH:
        answer = phone.redeem(scanned)
        assert (answer.status, answer.reason) == (404, "unknown_code"), scanned
    assert house.items() == before
    assert phone.redeem(voucher["url"]).status == 201


@pytest.mark.parametrize(
    ("scanned", "fact", "said"),
    [
        ("07kv 66a2 4cmk 4r2y", "typed_code", "07KV-66A2-4CMK-4R2Y"),
        ("https://example.com/menu", "scanned_host", "example.com"),
        ("HTTPS://MARQUEE.EXAMPLE/p/istanbul?s=poster", "scanned_stand", "Istanbul"),
        ("https://marquee.example/p/nowhere", "scanned_host", "marquee.example"),
    ],
)
def test_a_mistyped_code_a_foreign_link_and_the_own_poster_are_named(
    phone: Phone, scanned: str, fact: str, said: str
) -> None:
    answer = phone.redeem(scanned)
    assert answer.reason == "unknown_code"
    assert answer.json[fact] == said
    assert said in answer.json["detail"]


GOOD: Json = {
    "scanned": "x",
    "nonce": "nonce-0001",
    "scanned_at": "2026-05-20T12:00:00Z",
}


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"scanned": 5}, "/scanned"),
        ({"scanned": None}, "/scanned"),
        ({"scanned": ""}, "/scanned"),
        ({"scanned": "x" * 10_001}, "/scanned"),
        ({"scanned": ["x"]}, "/scanned"),
        ({"nonce": "short"}, "/nonce"),
        ({"nonce": "x" * 37}, "/nonce"),
        ({"nonce": "a#b#c#d#e#f"}, "/nonce"),
        ({"nonce": "nonce\0001"}, "/nonce"),
        ({"scanned_at": "yesterday"}, "/scanned_at"),
        ({"scanned_at": "2026-05-20T12:00:00"}, "/scanned_at"),
        ({"scanned_at": "0001-01-01T00:00:00+14:00"}, "/scanned_at"),
        ({"scanned_at": "9999-12-31T23:59:59-12:00"}, "/scanned_at"),
        ({"scanned_at": 1}, "/scanned_at"),
        ({"order_total": 5}, "/order_total"),
        ({"order_total": {"amount_minor": -1, "currency": "TRY"}}, "/order_total/amount_minor"),
        ({"order_total": {"amount_minor": 1.5, "currency": "TRY"}}, "/order_total/amount_minor"),
        ({"order_total": {"amount_minor": 10**13, "currency": "TRY"}}, "/order_total/amount_minor"),
        ({"order_total": {"amount_minor": "1", "currency": "TRY"}}, "/order_total/amount_minor"),
        ({"order_total": {"amount_minor": 1, "currency": "try"}}, "/order_total/currency"),
        ({"order_total": {"amount_minor": 1, "currency": "EUR"}}, "/order_total/currency"),
        ({"order_total": {"amount_minor": 1}}, "/order_total"),
        ({"simulate": "yes"}, "/simulate"),
        ({"unknown": 1}, ""),
    ],
)
def test_a_wrong_body_says_which_part_is_wrong(phone: Phone, change: Json, pointer: str) -> None:
    answer = phone.post("/api/v1/redemptions", GOOD | change)
    assert (answer.status, answer.reason) == (422, "invalid_payload")
    assert [error["pointer"] for error in answer.json["errors"]] == [pointer]


BODIES = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"x"',
    b"5",
    b"\xff\xfe\x00",
    b"\x00" * 100,
    json.dumps(GOOD).encode("utf-16"),
    b"[" * 100_000,
    b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    b'{"scanned":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    b'{"scanned":"\\ud800","nonce":"nonce-0001","scanned_at":"2026-05-20T12:00:00Z"}',
    json.dumps(GOOD)[:-1].encode() + b',"order_total":{"amount_minor":' + b"9" * 5000 + b"}}",
    json.dumps(GOOD)[:-1].encode() + b',"order_total":{"amount_minor":1e999}}',
    b"scanned=x&nonce=nonce-0001",
    b"\xef\xbb\xbf{}",
]


@pytest.mark.parametrize("path", ["redemptions", "redemptions/x.1/reversal", "devices", "claims"])
def test_a_body_that_is_none_is_refused_everywhere(house: House, phone: Phone, path: str) -> None:
    browser = house.browser()
    browser.sign_in()
    for body in BODIES:
        answer = browser.ask("POST", f"/api/v1/{path}", body=body, headers=phone.headers)
        assert (answer.status, answer.reason) == (422, "invalid_payload"), body[:80]
        assert answer.json["errors"]


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/octet-stream", "image/png", "", "nonsense", "multipart/form-data"],
)
def test_the_shape_of_a_body_decides_and_not_its_label(
    house: House, phone: Phone, content_type: str
) -> None:
    headers = {**phone.headers, "content-type": content_type}
    answer = house.ask(
        "POST", "/api/v1/redemptions", headers=headers, body=json.dumps(GOOD).encode()
    )
    assert answer.reason == "unknown_code"


def test_a_body_above_a_megabyte_is_too_large(phone: Phone) -> None:
    body = json.dumps(GOOD | {"scanned": "x" * 1_000_001}).encode()
    answer = phone.send("/api/v1/redemptions", body)
    assert (answer.status, answer.reason) == (413, "payload_too_large")


@pytest.mark.parametrize(
    ("method", "path", "reason"),
    [
        ("GET", "/api/v1/redemptions", "method_not_allowed"),
        ("DELETE", "/api/v1/claims", "method_not_allowed"),
        ("GET", "/api/v1/nothing", "not_found"),
        ("GET", "/api/v1/vouchers/%00", "unknown_code"),
        ("GET", "/api/v1/vouchers/%F0%28%8C%28", "unknown_code"),
        ("GET", "/api/v1/campaigns/%2e%2e%2f", "not_found"),
        ("GET", "/api/v1/campaigns/festival%2Dnow%00", "not_found"),
        ("GET", "/api/v1/insights/live?campaign_id=%00", "not_found"),
    ],
)
def test_odd_addresses_are_problems_too(house: House, method: str, path: str, reason: str) -> None:
    assert house.ask(method, path, headers={"accept": "application/json"}).reason == reason


# --- at any hour ----------------------------------------------------------------------------------
def test_istanbul_claims_and_redeems_at_each_hour(house: House, phone: Phone) -> None:
    midnight = datetime(2026, 5, 20, tzinfo=UTC)
    for hour in range(24):
        house.at = midnight + timedelta(hours=hour)
        voucher = house.browser().claim("istanbul", "lantern-gift")
        assert phone.redeem(voucher["url"]).status == 201, hour
