"""A hold ends once, at a minute that the sweeper can name."""

from datetime import timedelta

import pytest
from made import ISTANBUL, NOW, campaign, offer, use, voucher

from chalicelib.domain import hold
from chalicelib.domain.voucher import State

HELD = voucher(
    State.HELD, uses=1, use=use(), held_until=NOW, hold_until=NOW + timedelta(minutes=10)
)


def test_a_claim_without_a_hold_never_ends() -> None:
    assert hold.hold_until(campaign(), offer(), ISTANBUL, NOW) is None


def test_a_hold_runs_from_the_claim() -> None:
    short = offer(hold_minutes=30, offline=False)
    assert hold.hold_until(campaign(short), short, ISTANBUL, NOW) == NOW + timedelta(minutes=30)


def test_a_hold_of_an_early_claim_runs_from_the_first_instant_of_use() -> None:
    later = offer(hold_minutes=30, offline=False, usable_from="2026-05-25")
    starts = campaign(later).usable_from(ISTANBUL, later)
    ends = hold.hold_until(campaign(later), later, ISTANBUL, NOW)
    assert ends == starts + timedelta(minutes=30)


def test_a_hold_waits_for_phones_without_network() -> None:
    offline = offer(hold_minutes=30, offline=True)
    ends = hold.hold_until(campaign(offline), offline, ISTANBUL, NOW)
    assert ends == NOW + timedelta(minutes=30) + hold.OFFLINE_GRACE


@pytest.mark.parametrize(
    ("seconds", "minute"),
    [(-30, "2026-05-20T12:00Z"), (0, "2026-05-20T12:01Z"), (30, "2026-05-20T12:01Z")],
)
def test_a_hold_is_due_at_the_first_whole_minute_after_it(seconds: int, minute: str) -> None:
    assert hold.minute_of(NOW + timedelta(seconds=seconds)) == minute


@pytest.mark.parametrize(
    ("state", "minute"),
    [
        (State.ISSUED, "2026-05-20T12:11Z"),
        (State.HELD, "2026-05-20T12:01Z"),
        (State.REVERSED, None),
        (State.REDEEMED, None),
    ],
)
def test_each_state_waits_for_its_own_end(state: State, minute: str | None) -> None:
    assert hold.due(state, HELD) == minute


def test_an_ended_hold_is_written_alike_by_whoever_finds_it() -> None:
    early = hold.ended(HELD, use(), NOW - timedelta(minutes=1))
    assert early == hold.ended(HELD, use(), NOW)
    assert early.released
    assert early.reversed_at == NOW


def test_a_hold_that_ended_stands_in_nobodys_way() -> None:
    assert HELD.held_at(NOW - timedelta(seconds=1))
    assert not HELD.held_at(NOW)
    assert voucher(State.HELD).held_at(NOW)
    assert not voucher().held_at(NOW)


def test_a_voucher_rests_as_what_it_was_before_the_hold() -> None:
    assert HELD.rests_as is State.ISSUED
    assert voucher(State.HELD, uses=3, released=2).rests_as is State.ISSUED
    assert voucher(State.HELD, uses=3, released=1).rests_as is State.REVERSED
