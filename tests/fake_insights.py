"""The table of figures as plain dictionaries, for the projector and for a rebuild."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from chalicelib.domain.generation import Entry, Head, Run
from chalicelib.domain.insight import Change, Tally


@dataclass
class Insights:
    """Figures by generation, one checkpoint a shard, what was counted, and the ledger to scan."""

    figures: dict[tuple[int, Tally], int] = field(default_factory=dict)
    checkpoints: dict[str, str] = field(default_factory=dict)
    current: dict[str, Head] = field(default_factory=dict)
    versions: dict[Entry, int] = field(default_factory=dict)
    ledger: dict[str, Change] = field(default_factory=dict)  # by item, as it is
    fullest: int = 0  # the most actions of a transaction so far

    # --- the projector's ------------------------------------------------------------------------
    def apply(self, shard_id: str, run: Run) -> bool:
        if self.checkpoint(shard_id) >= self.padded(run.first) or not self._write(run):
            return False
        self.checkpoints[shard_id] = self.padded(run.last)
        return True

    def checkpoint(self, shard_id: str) -> str:
        return self.checkpoints.get(shard_id, "")

    def padded(self, sequence: str) -> str:
        return sequence.zfill(40)

    def heads(self, shard_id: str, campaign_ids: Collection[str]) -> dict[str, Head]:
        assert shard_id
        return {campaign_id: self.head(campaign_id) for campaign_id in campaign_ids}

    def counted(self, entries: Collection[Entry]) -> dict[Entry, int]:
        return {entry: self.versions[entry] for entry in entries if entry in self.versions}

    # --- the rebuild's --------------------------------------------------------------------------
    def head(self, campaign_id: str) -> Head:
        return self.current.get(campaign_id, Head())

    def turn(self, campaign_id: str, old: Head, new: Head) -> bool:
        if self.head(campaign_id).turn != old.turn:
            return False
        self.current[campaign_id] = new
        return True

    def items(self, segment: int, segments: int) -> Iterator[list[Change]]:
        part = [i for i in sorted(self.ledger) if sum(i.encode()) % segments == segment]
        for start in range(0, len(part), 3):
            yield [self.ledger[item] for item in part[start : start + 3] if item in self.ledger]

    def add(self, segment: int, run: Run) -> bool:
        assert segment >= 0
        return self._write(run)

    def sweep(self, campaign_id: str, generation: int) -> None:
        for number, tally in list(self.figures):
            if (tally.campaign_id, number) == (campaign_id, generation):
                del self.figures[number, tally]

    # --- both -----------------------------------------------------------------------------------
    def of(self, generation: int) -> dict[Tally, int]:
        """Return the figures of a generation, without the zeros."""
        return {t: n for (number, t), n in self.figures.items() if number == generation and n}

    def _write(self, run: Run) -> bool:
        self.fullest = max(self.fullest, run.actions + 1)
        assert self.fullest <= 100, "DynamoDB takes no more actions"
        if any(self.head(campaign_id).turn != turn for campaign_id, turn in run.turns.items()):
            return False
        if any(self.versions.get(entry) != mark.was for entry, mark in run.marks.items()):
            return False
        for where, delta in run.deltas.items():
            self.figures[where] = self.figures.get(where, 0) + delta
        self.versions |= {entry: mark.now for entry, mark in run.marks.items()}
        return True
