"""What the live record stops at once: one voucher, a range, a whole batch."""

import pytest
from made import VOUCHER_ID

from chalicelib.domain.live import MOST_VOUCHERS, Live
from chalicelib.domain.mint import minted_id

SECRET = bytes(range(32))


@pytest.mark.parametrize(
    ("live", "stopped"),
    [
        (Live(), []),
        (Live(revoked=frozenset({minted_id(SECRET, 1, 2)})), [2]),
        (Live(revoked_ranges=frozenset({(1, 2, 3), (2, 1, 5)})), [2, 3]),
        (Live(revoked_batches=frozenset({1})), [1, 2, 3, 4]),
        (Live(revoked_batches=frozenset({2})), []),
    ],
)
def test_minted_vouchers_are_stopped_by_serial(live: Live, stopped: list[int]) -> None:
    found = [serial for serial in range(1, 5) if live.revokes(minted_id(SECRET, 1, serial))]
    assert found == stopped


def test_a_claimed_voucher_is_in_no_batch() -> None:
    everything = Live(revoked_batches=frozenset(range(65_536)))
    assert not everything.revokes(VOUCHER_ID)
    assert Live(revoked=frozenset({VOUCHER_ID})).revokes(VOUCHER_ID)


def test_a_record_lists_so_many_and_no_more() -> None:
    full = Live(revoked=frozenset(f"{number:015}" for number in range(MOST_VOUCHERS)))
    assert Live().may_list(VOUCHER_ID)
    assert not full.may_list(VOUCHER_ID)
    assert full.may_list(f"{1:015}")
