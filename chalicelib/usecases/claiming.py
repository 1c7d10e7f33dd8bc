"""A visitor claims a voucher; the same visitor asking again gets the same one.

A claim whose hold ended is revived as the next generation: its old codes die.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from chalicelib.domain import claim as rules
from chalicelib.domain import hold
from chalicelib.domain import voucher as vouchers_of
from chalicelib.domain.claim import Wish
from chalicelib.domain.counter import Counter, CounterId, CounterKind
from chalicelib.domain.idempotency import Record
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.voucher import State, Voucher


class Vouchers(Protocol):
    """What a claim needs of the ledger; `chalicelib.store.vouchers` fits."""

    def claim(
        self,
        voucher: Voucher,
        *,
        over: Voucher | None,
        token: str,
        record: Record | None = None,
    ) -> Voucher | Reason | None:
        """Make it, in place of the lapsed voucher `over` if that is given.

        Returns None when made, the voucher that is there, or why neither. `out_of_stock` speaks
        of this voucher's unit alone; `idempotency_key_reused` says that another request came with
        the record's key.
        """
        ...

    def get(self, voucher_id: str) -> Voucher | None: ...


class Counters(Protocol):
    """What a claim needs of the counters; `chalicelib.store.counters` fits."""

    def read(self, counter_ids: Sequence[CounterId]) -> dict[CounterId, Counter]: ...


Keep = Callable[[Voucher], Record | None]


@dataclass(frozen=True, slots=True)
class Claimed:
    """A voucher in the visitor's hand; `made` is False where it was there already."""

    voucher: Voucher
    made: bool


def claim(
    vouchers: Vouchers,
    counters: Counters,
    wish: Wish,
    *,
    claim_secret: bytes,
    request_id: str,
    keep: Keep | None = None,
) -> Claimed | Refusal:
    """Claim once. Whoever has the voucher already gets it, whatever has changed since.

    `keep` makes the record of a voucher that is made now, if one is to be kept.
    """
    voucher = _wished(wish, claim_secret)
    refused = rules.refusal(wish)
    if refused is None:
        walk = _Walk(vouchers, counters, voucher, request_id, _sold_out(wish), keep)
        outcome = walk.take(_shards(wish))
        if not isinstance(outcome, Refusal):
            return outcome
        refused = outcome
    owned = vouchers.get(voucher.voucher_id)
    lost = owned is None or owned.state is State.LAPSED
    return refused if owned is None or lost else Claimed(owned, made=False)


def _wished(wish: Wish, claim_secret: bytes) -> Voucher:
    campaign, at = wish.published.campaign, wish.at
    voucher_id = vouchers_of.claimed_id(
        claim_secret,
        campaign_number=campaign.number,
        offer_number=wish.offer.number,
        popup_number=wish.popup.number,
        visitor=wish.visitor,
        ordinal=wish.ordinal,
        scope=wish.offer.visitor_scope,
    )
    return Voucher(
        voucher_id=voucher_id,
        campaign_id=campaign.campaign_id,
        popup_id=wish.popup.popup_id,
        offer_id=wish.offer.offer_id,
        merchant_id=wish.offer.merchant_id,
        ordinal=wish.ordinal,
        visitor=wish.visitor,
        state=State.ISSUED,
        issued_at=at,
        local_hour=wish.popup.local_hour(at),
        revision=wish.published.revision,
        hold_until=hold.hold_until(campaign, wish.offer, wish.popup, at),
        source=wish.source,
    )


def _sold_out(wish: Wish) -> Refusal:
    """Return what an empty stock is called: the stand's own, or the whole campaign's limit."""
    everywhere = wish.stock_popup_number == 0
    reason = Reason.LIMIT_CAMPAIGN if everywhere else Reason.OUT_OF_STOCK
    return Refusal(reason, {"setting": "stock"})


def _shards(wish: Wish) -> list[CounterId]:
    """Return the counters that may give the unit, the visitor's own shard first."""
    stock = wish.offer.stock
    if stock is None:
        return []
    first = sum(wish.visitor.encode()) % stock.shards
    order = [(first + step) % stock.shards for step in range(stock.shards)]
    number, offer = wish.published.campaign.number, wish.offer.number
    place = wish.stock_popup_number
    return [CounterId(CounterKind.STOCK, number, offer, place, str(shard)) for shard in order]


def _revived(voucher: Voucher, over: Voucher | None) -> Voucher:
    """Keep what orders held of the lapsed voucher: the number and the nonces of a use are for ever.

    A number that came twice could never be given back, for its past use is there already.
    """
    if over is None:
        return voucher
    return replace(voucher, uses=over.uses, released=over.released, nonces=over.nonces)


@dataclass(slots=True)
class _Walk:
    """One claim's way along the shards of its stock. `over` is its lapsed voucher, once found."""

    vouchers: Vouchers
    counters: Counters
    voucher: Voucher
    request_id: str
    sold_out: Refusal
    keep: Keep | None
    over: Voucher | None = None

    def take(self, shards: Sequence[CounterId]) -> Claimed | Refusal:
        """Try the visitor's shard, then those that have something left."""
        if not shards:
            return self._try(None) or self.sold_out
        claimed = self._try(shards[0])
        if claimed is None and len(shards) > 1:
            left = self._with_units(shards[1:])
            claimed = next((made for shard in left if (made := self._try(shard))), None)
        return claimed or self.sold_out

    def _with_units(self, shards: Collection[CounterId]) -> list[CounterId]:
        """Read which shards have units: one request in place of one a shard."""
        found = self.counters.read(list(shards))
        return [shard for shard in shards if shard in found and found[shard].left > 0]

    def _try(self, unit: CounterId | None) -> Claimed | Refusal | None:
        """Return the claim or a no that is final, or None where this shard has nothing left."""
        generation = self.over.generation + 1 if self.over else 0
        if generation > hold.LAST_GENERATION:
            return Refusal(Reason.LIMIT_VISITOR, {"setting": "hold_minutes"})
        voucher = replace(_revived(self.voucher, self.over), unit=unit, generation=generation)
        token = f"{self.request_id[:30]}-{unit.part if unit else ''}-{generation:x}"
        record = self.keep(voucher) if self.keep else None
        outcome = self.vouchers.claim(voucher, over=self.over, token=token, record=record)
        if outcome is None:
            return Claimed(voucher, made=True)
        if isinstance(outcome, Reason):
            return Refusal(outcome) if outcome is Reason.IDEMPOTENCY_KEY_REUSED else None
        if outcome.state is State.LAPSED and self.over != outcome:
            self.over = outcome
            return self._try(unit)
        return Claimed(outcome, made=False)
