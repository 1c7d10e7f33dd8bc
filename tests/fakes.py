"""The tables as plain dictionaries: what the stores promise, without a request."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from chalicelib.domain import hold
from chalicelib.domain.api_key import KEYS_A_HOLDER, ApiKey
from chalicelib.domain.batch import Batch
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.choice import Choice, Chooser
from chalicelib.domain.counter import Counter, CounterId, CounterKind
from chalicelib.domain.device import Device, Enrolment
from chalicelib.domain.errors import NotFound
from chalicelib.domain.idempotency import Record
from chalicelib.domain.limits import Change, LimitId
from chalicelib.domain.live import MOST_BATCHES, Live
from chalicelib.domain.pointer import Pointer, PublishRecord
from chalicelib.domain.reasons import Reason
from chalicelib.domain.redemption import LAST_USE
from chalicelib.domain.trail import Entry
from chalicelib.domain.using import Plan, summed
from chalicelib.domain.voucher import PastUse, State, Use, Voucher, nonce_mark

_LIMIT = {
    CounterKind.STOCK: Reason.OUT_OF_STOCK,
    CounterKind.DAY: Reason.LIMIT_DAY,
    CounterKind.BUDGET: Reason.BUDGET_EXHAUSTED,
}


@dataclass
class Ledger:
    """Vouchers and counters. Every method decides and writes in one step, as one write does."""

    vouchers: dict[str, Voucher] = field(default_factory=dict)
    past: dict[tuple[str, int], PastUse] = field(default_factory=dict)
    counters: dict[CounterId, Counter] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)
    orders: dict[str, frozenset[str]] = field(default_factory=dict)
    made: list[Batch] = field(default_factory=list)
    live: dict[str, Live] = field(default_factory=dict)
    swept: datetime | None = None
    freed: dict[str, datetime] = field(default_factory=dict)  # when an order's hold ended
    writes: int = 0

    # --- vouchers -------------------------------------------------------------------------------
    def claim(
        self,
        voucher: Voucher,
        *,
        over: Voucher | None = None,
        token: str,
        record: Record | None = None,
    ) -> Voucher | Reason | None:
        assert len(token) <= 36, "DynamoDB takes no longer token"
        stands = self.vouchers.get(voucher.voucher_id)
        lapsed = stands is not None and stands.state is State.LAPSED
        if stands is not None and not (over and lapsed and stands.generation == over.generation):
            return stands
        if record is not None and record.record_id in self.records:
            return Reason.IDEMPOTENCY_KEY_REUSED
        if voucher.unit is not None and not self._take(voucher.unit, 1):
            return Reason.OUT_OF_STOCK
        if record is not None:
            self.records[record.record_id] = record
        self._put(voucher)
        return None

    def get(self, voucher_id: str) -> Voucher | None:
        return self.vouchers.get(voucher_id)

    def use(self, plan: Plan) -> Use | Voucher | Reason | None:
        made: Use | Voucher | Reason | None = self.use_all([plan])[0]
        return made

    def use_all(self, plans: Sequence[Plan]) -> Any:
        stood: dict[int, Any] = {}
        for place, plan in enumerate(plans):
            voucher = self.vouchers.get(plan.voucher_id, plan.first)
            if voucher is None or not _usable(voucher, plan):
                stood[place] = voucher
        return stood or self._limited(plans) or [self._use(plan) for plan in plans]

    def groups_of(self, order: str) -> frozenset[str]:
        return self.orders.get(order, frozenset())

    def _limited(self, plans: Sequence[Plan]) -> dict[int, Reason]:
        for place, plan in enumerate(plans):
            use = plan.use
            if use.order and use.group in self.groups_of(use.order):
                return {place: Reason.NOT_STACKABLE}
        for draw in summed(draw for plan in plans for draw in plan.draws):
            known = self.counters.get(draw.counter)
            left = known.left if known else draw.cap if draw.counter.part else 0
            if left < draw.amount:
                drawers = [n for n, plan in enumerate(plans) if plan.draws_from(draw.counter)]
                return {drawers[-1]: _LIMIT[draw.counter.kind]}
        return {}

    def _use(self, plan: Plan) -> Use:
        voucher = self.vouchers.get(plan.voucher_id, plan.first)
        assert voucher is not None
        for draw in plan.draws:
            self.counters.setdefault(draw.counter, Counter(draw.cap, draw.cap, draw.epoch))
            self._take(draw.counter, draw.amount)
        made = replace(plan.use, number=voucher.uses + 1)
        if made.order and made.group:
            self.orders[made.order] = self.groups_of(made.order) | {made.group}
        self._put(
            replace(
                voucher,
                state=State.HELD if plan.held_until else State.REDEEMED,
                held_until=plan.held_until,
                use=made,
                uses=made.number,
                nonces=voucher.nonces | {nonce_mark(made.device_id, made.nonce)},
            )
        )
        return made

    def use_under(self, voucher: Voucher, device_id: str, nonce: str) -> Use | None:
        past = [past.use for (name, _), past in self.past.items() if name == voucher.voucher_id]
        uses = [*past, *([voucher.use] if voucher.use else [])]
        return next((u for u in uses if (u.device_id, u.nonce) == (device_id, nonce)), None)

    def past_use(self, voucher_id: str, number: int) -> PastUse | None:
        return self.past.get((voucher_id, number))

    def end_use(self, voucher: Voucher, past: PastUse) -> bool:
        to = voucher.rests_as if past.released else State.REVERSED
        voucher = self.vouchers[voucher.voucher_id]
        before = State.HELD if past.released else State.REDEEMED
        if voucher.state is not before or voucher.uses != past.use.number:
            return False
        self.past[voucher.voucher_id, past.use.number] = past
        self.freed[voucher.voucher_id] = past.reversed_at
        for counter, amount in past.use.moved:
            self._take(counter, -amount)
        if past.use.order and past.use.group:
            self.orders[past.use.order] = self.groups_of(past.use.order) - {past.use.group}
        released = voucher.released + past.released
        self._put(replace(voucher, state=to, use=None, held_until=None, released=released))
        return True

    def confirm(self, voucher: Voucher, *, at: datetime) -> bool:
        seen, voucher = voucher, self.vouchers[voucher.voucher_id]
        if not voucher.held_at(at) or voucher.uses != seen.uses:
            return False
        self._put(replace(voucher, state=State.REDEEMED, held_until=None))
        return True

    # --- minted ones ----------------------------------------------------------------------------
    def last_number(self) -> int:
        return len(self.made)

    def batch(self, campaign_number: int, number: int) -> Batch | None:
        return next((b for b in self.batches(campaign_number) if b.number == number), None)

    def batches(self, campaign_number: int, after: int = 0) -> Iterator[Batch]:
        mine = [b for b in self.made if b.campaign_number == campaign_number]
        yield from [b for b in mine if b.number > after]

    def make(self, batch: Batch) -> bool:
        enough = all(c in self.counters and self.counters[c].left >= n for c, n in batch.units)
        if batch.number != self.last_number() + 1 or not enough:
            return False
        for counter, amount in batch.units:
            self._take(counter, amount)
        self.made.append(batch)
        self.writes += 1
        return True

    # --- withdrawn ------------------------------------------------------------------------------
    def bury(self, voucher: Voucher) -> bool:
        if voucher.voucher_id in self.vouchers:
            return False
        self._put(voucher)
        return True

    def revoke(self, voucher: Voucher, *, at: datetime) -> bool:
        assert at.tzinfo
        now = self.vouchers[voucher.voucher_id]
        if now.state not in {State.ISSUED, State.REVERSED}:
            return False
        self._put(replace(now, state=State.REVOKED))
        return True

    def revoke_held(self, voucher: Voucher, past: PastUse) -> bool:
        if not self.end_use(voucher, past):
            return False
        self._put(replace(self.vouchers[voucher.voucher_id], state=State.REVOKED))
        return True

    def list_voucher(self, campaign_id: str, voucher_id: str) -> bool:
        live = self.live.get(campaign_id, Live())
        if not live.may_list(voucher_id):
            return False
        self.live[campaign_id] = replace(live, revoked=live.revoked | {voucher_id})
        return True

    def list_minted(self, campaign_id: str, batch: int, serials: tuple[int, int] | None) -> bool:
        live = self.live.get(campaign_id, Live())
        if serials is None:
            listed, after = len(live.revoked_batches), live.revoked_batches | {batch}
            if len(after) > max(listed, MOST_BATCHES):
                return False
            self.live[campaign_id] = replace(live, revoked_batches=after)
            return True
        ranges = live.revoked_ranges | {(batch, *serials)}
        if len(ranges) > max(len(live.revoked_ranges), MOST_BATCHES):
            return False
        self.live[campaign_id] = replace(live, revoked_ranges=ranges)
        return True

    # --- holds ----------------------------------------------------------------------------------
    def due(self, minute: str) -> Iterator[Voucher]:
        yield from [v for v in self.vouchers.values() if self._due(v) == minute]

    def _due(self, voucher: Voucher) -> str | None:
        freed = self.freed.get(voucher.voucher_id, voucher.issued_at)
        return hold.due_again(voucher.state, voucher, freed)

    def lapse(self, voucher: Voucher, *, at: datetime) -> bool:
        now = self.vouchers[voucher.voucher_id]
        if now.state is not State.ISSUED or now.hold_until is None or now.hold_until > at:
            return False
        if now.unit is not None:
            self._take(now.unit, -1)
        self._put(replace(now, state=State.LAPSED))
        return True

    def swept_to(self) -> datetime | None:
        return self.swept

    def mark_swept(self, minute: datetime) -> None:
        self.swept = minute

    # --- counters -------------------------------------------------------------------------------
    def read(self, counter_ids: Sequence[CounterId]) -> dict[CounterId, Counter]:
        return {c: self.counters[c] for c in counter_ids if c in self.counters}

    def days(self, campaign_number: int, limit: LimitId, since: date) -> list[CounterId]:
        place = (CounterKind.DAY, campaign_number, limit.offer_number, limit.popup_number)
        return sorted(
            c
            for c in self.counters
            if (c.kind, c.campaign_number, c.offer_number, c.popup_number) == place
            and c.part >= since.isoformat()
        )

    def change(self, changes: Sequence[Change], *, epoch: int, now: datetime, token: str) -> bool:
        assert changes, now
        assert len(changes) <= 100, "DynamoDB takes no more actions"
        assert len(token) <= 36, "DynamoDB takes no longer token"
        if not all(self._may_move(change, epoch) for change in changes):
            return False
        for change in changes:
            old = self.counters.get(change.counter, Counter(0, 0, 0))
            cap, left = old.cap + change.delta, old.left + change.delta
            self.counters[change.counter] = Counter(cap, left, epoch)
        self.writes += 1
        return True

    def side_by_side(self, calls: Sequence[Callable[[], bool]]) -> list[bool]:
        return [call() for call in calls]

    def left(self, kind: CounterKind, offer_number: int = 1, popup_number: int = 1) -> int:
        """Return what all shards or days of a limit have left together."""
        place = (kind, offer_number, popup_number)
        return sum(
            counter.left
            for c, counter in self.counters.items()
            if (c.kind, c.offer_number, c.popup_number) == place
        )

    def _may_move(self, change: Change, epoch: int) -> bool:
        now = self.counters.get(change.counter)
        if change.old is None or now is None:
            return change.old is None and now is None
        return now.cap == change.old.cap and now.epoch < epoch and now.left >= -change.delta

    def _take(self, counter: CounterId, amount: int) -> bool:
        held = self.counters.get(counter)
        if held is None or held.left < amount:
            return False
        self.counters[counter] = replace(held, left=held.left - amount)
        self.writes += 1
        return True

    def _put(self, voucher: Voucher) -> None:
        self.vouchers[voucher.voucher_id] = voucher
        self.writes += 1


def _usable(voucher: Voucher, plan: Plan) -> bool:
    fresh = plan.generation is None or plan.generation == voucher.generation
    may_hold = plan.held_until is None or voucher.uses < LAST_USE - 1
    new = nonce_mark(plan.use.device_id, plan.use.nonce) not in voucher.nonces
    return fresh and new and may_hold and voucher.state in {State.ISSUED, State.REVERSED}


@dataclass
class Catalog:
    """Drafts, revisions, pointers and the publish record."""

    drafts: dict[str, tuple[Campaign, int]] = field(default_factory=dict)
    frozen: list[Campaign] = field(default_factory=list)
    live: dict[str, Pointer] = field(default_factory=dict)
    record: PublishRecord | None = None
    trail: dict[str, Entry] = field(default_factory=dict)

    def save(self, campaign: Campaign) -> int:
        """Save a draft and return its version."""
        version = self.drafts[campaign.campaign_id][1] + 1 if self.drafts else 1
        self.drafts[campaign.campaign_id] = campaign, version
        return version

    def draft(self, campaign_id: str) -> tuple[Campaign, int] | None:
        return self.drafts.get(campaign_id)

    def freeze(self, campaign: Campaign, *, now: datetime) -> int:
        assert now.tzinfo
        if not self.frozen or self.frozen[-1] != campaign:
            self.frozen.append(campaign)
        return len(self.frozen)

    def revision(self, campaign_id: str, number: int) -> Campaign:
        if not 1 <= number <= len(self.frozen):
            raise NotFound(f"{campaign_id} has no revision {number}")
        return self.frozen[number - 1]

    def pointers(self) -> dict[str, Pointer]:
        return dict(self.live)

    def move_pointer(self, campaign_id: str, goal: Pointer) -> bool:
        stands = self.live.get(campaign_id)
        if stands is not None and stands.epoch >= goal.epoch:
            return False
        self.live[campaign_id] = goal
        return True

    def open_publish(
        self,
        campaign_id: str,
        goal: Pointer,
        *,
        now: datetime,
        before: int | None = None,
        over: Pointer | None = None,
        entry: Entry | None = None,
    ) -> PublishRecord | None:
        assert campaign_id
        assert now.tzinfo
        stands = self.record
        if over is None and stands is not None and not (stands.done and stands.epoch < goal.epoch):
            return stands
        if over is not None and (stands is None or stands.done or stands.epoch != over.epoch):
            return stands
        self.record = PublishRecord(goal.revision, goal.epoch, False, before, entry)
        return None

    def close_publish(
        self, campaign_id: str, goal: Pointer, *, now: datetime, entry: Entry | None = None
    ) -> None:
        assert campaign_id
        assert now.tzinfo
        if self.record is not None and self.record.epoch == goal.epoch:
            self.record = PublishRecord(goal.revision, goal.epoch, done=True)
            if entry is not None:
                self.trail[entry.request_id] = entry

    def publish_record(self, campaign_id: str) -> PublishRecord | None:
        assert campaign_id
        return self.record


class Crashed(Exception):
    """The process died here."""


class Fragile:
    """A store whose process dies: `calls` of its methods succeed, the next one never happens.

    `fate` is shared, so that several stores die together.
    """

    def __init__(self, store: Any, fate: "Fate") -> None:
        self._store = store
        self._fate = fate

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            self._fate.strike()
            return method(*args, **kwargs)

        return call


@dataclass
class Fate:
    """How many more calls a process makes before it dies."""

    calls: int

    def strike(self) -> None:
        """Count one call, or die."""
        if self.calls == 0:
            raise Crashed
        self.calls -= 1


@dataclass
class Devices:
    """Enrolment codes and devices."""

    enrolments: dict[str, Enrolment] = field(default_factory=dict)
    used_by: dict[str, str] = field(default_factory=dict)
    devices: dict[str, tuple[Device, str]] = field(default_factory=dict)

    def put_enrolment(self, enrolment: Enrolment) -> None:
        self.enrolments[enrolment.code_hash] = enrolment

    def enrolment(self, code_hash: str) -> Enrolment | None:
        return self.enrolments.get(code_hash)

    def enrol(
        self, enrolment: Enrolment, device: Device, public_key: str, *, token: str
    ) -> Reason | None:
        assert len(token) <= 36
        user = self.used_by.get(enrolment.code_hash)
        if user not in {None, device.thumbprint}:
            return Reason.ENROLMENT_USED
        if user is None and enrolment.expires_at <= device.enrolled_at:
            return Reason.ENROLMENT_EXPIRED
        self.used_by[enrolment.code_hash] = device.thumbprint
        self.devices[device.device_id] = device, public_key
        return None


@dataclass
class Once:
    """Records of keys; each method decides and writes in one step, as one write does."""

    records: dict[str, Record] = field(default_factory=dict)

    def take(self, record: Record) -> Record | None:
        stands = self.get(record.record_id, record.at)
        if stands is not None and stands.owner != record.owner and not _lost(stands, record):
            return stands
        self.records[record.record_id] = record
        return None

    def end(self, record: Record) -> None:
        if self.records[record.record_id].owner == record.owner:
            self.records[record.record_id] = record
            if record.answer is None:
                del self.records[record.record_id]

    def get(self, record_id: str, at: datetime) -> Record | None:
        stands = self.records.get(record_id)
        return stands if stands and stands.expires_at > at else None


def _lost(stands: Record, record: Record) -> bool:
    """Tell whether the same request was lost on the way."""
    same = stands.fingerprint == record.fingerprint
    return same and stands.answer is None and stands.lease_until <= record.at


@dataclass
class Choices:
    """Delivery choices, and who holds which voucher."""

    holders: dict[str, str]
    chosen: dict[str, Choice] = field(default_factory=dict)

    settled: bool = False

    def choose(self, choice: Choice, chooser: Chooser, *, token: str) -> Reason | None:
        assert token
        holder = self.holders.get(choice.voucher_id)
        if chooser.device_id is None and holder != chooser.visitor:
            return Reason.WRONG_HOLDER
        if self.settled:
            return Reason.ALREADY_CHOSEN
        self.chosen[choice.voucher_id] = choice
        return None

    def get(self, voucher_id: str) -> Choice | None:
        return self.chosen.get(voucher_id)


@dataclass
class Keys:
    """API keys."""

    kept: dict[str, ApiKey] = field(default_factory=dict)

    def add(self, key: ApiKey, *, token: str) -> bool:
        assert len(token) <= 36
        theirs = [one for one in self.kept.values() if one.holder_id == key.holder_id]
        if len(theirs) >= KEYS_A_HOLDER:
            return False
        self.kept[key.key_id] = key
        return True
