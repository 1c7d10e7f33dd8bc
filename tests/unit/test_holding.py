"""A shop's hold ends in one of three ways: confirmed, released, or by itself."""

from datetime import datetime, timedelta

from fakes import Ledger
from made import FIVE_OFF, NOW, VOUCHER_ID, offer, scan, voucher

from chalicelib.domain.counter import Counter, CounterId, CounterKind
from chalicelib.domain.offer import Channel
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.redemption import Scan
from chalicelib.domain.voucher import PastUse, State, Voucher
from chalicelib.usecases import holding, redeeming, reversing, sweeping
from chalicelib.usecases.holding import Settled, Wish
from chalicelib.usecases.redeeming import Redeemed

SHOP = "shop-bazaar"
BUDGET = CounterId(CounterKind.BUDGET, 7, 1)
FROM_A_BUDGET = offer(benefit=FIVE_OFF, budget_minor=1200, channels=(Channel.ONLINE,))
TEN_MINUTES = 600


def shop_scan(**facts: object) -> Scan:
    whole = {
        "device_id": SHOP,
        "offer": FROM_A_BUDGET,
        "channel": Channel.ONLINE,
        "order_total_minor": 9000,
        "hold_seconds": TEN_MINUTES,
        **facts,
    }
    return scan(**whole)


def held() -> Ledger:
    ledger = Ledger(vouchers={VOUCHER_ID: voucher()})
    ledger.counters = {BUDGET: Counter(1200, 1200, 1)}
    outcome = redeeming.redeem(ledger, shop_scan(), request_id="request-1")
    assert isinstance(outcome, Redeemed), outcome
    assert outcome.held
    return ledger


def wish(minutes: int = 1, **facts: object) -> Wish:
    at = NOW + timedelta(minutes=minutes)
    whole = {"voucher_id": VOUCHER_ID, "number": 1, "device_id": SHOP, "at": at, **facts}
    return Wish(**whole)  # type: ignore[arg-type]


def state(ledger: Ledger) -> State:
    return ledger.vouchers[VOUCHER_ID].state


def test_a_hold_takes_what_a_use_takes_and_nobody_else_gets_the_voucher() -> None:
    ledger = held()
    assert state(ledger) is State.HELD
    assert ledger.counters[BUDGET].left == 700
    other = redeeming.redeem(ledger, shop_scan(nonce="nonce-0002"), request_id="request-2")
    assert other == Refusal(Reason.HELD_BY_ORDER)


def test_a_repeated_hold_gets_the_first_one() -> None:
    again = redeeming.redeem(held(), shop_scan(), request_id="request-2")
    assert isinstance(again, Redeemed)
    assert (again.made, again.held, again.use.number) == (False, True, 1)


def test_a_confirmed_hold_is_a_use() -> None:
    ledger = held()
    first, again = holding.confirm(ledger, wish()), holding.confirm(ledger, wish(20))
    assert isinstance(first, Settled)
    assert again == Settled(first.use, made=False)
    assert first.made
    assert state(ledger) is State.REDEEMED
    assert ledger.counters[BUDGET].left == 700


def test_a_released_hold_gives_everything_back_once() -> None:
    ledger = held()
    first, again = holding.release(ledger, wish()), holding.release(ledger, wish(2))
    assert isinstance(first, Settled)
    assert again == Settled(first.use, made=False)
    assert state(ledger) is State.ISSUED
    assert ledger.counters[BUDGET].left == 1200
    assert holding.confirm(ledger, wish()) == Refusal(Reason.ALREADY_REVERSED)


def test_a_hold_that_ended_cannot_be_confirmed() -> None:
    ledger = held()
    assert holding.confirm(ledger, wish(10)) == Refusal(Reason.ALREADY_REVERSED)
    sweeping.sweep(ledger, at=NOW + timedelta(minutes=11))
    assert state(ledger) is State.ISSUED
    assert ledger.counters[BUDGET].left == 1200
    assert holding.confirm(ledger, wish(11)) == Refusal(Reason.ALREADY_REVERSED)
    assert isinstance(holding.release(ledger, wish(11)), Settled)


