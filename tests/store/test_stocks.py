"""Movements of a stock: whole, once, and never over what changed since it was read."""

from dataclasses import replace

import pytest
from house import House
from made import NOW

from chalicelib.domain import stock, trail
from chalicelib.domain.counter import CounterKind
from chalicelib.domain.errors import NotFound
from chalicelib.domain.limits import LimitId
from chalicelib.domain.member import Scope
from chalicelib.domain.offer import Stock
from chalicelib.domain.pointer import Pointer
from chalicelib.domain.stock import Kind, Movement, Shards, Short
from chalicelib.domain.trail import Entry
from chalicelib.store import counters, stocks, trails

ANNA = Scope(area="festival-now", member_id="anna", email="anna@example.org")
MINE = replace(ANNA, popup_ids=frozenset({"milan"}))
GIFT = "lantern-gift"


class Shelf:
    """The stock of one offer at one stand."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.number = house.campaign().number
        self.popup = house.campaign().popup["istanbul"]
        self.offer = house.campaign().offer[GIFT]
        self.limit = LimitId(CounterKind.STOCK, self.offer.number, self.popup.number)

    def shards(self) -> Shards:
        return stocks.shards(self.number, self.limit)

    @property
    def left(self) -> int:
        return sum(counter.left for _, counter in self.shards())

    def move(
        self,
        kind: Kind,
        number: int,
        *,
        nonce: str = "form-1",
        seen: Shards | None = None,
        scope: Scope = ANNA,
    ) -> Movement | None:
        """Write a movement as it was planned from what was seen."""
        shards = self.shards() if seen is None else seen
        expected = stock.in_hand(shards, 0)
        change = stock.change_of(kind, number, expected)
        changes = stock.plan(shards, change)
        assert not isinstance(changes, Short)
        movement = Movement(
            nonce=nonce,
            offer_number=self.offer.number,
            popup_number=self.popup.number,
            kind=kind,
            number=number,
            change=change,
            note="rain" if kind is Kind.DAMAGED else "",
            member_id="anna",
            email="anna@example.org",
            at=NOW,
            expected=expected if kind is Kind.COUNTED else None,
        )
        return stocks.move(scope, "istanbul", self.number, movement, changes, entry(nonce))


def entry(name: str) -> Entry:
    return trail.entry(ANNA, "stock received", "istanbul", at=NOW, request_id=f"request-{name}")


@pytest.fixture
def shelf(house: House) -> Shelf:
    return Shelf(house)


def test_a_movement_is_in_the_stock_the_book_and_the_trail(shelf: Shelf) -> None:
    before = shelf.left
    booked = [
        shelf.move(Kind.RECEIVED, 9, nonce="form-1"),
        shelf.move(Kind.DAMAGED, 4, nonce="form-2"),
        shelf.move(Kind.COUNTED, before, nonce="form-3"),
    ]
    assert shelf.left == before
    found = stocks.movements(ANNA, "istanbul", shelf.number, shelf.popup.number)
    assert found == booked
    assert [one.change for one in found] == [9, -4, -5]
    assert len(trails.entries(ANNA)) == 3
    assert stocks.movement(ANNA, "istanbul", shelf.number, found[1]) == found[1]
    unknown = replace(found[1], nonce="form-9")
    assert stocks.movement(ANNA, "istanbul", shelf.number, unknown) is None


def test_the_same_form_again_finds_what_it_booked(shelf: Shelf) -> None:
    before = shelf.left
    first = shelf.move(Kind.RECEIVED, 9)
    assert shelf.move(Kind.RECEIVED, 8) == first
    assert shelf.left == before + 9
    assert len(trails.entries(ANNA)) == 1


def test_a_count_is_planned_again_where_something_was_booked_since_it_was_read(
    shelf: Shelf,
) -> None:
    seen = shelf.shards()
    assert shelf.move(Kind.RECEIVED, 1, nonce="form-1")
    units = stock.in_hand(seen, 0)
    for number in (units, units - 1):  # one that changes nothing, and one that does
        assert shelf.move(Kind.COUNTED, number, nonce="form-2", seen=seen) is None
    assert shelf.move(Kind.COUNTED, units, nonce="form-2") is not None


def test_a_count_is_planned_again_where_a_publish_made_more_shards(shelf: Shelf) -> None:
    seen, whole = shelf.shards(), shelf.house.campaign()
    more = Stock(units=sum(counter.cap for _, counter in seen), shards=len(seen) + 1)
    changed = [replace(one, stock=more) if one.offer_id == GIFT else one for one in whole.offers]
    outcome = shelf.house.publish(replace(whole, offers=tuple(changed)), counters)
    assert isinstance(outcome, Pointer), outcome
    assert len(shelf.shards()) == len(seen) + 1
    assert shelf.move(Kind.COUNTED, stock.in_hand(seen, 0), seen=seen) is None
    assert shelf.move(Kind.COUNTED, stock.in_hand(seen, 0)) is not None


def test_what_was_claimed_meanwhile_is_not_taken(shelf: Shelf) -> None:
    seen = shelf.shards()
    shelf.house.browser().claim("istanbul", GIFT)
    everything = sum(counter.left for _, counter in seen)
    assert shelf.move(Kind.DAMAGED, everything, seen=seen) is None
    assert shelf.left == everything - 1


def test_another_managers_stock_does_not_exist(shelf: Shelf) -> None:
    with pytest.raises(NotFound):
        shelf.move(Kind.RECEIVED, 9, scope=MINE)
    with pytest.raises(NotFound):
        stocks.movements(MINE, "istanbul", shelf.number, shelf.popup.number)
    assert trails.entries(ANNA) == []
