"""Generations of figures: the one that is read, and the one that a rebuild counts beside it.

A rebuild counts the ledger anew while the stream goes on. For each item the new generation
remembers the version that it has counted: what comes from the stream is left out up to that
version and followed from there, and whichever of the two meets an item first counts it whole.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from chalicelib.domain import insight
from chalicelib.domain.insight import Change, Image, Tally

ACTIONS_A_RUN = 99  # with the checkpoint DynamoDB's 100 actions a transaction
SETTLING = timedelta(hours=1)  # more than the clocks of table and operator may differ
GONE = 0  # the version of an item that is not there


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One ledger item as one generation of its campaign's figures counts it."""

    campaign_id: str
    generation: int
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Which generation is read and which is being built; `turn` rises with each change.

    After a switch the stream may still bring changes that the scan had seen: until the clocks
    have certainly passed `switched_at`, the live generation is followed item by item too.
    """

    live: int = 0
    building: int | None = None
    switched_at: datetime | None = None
    turn: int = 0

    def begun(self) -> "Head":
        """Return the head of a new rebuild; one that was under way is given up."""
        newest = self.live if self.building is None else self.building
        return replace(self, building=newest + 1, turn=self.turn + 1)

    def switched(self, at: datetime) -> "Head":
        """Return the head under which the generation that was built is read."""
        assert self.building is not None, "only what was built is switched to"
        return Head(live=self.building, switched_at=at, turn=self.turn + 1)

    def written(self, written_at: datetime) -> Iterator[tuple[int, bool]]:
        """Yield each generation that a change goes to, and whether item by item."""
        settling = self.switched_at is not None and written_at <= self.switched_at + SETTLING
        yield self.live, settling
        if self.building is not None:
            yield self.building, True


Heads = Mapping[str, Head]  # of the campaigns
Page = tuple[int, str, str]  # generation, campaign and stand of a list of used vouchers


@dataclass(frozen=True, slots=True)
class Mark:
    """How the remembered version of an entry moves; `was` is None where there is none."""

    was: int | None
    now: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What is written in one transaction. `turns` are those that the campaigns must still have.

    `used` are marks that join the lists of used vouchers.
    """

    first: str
    last: str
    deltas: dict[tuple[int, Tally], int]
    turns: dict[str, int]
    marks: dict[Entry, Mark]
    used: dict[Page, tuple[bytes, ...]] = field(default_factory=dict)

    @property
    def actions(self) -> int:
        """How many items it touches."""
        rows = {(generation, t.campaign_id, t.row) for generation, t in self.deltas}
        return len(rows) + len(self.turns) + len(self.marks) + len(self.used)


def entries(changes: Iterable[Change], heads: Heads) -> set[Entry]:
    """Return the entries whose versions have to be known to fold these changes."""
    return {
        Entry(change.campaign_id, generation, change.item)
        for change in changes
        if change.campaign_id is not None
        for generation, by_item in heads[change.campaign_id].written(change.written_at)
        if by_item
    }


def runs(changes: Sequence[Change], heads: Heads, counted: Mapping[Entry, int]) -> Iterator[Run]:
    """Cut records, in order, into runs that one transaction holds."""
    return _gathered(_followed(changes, heads, counted))


def census(seen: Mapping[Entry, Change], heads: Heads) -> Iterator[Run]:
    """Count items as a scan saw them, each for the first time in its generation."""
    return _gathered(
        Run(
            first=change.item,
            last=change.item,
            deltas=_difference(entry.generation, None, change.new),
            turns={entry.campaign_id: heads[entry.campaign_id].turn},
            marks={entry: Mark(None, change.ver)},
            used=_used(entry.generation, None, change),
        )
        for entry, change in seen.items()
    )


def _followed(
    changes: Sequence[Change], heads: Heads, counted: Mapping[Entry, int]
) -> Iterator[Run]:
    """Yield what each record adds to the generations that it goes to."""
    known = dict(counted)
    for change in changes:
        step = Run(first=change.sequence, last=change.sequence, deltas={}, turns={}, marks={})
        if change.campaign_id is not None:
            head = heads[change.campaign_id]
            step.turns[change.campaign_id] = head.turn
            for generation, by_item in head.written(change.written_at):
                if by_item:
                    _follow(step, Entry(change.campaign_id, generation, change.item), change, known)
                else:
                    step.deltas.update(_difference(generation, change.old, change.new))
                    step.used.update(_used(generation, change.old, change))
        yield step


def _follow(step: Run, entry: Entry, change: Change, known: dict[Entry, int]) -> None:
    """Add a change to a generation that remembers what it has counted of each item."""
    was = known.get(entry)
    if was is not None and was >= change.ver:
        return  # counted as it was then, or later
    known[entry] = change.ver if change.new else GONE
    step.marks[entry] = Mark(was, known[entry])
    old = None if was is None else change.old
    step.deltas.update(_difference(entry.generation, old, change.new))
    step.used.update(_used(entry.generation, old, change))


def _difference(
    generation: int, old: Image | None, new: Image | None
) -> dict[tuple[int, Tally], int]:
    found = insight.difference(old, new)
    return {(generation, tally): delta for tally, delta in found.items()}


def _used(generation: int, old: Image | None, change: Change) -> dict[Page, tuple[bytes, ...]]:
    """Return what a change adds to the lists of used vouchers."""
    campaign_id = change.campaign_id or ""
    return {
        (generation, campaign_id, popup_id): (mark,)
        for popup_id, mark in insight.newly_used(old, change.new)
    }


def _gathered(steps: Iterable[Run]) -> Iterator[Run]:
    """Put steps together as long as they fit one transaction."""
    run: Run | None = None
    for step in steps:
        merged = _merged(run, step) if run else step
        if run and merged.actions > ACTIONS_A_RUN:
            yield run
            merged = step
        run = merged
    if run:
        yield run


def _merged(run: Run, step: Run) -> Run:
    deltas = Counter(run.deltas)
    deltas.update(step.deltas)
    marks = dict(run.marks)
    for entry, mark in step.marks.items():
        marks[entry] = Mark(marks[entry].was, mark.now) if entry in marks else mark
    used = dict(run.used)
    for page, added in step.used.items():
        used[page] = used.get(page, ()) + added
    return Run(
        first=run.first,
        last=step.last,
        deltas=dict(deltas),
        turns=run.turns | step.turns,
        marks=marks,
        used=used,
    )
