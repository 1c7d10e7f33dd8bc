"""Changes of the ledger become figures, each exactly once."""

from collections.abc import Sequence
from typing import Protocol

from chalicelib.domain import insight
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.insight import Change, Run

_ROUNDS = 5


class Insights(Protocol):
    """What the projector needs of its table; `chalicelib.store.insights` fits."""

    def apply(self, shard_id: str, run: Run) -> bool:
        """Add a run and move the checkpoint over it; False where it is past its start."""
        ...

    def checkpoint(self, shard_id: str) -> str: ...

    def padded(self, sequence: str) -> str: ...


def project(insights: Insights, shard_id: str, changes: Sequence[Change]) -> int:
    """Apply a batch of one shard, in order; what was applied before is dropped.

    Returns how many records were applied now. Raises TryAgain when another projector of the
    same shard keeps winning; the stream then brings the batch again.
    """
    applied = 0
    for _ in range(_ROUNDS):
        done, left = _apply(insights, shard_id, changes)
        applied += done
        if not left:
            return applied
        seen = insights.checkpoint(shard_id)
        changes = [change for change in left if insights.padded(change.sequence) > seen]
        if not changes:
            return applied
    raise TryAgain("the checkpoint moves under this batch")


def _apply(
    insights: Insights, shard_id: str, changes: Sequence[Change]
) -> tuple[int, Sequence[Change]]:
    """Apply runs until one is refused; return how many records went in, and those left."""
    done = 0
    for run in insight.runs(changes):
        if not insights.apply(shard_id, run):
            return done, changes[done:]
        done = 1 + next(i for i, change in enumerate(changes) if change.sequence == run.last)
    return done, ()
