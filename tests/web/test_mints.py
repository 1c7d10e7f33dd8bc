"""Printed codes: minted by the thousand without a write each, used once each by whoever has one."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from typing import Any

import pytest
from house import House, Marketing, Phone

from chalicelib import signing
from chalicelib.domain import mint
from chalicelib.domain import token as tokens
from chalicelib.domain import voucher as codes
from chalicelib.domain.device import Profile
from chalicelib.domain.gift import received_id
from chalicelib.domain.token import Token
from chalicelib.domain.voucher import State
from chalicelib.store import engine, voucher_items, vouchers
from chalicelib.web.context import context

OFFER = "lantern-gift"


@pytest.fixture
def press(house: House) -> Marketing:
    return house.marketing()


@pytest.fixture
def phone(house: House) -> Phone:
    return house.phone()


def stock_left(house: House, popup_number: int) -> int:
    head = f"C#stock.{house.campaign().number}.1.{popup_number}."
    rows = [item for item in house.items() if item["pk"]["S"].startswith(head)]
    return sum(int(item["left"]["N"]) for item in rows)


# --- a batch ------------------------------------------------------------------------------------
def test_a_batch_takes_its_units_from_all_shards_and_writes_no_code(
    house: House, press: Marketing
) -> None:
    istanbul = house.campaign().popup["istanbul"].number
    before, items = stock_left(house, istanbul), len(house.items())
    batch = press.mint(OFFER, 1500)
    assert batch.status == 201
    assert batch.json["count"] == 1500
    assert stock_left(house, istanbul) == before - 1500
    assert len(house.items()) == items + 2  # the batch, and the number of the last one
    found = {row["code"] for row in press.codes(1, "?limit=10000")}
    assert len(found) == 1500
    assert len(house.items()) == items + 2


def test_more_than_is_left_is_refused_with_how_many_are(house: House, press: Marketing) -> None:
    items = house.items()
    refused = press.mint(OFFER, 2001)
    assert refused.reason == "out_of_stock"
    assert refused.json["left"] == "2000"
    assert "2000" in refused.json["detail"]
    assert house.items() == items
    assert press.mint(OFFER, 2000).status == 201
    assert press.mint(OFFER, 1).json["left"] == "0"


def test_what_was_minted_cannot_be_claimed(house: House, press: Marketing) -> None:
    press.minted(OFFER, 2000)
    assert house.browser().try_to_claim("istanbul", OFFER).reason == "out_of_stock"
    assert house.browser().try_to_claim("ankara", OFFER).status == 201


def test_an_offer_without_stock_takes_none(house: House, press: Marketing) -> None:
    counters = [item for item in house.items() if item["pk"]["S"].startswith("C#")]
    assert press.mint("delivery-on-us", 100_000).status == 201
    after = [item for item in house.items() if item["pk"]["S"].startswith("C#")]
    assert after == counters


def test_a_batch_that_is_asked_for_again_is_the_same_one(house: House, press: Marketing) -> None:
    first = press.mint(OFFER, 10, idempotency_key="autumn")
    items = house.items()
    again = press.mint(OFFER, 10, idempotency_key="autumn")
    assert (first.status, again.status) == (201, 200)
    assert again.json == first.json
    other = press.mint(OFFER, 11, idempotency_key="autumn")
    assert other.reason == "idempotency_key_reused"
    assert house.items() == items
    assert press.mint(OFFER, 10, idempotency_key="winter").json["batch"] == 2


def test_batch_numbers_are_given_once_in_the_whole_installation(house: House) -> None:
    house.at = datetime(2019, 11, 1, 12, tzinfo=UTC)
    past, now = house.marketing("festival-2019"), house.marketing("festival-now")
    offer_id = house.campaign("festival-2019").offers[0].offer_id
    numbers = [now.mint(OFFER, 1), past.mint(offer_id, 1, "istanbul-2019"), now.mint(OFFER, 1)]
    assert [answer.json["batch"] for answer in numbers] == [1, 2, 3]
    assert past.ask("GET", "mints/1/codes").reason == "not_found"


def test_a_stand_that_does_not_issue_the_offer_mints_none(press: Marketing) -> None:
    assert press.mint("tea-glass-gift", 1, "ankara").reason == "wrong_city"
    assert press.mint("nothing-here", 1).reason == "not_found"
    assert press.mint(OFFER, 1, "atlantis").reason == "not_found"
    assert press.mint(OFFER, 0).reason == "invalid_payload"
    assert press.mint(OFFER, 1_000_001).reason == "invalid_payload"


def test_batches_are_listed_page_by_page(press: Marketing) -> None:
    for count in (1, 2, 3):
        press.mint(OFFER, count)
    first = press.ask("GET", "mints?limit=2").json
    assert [item["count"] for item in first["items"]] == [1, 2]
    rest = press.ask("GET", f"mints?limit=2&cursor={first['next_cursor']}").json
    assert [item["count"] for item in rest["items"]] == [3]
    assert rest["next_cursor"] is None
    assert press.ask("GET", "mints?limit=101").reason == "invalid_payload"
    assert press.ask("GET", "mints?cursor=x").reason == "invalid_payload"


# --- its codes ----------------------------------------------------------------------------------
def test_pages_of_codes_are_one_list_without_gap_or_repetition(press: Marketing) -> None:
    press.mint(OFFER, 25)
    whole = press.codes(1)
    pages = [press.codes(1, f"?from={first}&limit=10") for first in (1, 11, 21)]
    assert list(chain(*pages)) == whole
    assert len({row["token"] for row in whole}) == 25
    assert whole == press.codes(1)
    page = press.ask("GET", "mints/1/codes?from=1&limit=10")
    assert page.headers["content-type"].startswith("text/csv")
    assert page.headers["link"].endswith('/mints/1/codes?from=11&limit=10>; rel="next"')
    assert "link" not in press.ask("GET", "mints/1/codes?from=21&limit=10").headers


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("mints/2/codes", "not_found"),
        ("mints/x/codes", "not_found"),
        ("mints/١/codes", "not_found"),
        ("mints/1/codes?from=0", "invalid_payload"),
        ("mints/1/codes?from=26", "invalid_payload"),
        ("mints/1/codes?limit=10001", "invalid_payload"),
        ("mints/1/codes?limit=-1", "invalid_payload"),
    ],
)
def test_a_page_that_is_not_there_is_said_to_be_none(
    press: Marketing, path: str, reason: str
) -> None:
    press.mint(OFFER, 25)
    assert press.ask("GET", path).reason == reason


def test_a_withdrawn_key_hands_out_no_more_codes(house: House, press: Marketing) -> None:
    press.mint(OFFER, 1)
    house.live(withdrawn_keys={1})
    assert press.ask("GET", "mints/1/codes").reason == "key_withdrawn"
    assert press.mint(OFFER, 1).reason == "try_again"


def test_only_the_campaigns_own_marketing_mints(house: House, press: Marketing) -> None:
    foreign = house.marketing("festival-2019")
    foreign.campaign_id = "festival-now"
    assert foreign.mint(OFFER, 1).reason == "not_allowed"
    assert foreign.ask("GET", "mints").reason == "not_allowed"
    assert foreign.ask("GET", "mints/1/codes").reason == "not_allowed"
    assert foreign.revoke(batch=1).reason == "not_allowed"
    for key in ("", "x", press.key[:-1], f"é{press.key}", house.phone().token):
        press.key = key
        assert press.mint(OFFER, 1).reason == "not_signed_in"


# --- used ---------------------------------------------------------------------------------------
def test_a_printed_code_is_used_once(house: House, press: Marketing, phone: Phone) -> None:
    one, two, _ = press.minted(OFFER, 3)
    items = len(house.items())
    used = phone.redeem(one["url"], "nonce-of-one")
    assert used.status == 201
    assert len(house.items()) == items + 1
    again = phone.redeem(one["url"], "nonce-of-one")
    assert (again.status, again.json) == (200, used.json)
    assert phone.redeem(one["code"]).reason == "already_redeemed"
    assert house.phone().redeem(one["token"]).reason == "already_redeemed"
    assert phone.redeem(two["code"].lower()).status == 201


def test_a_use_of_a_printed_code_is_one_request(press: Marketing, phone: Phone) -> None:
    rows = press.minted(OFFER, 3)
    assert phone.redeem(rows[0]["url"]).status == 201  # reads the batch, once a process
    calls: list[str] = []
    events = engine.client().meta.events

    def keep(model: Any, **_: object) -> None:
        calls.append(model.name)

    events.register("after-call.dynamodb.*", keep)
    try:
        assert phone.redeem(rows[1]["url"]).status == 201
        assert phone.redeem(rows[2]["code"]).status == 201
    finally:
        events.unregister("after-call.dynamodb.*", keep)
    typed = ["GetItem", "UpdateItem"]  # how often this device guessed, then the use
    assert calls == ["UpdateItem", *typed]


def test_a_use_of_a_printed_code_is_given_back_and_repeated(
    house: House, press: Marketing, phone: Phone
) -> None:
    (one,) = press.minted(OFFER, 1)
    used = phone.redeem(one["url"], "nonce-of-one")
    assert phone.reverse(used.json["redemption_id"]).status == 201
    assert phone.redeem(one["url"], "nonce-of-one").json == used.json
    second = phone.redeem(one["url"])
    assert second.status == 201
    assert second.json["redemption_id"].endswith(".2")
    house.project()
    board = house.browser().get("/api/v1/insights/live").json
    (istanbul,) = [city for city in board["cities"] if city["popup_id"] == "istanbul"]
    assert (istanbul["claimed"], istanbul["redeemed"], istanbul["reversed"]) == (0, 1, 1)


def test_trying_a_printed_code_changes_nothing(
    house: House, press: Marketing, phone: Phone
) -> None:
    (one,) = press.minted(OFFER, 1)
    items = house.items()
    assert phone.redeem(one["code"], simulate=True).json == {"outcome": "accepted"}
    assert house.items() == items


def test_a_printed_code_is_for_its_own_stand(house: House, press: Marketing) -> None:
    (one,) = press.minted(OFFER, 1)
    refused = house.phone("ankara").redeem(one["code"])
    assert refused.reason == "wrong_city"
    assert "Istanbul" in refused.json["detail"]


# --- forged -------------------------------------------------------------------------------------
def resigned(row: dict[str, str], **facts: object) -> str:
    """Sign other facts with the campaign's own key, as whoever stole it would."""
    signed = tokens.read(row["token"])
    assert signed is not None
    token = {name: getattr(signed.token, name) for name in Token.__dataclass_fields__}
    return signing.sign(context.secrets, Token(**(token | facts)))


