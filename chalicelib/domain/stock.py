"""Stock in hand: what is received, damaged and counted at a stand, beside what visitors claim.

A stock can give out its published units and `adj`. A movement changes `adj` and what is left by
the same number, so what is claimed meanwhile never matters, and a publish moves neither.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from chalicelib.domain import limits
from chalicelib.domain.counter import Counter, CounterId
from chalicelib.domain.limits import Change

MOST_UNITS: Final = 1_000_000
LONGEST_NOTE: Final = 140

Shards = Sequence[tuple[CounterId, Counter]]


class Kind(StrEnum):
    RECEIVED = "received"
    DAMAGED = "damaged"
    COUNTED = "counted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One entry in the book of a stock; it is never changed. Pop-up 0: the campaign's stock.

    `number` is what was said, `change` what it did to the stock. `expected` is what should have
    been in hand at a count, else None.
    """

    nonce: str
    offer_number: int
    popup_number: int
    kind: Kind
    number: int
    change: int
    note: str
    member_id: str
    email: str
    at: datetime
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class Short:
    """More was to be taken than is free: the other units are promised to who claimed them."""

    wanted: int
    free: int


def in_hand(shards: Shards, given: int) -> int:
    """Return how many units should be there after so many were handed over."""
    return sum(counter.most for _, counter in shards) - given


def change_of(kind: Kind, number: int, expected: int) -> int:
    """Return what a movement does to the stock."""
    match kind:
        case Kind.RECEIVED:
            return number
        case Kind.DAMAGED:
            return -number
    return number - expected


def plan(shards: Shards, change: int) -> list[Change] | Short:
    """Spread a change over the shards, one line each; never more than a shard has left."""
    left = [counter.left for _, counter in shards]
    moved = limits.deltas(left, change)
    if moved is None:
        return Short(-change, sum(left))
    return [Change(*shard, delta) for shard, delta in zip(shards, moved, strict=True)]
