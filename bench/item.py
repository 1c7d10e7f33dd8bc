"""The largest that a voucher's item can get, by DynamoDB's rules of size.

Source: Amazon DynamoDB Developer Guide, "DynamoDB item sizes and formats": a name counts its
UTF-8 bytes, a number one byte for two significant digits and one more, a flag one, a document
3 bytes and one for each element.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.festival import NOON
from chalicelib.domain import api_key, gift
from chalicelib.domain import voucher as codes
from chalicelib.domain.counter import MOST_SHARDS, CounterId, CounterKind
from chalicelib.domain.device import device_id_of
from chalicelib.domain.hold import LAST_GENERATION
from chalicelib.domain.redemption import LAST_USE
from chalicelib.domain.shift import LABEL_BYTES
from chalicelib.domain.source import Source
from chalicelib.domain.voucher import State, Use, Voucher
from chalicelib.store import voucher_items as items

LONGEST_ID = "x" * 32  # a slug, as web/schema.py takes it
LONGEST_NONCE = "n" * 36
LONGEST_ORDER_REF = "r" * 40
LAMBDA_REQUEST_ID = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"
NUMBERS = 65_535, 65_535, 65_535  # of campaign, offer and stand: two bytes each in a token
LARGEST_AMOUNT = 10**12
LATEST_REVISION = 999_999
MOST_WRITES = 9_999
LARGEST_SEQ = 2**31 - 1
LONGEST_INSTANT = NOON + timedelta(milliseconds=999)
LAST_INSTANT = datetime(9999, 12, 31, 23, 59, 59, 999_000, UTC)  # a phone's clock may say so


def measure() -> dict[str, float]:
    """Return the size of that item."""
    uses = held_by_a_shop(), used_by_staff(), accepted_offline()
    return {"voucher_item_bytes": max(size_of(largest(use)) for use in uses)}


def largest(use: Use) -> dict[str, Any]:
    """Return every attribute at its longest, even those that exclude each other.

    It was received by a link, is kept until an hour and held by a shop's order, for the last use,
    and bound to a link once more: no voucher is ever larger.
    """
    nonces = [codes.nonce_mark(use.device_id, f"{number}") for number in range(LAST_USE)]
    return {
        **items.item_of(_voucher()),
        "cur": items.use_attribute(use),
        "nonces": {"BS": nonces},
    }


def held_by_a_shop() -> Use:
    """Return a use for a shop's order, where nobody's shift is known."""
    return replace(_use(f"shop-{api_key.holder_id(NUMBERS[0], LONGEST_ID)}"), shift=None)


def used_by_staff() -> Use:
    """Return a use for an order at a stand, which is never held."""
    order = f"{LONGEST_ID}#{LONGEST_ORDER_REF}"
    return replace(_use(device_id_of("code")), order=order, held_until=None)


def accepted_offline() -> Use:
    """Return a use that knows no order and no group, and has overrun both its limits."""
    use = _use(device_id_of("code"))
    alone = replace(use, order=None, group=None, held_until=None)
    return replace(alone, seq=LARGEST_SEQ, overran=use.moved)


def _voucher() -> Voucher:
    return Voucher(
        voucher_id="Z" * codes.ID_SYMBOLS,
        campaign_id=LONGEST_ID,
        popup_id=LONGEST_ID,
        offer_id=LONGEST_ID,
        merchant_id=LONGEST_ID,
        ordinal=99,
        visitor="v" * 16,
        state=State.HELD,
        issued_at=LONGEST_INSTANT,
        local_hour="2026-05-20T15",
        revision=LATEST_REVISION,
        generation=LAST_GENERATION,
        unit=CounterId(CounterKind.STOCK, *NUMBERS, f"{MOST_SHARDS - 1}"),
        uses=LAST_USE,
        root="Z" * codes.ID_SYMBOLS,
        heir="Z" * codes.ID_SYMBOLS,
        reissued=True,
        hold_until=LONGEST_INSTANT,
        held_until=LONGEST_INSTANT,
        released=LAST_USE - 1,
        gift_hash=gift.hash_of("link"),
        gift_until=LONGEST_INSTANT,
        source=Source.POSTER,
        version=MOST_WRITES,
    )


def _use(device_id: str) -> Use:
    day = CounterId(CounterKind.DAY, *NUMBERS, "2026-05-20")
    budget = CounterId(CounterKind.BUDGET, *NUMBERS)
    return Use(
        number=LAST_USE,
        nonce=LONGEST_NONCE,
        device_id=device_id,
        popup_id=LONGEST_ID,
        scanned_at=LAST_INSTANT,
        received_at=LONGEST_INSTANT,
        local_hour="2026-05-20T15",
        revision=LATEST_REVISION,
        request_id=LAMBDA_REQUEST_ID,
        discount_minor=LARGEST_AMOUNT - 1,
        currency="EUR",
        moved=((day, 1), (budget, LARGEST_AMOUNT - 1)),
        order=f"{device_id}#{LONGEST_ORDER_REF}",
        group=LONGEST_ID,
        held_until=LONGEST_INSTANT,
        shift="ş" * (LABEL_BYTES // 2),
    )


def size_of(item: Mapping[str, Mapping[str, Any]]) -> int:
    """Return the bytes of an item in DynamoDB's own JSON, as DynamoDB counts them."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: Mapping[str, Any]) -> int:
    ((kind, held),) = value.items()
    match kind:
        case "S":
            return len(held.encode())
        case "N":
            return _number_size(held)
        case "B":
            return len(held)
        case "BOOL":
            return 1
        case "BS":
            return sum(len(each) for each in held)
        case "M":
            return 3 + len(held) + size_of(held)
    raise ValueError(f"no size is known for {kind}")


def _number_size(digits: str) -> int:
    """Return 1 and a byte for every two significant digits; a minus sign takes another."""
    significant = digits.lstrip("-").strip("0") or "0"
    return 1 + (len(significant) + 1) // 2 + digits.startswith("-")
