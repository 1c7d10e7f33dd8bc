"""Marketing mints a batch of vouchers: one item and its units, whatever the number of codes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chalicelib.domain import limits, mint
from chalicelib.domain.batch import Batch
from chalicelib.domain.claim import OUTER_BOUND
from chalicelib.domain.counter import Counter, CounterId, CounterKind
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.limits import LimitId
from chalicelib.domain.live import Published
from chalicelib.domain.offer import Offer
from chalicelib.domain.popup import Popup
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.redemption import rfc3339

_ROUNDS = 10

Units = tuple[tuple[CounterId, int], ...]


class Mints(Protocol):
    """What minting needs of the ledger; `chalicelib.store.mints` fits."""

    def last_number(self) -> int:
        """Return the number of the last batch of all, 0 where there is none."""
        ...

    def batches(self, campaign_number: int) -> Iterator[Batch]: ...

    def make(self, batch: Batch) -> bool:
        """Keep the batch and take its units; False where its number or a unit is gone."""
        ...


class Counters(Protocol):
    """What minting needs of the counters; `chalicelib.store.counters` fits."""

    def read(self, counter_ids: Sequence[CounterId]) -> dict[CounterId, Counter]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How many vouchers of which offer, issued by which stand, signed with which key."""

    published: Published
    popup: Popup
    offer: Offer
    count: int
    key_id: int
    at: datetime
    request: str


@dataclass(frozen=True, slots=True)
class Minted:
    """A batch that stands; `made` is False where the same request made it before."""

    batch: Batch
    made: bool


def make_batch(mints: Mints, counters: Counters, wish: Wish) -> Minted | Refusal:
    """Make one batch. The same request again gets the same batch, whatever happened since."""
    for _ in range(_ROUNDS):
        # First the number, then the list: whoever makes a batch in between takes the number.
        number = mints.last_number() + 1
        stands = _made_before(mints, wish)
        if stands is not None:
            return stands
        units = _refusal(wish, number) or _units(counters, wish)
        if isinstance(units, Refusal):
            return units
        batch = _batch(wish, number, units)
        if mints.make(batch):
            return Minted(batch, made=True)
    raise TryAgain("others mint or claim too fast")


def _made_before(mints: Mints, wish: Wish) -> Minted | Refusal | None:
    batches = mints.batches(wish.published.campaign.number)
    found = next((batch for batch in batches if batch.request == wish.request), None)
    if found is None:
        return None
    if (found.offer_id, found.popup_id, found.count) != _asked(wish):
        return Refusal(Reason.IDEMPOTENCY_KEY_REUSED)
    return Minted(found, made=False)


def _asked(wish: Wish) -> tuple[str, str, int]:
    return wish.offer.offer_id, wish.popup.popup_id, wish.count


def _refusal(wish: Wish, number: int) -> Refusal | None:
    offer, popup = wish.offer, wish.popup
    if not offer.runs_at(popup.popup_id):
        return Refusal(Reason.WRONG_CITY, {"setting": "popup_ids"})
    ends = wish.published.campaign.usable_until(popup, offer)
    if wish.at >= ends or offer.closed:
        return Refusal(Reason.EXPIRED, {"ended_at": rfc3339(ends), "time_zone": popup.time_zone})
    if number >= mint.BATCHES:
        return Refusal(Reason.LIMIT_CAMPAIGN, {"setting": "batches"})
    return None


def _units(counters: Counters, wish: Wish) -> Units | Refusal:
    """Plan what each shard gives, by what it has left; the condition of the write decides."""
    offer, stock = wish.offer, wish.offer.stock
    if stock is None:
        return ()
    (place,) = limits.stock_places(offer, [wish.popup])
    limit = LimitId(CounterKind.STOCK, offer.number, place)
    shards = limits.counters_of(wish.published.campaign.number, limit, stock.shards)
    found = counters.read(shards)
    left = [found[shard].left if shard in found else 0 for shard in shards]
    taken = limits.shares(left, wish.count)
    if taken is None:
        reason = Reason.OUT_OF_STOCK if place else Reason.LIMIT_CAMPAIGN
        return Refusal(reason, {"setting": "stock", "left": str(sum(left))})
    return tuple((shard, amount) for shard, amount in zip(shards, taken, strict=True) if amount)


def _batch(wish: Wish, number: int, units: Units) -> Batch:
    campaign, offer, popup = wish.published.campaign, wish.offer, wish.popup
    return Batch(
        number=number,
        campaign_id=campaign.campaign_id,
        campaign_number=campaign.number,
        offer_id=offer.offer_id,
        offer_number=offer.number,
        popup_id=popup.popup_id,
        popup_number=popup.number,
        merchant_id=offer.merchant_id,
        count=wish.count,
        made_at=wish.at.replace(second=0, microsecond=0),
        local_hour=popup.local_hour(wish.at),
        expires_at=campaign.ends + OUTER_BOUND,
        key_id=wish.key_id,
        revision=wish.published.revision,
        request=wish.request,
        units=units,
    )
