"""The tables as plain dictionaries: what the stores promise, without a request."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from chalicelib.domain.campaign import Campaign
from chalicelib.domain.choice import Choice
from chalicelib.domain.counter import Counter, CounterId, CounterKind
from chalicelib.domain.device import Device, Enrolment
from chalicelib.domain.errors import NotFound
from chalicelib.domain.limits import Change, LimitId
from chalicelib.domain.pointer import Pointer, PublishRecord
from chalicelib.domain.reasons import Reason
from chalicelib.domain.token import Token
from chalicelib.domain.voucher import Draw, PastUse, State, Use, Voucher, nonce_mark

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
    writes: int = 0

    # --- vouchers -------------------------------------------------------------------------------
    def claim(self, voucher: Voucher, *, token: str) -> Voucher | Reason | None:
        assert len(token) <= 36, "DynamoDB takes no longer token"
        if voucher.voucher_id in self.vouchers:
            return self.vouchers[voucher.voucher_id]
        if voucher.unit is not None and not self._take(voucher.unit, 1):
            return Reason.OUT_OF_STOCK
        self._put(voucher)
        return None

    def get(self, voucher_id: str) -> Voucher | None:
        return self.vouchers.get(voucher_id)

    def use(
        self, voucher_id: str, use: Use, token: Token | None, draws: Sequence[Draw] = ()
    ) -> Use | Voucher | Reason | None:
        voucher = self.vouchers.get(voucher_id)
        mark = nonce_mark(use.device_id, use.nonce)
        if voucher is None or not _usable(voucher, token) or mark in voucher.nonces:
            return voucher
        for draw in draws:
            known = self.counters.get(draw.counter)
            left = known.left if known else draw.cap if draw.counter.part else 0
            if left < draw.amount:
                return _LIMIT[draw.counter.kind]
        for draw in draws:
            self.counters.setdefault(draw.counter, Counter(draw.cap, draw.cap, draw.epoch))
            self._take(draw.counter, draw.amount)
        made = replace(use, number=voucher.uses + 1)
        self._put(
            replace(
                voucher,
                state=State.REDEEMED,
                use=made,
                uses=made.number,
                nonces=voucher.nonces | {mark},
            )
        )
        return made

    def use_under(self, voucher: Voucher, device_id: str, nonce: str) -> Use | None:
        past = [past.use for (name, _), past in self.past.items() if name == voucher.voucher_id]
        uses = [*past, *([voucher.use] if voucher.use else [])]
        return next((u for u in uses if (u.device_id, u.nonce) == (device_id, nonce)), None)

    def past_use(self, voucher_id: str, number: int) -> PastUse | None:
        return self.past.get((voucher_id, number))

    def reverse(self, voucher_id: str, past: PastUse) -> bool:
        voucher = self.vouchers[voucher_id]
        if voucher.state is not State.REDEEMED or voucher.uses != past.use.number:
            return False
        self.past[voucher_id, past.use.number] = past
        for counter, amount in past.use.moved:
            self._take(counter, -amount)
        self._put(replace(voucher, state=State.REVERSED, use=None))
        return True

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


def _usable(voucher: Voucher, token: Token | None) -> bool:
    fresh = token is None or token.generation == voucher.generation
    return fresh and voucher.state in {State.ISSUED, State.REVERSED}


@dataclass
class Catalog:
    """Drafts, revisions, pointers and the publish record."""

    drafts: dict[str, tuple[Campaign, int]] = field(default_factory=dict)
    frozen: list[Campaign] = field(default_factory=list)
    live: dict[str, Pointer] = field(default_factory=dict)
    record: PublishRecord | None = None

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
        self, campaign_id: str, goal: Pointer, *, now: datetime, over: Pointer | None = None
    ) -> PublishRecord | None:
        assert campaign_id
        assert now.tzinfo
        stands = self.record
        if over is None and stands is not None and not (stands.done and stands.epoch < goal.epoch):
            return stands
        if over is not None and (stands is None or stands.done or stands.epoch != over.epoch):
            return stands
        self.record = PublishRecord(goal.revision, goal.epoch, done=False)
        return None

    def close_publish(self, campaign_id: str, goal: Pointer, *, now: datetime) -> None:
        assert campaign_id
        assert now.tzinfo
        if self.record is not None and self.record.epoch == goal.epoch:
            self.record = replace(self.record, done=True)

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
class Choices:
    """Delivery choices, and who holds which voucher."""

    holders: dict[str, str]
    chosen: dict[str, Choice] = field(default_factory=dict)

    def choose(self, choice: Choice, visitor: str, *, token: str) -> Reason | None:
        assert token
        if self.holders.get(choice.voucher_id) != visitor:
            return Reason.WRONG_HOLDER
        self.chosen[choice.voucher_id] = choice
        return None
