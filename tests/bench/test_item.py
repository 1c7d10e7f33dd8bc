"""Sizes of items, by DynamoDB's rules."""

from typing import Any

import pytest

from bench import item
from chalicelib.store.voucher_items import voucher_of


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
    largest = item.largest()
    voucher = voucher_of(largest)
    assert (voucher.uses, len(voucher.nonces), voucher.merchant_id) == (8, 8, item.LONGEST_ID)
    assert voucher.use is not None
    assert len(voucher.use.moved) == 2
