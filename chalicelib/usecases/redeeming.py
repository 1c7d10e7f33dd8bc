"""Staff and shops use vouchers, once each; a repeated nonce gets the first use, whatever happened.

What memory refuses is checked against the ledger first: a stored nonce is never refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from chalicelib.domain import redemption as rules
from chalicelib.domain.counter import Counter, CounterId
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.hold import ended
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.redemption import Scan
from chalicelib.domain.using import LIMIT_REASON, SETTING, Plan, plan_of
from chalicelib.domain.voucher import PastUse, State, Use, Voucher

_ROUNDS = 3

Stood = Voucher | Reason | None  # the item in the way, the reason of a limit, or no such voucher


class Vouchers(Protocol):
    """What a redemption needs of the ledger; `chalicelib.store.vouchers` fits."""

    def get(self, voucher_id: str) -> Voucher | None: ...

    def use(self, plan: Plan) -> Use | Stood:
        """Return the use made now, or what stands in its way."""
        ...

    def use_all(self, plans: Sequence[Plan]) -> list[Use] | Mapping[int, Stood]:
        """Return all uses made now, or what stands in whose way, by place; all or nothing."""
        ...

    def use_under(self, voucher: Voucher, device_id: str, nonce: str) -> Use | None:
        """Return the use that this device made under this nonce, or None."""
        ...

    def end_use(self, voucher: Voucher, past: PastUse) -> bool:
        """Give back what an order's hold took; False where it holds no more."""
        ...

    def groups_of(self, order: str) -> frozenset[str]:
        """Return the groups of which the order has a voucher already."""
        ...


class Counters(Protocol):
    """What trying out needs of the counters; `chalicelib.store.counters` fits."""

    def read(self, counter_ids: Sequence[CounterId]) -> dict[CounterId, Counter]: ...


@dataclass(frozen=True, slots=True)
class Redeemed:
    """A use that stands; `made` is False on a replay."""

    use: Use
    made: bool

    @property
    def held(self) -> bool:
        """Tell whether it was made as the hold of an order, whatever became of it since."""
        return self.use.held_until is not None


Line = Scan | Refusal
Outcome = Redeemed | Refusal | None  # None: nothing against it, but others kept the order from it


def redeem(vouchers: Vouchers, scan: Scan, *, request_id: str) -> Redeemed | Refusal:
    """Use the voucher once."""
    refused = rules.refusal(scan, None)
    if refused is not None:
        return _refused(vouchers, scan, refused)
    plan = plan_of(scan, request_id=request_id)
    for _ in range(_ROUNDS):
        outcome = vouchers.use(plan)
        if isinstance(outcome, Use):
            return Redeemed(outcome, made=True)
        answer = _stood(vouchers, scan, outcome, request_id)
        if answer is not None:
            return answer
    raise TryAgain("the voucher changed while it was used")


def redeem_order(
    vouchers: Vouchers, lines: Sequence[Line], *, every: bool, request_id: str
) -> list[Outcome]:
    """Use the vouchers of one order: all of them or none (`every`), or those that may be used."""
    outcomes: list[Outcome] = [line if isinstance(line, Refusal) else None for line in lines]
    for _ in range(2 * len(lines) + _ROUNDS):
        open_lines = _judged(vouchers, lines, outcomes, every=every)
        if not open_lines or (every and any(isinstance(o, Refusal) for o in outcomes)):
            return outcomes
        plans = [plan_of(scan, request_id=request_id) for scan in open_lines.values()]
        found = vouchers.use_all(plans)
        if isinstance(found, list):
            for place, use in zip(open_lines, found, strict=True):
                outcomes[place] = Redeemed(use, made=True)
            continue
        places = list(open_lines)
        for index, stood in found.items():
            scan = open_lines[places[index]]
            outcomes[places[index]] = _stood(vouchers, scan, stood, request_id)
    raise TryAgain("the vouchers changed while they were used")


def simulate(vouchers: Vouchers, counters: Counters, scan: Scan) -> Refusal | None:
    """Judge as `redeem` would, by rules, state and limits, and change nothing."""
    found = vouchers.get(scan.voucher_id)
    voucher = found or scan.first
    if voucher is None:
        return rules.refusal(scan, None) or Refusal(Reason.UNKNOWN_CODE)
    if vouchers.use_under(voucher, scan.device_id, scan.nonce) is not None:
        return None
    refused = rules.refusal(scan, voucher)
    return refused or _limited(vouchers, counters, scan, voucher)


