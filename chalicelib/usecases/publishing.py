"""Marketing publishes a draft, or goes back to an earlier revision.

The order is the safety: document, new counters and lowered limits, pointer, raised limits. A
crash in between leaves limits tighter, never looser; whoever publishes next finishes it first.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
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

    def side_by_side(self, calls: Sequence[Callable[[], bool]]) -> list[bool]:
        """Run such changes at the same time, in any order."""
        ...


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
    return _move(counters, old, whole, live.epoch + 1 if live else 1, now).below_use()


def finish(catalog: Catalog, counters: Counters, campaign_id: str, *, now: datetime) -> None:
    """Finish a publish that crashed, if there is one."""
    record = catalog.publish_record(campaign_id)
    if record is not None and not record.done:
        _carry_out(
            catalog, campaign_id, record, _moving(catalog, counters, campaign_id, record, now)
        )


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
    before, told = live.revision if live else None, _told(entry, goal) if entry else None
    record = PublishRecord(goal.revision, goal.epoch, done=False, before=before, entry=told)
    move = _moving(catalog, counters, campaign_id, record, now)
    below_use = move.below_use()
    if below_use is not None:
        return below_use
    stands = catalog.open_publish(campaign_id, goal, now=now, before=before, entry=told)
    if stands is not None:
        return Refusal(Reason.IN_PROGRESS)
    return _carry_out(catalog, campaign_id, record, move)


def _told(entry: Entry, goal: Pointer) -> Entry:
    """Return the entry with what it made live."""
    return replace(entry, subject=f"revision {goal.revision}", after={"epoch": str(goal.epoch)})


def _moving(
    catalog: Catalog, counters: Counters, campaign_id: str, record: PublishRecord, now: datetime
) -> "_Move":
    """Return what a publish record asks of the counters, as they stand now."""
    old = catalog.revision(campaign_id, record.before) if record.before else None
    campaign = catalog.revision(campaign_id, record.revision)
    return _move(counters, old, campaign, record.epoch, now)


def _carry_out(
    catalog: Catalog, campaign_id: str, record: PublishRecord, move: "_Move"
) -> Pointer | Refusal:
    """Do what a publish record says; each step may be repeated."""
    live, goal = catalog.pointers().get(campaign_id), record.goal
    waiting = move.targets
    if live is None or live.epoch < goal.epoch:
        first = move.first()
        refused = move.apply(first)
        if refused is not None:
            return _go_back(catalog, move.counters, campaign_id, goal, move.now) or refused
        catalog.move_pointer(campaign_id, goal)
        waiting = {limit: caps for limit, caps in waiting.items() if limit not in first}
    refused = move.apply(waiting)
    if refused is not None:
        raise TryAgain("a raised limit cannot be below its use")
    catalog.close_publish(campaign_id, goal, now=move.now, entry=record.entry)
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
    _carry_out(catalog, campaign_id, record, _moving(catalog, counters, campaign_id, record, now))
    return None


Targets = dict[LimitId, tuple[int, ...]]
Found = dict[LimitId, list[tuple[CounterId, Counter | None]]]


def _move(
    counters: Counters, old: Campaign | None, campaign: Campaign, epoch: int, now: datetime
) -> "_Move":
    """Read every counter once: of each limit, of day items that exist, of limits that go."""
    wanted = rules.limits(campaign, now)
    dropped = rules.removed(rules.limits(old, now), wanted) if old else {}
    targets = wanted | _days(counters, campaign, wanted, now) | dropped
    found = _found(counters, campaign, targets)
    never_made = {limit for limit in dropped if all(old is None for _, old in found[limit])}
    targets = {limit: caps for limit, caps in targets.items() if limit not in never_made}
    return _Move(counters, campaign, epoch, now, targets, found)


@dataclass(frozen=True, slots=True)
class _Move:
    """The counters of a campaign on their way to the caps of a new epoch.

    They are planned as they were found; each write has its condition, and what was used since
    is planned anew.
    """

    counters: Counters
    campaign: Campaign
    epoch: int
    now: datetime
    targets: Targets
    found: Found

    def first(self) -> Targets:
        """Return what has to be in place before the pointer: new counters and lowered caps."""
        return {
            limit: caps
            for limit, caps in self.targets.items()
            if any(old is None for _, old in self.found[limit])
            or rules.is_lower(self.found[limit], caps)
        }

    def below_use(self) -> Refusal | None:
        """Return a refusal if a limit would fall below its use as it was found."""
        for limit, caps in self.targets.items():
            if rules.spread(self.found[limit], caps) is None:
                return self._refusal(limit)
        return None

    def apply(self, targets: Targets) -> Refusal | None:
        """Bring these limits to their caps: many in one transaction, one by one where it fails."""
        plans = {limit: self._plan(self.found[limit], caps) for limit, caps in targets.items()}
        late = [limit for limit, changes in plans.items() if changes is None]
        groups = list(_groups(plans))
        changes = ([c for limit in group for c in plans[limit] or ()] for group in groups)
        written = self.counters.side_by_side([partial(self._write, some) for some in changes])
        late += [
            limit
            for group, done in zip(groups, written, strict=True)
            if not done
            for limit in group
        ]
        refused = (self._settle(limit, targets[limit]) for limit in late)
        return next((refusal for refusal in refused if refusal is not None), None)

    def _settle(self, limit: LimitId, caps: tuple[int, ...]) -> Refusal | None:
        """Bring one limit to its caps while it is in use: read, plan, write, and again."""
        for _ in range(_ROUNDS):
            found = _found(self.counters, self.campaign, {limit: caps})
            changes = self._plan(found[limit], caps)
            if changes is None:
                return self._refusal(limit)
            if not changes or self._write(changes):
                return None
        raise TryAgain("a limit changes faster than it can be moved")

    def _plan(
        self, found: Sequence[tuple[CounterId, Counter | None]], caps: tuple[int, ...]
    ) -> list[Change] | None:
        """Plan one limit; nothing is left to do where this epoch moved it already."""
        if any(old is not None and old.epoch >= self.epoch for _, old in found):
            return []
        return rules.spread(found, caps)

    def _write(self, changes: Sequence[Change]) -> bool:
        if not changes:
            return True
        name = f"{self.campaign.campaign_id}|{self.epoch}|{self.now}|{changes}"
        token = hashlib.sha256(name.encode()).hexdigest()[:36]
        return self.counters.change(changes, epoch=self.epoch, now=self.now, token=token)

    def _refusal(self, limit: LimitId) -> Refusal:
        offer = self.campaign.offer_numbered[limit.offer_number]
        popup = self.campaign.popup_numbered.get(limit.popup_number)
        facts = {"offer_id": offer.offer_id, "setting": str(limit.kind)}
        return Refusal(
            Reason.LIMIT_BELOW_USE, facts | ({"popup_id": popup.popup_id} if popup else {})
        )


def _found(counters: Counters, campaign: Campaign, targets: Targets) -> Found:
    ids = {
        limit: rules.counters_of(campaign.number, limit, len(caps))
        for limit, caps in targets.items()
    }
    read = counters.read([c for listed in ids.values() for c in listed])
    return {limit: [(c, read.get(c)) for c in listed] for limit, listed in ids.items()}


def _days(
    counters: Counters, campaign: Campaign, wanted: Iterable[LimitId], now: datetime
) -> Targets:
    """Return the day items that exist from today on, beside the days that are made anyway."""
    days: Targets = {}
    places = {(w.offer_number, w.popup_number) for w in wanted if w.kind is CounterKind.DAY}
    for offer_number, popup_number in places:
        offer = campaign.offer_numbered[offer_number]
        today = campaign.popup_numbered[popup_number].local_day(now)
        limit = LimitId(CounterKind.DAY, offer_number, popup_number)
        for counter in counters.days(campaign.number, limit, today):
            days[replace(limit, day=counter.part)] = (offer.day_limit or 0,)
    return days


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
