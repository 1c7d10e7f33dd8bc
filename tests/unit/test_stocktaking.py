"""A manager books once what came, broke and was counted, whatever happens meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from made import NOW

from chalicelib.domain.counter import Counter, CounterId, CounterKind
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.limits import Change, LimitId
from chalicelib.domain.member import Scope
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.stock import Kind, Movement, Shards, Short
from chalicelib.domain.trail import Entry
from chalicelib.usecases import stocktaking
from chalicelib.usecases.stocktaking import Wish

ANNA = Scope(area="festival", member_id="anna", email="anna@example.org")
NOTED_AT = NOW + timedelta(hours=5)
LIMIT = LimitId(CounterKind.STOCK, 1, 1)
FIRST = CounterId(CounterKind.STOCK, 7, 1, 1, "0")


@dataclass
class Stocks:
    """One stock of one shard. `busy` attempts find it changed since it was read."""

    counter: Counter | None = field(default_factory=lambda: Counter(10, 8, 1))
    busy: int = 0
    booked: dict[str, Movement] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)

    def shards(self, campaign_number: int, limit: LimitId) -> Shards:
        assert (campaign_number, limit) == (7, LIMIT)
        return [(FIRST, self.counter)] if self.counter else []

    def movement(
        self, scope: Scope, popup_id: str, campaign_number: int, movement: Movement
    ) -> Movement | None:
        assert (scope, popup_id, campaign_number) == (ANNA, "istanbul", 7)
        return self.booked.get(movement.nonce)

    def move(
        self,
        scope: Scope,
        popup_id: str,
        campaign_number: int,
        movement: Movement,
        changes: Sequence[Change],
        entry: Entry,
    ) -> Movement | None:
        stored = self.movement(scope, popup_id, campaign_number, movement)
        if stored is not None:
            return stored
        self.busy -= 1
        if self.busy >= 0:
            return None
        assert self.counter is not None
        (change,) = changes
        left, adj = self.counter.left + change.delta, self.counter.adj + change.delta
        self.counter = replace(self.counter, left=left, adj=adj)
        self.booked[movement.nonce] = movement
        self.entries.append(entry)
        return movement


def wish(kind: Kind = Kind.RECEIVED, number: int = 4, **facts: Any) -> Wish:
    whole: dict[str, Any] = {
        "campaign_number": 7,
        "limit": LIMIT,
        "popup_id": "istanbul",
        "offer_id": "lantern",
        "kind": kind,
        "number": number,
        "given": 1,
        "note": "",
        "nonce": "form-1",
        "at": NOW,
        "noted_at": NOTED_AT,
        "request_id": "request-1",
        **facts,
    }
    return Wish(**whole)


@pytest.mark.parametrize(
    ("kind", "number", "change", "expected"),
    [(Kind.RECEIVED, 4, 4, None), (Kind.DAMAGED, 4, -4, None), (Kind.COUNTED, 7, -2, 9)],
)
def test_what_is_booked_changes_the_stock_and_is_in_the_trail(
    kind: Kind, number: int, change: int, expected: int | None
) -> None:
    stocks = Stocks()
    booked = stocktaking.book(stocks, ANNA, wish(kind, number, note="rain"))
    assert isinstance(booked, Movement)
    assert (booked.change, booked.expected, booked.note) == (change, expected, "rain")
    assert stocks.counter == Counter(10, 8 + change, 1, adj=change)
    (entry,) = stocks.entries
    assert (entry.action, entry.subject) == (f"stock {kind}", "istanbul/lantern")
    assert entry.after["note"] == "rain"
    assert entry.before == ({} if expected is None else {"units": "9"})
    assert entry.after["units"] == (f"{change:+d}" if expected is None else "7")
    assert (booked.at, entry.at) == (NOW, NOTED_AT), "the trail has the instant it happened"


def test_a_form_that_comes_twice_is_booked_once() -> None:
    stocks = Stocks()
    first = stocktaking.book(stocks, ANNA, wish(Kind.DAMAGED, 8))
    again = stocktaking.book(stocks, ANNA, wish(Kind.DAMAGED, 8))  # nothing is left for it
    assert first == again
    assert len(stocks.entries) == 1
    more = stocktaking.book(stocks, ANNA, wish(Kind.RECEIVED, 8))
    assert more == Refusal(Reason.IDEMPOTENCY_KEY_REUSED)
    assert stocks.counter == Counter(10, 0, 1, adj=-8)


def test_what_was_claimed_is_not_taken() -> None:
    stocks = Stocks()
    assert stocktaking.book(stocks, ANNA, wish(Kind.DAMAGED, 9)) == Short(9, 8)
    assert stocktaking.book(stocks, ANNA, wish(Kind.COUNTED, 0)) == Short(9, 8)
    assert stocks.entries == []


def test_what_changed_meanwhile_is_planned_again_but_not_for_ever() -> None:
    assert isinstance(stocktaking.book(Stocks(busy=9), ANNA, wish()), Movement)
    with pytest.raises(TryAgain):
        stocktaking.book(Stocks(busy=10), ANNA, wish())


def test_a_stock_that_is_not_there_is_not_found() -> None:
    assert stocktaking.book(Stocks(counter=None), ANNA, wish()) == Refusal(Reason.NOT_FOUND)
