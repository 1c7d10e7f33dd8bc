"""What a batch stands for: each of its codes, and nothing beside them."""

import pytest
from made import NOW, batch, token

from chalicelib.domain import mint
from chalicelib.domain.voucher import State

SECRET = bytes(range(32))


def test_a_code_stands_for_an_unused_voucher_that_nobody_holds() -> None:
    voucher_id = mint.minted_id(SECRET, 1, 10)
    voucher = batch(merchant_id="lamps").voucher(voucher_id)
    assert voucher is not None
    assert (voucher.voucher_id, voucher.state, voucher.ordinal) == (voucher_id, State.ISSUED, 10)
    assert (voucher.visitor, voucher.unit, voucher.merchant_id) == ("", None, "lamps")
    assert voucher.issued_at == NOW.replace(second=0)


@pytest.mark.parametrize(("number", "serial"), [(1, 0), (1, 11), (2, 1)])
def test_what_was_never_minted_stands_for_nothing(number: int, serial: int) -> None:
    assert batch().voucher(mint.minted_id(SECRET, number, serial)) is None


def test_a_token_promises_what_the_batch_does() -> None:
    made = batch().token(mint.minted_id(SECRET, 1, 1))
    assert made.minted
    assert batch().stands_behind(made)
    assert not batch().stands_behind(token(offer_number=2))
    assert not batch().stands_behind(token(popup_number=2))
    assert not batch().stands_behind(token(campaign_number=8))
