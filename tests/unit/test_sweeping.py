"""Holds that ended give back what they took, once, however often the sweeper comes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from fakes import Ledger
from made import NOW, VOUCHER_ID, use, voucher

from chalicelib.domain.counter import Counter, CounterId, CounterKind
from chalicelib.domain.voucher import State, Voucher
from chalicelib.usecases import sweeping
from chalicelib.usecases.sweeping import sweep

UNIT = CounterId(CounterKind.STOCK, 7, 1, 1, "0")
MINUTE = timedelta(minutes=1)
CLAIMED = voucher(unit=UNIT, hold_until=NOW)
HELD = replace(CLAIMED, state=State.HELD, uses=1, use=use(), held_until=NOW)


def ledger_of(*vouchers: Voucher) -> Ledger:
    ledger = Ledger(vouchers={each.voucher_id: each for each in vouchers})
    ledger.counters = {UNIT: Counter(5, 3, 1)}
    ledger.swept = NOW - 10 * MINUTE
    return ledger


def test_an_unused_claim_lapses_and_its_unit_is_free_again() -> None:
    ledger = ledger_of(CLAIMED)
    assert sweep(ledger, at=NOW).lapsed == 0
    assert sweep(ledger, at=NOW + MINUTE).lapsed == 1
    assert sweep(ledger, at=NOW + MINUTE).lapsed == 0
    assert ledger.vouchers[VOUCHER_ID].state is State.LAPSED
    assert ledger.counters[UNIT].left == 4


def test_an_orders_hold_ends_and_the_claims_own_goes_on() -> None:
    ledger = ledger_of(replace(HELD, hold_until=NOW + 30 * MINUTE))
    assert sweep(ledger, at=NOW + MINUTE).released == 1
    assert ledger.vouchers[VOUCHER_ID].state is State.ISSUED
    assert ledger.counters[UNIT].left == 3
    assert sweep(ledger, at=NOW + 31 * MINUTE).lapsed == 1
    assert ledger.counters[UNIT].left == 4


@pytest.mark.parametrize("state", [State.REDEEMED, State.REVERSED, State.GIVEN, State.REVOKED])
def test_what_was_used_given_back_passed_on_or_withdrawn_never_lapses(state: State) -> None:
    ledger = ledger_of(replace(CLAIMED, state=state))
    swept = sweep(ledger, at=NOW + MINUTE)
    assert (swept.lapsed, swept.released) == (0, 0)
    assert ledger.vouchers[VOUCHER_ID].state is state


class Stale(Ledger):
    """An index that lags: it names what stood there before."""

    def due(self, minute: str) -> Iterator[Voucher]:
        del minute
        yield from (CLAIMED, HELD, replace(HELD, held_until=NOW + timedelta(hours=1)))


def test_what_a_stale_index_names_is_judged_by_the_ledger() -> None:
    ledger = Stale(vouchers={VOUCHER_ID: replace(CLAIMED, state=State.REDEEMED, uses=1)})
    ledger.swept = NOW
    assert sweep(ledger, at=NOW + 2 * MINUTE) == sweeping.Swept(
        0, 0, NOW.replace(second=0) + 2 * MINUTE
    )


def test_the_sweeper_goes_on_where_it_stopped_and_looks_at_the_last_minutes_again() -> None:
    ledger = ledger_of(CLAIMED)
    ledger.swept = NOW + 4 * MINUTE
    assert sweep(ledger, at=NOW + 5 * MINUTE).lapsed == 1
    assert ledger.swept == NOW.replace(second=0) + 5 * MINUTE


def test_a_long_absence_is_made_up_for_in_several_sweeps() -> None:
    ledger = ledger_of(CLAIMED)
    ledger.swept = NOW - timedelta(days=2)
    swept = [sweep(ledger, at=NOW + MINUTE).lapsed for _ in range(4)]
    assert swept == [0, 0, 1, 0]


def test_a_clock_that_was_set_back_goes_on_from_there() -> None:
    ledger = ledger_of(CLAIMED)
    ledger.swept = NOW + timedelta(days=30)
    assert sweep(ledger, at=NOW + MINUTE).lapsed == 1


def test_a_first_sweep_looks_back_a_day() -> None:
    ledger = ledger_of(CLAIMED)
    ledger.swept = None
    assert sweep(ledger, at=NOW + timedelta(days=1)).lapsed == 1
    assert ledger.swept == (NOW + timedelta(days=1)).replace(second=0)


def test_a_sweep_that_has_to_end_is_gone_on_with_by_the_next() -> None:
    ledger, answers = ledger_of(CLAIMED), iter([True, True, False])
    cut = sweep(ledger, at=NOW + MINUTE, go_on=lambda: next(answers))
    assert (cut.lapsed, ledger.swept) == (0, cut.until)
    assert sweep(ledger, at=NOW + MINUTE).lapsed == 1


def test_a_sweep_that_dies_repeats_its_minute() -> None:
    class Dying(Ledger):
        def mark_swept(self, minute: datetime) -> None:
            if minute > NOW:
                raise RuntimeError(minute)

    ledger = Dying(vouchers={VOUCHER_ID: CLAIMED}, counters={UNIT: Counter(5, 3, 1)})
    ledger.swept = NOW
    for _ in range(2):
        with pytest.raises(RuntimeError):
            sweep(ledger, at=NOW + MINUTE * 2)
    assert ledger.counters[UNIT].left == 4
