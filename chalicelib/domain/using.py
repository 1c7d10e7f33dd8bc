"""What a use of a voucher writes: decided here, done by the store."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.counter import Counter, CounterId, CounterKind
from chalicelib.domain.reasons import Reason
from chalicelib.domain.redemption import Scan
from chalicelib.domain.shift import label_of
from chalicelib.domain.voucher import Draw, Use, Voucher

LIMIT_REASON = {
    CounterKind.STOCK: Reason.OUT_OF_STOCK,
    CounterKind.DAY: Reason.LIMIT_DAY,
    CounterKind.BUDGET: Reason.BUDGET_EXHAUSTED,
}
SETTING = {
    Reason.LIMIT_DAY: "day_limit",
    Reason.BUDGET_EXHAUSTED: "budget_minor",
    Reason.NOT_STACKABLE: "group",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One use, ready to be written under its conditions.

    `generation` is what the token says, None for a typed code. `first` is the voucher that a
    minted code stands for before its first use. `held_until` makes it an order's hold.
    """

    voucher_id: str
    use: Use
    generation: int | None
    draws: tuple[Draw, ...] = ()
    first: Voucher | None = None
    held_until: datetime | None = None

    def draws_from(self, counter: CounterId) -> bool:
        return any(draw.counter == counter for draw in self.draws)


def plan_of(scan: Scan, *, request_id: str) -> Plan:
    """Plan the use of a scan that no rule of memory speaks against."""
    use = _use_of(scan, request_id)
    return Plan(
        voucher_id=scan.voucher_id,
        use=use,
        generation=scan.token.generation if scan.token else None,
        draws=tuple(_draws(scan)),
        first=scan.first,
        held_until=use.held_until,
    )


def offline_plan(scan: Scan, *, seq: int, received_at: datetime) -> Plan:
    """Plan the use of an entry that was accepted without network at `scan.at`."""
    plan = plan_of(scan, request_id=f"{scan.device_id}#{seq}")
    use = replace(plan.use, seq=seq, scanned_at=scan.at, received_at=received_at)
    return replace(plan, use=use)


def overdrawn(plan: Plan, found: Mapping[CounterId, Counter]) -> Plan:
    """Return the plan with what the counters have not got counted apart."""
    draws = tuple(_overdrawn(draw, found.get(draw.counter)) for draw in plan.draws)
    use = replace(
        plan.use,
        moved=tuple((draw.counter, draw.amount) for draw in draws if draw.amount),
        overran=tuple((draw.counter, draw.lack) for draw in draws if draw.lack),
    )
    return replace(plan, use=use, draws=draws)


def _overdrawn(draw: Draw, counter: Counter | None) -> Draw:
    left = counter.left if counter else draw.cap if draw.counter.part else 0
    amount = min(left, draw.amount)
    return replace(draw, amount=amount, lack=draw.amount - amount)


def summed(draws: Iterable[Draw]) -> list[Draw]:
    """Return one draw a counter: a transaction may name an item once."""
    by_counter: dict[CounterId, Draw] = {}
    for draw in draws:
        known = by_counter.get(draw.counter)
        amount = draw.amount + (known.amount if known else 0)
        by_counter[draw.counter] = Draw(
            counter=draw.counter, amount=amount, cap=draw.cap, epoch=draw.epoch
        )
    return list(by_counter.values())


def _use_of(scan: Scan, request_id: str) -> Use:
    discount, draws = scan.discount_minor, _draws(scan)
    grouped = scan.order is not None and scan.offer.group is not None
    held = timedelta(seconds=scan.hold_seconds) if scan.hold_seconds is not None else None
    return Use(
        number=0,
        nonce=scan.nonce,
        device_id=scan.device_id,
        popup_id=scan.used.popup_id,
        scanned_at=scan.scanned_at,
        received_at=scan.at,
        local_hour=scan.used.local_hour(scan.at),
        revision=scan.published.revision,
        request_id=request_id,
        discount_minor=discount,
        currency=(scan.offer.benefit.currency or scan.used.currency) if discount else None,
        moved=tuple((draw.counter, draw.amount) for draw in draws),
        order=scan.order if grouped else None,
        group=scan.offer.group if grouped else None,
        held_until=scan.at + held if held is not None else None,
        shift=label_of(scan.shift) if scan.shift else None,
    )


def _draws(scan: Scan) -> list[Draw]:
    """Return what this use takes from which counters."""
    offer, epoch = scan.offer, scan.published.epoch
    numbers = scan.published.campaign.number, offer.number
    draws = []
    if offer.day_limit is not None:
        day = scan.used.local_day(scan.at).isoformat()
        counter = CounterId(CounterKind.DAY, *numbers, scan.used.number, day)
        draws.append(Draw(counter=counter, amount=1, cap=offer.day_limit, epoch=epoch))
    if offer.budget_minor is not None and offer.benefit.takes_money_off:
        counter = CounterId(CounterKind.BUDGET, *numbers)
        cap = offer.budget_minor
        draws.append(Draw(counter=counter, amount=scan.discount_minor, cap=cap, epoch=epoch))
    return draws
