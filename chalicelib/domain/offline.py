"""What a phone may do without network, and how it tells: its chain, its clock, its allowance.

A device numbers its entries from 1 and names with each batch the one before. What is decided about
an entry from its place in the chain (its corrected time, whether the allowance holds it) is decided
once, when the chain moves over it: a batch that is sent again finds the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

FRESH = timedelta(hours=6)  # what a manifest says is believed so long
GRACE = timedelta(hours=12)  # and so much longer with a warning
CLOCK_TOLERANCE = timedelta(seconds=120)
MOST_ENTRIES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """How many uses, and of what value, a device may accept before it must hand them in.

    `value_minor` is in the stand's currency; None: uses alone are counted.
    """

    uses: int
    value_minor: int | None

    def holds(self, uses: int, value_minor: int) -> bool:
        """Tell whether so much is within it."""
        return uses <= self.uses and (self.value_minor is None or value_minor <= self.value_minor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry as far as the chain looks at it; `digest` stands for all of its content.

    `scanned_at` is the device's own time. `contact_at` is the server's time that the device heard
    `elapsed_ms` before the scan, if it kept it. `uses` is 0 for one that was withdrawn.
    """

    seq: int
    digest: str
    scanned_at: datetime
    elapsed_ms: int
    contact_at: datetime | None = None
    uses: int = 1
    value_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A batch as it arrives. `offset` is what the server's clock is ahead of the device's."""

    previous: str
    hash: str
    received_at: datetime
    offset: timedelta
    entries: tuple[Entry, ...]
    allowance: Allowance


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """How far a device's entries are known, and what it accepted in its last run offline.

    `last_at` is the corrected time of the last entry. A run is what had been scanned when its
    first batch came in, at `run_at`. `version` rises with each batch.
    """

    last_seq: int = 0
    last_hash: str = ""
    last_at: datetime | None = None
    run_at: datetime | None = None
    run_uses: int = 0
    run_minor: int = 0
    version: int = 0

    def carries(self, entry: Entry, at: datetime, received_at: datetime) -> "Chain":
        """Return the chain with one entry more, counted in its run."""
        same_run = self.run_at is not None and at <= self.run_at
        run_at, uses, minor = (
            (self.run_at, self.run_uses, self.run_minor) if same_run else (received_at, 0, 0)
        )
        return replace(
            self,
            last_seq=entry.seq,
            last_at=at,
            run_at=run_at,
            run_uses=uses + entry.uses,
            run_minor=minor + entry.value_minor * entry.uses,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """What the chain says of an entry for ever.

    `at` is its corrected time; `over` that the allowance does not hold it; `skewed` that the
    device's clock was off.
    """

    seq: int
    digest: str
    at: datetime
    received_at: datetime
    over: bool = False
    skewed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """What becomes of a batch: the chain after it, which entries are new, known, or too early."""

    chain: Chain
    fresh: tuple[Committed, ...] = ()
    known: frozenset[int] = frozenset()
    early: frozenset[int] = frozenset()


def admit(chain: Chain, batch: Handed) -> Admission | None:
    """Return what becomes of a batch, or None where it does not continue this chain."""
    again = batch.hash == chain.last_hash
    if not again and batch.previous != chain.last_hash:
        return None
    known = frozenset(entry.seq for entry in batch.entries if entry.seq <= chain.last_seq)
    new = [] if again else list(_next(chain.last_seq, batch.entries))
    seqs = {entry.seq for entry in batch.entries}
    early = frozenset(seqs - known - {entry.seq for entry in new})
    moved, fresh = chain, []
    for entry in new:
        moved, committed = _committed(moved, entry, batch)
        fresh.append(committed)
    if fresh:
        moved = replace(moved, last_hash=batch.hash, version=chain.version + 1)
    return Admission(chain=moved, fresh=tuple(fresh), known=known, early=early)


def _next(last_seq: int, entries: Sequence[Entry]) -> Iterator[Entry]:
    """Yield the entries that follow without a hole."""
    for entry in entries:
        if entry.seq == last_seq + 1:
            last_seq = entry.seq
            yield entry


def _committed(chain: Chain, entry: Entry, batch: Handed) -> tuple[Chain, Committed]:
    """Take one entry in; what the allowance does not hold is not counted in it either."""
    at = corrected(entry, batch.offset, after=chain.last_at, received_at=batch.received_at)
    moved = chain.carries(entry, at, batch.received_at)
    over = entry.uses > 0 and not batch.allowance.holds(moved.run_uses, moved.run_minor)
    if over:
        moved = chain.carries(replace(entry, uses=0), at, batch.received_at)
    told = entry.scanned_at + batch.offset
    return moved, Committed(
        seq=entry.seq,
        digest=entry.digest,
        at=at,
        received_at=batch.received_at,
        over=over,
        skewed=abs(at - told) > CLOCK_TOLERANCE,
    )


def corrected(
    entry: Entry, offset: timedelta, *, after: datetime | None, received_at: datetime
) -> datetime:
    """Return when it was scanned by the server's clock, not before the entry before it."""
    if entry.contact_at is not None:
        said = entry.contact_at + timedelta(milliseconds=entry.elapsed_ms)
    else:
        said = entry.scanned_at + offset
    return min(max(said, after or said), received_at)
