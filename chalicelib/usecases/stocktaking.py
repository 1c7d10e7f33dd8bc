"""A manager books what came, what broke and what was counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chalicelib.domain import stock as rules
from chalicelib.domain import trail
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.limits import Change, LimitId
from chalicelib.domain.member import Scope
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.stock import Kind, Movement, Shards, Short
from chalicelib.domain.trail import Entry

_ROUNDS = 10


class Stocks(Protocol):
    """What stocktaking needs of the ledger; `chalicelib.store.stocks` fits."""

    def shards(self, campaign_number: int, limit: LimitId) -> Shards:
        """Return every shard of a stock, as it is."""
        ...

    def movement(
        self, scope: Scope, popup_id: str, campaign_number: int, movement: Movement
    ) -> Movement | None:
        """Return what stands under the nonce of a movement, or None."""
        ...

    def move(
        self,
        scope: Scope,
        popup_id: str,
        campaign_number: int,
        movement: Movement,
        changes: Sequence[Change],
        entry: Entry,
    ) -> Movement | None:
        """Write a movement; return what stands under its nonce, or None: plan again.

        A count is written only where no shard was published or moved since it was read.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be booked. `popup_id` `*` is the whole campaign; `given`: handed over so far.

    `nonce` is the form's: the same one again is booked once. `at` is business time, by which it
    belongs to a day; `noted_at` is the real instant, for the trail.
    """

    campaign_number: int
    limit: LimitId
    popup_id: str
    offer_id: str
    kind: Kind
    number: int
    given: int
    note: str
    nonce: str
    at: datetime
    noted_at: datetime
    request_id: str


def book(stocks: Stocks, scope: Scope, wish: Wish) -> Movement | Short | Refusal:
    """Book a movement once, whatever is claimed, published and booked meanwhile.

    Returns what was booked, the first time or now. Raises TryAgain where the stock never rests.
    """
    for _ in range(_ROUNDS):
        shards = stocks.shards(wish.campaign_number, wish.limit)
        if not shards:
            return Refusal(Reason.NOT_FOUND)
        movement = _movement(scope, wish, rules.in_hand(shards, wish.given))
        changes = rules.plan(shards, movement.change)
        if isinstance(changes, Short):
            stored = stocks.movement(scope, wish.popup_id, wish.campaign_number, movement)
            return _same(stored, wish) if stored else changes
        entry = _entry(scope, wish, movement)
        booked = stocks.move(scope, wish.popup_id, wish.campaign_number, movement, changes, entry)
        if booked is not None:
            return _same(booked, wish)
    raise TryAgain("the stock changes faster than it can be booked")


def _movement(scope: Scope, wish: Wish, expected: int) -> Movement:
    return Movement(
        nonce=wish.nonce,
        offer_number=wish.limit.offer_number,
        popup_number=wish.limit.popup_number,
        kind=wish.kind,
        number=wish.number,
        change=rules.change_of(wish.kind, wish.number, expected),
        expected=expected if wish.kind is Kind.COUNTED else None,
        note=wish.note,
        member_id=scope.member_id,
        email=scope.email,
        at=wish.at,
    )


def _entry(scope: Scope, wish: Wish, movement: Movement) -> Entry:
    """Return the entry of the trail; it has what changed, and why."""
    said = {"units": f"{movement.change:+d}"} | ({"note": wish.note} if wish.note else {})
    before = {} if movement.expected is None else {"units": str(movement.expected)}
    after = said if movement.expected is None else said | {"units": str(movement.number)}
    return trail.entry(
        scope,
        f"stock {wish.kind}",
        f"{wish.popup_id}/{wish.offer_id}",
        at=wish.noted_at,
        request_id=wish.request_id,
        before=before,
        after=after,
    )


def _same(stored: Movement, wish: Wish) -> Movement | Refusal:
    """Return what stands under a nonce, if it is what is wished."""
    said = (stored.offer_number, stored.kind, stored.number)
    if said == (wish.limit.offer_number, wish.kind, wish.number):
        return stored
    return Refusal(Reason.IDEMPOTENCY_KEY_REUSED)
