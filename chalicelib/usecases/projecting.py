"""Changes of the ledger become figures, each exactly once."""

from collections.abc import Collection, Sequence
from typing import Protocol

from chalicelib.domain import generation
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.generation import Entry, Head, Run
from chalicelib.domain.insight import Change

_ROUNDS = 5


class Insights(Protocol):
    """What the projector needs of its table; `chalicelib.store.insights` fits."""

    def apply(self, shard_id: str, run: Run) -> bool:
        """Add a run and move the checkpoint over it; False where what it was planned from moved."""
        ...

    def checkpoint(self, shard_id: str) -> str: ...

    def padded(self, sequence: str) -> str: ...

    def heads(self, shard_id: str, campaign_ids: Collection[str]) -> dict[str, Head]:
        """Return which generations of each campaign's figures this shard writes."""
        ...

    def counted(self, entries: Collection[Entry]) -> dict[Entry, int]:
        """Return the versions that generations have counted of these items."""
        ...


def project(insights: Insights, shard_id: str, changes: Sequence[Change]) -> int:
    """Apply a batch of one shard, in order; what was applied before is dropped.

    Returns how many records were applied now. Raises TryAgain when another projector of the
    same shard or a rebuild keeps winning; the stream then brings the batch again.
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
    campaign_ids = {change.campaign_id for change in changes if change.campaign_id is not None}
    heads = insights.heads(shard_id, campaign_ids)
    counted = insights.counted(generation.entries(changes, heads))
    for run in generation.runs(changes, heads, counted):
        if not insights.apply(shard_id, run):
            return done, changes[done:]
        done = 1 + next(i for i, change in enumerate(changes) if change.sequence == run.last)
    return done, ()