def test_a_stolen_signing_key_alone_mints_nothing(
    house: House, press: Marketing, phone: Phone
) -> None:
    (one,) = press.minted(OFFER, 1)
    signed = tokens.read(one["token"])
    assert signed is not None
    voucher_id = signed.token.voucher_id
    guessed = codes.symbols_of(codes.number_of(voucher_id) ^ 1)
    beyond = mint.minted_id(context.secrets.mint_secret(house.campaign().number), 1, 2)
    no_batch = mint.minted_id(context.secrets.mint_secret(house.campaign().number), 9, 1)
    items = house.items()
    assert phone.redeem(resigned(one, voucher_id=guessed)).reason == "bad_signature"
    assert phone.redeem(codes.code_of(guessed)).reason == "bad_signature"
    assert phone.redeem(resigned(one, offer_number=3)).reason == "bad_signature"
    assert phone.redeem(resigned(one, popup_number=2)).reason == "bad_signature"
    assert phone.redeem(resigned(one, minted=False)).reason == "bad_signature"
    assert phone.redeem(codes.code_of(beyond)).reason == "unknown_code"
    assert phone.redeem(codes.code_of(no_batch)).reason == "bad_signature"
    claimed = house.browser().claim("istanbul", OFFER)
    lied = resigned(claimed, minted=True)
    assert phone.redeem(lied).reason == "bad_signature"
    page = house.browser().get(f"/V/{resigned(one, voucher_id=guessed)}")
    assert page.status == 404
    assert len(house.items()) == len(items) + 1  # the claim


