"""An Idempotency-Key: the same request again gets the first success again, another one a no."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from house import Answer, Browser, House

from chalicelib.domain.campaign import Campaign
from chalicelib.domain.errors import TryAgain
from chalicelib.store import engine
from chalicelib.web import once
from chalicelib.web.context import context

CLAIMS, CHOICES = "/api/v1/claims", "/api/v1/delivery/choices"
WISH = {"campaign_id": "festival-now", "popup_id": "istanbul", "offer_id": "lantern-gift"}
ONE_WRITE_UNIT = 1024  # bytes


def changed(campaign: Campaign, **facts: Any) -> Campaign:
    """Return a campaign whose lantern is changed."""
    named = ((o, o.offer_id == "lantern-gift") for o in campaign.offers)
    return replace(campaign, offers=tuple(replace(o, **facts) if it else o for o, it in named))


def signed_in(house: House) -> Browser:
    browser = house.browser()
    browser.sign_in()
    return browser


def claim(browser: Browser, key: str = "key-1", **facts: object) -> Answer:
    return browser.post(CLAIMS, WISH | facts, idempotency_key=key)


def choose(browser: Browser, code: str, option: str = "locker", key: str = "key-1") -> Answer:
    wish = {"voucher": code, "option": option}
    return browser.post(CHOICES, wish, idempotency_key=key)


def same(first: Answer, again: Answer) -> bool:
    """Tell whether an answer is the first one once more, and says so."""
    told = (first.headers.get("idempotency-replayed"), again.headers.get("idempotency-replayed"))
    return told == (None, "true") and (first.status, first.body) == (again.status, again.body)


def records(house: House) -> list[Any]:
    return [item for item in house.items("access") if item["pk"]["S"].startswith("ONCE#")]


# --- claims ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("offer_id", ["lantern-gift", "coffee-pot-20", "lamp-100"])
def test_a_claim_again_is_the_first_201_again(house: House, offer_id: str) -> None:
    browser = signed_in(house)
    first = claim(browser, offer_id=offer_id)
    assert first.status == 201
    assert same(first, claim(browser, offer_id=offer_id))
    assert "__Host-stands=istanbul" in claim(browser, offer_id=offer_id).set_cookies[0]


def test_it_stays_the_first_whatever_happened_since(house: House) -> None:
    browser = signed_in(house)
    first = claim(browser)
    assert house.phone().redeem(first.json["url"]).status == 201
    house.at += timedelta(days=9)
    house.real_at += timedelta(hours=23)
    assert same(first, claim(browser))
    assert claim(browser, "key-2").json["status"] == "redeemed"


def test_a_claim_that_finds_its_voucher_is_a_success_of_its_key_too(house: House) -> None:
    browser = signed_in(house)
    assert browser.post(CLAIMS, WISH).status == 201
    first = claim(browser)
    assert first.status == 200
    assert house.phone().redeem(first.json["url"]).status == 201
    assert same(first, claim(browser))


def test_another_claim_under_the_key_is_refused_and_writes_nothing(house: House) -> None:
    browser = signed_in(house)
    claim(browser)
    before = house.items("ledger")
    for other in ({"offer_id": "lamp-100"}, {"offer_id": "coffee-pot-20"}, {"ordinal": 2}):
        assert claim(browser, **other).reason == "idempotency_key_reused"
    assert house.items("ledger") == before


def test_a_key_of_a_claim_is_no_key_of_a_choice(house: House) -> None:
    browser = signed_in(house)
    code = claim(browser).json["code"]
    assert choose(browser, code).reason == "idempotency_key_reused"
    assert choose(browser, code, key="key-2").status == 201
    assert claim(browser, "key-2").reason == "idempotency_key_reused"


def test_a_refused_claim_may_be_sent_again_under_its_key(house: House) -> None:
    house.publish(changed(house.campaign(), claimable_from="2026-05-20T16:00"))
    browser = signed_in(house)
    assert claim(browser).reason == "not_revealed"
    house.at += timedelta(hours=2)
    assert claim(browser).status == 201


def test_two_visitors_with_one_key_never_meet(house: House) -> None:
    one, other = claim(signed_in(house)), claim(signed_in(house))
    assert (one.status, other.status) == (201, 201)
    assert one.json["code"] != other.json["code"]


def test_a_key_is_forgotten_after_a_day(house: House) -> None:
    browser = signed_in(house)
    claim(browser)
    house.real_at += timedelta(hours=24)
    again = claim(browser)
    assert (again.status, again.headers.get("idempotency-replayed")) == (200, None)


def test_the_record_of_a_claim_is_small_sealed_and_deleted_in_time(house: House) -> None:
    browser = house.browser("ar")
    browser.sign_in()
    first = claim(browser, offer_id="coffee-pot-20", key="my-own-key")
    (record,) = records(house)
    assert size(record) <= ONE_WRITE_UNIT
    assert int(record["ttl"]["N"]) == (house.real_at + timedelta(hours=24)).timestamp()
    for secret in ("my-own-key", first.json["token"], first.json["code"], first.json["voucher_id"]):
        assert secret.encode() not in repr(record).encode()


def size(item: Any) -> int:
    """Return the bytes that DynamoDB bills for an item."""
    return sum(
        len(name) + len(value if isinstance(value, bytes) else str(value).encode())
        for name, typed in item.items()
        for value in typed.values()
    )


def test_an_answer_that_is_too_large_is_not_kept_and_the_claim_stands(house: House) -> None:
    terms = {"en": context.entropy(once.MOST_BYTES).hex()}
    house.publish(changed(house.campaign(), terms=terms))
    browser = signed_in(house)
    assert [claim(browser).status for _ in range(3)] == [201, 200, 200]
    assert records(house) == []


def test_without_a_key_no_record_is_written(house: House) -> None:
    browser = signed_in(house)
    code = browser.claim("istanbul", "lantern-gift")["code"]
    assert browser.post(CHOICES, {"voucher": code, "option": "locker"}).status == 201
    assert records(house) == []


# --- keys -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("key", ["", "k" * 256, "\u00e9", "a\tb", "\x7f"])
def test_a_malformed_key_is_an_invalid_payload(house: House, key: str) -> None:
    answer = claim(signed_in(house), key)
    assert (answer.status, answer.reason) == (422, "invalid_payload")
    assert answer.json["errors"][0]["message"].startswith("Idempotency-Key")


def test_who_is_not_signed_in_has_no_keys(house: House) -> None:
    assert house.browser().post(CLAIMS, WISH, idempotency_key="").reason == "not_signed_in"


def test_redemptions_have_their_nonce_and_read_no_key(house: House) -> None:
    voucher, phone = house.browser().claim("istanbul", "lantern-gift"), house.phone()
    scan = {"scanned": voucher["url"], "nonce": "nonce-one", "scanned_at": house.at.isoformat()}
    for key in ("", "key-1"):
        headers = phone.headers | {"idempotency-key": key}
        answer = house.ask(
            "POST", "/api/v1/redemptions", headers=headers, body=json.dumps(scan).encode()
        )
        assert answer.status in {201, 200}
        assert "idempotency-replayed" not in answer.headers
    assert records(house) == []


# --- choices --------------------------------------------------------------------------------------
def test_a_choice_again_is_the_first_again_and_moves_nothing(house: House) -> None:
    browser = signed_in(house)
    code = browser.claim("istanbul", "lantern-gift")["code"]
    first = choose(browser, code)
    assert first.status == 201
    assert choose(browser, code, "home_van_electric", key="key-2").status == 201
    before = house.items("ledger")
    assert same(first, choose(browser, code))
    assert house.items("ledger") == before


def test_a_refused_choice_lets_its_key_go(house: House) -> None:
    browser = signed_in(house)
    code = browser.claim("istanbul", "lantern-gift")["code"]
    assert choose(browser, code, "by_pigeon").reason == "invalid_payload"
    assert choose(browser, "ABCD-EFGH-JKMN-PQRS").reason == "unknown_code"
    assert choose(browser, code).status == 201


@contextmanager
def silent_after(answered: int, operation: str) -> Iterator[None]:
    """Let DynamoDB answer an operation so many times, then time out."""
    left = iter(range(answered))

    def fail(**_: Any) -> None:
        if next(left, None) is None:
            raise TryAgain(operation)

    events, name = engine.client().meta.events, f"before-call.dynamodb.{operation}"
    events.register_first(name, fail)
    try:
        yield
    finally:
        events.unregister(name, fail)


def test_a_choice_whose_record_was_lost_is_safe_to_repeat_when_the_lease_ends(
    house: House,
) -> None:
    browser = signed_in(house)
    code = browser.claim("istanbul", "lantern-gift")["code"]
    with silent_after(1, "PutItem"):  # the key is taken, its answer never arrives
        first = choose(browser, code)
    assert first.status == 201
    waiting = choose(browser, code)
    assert (waiting.status, waiting.reason) == (409, "in_progress")
    assert waiting.headers["retry-after"] == "2"
    house.real_at += timedelta(seconds=30)
    again = choose(browser, code)
    assert (again.status, again.json) == (201, first.json)
    assert same(again, choose(browser, code))


def test_a_choice_that_could_not_be_written_lets_its_key_go(house: House) -> None:
    browser = signed_in(house)
    code = browser.claim("istanbul", "lantern-gift")["code"]
    with silent_after(0, "TransactWriteItems"):
        assert choose(browser, code).reason == "try_again"
    assert choose(browser, code).status == 201
