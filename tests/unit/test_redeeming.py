"""A voucher is used once; a repeated nonce gets the first use, whatever happened since."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import Ledger
from made import ANKARA, FIVE_OFF, NOW, VOUCHER_ID, given_back, offer, scan, voucher

from chalicelib.domain.counter import Counter, CounterId, CounterKind
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.offer import Benefit, Kind
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.redemption import Scan
from chalicelib.domain.using import Plan, plan_of
from chalicelib.domain.voucher import State, Use, Voucher
from chalicelib.usecases import redeeming
from chalicelib.usecases.redeeming import Redeemed

DAY = CounterId(CounterKind.DAY, 7, 1, 1, "2026-05-20")
BUDGET = CounterId(CounterKind.BUDGET, 7, 1)


def ledger_with(state: Voucher | None = None, **counters: Counter) -> Ledger:
    ledger = Ledger(vouchers={VOUCHER_ID: state or voucher()})
    names = {"day": DAY, "budget": BUDGET}
    ledger.counters = {names[name]: counter for name, counter in counters.items()}
    return ledger


def redeem(ledger: Ledger, scanned: Scan, request_id: str = "request-1") -> Redeemed | Refusal:
    return redeeming.redeem(ledger, scanned, request_id=request_id)


def reason_of(outcome: Redeemed | Refusal) -> Reason:
    assert isinstance(outcome, Refusal), outcome
    return outcome.reason


def give_back(ledger: Ledger) -> None:
    used = ledger.vouchers[VOUCHER_ID]
    assert used.use is not None
    assert ledger.end_use(used, given_back(used.use))


def test_a_voucher_is_used_once() -> None:
    ledger = ledger_with()
    first = redeem(ledger, scan())
    assert isinstance(first, Redeemed)
    assert (first.made, first.use.number) == (True, 1)
    assert reason_of(redeem(ledger, scan(nonce="nonce-0002"))) is Reason.ALREADY_REDEEMED
    assert ledger.vouchers[VOUCHER_ID].uses == 1


def test_a_repeated_scan_gets_the_first_use() -> None:
    ledger = ledger_with()
    first = redeem(ledger, scan())
    again = redeem(ledger, scan(), "request-2")
    assert isinstance(first, Redeemed)
    assert again == replace(first, made=False)


def test_a_repeat_by_the_network_layer_itself_counts_as_made() -> None:
    ledger = ledger_with()
    redeem(ledger, scan())
    again = redeem(ledger, scan(), "request-1")
    assert isinstance(again, Redeemed)
    assert again.made


def test_a_retry_after_the_reversal_gets_the_first_use_and_uses_nothing() -> None:
    ledger = ledger_with()
    first = redeem(ledger, scan())
    give_back(ledger)
    again = redeem(ledger, scan(), "request-2")
    assert isinstance(first, Redeemed)
    assert again == replace(first, made=False)
    assert ledger.vouchers[VOUCHER_ID].state is State.REVERSED


def test_after_a_reversal_a_new_scan_uses_the_voucher_again() -> None:
    ledger = ledger_with()
    redeem(ledger, scan())
    give_back(ledger)
    second = redeem(ledger, scan(nonce="nonce-0002"), "request-2")
    assert isinstance(second, Redeemed)
    assert second.use.number == 2
    first = redeem(ledger, scan(), "request-3")
    assert isinstance(first, Redeemed)
    assert (first.made, first.use.number) == (False, 1)


def test_another_devices_nonce_is_no_replay() -> None:
    ledger = ledger_with()
    redeem(ledger, scan())
    assert reason_of(redeem(ledger, scan(device_id="other"))) is Reason.ALREADY_REDEEMED


@pytest.mark.parametrize("change", [{"used": ANKARA}, {"offer": offer(usable_until="2026-05-15")}])
def test_an_accepted_scan_is_never_refused_afterwards(change: dict[str, object]) -> None:
    ledger = ledger_with()
    first = redeem(ledger, scan())
    assert isinstance(first, Redeemed)
    assert redeem(ledger, scan(**change), "request-2") == replace(first, made=False)
    assert isinstance(redeem(ledger, scan(**change, nonce="nonce-0002")), Refusal)


def test_what_memory_refuses_is_named_by_the_first_rule_of_all() -> None:
    given = ledger_with(voucher(State.GIVEN))
    assert reason_of(redeem(given, scan(used=ANKARA))) is Reason.GIVEN_AWAY
    assert reason_of(redeem(Ledger(), scan(used=ANKARA))) is Reason.WRONG_CITY


def test_a_genuine_code_of_no_voucher_is_unknown() -> None:
    assert reason_of(redeem(Ledger(), scan())) is Reason.UNKNOWN_CODE


@pytest.mark.parametrize("request_id", ["request-1", "request-2"])
def test_a_voucher_that_changes_meanwhile_is_tried_again(request_id: str) -> None:
    class Moving(Ledger):
        """The write meets a voucher that is free again by the time it is looked at."""

        def use(self, plan: Plan) -> Use | Voucher | Reason | None:
            return self.vouchers[plan.voucher_id]

    moving = Moving(vouchers={VOUCHER_ID: voucher()})
    with pytest.raises(TryAgain):
        redeem(moving, scan(), request_id)


# --- limits ---------------------------------------------------------------------------------------
FROM_A_BUDGET = offer(benefit=FIVE_OFF, budget_minor=1200)


def test_a_day_limit_is_counted_on_the_stands_own_day() -> None:
    ledger = ledger_with()
    outcome = redeem(ledger, scan(offer=offer(day_limit=1)))
    assert isinstance(outcome, Redeemed)
    assert outcome.use.moved == ((DAY, 1),)
    assert ledger.counters[DAY].left == 0


def test_a_day_that_is_used_up_refuses_and_uses_nothing() -> None:
    ledger = ledger_with(day=Counter(1, 0, 1))
    refused = redeem(ledger, scan(offer=offer(day_limit=1)))
    assert refused == Refusal(Reason.LIMIT_DAY, {"setting": "day_limit"})
    assert ledger.vouchers[VOUCHER_ID].state is State.ISSUED


def test_a_budget_gives_what_the_discount_takes() -> None:
    ledger = ledger_with(budget=Counter(1200, 1200, 1))
    outcome = redeem(ledger, scan(offer=FROM_A_BUDGET, order_total_minor=400))
    assert isinstance(outcome, Redeemed)
    assert (outcome.use.discount_minor, outcome.use.currency) == (400, "TRY")
    assert ledger.counters[BUDGET].left == 800


def test_a_budget_that_is_used_up_refuses_and_moves_no_other_counter() -> None:
    both = offer(benefit=FIVE_OFF, budget_minor=1200, day_limit=3)
    ledger = ledger_with(budget=Counter(1200, 499, 1), day=Counter(3, 3, 1))
    refused = redeem(ledger, scan(offer=both, order_total_minor=9000))
    assert refused == Refusal(Reason.BUDGET_EXHAUSTED, {"setting": "budget_minor"})
    assert ledger.counters[DAY].left == 3


def test_the_state_is_told_before_the_limits() -> None:
    ledger = ledger_with(voucher(State.HELD), day=Counter(1, 0, 1))
    assert reason_of(redeem(ledger, scan(offer=offer(day_limit=1)))) is Reason.HELD_BY_ORDER


def test_a_gift_moves_no_budget() -> None:
    assert plan_of(scan(offer=offer(budget_minor=5)), request_id="").draws == ()


def test_a_percentage_is_counted_in_the_stands_currency() -> None:
    tenth = offer(benefit=Benefit(kind=Kind.PERCENTAGE, percentage=10))
    outcome = redeem(ledger_with(), scan(offer=tenth, order_total_minor=1005))
    assert isinstance(outcome, Redeemed)
    assert (outcome.use.discount_minor, outcome.use.currency) == (100, "TRY")


# --- orders of several ----------------------------------------------------------------------------
SECOND, THIRD = "1" * 15, "2" * 15
TENTH = offer("tenth", 2, benefit=Benefit(kind=Kind.PERCENTAGE, percentage=50), group="big")
EXCLUSIVE = offer("exclusive", 3, benefit=FIVE_OFF, group="big")
ORDER = "istanbul#A-17"


def line(voucher_id: str = VOUCHER_ID, nonce: str = "nonce-0001", **facts: object) -> Scan:
    whole = {"order": ORDER, "order_total_minor": 900, **facts}
    return scan(voucher_id=voucher_id, nonce=nonce, **whole)


def three() -> Ledger:
    return Ledger(
        vouchers={
            voucher_id: voucher(voucher_id=voucher_id) for voucher_id in (VOUCHER_ID, SECOND, THIRD)
        }
    )


def used(outcome: redeeming.Outcome) -> Redeemed:
    assert isinstance(outcome, Redeemed), outcome
    return outcome


def order(
    ledger: Ledger, *lines: redeeming.Line, every: bool = True, request_id: str = "request-1"
) -> list[redeeming.Outcome]:
    return redeeming.redeem_order(ledger, lines, every=every, request_id=request_id)


def test_an_order_uses_all_its_vouchers_and_takes_off_no_more_than_it_costs() -> None:
    ledger = three()
    half = offer("half", 2, benefit=Benefit(kind=Kind.PERCENTAGE, percentage=50))
    lines = [line(offer=half), line(SECOND, "nonce-0002", offer=offer(benefit=FIVE_OFF))]
    discounts = [used(outcome).use.discount_minor for outcome in order(ledger, *lines)]
    assert discounts == [450, 450]


def test_what_others_left_nothing_of_is_not_used() -> None:
    ledger = three()
    whole = offer("whole", 2, benefit=Benefit(kind=Kind.PERCENTAGE, percentage=100))
    lines = [line(offer=whole), line(SECOND, "nonce-0002", offer=offer(benefit=FIVE_OFF))]
    first, second = order(ledger, *lines, every=False)
    assert used(first).use.discount_minor == 900
    assert second == Refusal(Reason.NO_EFFECT)
    assert ledger.vouchers[SECOND].uses == 0


def test_all_or_none_uses_none_where_one_is_refused() -> None:
    ledger = three()
    ledger.vouchers[SECOND] = voucher(State.REVOKED, voucher_id=SECOND)
    bad = Refusal(Reason.BAD_SIGNATURE)
    assert order(ledger, line(), line(SECOND, "nonce-0002")) == [None, Refusal(Reason.REVOKED)]
    assert order(ledger, line(), bad) == [None, bad]
    assert ledger.vouchers[VOUCHER_ID].uses == 0


def test_the_valid_ones_are_used_and_the_others_say_why() -> None:
    ledger = three()
    ledger.vouchers[SECOND] = voucher(State.REVOKED, voucher_id=SECOND)
    del ledger.vouchers[THIRD]
    lapsed = Refusal(Reason.LAPSED)
    lines = [line(), line(SECOND, "nonce-0002"), line(THIRD, "nonce-0003")]
    first, *others = order(ledger, *lines, lapsed, every=False)
    assert used(first).made
    reasons = [Reason.REVOKED, Reason.UNKNOWN_CODE, Reason.LAPSED]
    assert [o.reason for o in others if isinstance(o, Refusal)] == reasons


def test_a_repeated_order_gets_its_first_answer() -> None:
    ledger = three()
    lines = [line(), line(SECOND, "nonce-0002")]
    first, again = order(ledger, *lines), order(ledger, *lines, request_id="request-2")
    assert again == [replace(used(outcome), made=False) for outcome in first]


def test_an_order_of_nothing_good_writes_nothing() -> None:
    ledger = three()
    refused = Refusal(Reason.UNKNOWN_CODE)
    assert order(ledger, refused, every=False) == [refused]
    assert ledger.writes == 0


def test_two_of_a_group_exclude_each_other_in_one_order_only() -> None:
    ledger = three()
    lines = [line(offer=TENTH), line(SECOND, "nonce-0002", offer=EXCLUSIVE)]
    not_stackable = Refusal(Reason.NOT_STACKABLE, {"setting": "group"})
    first, second = order(ledger, *lines, every=False)
    assert used(first).use.group == "big"
    assert second == not_stackable
    assert redeem(ledger, lines[1]) == not_stackable
    tried = replace(lines[1], nonce="nonce-0003")
    assert redeeming.simulate(ledger, ledger, tried) == not_stackable
    assert isinstance(redeem(ledger, replace(lines[1], order="istanbul#A-18")), Redeemed)


def test_a_voucher_is_no_less_valid_for_one_of_its_group_that_is_refused() -> None:
    ledger = ledger_with(voucher(State.LAPSED))
    ledger.vouchers["1" * 15] = voucher(voucher_id="1" * 15)
    lines = [
        line(offer=EXCLUSIVE, token=None, key=None, order_total_minor=500),
        line("1" * 15, "nonce-0002", offer=EXCLUSIVE, token=None, key=None, order_total_minor=500),
    ]
    lapsed, second = redeeming.redeem_order(ledger, lines, every=False, request_id="request-1")
    assert lapsed == Refusal(Reason.LAPSED)
    assert used(second).use.discount_minor == 500


def test_a_group_is_free_again_after_the_use_is_given_back() -> None:
    ledger = three()
    redeem(ledger, line(offer=TENTH))
    give_back(ledger)
    assert isinstance(redeem(ledger, line(SECOND, "nonce-0002", offer=EXCLUSIVE)), Redeemed)


def test_lines_that_draw_from_one_budget_share_what_is_left() -> None:
    ledger = three()
    ledger.counters = {BUDGET: Counter(1200, 700, 1)}
    budgeted = offer(benefit=FIVE_OFF, budget_minor=1200)
    lines = [
        line(offer=budgeted, order_total_minor=9000),
        line(SECOND, "nonce-0002", offer=budgeted, order_total_minor=9000),
    ]
    out = Refusal(Reason.BUDGET_EXHAUSTED, {"setting": "budget_minor"})
    assert order(ledger, *lines) == [None, out]
    first, second = order(ledger, *lines, every=False)
    assert (used(first).made, second) == (True, out)
    assert ledger.counters[BUDGET].left == 200


def test_an_order_meets_a_hold_that_ended_and_goes_on() -> None:
    ledger = three()
    redeem(ledger, line(hold_seconds=60))
    later = line(nonce="nonce-0002", at=NOW + timedelta(minutes=2))
    assert used(order(ledger, later, request_id="request-2")[0]).made


def test_an_order_that_is_overtaken_again_and_again_is_tried_later() -> None:
    class Moving(Ledger):
        def use_all(self, plans: Sequence[Plan]) -> object:
            return {place: self.vouchers[plan.voucher_id] for place, plan in enumerate(plans)}

    with pytest.raises(TryAgain):
        order(Moving(vouchers={VOUCHER_ID: voucher()}), line())


# --- trying out -----------------------------------------------------------------------------------
def test_trying_out_judges_and_changes_nothing() -> None:
    ledger = ledger_with()
    assert redeeming.simulate(ledger, ledger, scan()) is None
    assert ledger.writes == 0
    redeem(ledger, scan())
    tried = redeeming.simulate(ledger, ledger, scan(nonce="nonce-0002"))
    assert tried is not None
    assert tried.reason is Reason.ALREADY_REDEEMED


def test_trying_out_a_code_of_no_voucher_finds_it_unknown() -> None:
    assert redeeming.simulate(Ledger(), Ledger(), scan()) == Refusal(Reason.UNKNOWN_CODE)


def test_trying_out_finds_what_the_real_scan_finds() -> None:
    both = offer(benefit=FIVE_OFF, budget_minor=1200, day_limit=1)
    scanned = scan(offer=both, order_total_minor=9000)
    fresh = ledger_with(budget=Counter(1200, 500, 1))
    assert redeeming.simulate(fresh, fresh, scanned) is None
    spent = ledger_with(budget=Counter(1200, 499, 1))
    assert redeeming.simulate(spent, spent, scanned) == redeem(spent, scanned)
    full = ledger_with(budget=Counter(1200, 1200, 1), day=Counter(1, 0, 1))
    assert redeeming.simulate(full, full, scanned) == redeem(full, scanned)
    assert redeeming.simulate(Ledger(), Ledger(), scan(used=ANKARA)) == redeem(
        Ledger(), scan(used=ANKARA)
    )


def test_trying_out_again_finds_the_first_use() -> None:
    ledger = ledger_with()
    redeem(ledger, scan())
    assert redeeming.simulate(ledger, ledger, scan()) is None


def test_trying_out_counts_what_an_ended_hold_would_give_back() -> None:
    ledger = ledger_with(budget=Counter(500, 500, 1))
    budgeted = offer(benefit=FIVE_OFF, budget_minor=500)
    redeem(ledger, scan(offer=budgeted, order_total_minor=9000, hold_seconds=60))
    later = scan(
        offer=budgeted, order_total_minor=9000, nonce="nonce-0002", at=NOW + timedelta(minutes=2)
    )
    assert redeeming.simulate(ledger, ledger, later) is None
    assert isinstance(redeem(ledger, later), Redeemed)


def test_trying_out_again_for_the_order_whose_own_hold_ended_finds_its_group_free() -> None:
    ledger = three()
    assert isinstance(redeem(ledger, line(offer=TENTH, hold_seconds=60)), Redeemed)
    later = line(nonce="nonce-0002", offer=TENTH, at=NOW + timedelta(minutes=2))
    assert redeeming.simulate(ledger, ledger, later) is None
    assert isinstance(redeem(ledger, later), Redeemed)
