"""Counters: the items that alone decide whether one more may be given."""

from dataclasses import dataclass
from enum import StrEnum

MOST_SHARDS = 64
# A transaction holds its shard for about 10 ms, so one shard serves some 100 claims a second;
# half of that leaves room for conflicts.
CLAIMS_A_SHARD = 50
UNLIMITED = 10**9  # the cap of a counter whose limit was removed; it can still return exactly


class CounterKind(StrEnum):
    STOCK = "stock"
    DAY = "day"
    BUDGET = "budget"


@dataclass(frozen=True, slots=True, order=True)
class CounterId:
    """Which counter. `popup_number` 0 means the whole campaign.

    `part` is the shard of stock, the local date of a day limit, or empty.
    """

    kind: CounterKind
    campaign_number: int
    offer_number: int
    popup_number: int = 0
    part: str = ""


@dataclass(frozen=True, slots=True)
class Counter:
    """What a counter holds: `left` of `cap`, set by the publish of `epoch`, and of `adj`.

    `adj` is what a stock has in hand beyond its cap, or short of it: what was received, damaged
    and counted there. `overrun` is what offline uses took when nothing was left.
    """

    cap: int
    left: int
    epoch: int
    overrun: int = 0
    adj: int = 0

    @property
    def most(self) -> int:
        """How much it can give out in all."""
        return self.cap + self.adj

    @property
    def used(self) -> int:
        return self.most - self.left
