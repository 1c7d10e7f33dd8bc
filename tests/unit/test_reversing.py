"""A use is given back once, and with it everything that it took."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fakes import Ledger
from made import (
    DEVICE,
    FIVE_OFF,
    NOW,
    VOUCHER_ID,
    offer,
    scan,
    use,
    used_voucher,
    voucher,
)

from chalicelib.domain.counter import Counter, CounterId, CounterKind
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.voucher import PastUse, State, Voucher
from chalicelib.usecases import redeeming, reversing
from chalicelib.usecases.reversing import Reversed, Wish

DAY = CounterId(CounterKind.DAY, 7, 1, 1, "2026-05-20")
BUDGET = CounterId(CounterKind.BUDGET, 7, 1)


def wish(number: int = 1, nonce: str = "back-0001", **facts: object) -> Wish:
    whole: dict[str, object] = {
        "voucher_id": VOUCHER_ID,
        "why": "mistake",
        "device_id": DEVICE,
        "at": NOW + timedelta(minutes=1),
        **facts,
    }
    return Wish(number=number, nonce=nonce, **whole)  # type: ignore[arg-type]


def used() -> Ledger:
    return Ledger(vouchers={VOUCHER_ID: used_voucher()})


def reason_of(outcome: Reversed | Refusal) -> Reason:
    assert isinstance(outcome, Refusal), outcome
    return outcome.reason


def test_a_use_is_given_back_with_who_why_and_when() -> None:
    ledger = used()
    outcome = reversing.reverse(ledger, wish())
    assert isinstance(outcome, Reversed)
    assert outcome.made
    assert outcome.past.why == "mistake"
    assert ledger.past[VOUCHER_ID, 1] == outcome.past
    assert ledger.vouchers[VOUCHER_ID].state is State.REVERSED


def test_the_same_nonce_again_gets_the_first_answer() -> None:
    ledger = used()
    first = reversing.reverse(ledger, wish())
    assert isinstance(first, Reversed)
    late = wish(at=NOW + timedelta(days=3))
    assert reversing.reverse(ledger, late) == replace(first, made=False)


def test_the_first_answer_stays_after_the_voucher_was_used_again() -> None:
    ledger = used()
    first = reversing.reverse(ledger, wish())
    assert isinstance(first, Reversed)
    redeeming.redeem(ledger, scan(nonce="nonce-0002"), request_id="request-2")
    assert reversing.reverse(ledger, wish()) == replace(first, made=False)
    assert ledger.vouchers[VOUCHER_ID].state is State.REDEEMED


@pytest.mark.parametrize("other", [{"nonce": "back-0002"}, {"device_id": "other"}])
def test_another_nonce_or_device_is_told_that_it_is_done(other: dict[str, Any]) -> None:
    ledger = used()
    reversing.reverse(ledger, wish())
    assert reason_of(reversing.reverse(ledger, replace(wish(), **other))) is Reason.ALREADY_REVERSED


def test_a_use_that_never_was_is_not_found() -> None:
    assert reason_of(reversing.reverse(Ledger(), wish())) is Reason.NOT_FOUND
    assert reason_of(reversing.reverse(used(), wish(number=2))) is Reason.NOT_FOUND


def test_a_supervisor_may_give_back_what_a_steward_may_not() -> None:
    late = NOW + timedelta(hours=3)
    assert reason_of(reversing.reverse(used(), wish(at=late))) is Reason.REVERSAL_WINDOW_CLOSED
    supervised = wish(at=late, device_id="other", supervises="istanbul")
    assert isinstance(reversing.reverse(used(), supervised), Reversed)


def test_a_shop_gives_back_its_own_at_any_time() -> None:
    late = NOW + timedelta(days=3)
    assert isinstance(reversing.reverse(used(), wish(at=late, shop=True)), Reversed)


def test_a_shop_learns_nothing_of_what_others_did() -> None:
    other: dict[str, Any] = {"shop": True, "device_id": "other"}
    assert reason_of(reversing.reverse(used(), wish(**other))) is Reason.NOT_FOUND
    ledger = used()
    reversing.reverse(ledger, wish())
    assert reason_of(reversing.reverse(ledger, wish(**other))) is Reason.NOT_FOUND
    again = wish(nonce="back-0002", shop=True)
    assert reason_of(reversing.reverse(ledger, again)) is Reason.ALREADY_REVERSED


def test_a_hold_is_released_and_not_reversed() -> None:
    until = NOW + timedelta(minutes=10)
    held = voucher(State.HELD, uses=1, use=use(held_until=until), held_until=until)
    ledger = Ledger(vouchers={VOUCHER_ID: held})
    assert reason_of(reversing.reverse(ledger, wish(shop=True))) is Reason.HELD_BY_ORDER
    ended = wish(shop=True, at=until)
    assert reason_of(reversing.reverse(ledger, ended)) is Reason.ALREADY_REVERSED


def test_a_supervisor_of_another_stand_may_not() -> None:
    elsewhere = wish(device_id="other", supervises="ankara")
    assert reason_of(reversing.reverse(used(), elsewhere)) is Reason.DEVICE_NOT_ALLOWED


def test_of_two_at_once_one_gives_back_and_the_other_is_told_so() -> None:
    class Late(Ledger):
        """Another device gives the use back between the look and the write."""

        def end_use(self, voucher: Voucher, past: PastUse) -> bool:
            super().end_use(voucher, replace(past, nonce="theirs", device_id="theirs"))
            return super().end_use(voucher, past)

    late = Late(vouchers={VOUCHER_ID: used_voucher()})
    assert reason_of(reversing.reverse(late, wish())) is Reason.ALREADY_REVERSED


def test_of_the_same_twice_at_once_both_get_the_answer() -> None:
    class Twin(Ledger):
        """The same request arrives by another way between the look and the write."""

        def end_use(self, voucher: Voucher, past: PastUse) -> bool:
            super().end_use(voucher, past)
            return super().end_use(voucher, past)

    twin = Twin(vouchers={VOUCHER_ID: used_voucher()})
    outcome = reversing.reverse(twin, wish())
    assert isinstance(outcome, Reversed)
    assert not outcome.made


def test_every_counter_gets_back_what_it_gave_to_the_original_day() -> None:
    both = offer(benefit=FIVE_OFF, budget_minor=1200, day_limit=3)
    ledger = Ledger(vouchers={VOUCHER_ID: voucher()})
    ledger.counters = {BUDGET: Counter(1200, 1200, 1), DAY: Counter(3, 3, 1)}
    before = dict(ledger.counters)
    redeeming.redeem(ledger, scan(offer=both, order_total_minor=9000), request_id="request-1")
    assert ledger.counters == {BUDGET: Counter(1200, 700, 1), DAY: Counter(3, 2, 1)}
    tomorrow = NOW + timedelta(days=1)
    for _ in range(3):
        reversing.reverse(ledger, wish(at=tomorrow, supervises="istanbul"))
    assert ledger.counters == before


def test_seven_uses_can_be_given_back_and_the_eighth_stands() -> None:
    ledger = Ledger(vouchers={VOUCHER_ID: voucher()})
    for number in range(1, 9):
        redeeming.redeem(ledger, scan(nonce=f"nonce-{number}"), request_id=f"request-{number}")
        outcome = reversing.reverse(ledger, wish(number, f"back-{number}"))
        assert isinstance(outcome, Reversed) is (number < 8)
    assert reason_of(reversing.reverse(ledger, wish(8))) is Reason.REVERSAL_WINDOW_CLOSED


def test_a_redeemed_voucher_without_its_use_is_not_touched() -> None:
    ledger = Ledger(vouchers={VOUCHER_ID: replace(used_voucher(), use=None)})
    assert reason_of(reversing.reverse(ledger, wish())) is Reason.ALREADY_REVERSED
    assert not ledger.past


def test_used_and_given_back_ten_times_the_counters_hold_one_use() -> None:
    both = offer(benefit=FIVE_OFF, budget_minor=1200, day_limit=3)
    ledger = Ledger(vouchers={VOUCHER_ID: voucher()})
    ledger.counters = {BUDGET: Counter(1200, 1200, 1), DAY: Counter(3, 3, 1)}
    told = set()
    for turn in range(1, 11):
        scanned = scan(offer=both, order_total_minor=9000, nonce=f"nonce-{turn:04}")
        redeeming.redeem(ledger, scanned, request_id=f"request-{turn}")
        outcome = reversing.reverse(ledger, wish(turn, f"back-{turn:04}"))
        told |= {outcome.reason} if isinstance(outcome, Refusal) else set()
    assert told == {Reason.REVERSAL_WINDOW_CLOSED, Reason.NOT_FOUND}  # the eighth use stays
    assert ledger.counters == {BUDGET: Counter(1200, 700, 1), DAY: Counter(3, 2, 1)}
