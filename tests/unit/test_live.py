"""What the live record stops at once: one voucher, a range, a whole batch."""

from datetime import UTC, datetime, timedelta

import pytest
from made import ISTANBUL, MADRID, VOUCHER_ID

from chalicelib.domain.live import MOST_VOUCHERS, Closing, Live, Message, StandState
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


NOON = datetime(2026, 5, 20, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=20)
CLOSED = Live(closings={"istanbul": Closing(NOON, LATER)})


def test_a_closed_stand_opens_again_by_itself() -> None:
    assert CLOSED.state_of("istanbul", NOON) is StandState.CLOSED
    assert CLOSED.stops(ISTANBUL, NOON)
    assert not CLOSED.pauses(ISTANBUL)
    assert not CLOSED.stops(MADRID, NOON)
    assert CLOSED.closed_until("istanbul", NOON) == LATER
    assert CLOSED.state_of("istanbul", LATER) is StandState.OPEN
    assert not CLOSED.stops(ISTANBUL, LATER)


def test_a_paused_stand_stays_paused_until_it_is_opened() -> None:
    live = Live(paused_popups=frozenset({"istanbul"}))
    assert live.state_of("istanbul", LATER) is StandState.PAUSED
    assert live.stops(ISTANBUL, LATER)


def test_what_all_stands_say_is_read_before_what_one_says_and_ends_with_its_day() -> None:
    said = {"*": Message("Storm"), "istanbul": Message("Back at three", LATER)}
    live = Live(messages=said)
    assert live.messages_at("istanbul", NOON) == ["Storm", "Back at three"]
    assert live.messages_at("istanbul", LATER) == ["Storm"]
    assert live.messages_at("madrid", NOON) == ["Storm"]
    assert Live().messages_at("istanbul", NOON) == []