def test_a_hold_that_ended_is_given_back_before_the_next_use() -> None:
    ledger = held()
    later = shop_scan(nonce="nonce-0002", at=NOW + timedelta(minutes=10), hold_seconds=None)
    outcome = redeeming.redeem(ledger, later, request_id="request-2")
    assert isinstance(outcome, Redeemed)
    assert (outcome.held, outcome.use.number) == (False, 2)
    assert ledger.counters[BUDGET].left == 700
    assert ledger.vouchers[VOUCHER_ID].released == 1


def test_a_used_voucher_is_not_released() -> None:
    ledger = held()
    holding.confirm(ledger, wish())
    assert holding.release(ledger, wish()) == Refusal(Reason.ALREADY_REDEEMED)
    assert state(ledger) is State.REDEEMED


def test_a_confirmed_use_that_was_given_back_is_neither_confirmed_nor_released() -> None:
    ledger = held()
    holding.confirm(ledger, wish())
    back = reversing.Wish(
        voucher_id=VOUCHER_ID,
        number=1,
        nonce="back-0001",
        why="cancelled",
        device_id=SHOP,
        at=NOW + timedelta(days=3),
        shop=True,
    )
    assert not isinstance(reversing.reverse(ledger, back), Refusal)
    assert holding.confirm(ledger, wish()) == Refusal(Reason.ALREADY_REVERSED)
    assert holding.release(ledger, wish()) == Refusal(Reason.ALREADY_REVERSED)


def test_another_shops_hold_is_not_found() -> None:
    for ledger in (held(), Ledger()):
        assert holding.confirm(ledger, wish(device_id="other")) == Refusal(Reason.NOT_FOUND)
        assert holding.release(ledger, wish(device_id="other")) == Refusal(Reason.NOT_FOUND)


class Overtaken(Ledger):
    """Somebody else settles the hold between the look and the write."""

    def confirm(self, voucher: Voucher, *, at: datetime) -> bool:
        super().confirm(voucher, at=at)
        return False

    def end_use(self, voucher: Voucher, past: PastUse) -> bool:
        super().end_use(voucher, past)
        return False


def test_of_two_that_settle_at_once_both_get_the_answer() -> None:
    twin = Overtaken(vouchers=held().vouchers, counters={BUDGET: Counter(1200, 700, 1)})
    outcome = holding.confirm(twin, wish())
    assert isinstance(outcome, Settled)
    assert not outcome.made
    twin = Overtaken(vouchers=held().vouchers, counters={BUDGET: Counter(1200, 700, 1)})
    outcome = holding.release(twin, wish())
    assert isinstance(outcome, Settled)
    assert not outcome.made


class ConfirmedFirst(Ledger):
    """The shop's other process confirms between the look of a release and its write."""

    def end_use(self, voucher: Voucher, past: PastUse) -> bool:
        assert self.confirm(voucher, at=past.reversed_at)
        return super().end_use(voucher, past)


def test_a_release_that_comes_second_is_told_that_the_voucher_is_used() -> None:
    ledger = ConfirmedFirst(vouchers=held().vouchers, counters={BUDGET: Counter(1200, 700, 1)})
    assert holding.release(ledger, wish()) == Refusal(Reason.ALREADY_REDEEMED)
    assert state(ledger) is State.REDEEMED


def test_the_eighth_use_cannot_be_held() -> None:
    ledger = Ledger(vouchers={VOUCHER_ID: voucher(State.REVERSED, uses=7)})
    ledger.counters = {BUDGET: Counter(1200, 1200, 1)}
    refused = redeeming.redeem(ledger, shop_scan(), request_id="request-1")
    assert refused == Refusal(Reason.REVERSAL_WINDOW_CLOSED, {"setting": "last_use"})
    at_once = redeeming.redeem(ledger, shop_scan(hold_seconds=None), request_id="request-1")
    assert isinstance(at_once, Redeemed)
