"""Which counters a campaign needs, and how a changed limit is spread over its shards."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from chalicelib.domain.campaign import Campaign
from chalicelib.domain.counter import (
    CLAIMS_A_SHARD,
    MOST_SHARDS,
    UNLIMITED,
    Counter,
    CounterId,
    CounterKind,
)
from chalicelib.domain.offer import Offer, Scope
from chalicelib.domain.popup import Popup

DAYS_AHEAD = 2  # a stale container may still make the day items of today and the next two days


@dataclass(frozen=True, slots=True, order=True)
class LimitId:
    """One limit; its counters share the amount. `day` is set for a day limit only."""

    kind: CounterKind
    offer_number: int
    popup_number: int = 0
    day: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """How one counter changes: made with `delta` where `old` is None, else moved by it."""

    counter: CounterId
    old: Counter | None
    delta: int


Limits = Mapping[LimitId, tuple[int, ...]]  # the cap of each shard; days and budgets have one


def limits(campaign: Campaign, at: datetime) -> dict[LimitId, tuple[int, ...]]:
    """Return every limit of a campaign with its caps, days from today to two days ahead."""
    return {
        limit: caps for offer in campaign.offers for limit, caps in _limits_of(campaign, offer, at)
    }


def _limits_of(
    campaign: Campaign, offer: Offer, at: datetime
) -> Iterator[tuple[LimitId, tuple[int, ...]]]:
    popups = [popup for popup in campaign.popups if offer.runs_at(popup.popup_id)]
    if offer.stock is not None:
        for number in stock_places(offer, popups):
            yield LimitId(CounterKind.STOCK, offer.number, number), offer.stock.caps()
    if offer.budget_minor is not None:
        yield LimitId(CounterKind.BUDGET, offer.number), (offer.budget_minor,)
    if offer.day_limit is not None:
        for popup in campaign.places_of_use(offer):
            for day in days_ahead(popup, at):
                limit = LimitId(CounterKind.DAY, offer.number, popup.number, day.isoformat())
                yield limit, (offer.day_limit,)


def stock_places(offer: Offer, popups: Sequence[Popup]) -> list[int]:
    """Return the pop-up numbers that hold stock of their own; 0 is the whole campaign."""
    if offer.stock is not None and offer.stock.per is Scope.CAMPAIGN:
        return [0]
    return [popup.number for popup in popups]


def days_ahead(popup: Popup, at: datetime) -> list[date]:
    """Return today and the next two days on the stand's own calendar."""
    return [popup.local_day(at) + timedelta(days=ahead) for ahead in range(DAYS_AHEAD + 1)]


def counters_of(campaign_number: int, limit: LimitId, shards: int) -> list[CounterId]:
    """Return the counters that share a limit."""
    parts = (
        [str(shard) for shard in range(shards)]
        if limit.kind is CounterKind.STOCK
        else [limit.day or ""]
    )
    return [
        CounterId(limit.kind, campaign_number, limit.offer_number, limit.popup_number, part)
        for part in parts
    ]


def spread(
    found: Sequence[tuple[CounterId, Counter | None]], caps: Sequence[int]
) -> list[Change] | None:
    """Plan how the counters of one limit take on new caps, or None where use forbids it.

    New counters are made empty-handed where others exist, so that only the total matters;
    a lowered total is taken where something is left, a raised one is spread evenly.
    """
    olds = [old for _, old in found if old is not None]
    if not olds:
        return [Change(counter, None, cap) for (counter, _), cap in zip(found, caps, strict=True)]
    moved = deltas([old.left if old else 0 for _, old in found], sum(caps) - _total(olds))
    if moved is None:
        return None
    return [
        Change(counter, old, delta)
        for (counter, old), delta in zip(found, moved, strict=True)
        if old is None or delta
    ]


def is_lower(found: Sequence[tuple[CounterId, Counter | None]], caps: Sequence[int]) -> bool:
    """Tell whether new caps are below the old total (so they come before the pointer)."""
    return sum(caps) < _total([old for _, old in found if old is not None])


def removed(old: Limits, new: Limits) -> dict[LimitId, tuple[int, ...]]:
    """Return limits that a new revision drops, with caps that never bind.

    Their counters stay and count, so a limit that comes back is exact. Days pass by themselves.
    """
    return {
        limit: (UNLIMITED, *[0] * (len(caps) - 1))
        for limit, caps in old.items()
        if limit not in new and limit.kind is not CounterKind.DAY
    }


def came_back(old: Campaign, new: Campaign) -> Iterator[tuple[Offer, list[CounterId]]]:
    """Yield each offer whose stock is limited again, with every counter that it may have had.

    Its earlier shards count what they gave, so there must be as many again.
    """
    for offer in new.offers:
        before = old.offer.get(offer.offer_id)
        if before is not None and before.stock is None and offer.stock is not None:
            popups = [popup for popup in new.popups if offer.runs_at(popup.popup_id)]
            places = [
                LimitId(CounterKind.STOCK, offer.number, n) for n in stock_places(offer, popups)
            ]
            yield offer, [c for at in places for c in counters_of(new.number, at, MOST_SHARDS)]


def shards_of_peak(offer: Offer) -> int:
    """Return how many shards serve the claims that are expected at once."""
    peak = offer.stock.peak_per_second if offer.stock else None
    return -(-(peak or 1) // CLAIMS_A_SHARD)


def shares(left: Sequence[int], amount: int) -> list[int] | None:
    """Spread what is taken; never more from a shard than it has left. None: it has not so much."""
    if sum(left) < amount:
        return None
    taken, need = [0] * len(left), amount
    fullest_last = sorted(range(len(left)), key=lambda shard: left[shard])
    for behind, shard in enumerate(fullest_last):
        fair = -(-need // (len(left) - behind))
        taken[shard] = min(left[shard], fair)
        need -= taken[shard]
    return taken


def deltas(left: Sequence[int], change: int) -> list[int] | None:
    """Spread a change of the total; never more from a shard than it has left. None: too much."""
    if change >= 0:
        least, rest = divmod(change, len(left))
        return [least + (shard < rest) for shard in range(len(left))]
    taken = shares(left, -change)
    return None if taken is None else [-amount for amount in taken]


def _total(counters: Sequence[Counter]) -> int:
    return sum(counter.cap for counter in counters)
