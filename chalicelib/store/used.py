"""Lists of used vouchers, for phones that lose the network. Access pattern AP-64.

The projector writes them beside the figures, a part for each run and stand. Parts lie in the order
in which they were written; several projectors may write at once, so a reader who is up to date
comes again a little before where it was: a mark twice does no harm.
"""

import time
from dataclasses import dataclass

from chalicelib.domain.voucher import MARK_BYTES
from chalicelib.store import engine, keys, tables, tallying

PAGE_BYTES = 16_384 * MARK_BYTES
_OVERLAP_MS = 120_000  # more than a transaction takes, and clocks of projectors differ


@dataclass(frozen=True, slots=True)
class Delta:
    """What a list has since a cursor. `more`: ask again; `reset`: forget what came before."""

    marks: bytes
    cursor: str
    more: bool
    reset: bool


def delta(campaign_id: str, popup_id: str, cursor: str | None) -> Delta:
    """AP-64: return a page of a stand's list. Cost: 1 read, 0.5 RCU for 4 KB, at most 16,384 marks.

    A cursor of another generation of the figures, or none, begins anew.
    """
    live = tallying.head(campaign_id).live
    generation, _, place = (cursor or "").partition(".")
    reset = generation != str(live) or not place
    partition, start = keys.used(campaign_id, live, popup_id), "" if reset else place
    marks = bytearray()
    for raw in engine.query(tables.UsedItem, partition, start=start, consistent=False):
        marks += raw["p"]["B"]
        if len(marks) >= PAGE_BYTES:
            after = f"{live}.{raw['sk']['S']}~"  # no part of the list comes between
            return Delta(bytes(marks), after, more=True, reset=reset)
    again = keys.used_since(time.time_ns() // 1_000_000 - _OVERLAP_MS)
    return Delta(bytes(marks), f"{live}.{again}", more=False, reset=reset)
