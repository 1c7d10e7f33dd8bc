"""A voucher is used once; a repeated nonce gets the first use, whatever happened since."""

from dataclasses import replace

import pytest
from fakes import Ledger
from made import ANKARA, FIVE_OFF, VOUCHER_ID, given_back, offer, scan, voucher

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
