"""Sizes of items, by DynamoDB's rules."""

from typing import Any

import msgspec
import pytest

from bench import item
from chalicelib.store import voucher_items
from chalicelib.web import schema


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": "fener"}, 5),
        ({"S": "ışık"}, 7),
        ({"N": "0"}, 2),
        ({"N": "1779278400000"}, 5),
        ({"N": "-12345"}, 5),
        ({"B": b"abc"}, 3),
        ({"BS": [b"abc", b"de"]}, 5),
        ({"M": {}}, 3),
        ({"M": {"ab": {"S": "cde"}}}, 9),
    ],
)
def test_a_value_counts_as_dynamodb_counts_it(value: dict[str, Any], size: int) -> None:
    assert item.size_of({"name": value}) == 4 + size


def test_the_largest_voucher_has_every_attribute_and_is_read_again() -> None:
    largest, staffs, offline = map(
        item.largest, (item.held_by_a_shop(), item.used_by_staff(), item.accepted_offline())
    )
    head = {"pk", "sk", "ver", "updated_at", "due", "cur", "nonces"}
    assert set(largest) == head | set(voucher_items.VOUCHER)
    told = [set(one["cur"]["M"]) for one in (largest, staffs, offline)]
    assert set().union(*told) == set(voucher_items.USE)
    voucher = voucher_items.voucher_of(largest)
    assert (voucher.uses, len(voucher.nonces), voucher.merchant_id) == (8, 8, item.LONGEST_ID)
    assert voucher.use is not None
    assert len(voucher.use.moved) == 2


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (schema.Slug, item.LONGEST_ID),
        (schema.Nonce, item.LONGEST_NONCE),
        (schema.OrderRef, item.LONGEST_ORDER_REF),
    ],
)
def test_a_longest_text_is_taken_and_one_letter_more_is_not(kind: Any, text: str) -> None:
    assert msgspec.convert(text, kind) == text
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(text + "x", kind)