# --- its page -----------------------------------------------------------------------------------
def test_the_page_of_a_printed_code_shows_the_ticket_to_whoever_has_it(
    house: House, press: Marketing, phone: Phone
) -> None:
    (one,) = press.minted(OFFER, 1)
    items = house.items()
    browser = house.browser()
    browser.sign_in()
    page = browser.get(f"/V/{one['token']}")
    assert page.status == 200
    assert one["code"] in page.text
    assert "Whoever shows this code may use it, once." in page.text
    assert 'name="option"' not in page.text
    assert house.items() == items
    assert browser.get(f"/V/{one['token']}/state").json["status"] == "ready"
    choice = browser.submit(f"/V/{one['token']}/delivery", {"option": "locker"})
    assert choice.status == 403
    assert browser.get(f"/api/v1/vouchers/{one['code']}").reason == "unknown_code"
    assert phone.redeem(one["code"]).status == 201
    assert browser.get(f"/V/{one['token']}/state").json["status"] == "used"
    wish = {"voucher": one["code"], "option": "locker"}
    assert browser.post("/api/v1/delivery/choices", wish).reason == "unknown_code"


# --- withdrawn ----------------------------------------------------------------------------------
def test_a_withdrawn_card_is_never_used(house: House, press: Marketing, phone: Phone) -> None:
    one, two = press.minted(OFFER, 2)
    assert press.revoke(one["code"]).status == 201
    assert press.revoke(one["code"]).status == 200
    assert press.revoke(one["url"]).status == 200
    assert phone.redeem(one["url"]).reason == "revoked"
    assert house.browser().get(f"/V/{one['token']}/state").json["status"] == "revoked"
    assert phone.redeem(two["url"]).status == 201
    context.catalog.forget()
    assert len(context.catalog.campaign("festival-now").live.revoked) == 1


