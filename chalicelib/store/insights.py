"""The projector's figures and checkpoints. AP-50 to AP-55, AP-111, AP-130 and AP-146."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date

from chalicelib.domain.generation import Entry, Head, Run
from chalicelib.store import engine, keys, tables, tallying

_SEQUENCE_DIGITS = 40
_NOT_FIGURES = {"pk", "sk"}

Figures = dict[str, dict[str, int]]  # row -> column -> number, summed over the lanes


def apply(shard_id: str, run: Run) -> bool:
    """AP-50: add a run's figures and move the shard's checkpoint over it, both or neither.

    Returns False where the checkpoint is past the run's first record already, or where a rebuild
    began, ended or counted one of its items since heads and versions were read.
    """
    actions = [_advance(shard_id, run), *tallying.actions(run, tallying.lane_of(shard_id))]
    token = hashlib.sha256(repr(actions).encode()).hexdigest()[:36]
    return engine.transact(actions, token) is None


def checkpoint(shard_id: str) -> str:
    """AP-51: return the last applied sequence number of a shard, padded; '' for none."""
    raw = engine.get(tables.CheckpointItem, keys.checkpoint(shard_id))
    return str(raw["sequence"]["S"]) if raw else ""


def padded(sequence: str) -> str:
    """Return a sequence number in the form in which text order is its order."""
    return sequence.zfill(_SEQUENCE_DIGITS)


def figures(campaign_id: str, generation: int | None = None) -> Figures:
    """AP-52: return all rows of a campaign but the hours. Cost: 1 read, 8 queries, one a lane."""
    return _summed(campaign_id, generation, "")


def hours(campaign_id: str, generation: int | None = None) -> Figures:
    """AP-53: return the rows by stand and local hour. Cost: 1 read, 8 queries."""
    return _summed(campaign_id, generation, "HOUR#")


def deliveries(campaign_id: str, generation: int | None = None) -> Figures:
    """AP-111: return the rows of chosen deliveries. Cost: 1 read, 8 queries."""
    return _summed(campaign_id, generation, "DELIVERY#")


def of_day(campaign_id: str, popup_id: str, day: date) -> dict[str, int]:
    """AP-130: return what a stand counted on one of its local days. Cost: 1 read, 8 queries."""
    total = Counter[str]()
    for row in _summed(campaign_id, None, keys.hours_of(popup_id, day)).values():
        total.update(row)
    return dict(total)


def of_days(campaign_id: str, popup_id: str, generation: int | None = None) -> Figures:
    """AP-146: return what a stand counted of each offer on each of its local days.

    Rows are `DAY#<stand>#<day>#<offer>`, with `claimed`, `redeemed` (uses of the day that stand)
    and `returned` (uses of the day that were given back, then or later). Cost: 1 read, 8 queries.
    """
    return _summed(campaign_id, generation, keys.days_of(popup_id))


def heads(shard_id: str, campaign_ids: Iterable[str]) -> dict[str, Head]:
    """AP-54: return which generations a shard's lane writes, by campaign. 1 RCU each."""
    lane = tallying.lane_of(shard_id)
    wheres = {keys.head(campaign_id, lane): campaign_id for campaign_id in campaign_ids}
    found = {
        wheres[engine.key_of(raw)]: tallying.head_of(raw)
        for raw in engine.get_many(tables.HeadItem, wheres)
    }
    return {campaign_id: found.get(campaign_id, Head()) for campaign_id in wheres.values()}


def counted(entries: Iterable[Entry]) -> dict[Entry, int]:
    """AP-55: return the versions that generations have counted of items. 1 RCU each."""
    wheres = {keys.counted(entry): entry for entry in entries}
    found = engine.get_many(tables.CountedItem, wheres)
    return {wheres[engine.key_of(raw)]: int(raw["ver"]["N"]) for raw in found}


def _summed(campaign_id: str, generation: int | None, row: str) -> Figures:
    rows: Figures = defaultdict(lambda: defaultdict(int))
    if generation is None:
        generation = tallying.head(campaign_id).live
    for lane in range(keys.LANES):
        partition = keys.tally_row(campaign_id, generation, lane, row).pk
        for raw in engine.query(tables.InsightsItem, partition, row, consistent=False):
            for column in raw.keys() - _NOT_FIGURES:
                rows[raw["sk"]["S"]][column] += int(raw[column]["N"])
    return {row: dict(columns) for row, columns in rows.items()}


def _advance(shard_id: str, run: Run) -> dict[str, object]:
    return {
        "Update": {
            **engine.at(tables.CheckpointItem, keys.checkpoint(shard_id)),
            "UpdateExpression": "SET #sequence = :last",
            "ConditionExpression": "attribute_not_exists(pk) OR #sequence < :first",
            "ExpressionAttributeNames": {"#sequence": "sequence"},
            "ExpressionAttributeValues": {
                ":last": engine.text(padded(run.last)),
                ":first": engine.text(padded(run.first)),
            },
        }
    }
