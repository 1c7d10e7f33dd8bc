"""Marketing publishes a draft, or goes back to an earlier revision.

The order is the safety: document, new counters and lowered limits, pointer, raised limits. A
crash in between leaves limits tighter, never looser; whoever publishes next finishes it first.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from chalicelib.domain import limits as rules
from chalicelib.domain import promise, validation
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.counter import Counter, CounterId, CounterKind
from chalicelib.domain.errors import NotFound, TryAgain
from chalicelib.domain.fault import Fault
from chalicelib.domain.limits import Change, LimitId
from chalicelib.domain.offer import Offer
from chalicelib.domain.pointer import Pointer, PublishRecord
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.trail import Entry

_ROUNDS = 10
_ACTIONS = 100  # of one transaction


class Catalog(Protocol):
    """What publishing needs of the catalog; `chalicelib.store.campaigns` fits."""

    def draft(self, campaign_id: str) -> tuple[Campaign, int] | None: ...

    def freeze(self, campaign: Campaign, *, now: datetime) -> int: ...

    def revision(self, campaign_id: str, number: int) -> Campaign: ...

    def pointers(self) -> dict[str, Pointer]: ...

    def move_pointer(self, campaign_id: str, goal: Pointer) -> bool: ...

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
        """Begin a publish after `before`, in place of the open one `over`; None, or what stands."""
        ...

    def close_publish(
        self, campaign_id: str, goal: Pointer, *, now: datetime, entry: Entry | None = None
    ) -> None:
        """End a publish and leave its entry in the trail, both or neither."""
        ...

    def publish_record(self, campaign_id: str) -> PublishRecord | None: ...


class Counters(Protocol):
    """What publishing needs of the counters; `chalicelib.store.counters` fits."""

    def read(self, counter_ids: Sequence[CounterId]) -> dict[CounterId, Counter]: ...

    def days(self, campaign_number: int, limit: LimitId, since: date) -> list[CounterId]: ...

    def change(
        self, changes: Sequence[Change], *, epoch: int, now: datetime, token: str
    ) -> bool: ...


@dataclass(frozen=True, slots=True)
class Faulty:
    """A document that may not go live, with every fault of it."""

    faults: tuple[Fault, ...]


def publish(
    catalog: Catalog,
    counters: Counters,
    campaign_id: str,
    *,
    draft_version: int,
    now: datetime,
    entry: Entry | None = None,
) -> Pointer | Refusal | Faulty:
    """Freeze the draft of that version and make it live.

    The trail gets the `entry`, with revision and epoch, from whoever brings this to its end.
    """
    found = catalog.draft(campaign_id)
    if found is None:
        raise NotFound(f"campaign {campaign_id} has no draft")
    campaign, version = found
    if version != draft_version:
        return Refusal(Reason.EDITED_MEANWHILE, {"draft_version": str(version)})
    finish(catalog, counters, campaign_id, now=now)
    live = catalog.pointers().get(campaign_id)
    before = catalog.revision(campaign_id, live.revision) if live else None
    campaign = _with_shards(counters, before, campaign)
    faults = validation.faults(campaign) + promise.broken(before, campaign)
    if faults:
        return Faulty(faults)
    revision = catalog.freeze(campaign, now=now)
    return _go_live(catalog, counters, campaign_id, revision, now, entry)


def roll_back(
    catalog: Catalog,
    counters: Counters,
    campaign_id: str,
    *,
    revision: int,
    now: datetime,
    entry: Entry | None = None,
) -> Pointer | Refusal | Faulty:
    """Make an earlier revision live again, under a new epoch; `entry` as for a publish.

    Offers and stands that were published since are carried along, closed.
    """
    finish(catalog, counters, campaign_id, now=now)
    live = catalog.pointers().get(campaign_id)
    if live is None:
        raise NotFound(f"campaign {campaign_id} is not published")
    current = catalog.revision(campaign_id, live.revision)
    goal = promise.carry_along(current, catalog.revision(campaign_id, revision))
    goal = _with_shards(counters, current, goal)
    faults = validation.faults(goal)
    if faults:
        return Faulty(faults)
    return _go_live(catalog, counters, campaign_id, catalog.freeze(goal, now=now), now, entry)


def below_use(
    catalog: Catalog, counters: Counters, campaign: Campaign, *, now: datetime
) -> Refusal | None:
    """Return which limit of a draft is below its use as it stands now; nothing is written."""
    live = catalog.pointers().get(campaign.campaign_id)
    old = catalog.revision(campaign.campaign_id, live.revision) if live else None
    whole = _with_shards(counters, old, campaign)
    move = _Move(counters, whole, live.epoch + 1 if live else 1, now)
    return move.below_use(move.targets(old))


def finish(catalog: Catalog, counters: Counters, campaign_id: str, *, now: datetime) -> None:
    """Finish a publish that crashed, if there is one."""
    record = catalog.publish_record(campaign_id)
    if record is not None and not record.done:
        _carry_out(catalog, counters, campaign_id, record, now)


def _with_shards(counters: Counters, before: Campaign | None, after: Campaign) -> Campaign:
    """Return the campaign with shards for the expected peak, and no fewer than there are.

    A stock that returns has as many as its counters, which count what they gave.
    """
    shards = {offer.offer_id: rules.shards_of_peak(offer) for offer in after.offers}
    for offer in before.offers if before else ():
        if offer.stock is not None and offer.stock.shards > shards.get(offer.offer_id, 1):
            shards[offer.offer_id] = offer.stock.shards
    for offer, counter_ids in rules.came_back(before, after) if before else ():
        parts = [int(counter_id.part) for counter_id in counters.read(counter_ids)]
        shards[offer.offer_id] = max(shards[offer.offer_id], max(parts, default=0) + 1)
    return replace(after, offers=tuple(_at_least(o, shards[o.offer_id]) for o in after.offers))


def _at_least(offer: Offer, shards: int) -> Offer:
    if offer.stock is None or offer.stock.shards >= shards:
        return offer
    return replace(offer, stock=replace(offer.stock, shards=shards))


def _go_live(
    catalog: Catalog,
    counters: Counters,
    campaign_id: str,
    revision: int,
    now: datetime,
    entry: Entry | None,
) -> Pointer | Refusal:
    """Begin the publish of a frozen revision and carry it out."""
    live = catalog.pointers().get(campaign_id)
    last = catalog.publish_record(campaign_id)
    goal = Pointer(revision, max(live.epoch if live else 0, last.epoch if last else 0) + 1)
    campaign = catalog.revision(campaign_id, revision)
    before = live.revision if live else None
    old = catalog.revision(campaign_id, before) if before else None
    move = _Move(counters, campaign, goal.epoch, now)
    below_use = move.below_use(move.targets(old))
    if below_use is not None:
        return below_use
    told = _told(entry, goal) if entry else None
    stands = catalog.open_publish(campaign_id, goal, now=now, before=before, entry=told)
    if stands is not None:
        return Refusal(Reason.IN_PROGRESS)
    record = PublishRecord(goal.revision, goal.epoch, done=False, before=before, entry=told)
    return _carry_out(catalog, counters, campaign_id, record, now)


def _told(entry: Entry, goal: Pointer) -> Entry:
    """Return the entry with what it made live."""
    return replace(entry, subject=f"revision {goal.revision}", after={"epoch": str(goal.epoch)})


def _carry_out(
    catalog: Catalog, counters: Counters, campaign_id: str, record: PublishRecord, now: datetime
) -> Pointer | Refusal:
    """Do what a publish record says; each step may be repeated."""
    live, goal = catalog.pointers().get(campaign_id), record.goal
    old = catalog.revision(campaign_id, record.before) if record.before else None
    campaign = catalog.revision(campaign_id, goal.revision)
    move = _Move(counters, campaign, goal.epoch, now)
    targets = move.targets(old)
    if live is None or live.epoch < goal.epoch:
        refused = move.apply(move.first(targets))
        if refused is not None:
            return _go_back(catalog, counters, campaign_id, goal, now) or refused
        catalog.move_pointer(campaign_id, goal)
    refused = move.apply(targets)
    if refused is not None:
        raise TryAgain("a raised limit cannot be below its use")
    catalog.close_publish(campaign_id, goal, now=now, entry=record.entry)
    return goal


def _go_back(
    catalog: Catalog, counters: Counters, campaign_id: str, failed: Pointer, now: datetime
) -> Refusal | None:
    """End a publish that use overtook: the live revision again, with its limits restored.

    One write puts the way back in the place of the way forth: a crash loses neither.
    """
    live = catalog.pointers().get(campaign_id)
    if live is None:
        catalog.close_publish(campaign_id, failed, now=now)
        return None
    goal = Pointer(live.revision, failed.epoch + 1)
    before = failed.revision  # what it has limited anew binds no more
    if catalog.open_publish(campaign_id, goal, now=now, before=before, over=failed) is not None:
        return Refusal(Reason.IN_PROGRESS)
    record = PublishRecord(goal.revision, goal.epoch, done=False, before=before)
    _carry_out(catalog, counters, campaign_id, record, now)
    return None


Targets = dict[LimitId, tuple[int, ...]]
Found = list[tuple[CounterId, Counter | None]]


@dataclass(frozen=True, slots=True)
class _Move:
    """The counters of a campaign on their way to the caps of a new epoch."""

    counters: Counters
    campaign: Campaign
    epoch: int
    now: datetime

    def targets(self, old: Campaign | None) -> Targets:
        """Return the caps of every limit, of day items that exist and of limits that go."""
        wanted = rules.limits(self.campaign, self.now)
        dropped = rules.removed(rules.limits(old, self.now), wanted) if old else {}
        days = self._days(limit for limit in wanted if limit.kind is CounterKind.DAY)
        return wanted | days | self._made(dropped)

    def _made(self, dropped: Targets) -> Targets:
        """Leave out limits that go before any counter of them was made."""
        found = self._found(dropped)
        return {
            limit: caps
            for limit, caps in dropped.items()
            if any(old is not None for _, old in found[limit])
        }

    def first(self, targets: Targets) -> Targets:
        """Return what has to be in place before the pointer: new counters and lowered caps."""
        found = self._found(targets)
        return {
            limit: caps
            for limit, caps in targets.items()
            if any(old is None for _, old in found[limit]) or rules.is_lower(found[limit], caps)
        }

    def below_use(self, targets: Targets) -> Refusal | None:
        """Return a refusal if a limit would fall below its use as it stands now."""
        found = self._found(targets)
        for limit, caps in targets.items():
            if rules.spread(found[limit], caps) is None:
                return self._refusal(limit)
        return None

    def apply(self, targets: Targets) -> Refusal | None:
        """Bring these limits to their caps: many in one transaction, one by one where it fails."""
        found = self._found(targets)
        plans = {limit: self._plan(found[limit], caps) for limit, caps in targets.items()}
        late = [limit for limit, changes in plans.items() if changes is None]
        for group in _groups(plans):
            changes = [change for limit in group for change in plans[limit] or ()]
            if not self._write(changes):
                late += group
        refused = (self._settle(limit, targets[limit]) for limit in late)
        return next((refusal for refusal in refused if refusal is not None), None)

    def _settle(self, limit: LimitId, caps: tuple[int, ...]) -> Refusal | None:
        """Bring one limit to its caps while it is in use: read, plan, write, and again."""
        for _ in range(_ROUNDS):
            changes = self._plan(self._found({limit: caps})[limit], caps)
            if changes is None:
                return self._refusal(limit)
            if not changes or self._write(changes):
                return None
        raise TryAgain("a limit changes faster than it can be moved")

    def _plan(self, found: Found, caps: tuple[int, ...]) -> list[Change] | None:
        """Plan one limit; nothing is left to do where this epoch moved it already."""
        if any(old is not None and old.epoch >= self.epoch for _, old in found):
            return []
        return rules.spread(found, caps)

    def _write(self, changes: Sequence[Change]) -> bool:
        if not changes:
            return True
        name = f"{self.campaign.campaign_id}|{self.epoch}|{changes}"
        token = hashlib.sha256(name.encode()).hexdigest()[:36]
        return self.counters.change(changes, epoch=self.epoch, now=self.now, token=token)

    def _found(self, targets: Targets) -> dict[LimitId, Found]:
        number = self.campaign.number
        ids = {
            limit: rules.counters_of(number, limit, len(caps)) for limit, caps in targets.items()
        }
        counters = self.counters.read([c for listed in ids.values() for c in listed])
        return {limit: [(c, counters.get(c)) for c in listed] for limit, listed in ids.items()}

    def _days(self, wanted: Iterable[LimitId]) -> Targets:
        """Return the day items that exist from today on, beside the days that are made anyway."""
        days: Targets = {}
        for offer_number, popup_number in {(w.offer_number, w.popup_number) for w in wanted}:
            offer = self.campaign.offer_numbered[offer_number]
            today = self.campaign.popup_numbered[popup_number].local_day(self.now)
            limit = LimitId(CounterKind.DAY, offer_number, popup_number)
            for counter in self.counters.days(self.campaign.number, limit, today):
                days[replace(limit, day=counter.part)] = (offer.day_limit or 0,)
        return days

    def _refusal(self, limit: LimitId) -> Refusal:
        offer = self.campaign.offer_numbered[limit.offer_number]
        popup = self.campaign.popup_numbered.get(limit.popup_number)
        facts = {"offer_id": offer.offer_id, "setting": str(limit.kind)}
        return Refusal(
            Reason.LIMIT_BELOW_USE, facts | ({"popup_id": popup.popup_id} if popup else {})
        )


def _groups(plans: Mapping[LimitId, list[Change] | None]) -> Iterator[list[LimitId]]:
    """Pack limits into groups that fit one transaction; a limit is never split."""
    group: list[LimitId] = []
    actions = 0
    for limit, changes in plans.items():
        if not changes:
            continue
        if actions + len(changes) > _ACTIONS:
            yield group
            group, actions = [], 0
        group.append(limit)
        actions += len(changes)
    yield group