def test_a_withdrawn_voucher_of_a_visitor_is_never_used(
    house: House, press: Marketing, phone: Phone
) -> None:
    browser = house.browser()
    voucher = browser.claim("istanbul", OFFER)
    assert press.revoke(voucher["code"]).status == 201
    assert phone.redeem(voucher["url"]).reason == "revoked"
    assert browser.claim("istanbul", OFFER)["status"] == "revoked"


def test_a_voucher_that_was_given_away_is_withdrawn_at_the_friends(
    house: House, press: Marketing
) -> None:
    claimed = house.browser().claim("istanbul", OFFER)
    given = vouchers.get(claimed["voucher_id"])
    assert given is not None
    secret = context.secrets.claim_secret(house.campaign().number)
    friend_id = received_id(secret, given.voucher_id, "link")
    for voucher in (
        replace(given, state=State.GIVEN, gift_hash="link"),
        replace(given, voucher_id=friend_id, root=given.voucher_id, visitor="friend"),
    ):
        house.put("ledger", dict(voucher_items.item_of(voucher)))
    assert press.revoke(claimed["code"]).json["voucher_id"] == friend_id
    friend = vouchers.get(friend_id)
    assert friend is not None
    assert friend.state is State.REVOKED
    assert press.revoke(claimed["code"]).status == 200


def test_a_used_voucher_is_not_withdrawn_and_its_use_is_told(
    house: House, press: Marketing, phone: Phone
) -> None:
    (one,) = press.minted(OFFER, 1)
    used = phone.redeem(one["code"])
    refused = press.revoke(one["code"])
    assert refused.reason == "already_redeemed"
    assert refused.json["used_place"] == "Istanbul"
    assert house.phone(profile=Profile.SUPERVISOR).reverse(used.json["redemption_id"]).status == 201
    assert press.revoke(one["code"]).status == 201
    assert phone.redeem(one["code"]).reason == "revoked"


def test_a_range_and_a_batch_are_withdrawn_whole(
    house: House, press: Marketing, phone: Phone
) -> None:
    rows = press.minted(OFFER, 10)
    items = house.items()
    assert press.revoke(batch=1, first=3, last=5).status == 201
    assert press.revoke(batch=1, first=3, last=5).status == 201
    verdicts = [phone.redeem(row["url"], simulate=True).reason for row in rows]
    assert verdicts == [""] * 2 + ["revoked"] * 3 + [""] * 5
    assert press.revoke(batch=1).status == 201
    assert {phone.redeem(row["code"]).reason for row in rows} == {"revoked"}
    assert house.items() == items
    assert press.ask("GET", "mints").json["items"][0]["revoked"] is True


def test_going_back_to_an_earlier_revision_withdraws_nothing_less(
    house: House, press: Marketing, phone: Phone
) -> None:
    rows = press.minted(OFFER, 3)
    claimed = house.browser().claim("istanbul", OFFER)
    press.revoke(claimed["code"])
    press.revoke(batch=1, first=2, last=2)
    house.publish(replace(house.campaign(), name={"en": "The night market"}))
    house.roll_back("festival-now", 1)
    assert phone.redeem(claimed["url"]).reason == "revoked"
    assert phone.redeem(rows[1]["url"]).reason == "revoked"
    assert phone.redeem(rows[0]["url"]).status == 201


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"code": "x", "batch": 1},
        {"batch": 1, "first": 1},
        {"batch": 1, "last": 1},
        {"code": "x", "first": 1, "last": 2},
        {"batch": 0},
        {"batch": 65_536},
    ],
)
def test_a_revocation_names_one_thing(press: Marketing, body: dict[str, object]) -> None:
    assert press.ask("POST", "revocations", body).reason == "invalid_payload"


def test_what_is_not_there_is_not_withdrawn(house: House, press: Marketing) -> None:
    rows = press.minted(OFFER, 3)
    foreign = house.marketing("festival-2019")
    claimed = house.browser().claim("istanbul", OFFER)
    before = house.items(), house.items("access")
    assert press.revoke(batch=2).reason == "not_found"
    assert press.revoke(batch=1, first=3, last=4).reason == "not_found"
    assert press.revoke(batch=1, first=3, last=2).reason == "not_found"
    assert press.revoke("ABCD").reason == "unknown_code"
    assert press.revoke(codes.code_of("0" * 15)).reason == "unknown_code"
    assert foreign.revoke(rows[0]["code"]).reason == "unknown_code"
    assert foreign.revoke(claimed["code"]).reason == "unknown_code"
    assert foreign.revoke(batch=1).reason == "not_found"
    assert (house.items(), house.items("access")) == before