def _limited(
    vouchers: Vouchers, counters: Counters, scan: Scan, voucher: Voucher
) -> Refusal | None:
    """Return the limit that would refuse; what an ended hold would give back is free again."""
    plan, ended_use = plan_of(scan, request_id=""), voucher.use  # a use that stands is refused
    order, group = plan.use.order, plan.use.group
    own = ended_use is not None and (ended_use.order, ended_use.group) == (order, group)
    if order and not own and group in vouchers.groups_of(order):
        return _limit(Reason.NOT_STACKABLE)
    returned = dict(ended_use.moved) if ended_use is not None else {}
    found = counters.read([draw.counter for draw in plan.draws])
    for draw in plan.draws:
        held = found.get(draw.counter)
        left = held.left if held else draw.cap if draw.counter.part else 0
        if left + returned.get(draw.counter, 0) < draw.amount:
            return _limit(LIMIT_REASON[draw.counter.kind])
    return None


def _judged(
    vouchers: Vouchers, lines: Sequence[Line], outcomes: list[Outcome], *, every: bool
) -> dict[int, Scan]:
    """Return the lines that may be tried, by place; each knows what those before it take off.

    A line in whose way only such a line stands waits until that one is used or refused, unless
    the order is of all or none.
    """
    waiting: dict[int, Scan] = {}
    beside = _Beside.of(lines, outcomes)
    settled = beside
    for place, line in enumerate(lines):
        if isinstance(line, Refusal) or outcomes[place] is not None:
            continue
        scan = replace(line, taken_minor=beside.taken_minor)
        refused = beside.refusal(line)
        if refused is None:
            waiting[place] = scan
            beside = beside.joined_by(scan)
        elif every or settled.refusal(line) is not None:
            outcomes[place] = _refused(vouchers, scan, refused)
    return waiting


@dataclass(frozen=True, slots=True)
class _Beside:
    """What an order has beside a line: how much is taken off already, and which groups."""

    taken_minor: int
    groups: frozenset[str]

    @classmethod
    def of(cls, lines: Sequence[Line], outcomes: Sequence[Outcome]) -> "_Beside":
        used = [
            (line, outcome)
            for line, outcome in zip(lines, outcomes, strict=True)
            if isinstance(line, Scan) and isinstance(outcome, Redeemed)
        ]
        taken = sum(outcome.use.discount_minor for _, outcome in used)
        made = (line.offer.group for line, outcome in used if outcome.made)
        return cls(taken, frozenset(group for group in made if group))

    def refusal(self, scan: Scan) -> Refusal | None:
        """Return what speaks against a line by rules and by what is beside it."""
        refused = rules.refusal(replace(scan, taken_minor=self.taken_minor), None)
        if refused is None and scan.offer.group in self.groups:
            return _limit(Reason.NOT_STACKABLE)
        return refused

    def joined_by(self, scan: Scan) -> "_Beside":
        group = frozenset({scan.offer.group} if scan.offer.group else ())
        return _Beside(self.taken_minor + scan.discount_minor, self.groups | group)


def _refused(vouchers: Vouchers, scan: Scan, refused: Refusal) -> Redeemed | Refusal:
    """Answer for a scan that memory refuses: the stored use, or the first reason of all."""
    voucher = vouchers.get(scan.voucher_id) or scan.first
    if voucher is None:
        return refused
    stored = vouchers.use_under(voucher, scan.device_id, scan.nonce)
    if stored is not None:
        return Redeemed(stored, made=False)
    return rules.refusal(scan, voucher) or refused


def _stood(
    vouchers: Vouchers, scan: Scan, stood: Stood, request_id: str
) -> Redeemed | Refusal | None:
    """Answer for a scan whose write met its condition, or None where it may be tried again."""
    if isinstance(stood, Reason):
        return _limit(stood)
    if stood is None:
        return Refusal(Reason.UNKNOWN_CODE)
    stored = vouchers.use_under(stood, scan.device_id, scan.nonce)
    if stored is not None:
        return Redeemed(stored, made=stored.request_id == request_id)
    refused = rules.refusal(scan, stood)
    if refused is None and stood.state is State.HELD and stood.use is not None:
        vouchers.end_use(stood, ended(stood, stood.use, scan.at))
    return refused


def _limit(reason: Reason) -> Refusal:
    return Refusal(reason, {"setting": SETTING[reason]})
