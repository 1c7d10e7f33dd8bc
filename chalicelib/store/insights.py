"""The projector's figures and checkpoints. Access patterns AP-50 to AP-53."""

import hashlib
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping

from chalicelib.domain.insight import Run
from chalicelib.store import engine, keys, tables

_SEQUENCE_DIGITS = 40
_NOT_FIGURES = {"pk", "sk"}

Figures = dict[str, dict[str, int]]  # row -> column -> number, summed over the lanes


def apply(shard_id: str, run: Run) -> bool:
    """AP-50: add a run's figures and move the shard's checkpoint over it, both or neither.

    Returns False where the checkpoint is past the run's first record already.
    """
    lane = lane_of(shard_id)
    rows: dict[keys.Key, dict[str, int]] = defaultdict(dict)
    for tally, delta in run.deltas.items():
        rows[keys.tally_row(tally.campaign_id, lane, tally.row)][tally.column] = delta
    actions = [_advance(shard_id, run), *(_add(row, columns) for row, columns in rows.items())]
    token = hashlib.sha256(f"{shard_id}|{run.first}|{run.last}".encode()).hexdigest()[:36]
    return engine.transact(actions, token) is None


def checkpoint(shard_id: str) -> str:
    """AP-51: return the last applied sequence number of a shard, padded; '' for none."""
    raw = engine.get(tables.CheckpointItem, keys.checkpoint(shard_id))
    return str(raw["sequence"]["S"]) if raw else ""


def padded(sequence: str) -> str:
    """Return a sequence number in the form in which text order is its order."""
    return sequence.zfill(_SEQUENCE_DIGITS)


def figures(campaign_id: str) -> Figures:
    """AP-52: return all rows of a campaign but the hours. Cost: 8 queries, one a lane."""
    return _summed(keys.tally_row(campaign_id, lane, "").pk for lane in range(keys.LANES))


def hours(campaign_id: str) -> Figures:
    """AP-53: return the rows by stand and local hour. Cost: 8 queries."""
    return _summed(keys.tally_row(campaign_id, lane, "HOUR#").pk for lane in range(keys.LANES))


def lane_of(shard_id: str) -> int:
    """Return the lane that a shard's figures go to, so that shards do not wait for each other."""
    return zlib.crc32(shard_id.encode()) % keys.LANES


def _summed(partitions: Iterable[str]) -> Figures:
    rows: Figures = defaultdict(lambda: defaultdict(int))
    for partition in partitions:
        for raw in engine.query(tables.InsightsItem, partition, consistent=False):
            for column in raw.keys() - _NOT_FIGURES:
                rows[raw["sk"]["S"]][column] += int(raw[column]["N"])
    return {row: dict(columns) for row, columns in rows.items()}


def _advance(shard_id: str, run: Run) -> dict[str, object]:
    return {
        "Update": {
            "TableName": engine.table(tables.CheckpointItem),
            "Key": engine.key(keys.checkpoint(shard_id)),
            "UpdateExpression": "SET #sequence = :last",
            "ConditionExpression": "attribute_not_exists(pk) OR #sequence < :first",
            "ExpressionAttributeNames": {"#sequence": "sequence"},
            "ExpressionAttributeValues": {
                ":last": engine.text(padded(run.last)),
                ":first": engine.text(padded(run.first)),
            },
        }
    }


def _add(row: keys.Key, columns: Mapping[str, int]) -> dict[str, object]:
    names = {f"#c{index}": column for index, column in enumerate(columns)}
    values = {f":d{index}": engine.number(delta) for index, delta in enumerate(columns.values())}
    added = ", ".join(f"#c{index} :d{index}" for index in range(len(columns)))
    return {
        "Update": {
            "TableName": engine.table(tables.InsightsItem),
            "Key": engine.key(row),
            "UpdateExpression": f"ADD {added}",
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
        }
    }
