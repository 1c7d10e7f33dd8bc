"""The operator counts a campaign's figures anew from the ledger, while everything goes on.

Begin, count each part of the ledger, switch. Whatever dies in between leaves the figures that
are read as they are; the next rebuild begins a generation of its own.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.domain import generation
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.generation import Entry, Head, Run
from chalicelib.domain.insight import Change

SEGMENTS = 8
_ROUNDS = 10
_PART = 100  # items that are looked up at once


class Generations(Protocol):
    """What a rebuild needs of the tables; `chalicelib.store.generations` fits."""

    def head(self, campaign_id: str) -> Head: ...

    def turn(self, campaign_id: str, old: Head, new: Head) -> bool:
        """Put a new head in the old one's place; False where that has moved."""
        ...

    def items(self, segment: int, segments: int) -> Iterator[list[Change]]:
        """Yield the items of a part of the ledger that have figures, as they are."""
        ...

    def counted(self, entries: Collection[Entry]) -> dict[Entry, int]: ...

    def add(self, segment: int, run: Run) -> bool:
        """Add a part of the count; False where what it was planned from moved."""
        ...

    def sweep(self, campaign_id: str, generation: int) -> None: ...


def begin(generations: Generations, campaign_id: str) -> Head:
    """Begin a generation; the projector follows it from here on. Older ones are swept away.

    Raises TryAgain, as all here, where another rebuild of the campaign began or ended meanwhile.
    """
    head = generations.head(campaign_id)
    begun = head.begun()
    if not generations.turn(campaign_id, head, begun):
        raise _overtaken(campaign_id)
    for number in range(begun.building or 0):
        if number != begun.live:
            generations.sweep(campaign_id, number)
    return begun


def count(generations: Generations, begun: Mapping[str, Head], segment: int) -> Iterator[int]:
    """Count one part of the ledger; yield how many items of these campaigns each page had."""
    for page in generations.items(segment, SEGMENTS):
        ours = [change for change in page if change.campaign_id in begun]
        for start in range(0, len(ours), _PART):
            _count_part(generations, begun, segment, ours[start : start + _PART])
        yield len(ours)


def switch(generations: Generations, campaign_id: str, begun: Head, *, now: datetime) -> None:
    """Let everybody read what was built."""
    if not generations.turn(campaign_id, begun, begun.switched(now)):
        raise _overtaken(campaign_id)


def _count_part(
    generations: Generations, begun: Mapping[str, Head], segment: int, seen: Sequence[Change]
) -> None:
    """Count what the projector has not met first; what it has, it follows."""
    numbered = {_entry(change, begun): change for change in seen}
    for _ in range(_ROUNDS):
        try:
            if _count_left(generations, begun, segment, numbered):
                return
        except TryAgain:
            continue  # whether it was written or not: the next look tells
        for campaign_id, head in begun.items():
            if generations.head(campaign_id) != head:
                raise _overtaken(campaign_id)
    raise TryAgain("the tables stay busy")


def _count_left(
    generations: Generations,
    begun: Mapping[str, Head],
    segment: int,
    numbered: Mapping[Entry, Change],
) -> bool:
    """Count what is not counted yet; False where somebody met an item in that moment."""
    known = generations.counted(list(numbered))
    left = {entry: change for entry, change in numbered.items() if entry not in known}
    return all(generations.add(segment, run) for run in generation.census(left, begun))


def _entry(change: Change, begun: Mapping[str, Head]) -> Entry:
    campaign_id = change.campaign_id or ""
    return Entry(campaign_id, begun[campaign_id].building or 0, change.item)


def _overtaken(campaign_id: str) -> TryAgain:
    return TryAgain(f"another rebuild of {campaign_id} began or ended meanwhile")
