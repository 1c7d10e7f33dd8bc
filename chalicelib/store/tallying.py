"""What a run adds to the figures, as actions of a transaction, under what it was planned from."""

import time
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from chalicelib.domain.generation import Entry, Head, Mark, Run
from chalicelib.store import engine, keys, tables
from chalicelib.store.engine import Raw

_REMEMBERED = timedelta(days=30)  # longer than any rebuild lasts
_FIRST_LANE = 0  # all lanes say the same, readers ask one


def lane_of(shard_id: str) -> int:
    """Return the lane that a shard's figures go to, so that shards do not wait for each other."""
    return zlib.crc32(shard_id.encode()) % keys.LANES


def head(campaign_id: str, lane: int = _FIRST_LANE) -> Head:
    """Return which generation of a campaign is read, and which is being built. 1 RCU."""
    raw = engine.get(tables.HeadItem, keys.head(campaign_id, lane))
    return head_of(raw) if raw else Head()


def head_of(raw: Raw) -> Head:
    item = tables.HeadItem.from_raw_data(dict(raw))
    return Head(
        live=int(item.live),
        building=int(raw["building"]["N"]) if "building" in raw else None,
        switched_at=item.switched_at,
        turn=int(item.turn),
    )


def actions(run: Run, lane: int) -> Iterator[dict[str, Any]]:
    """Yield the conditions and additions of a run in a lane."""
    for campaign_id, turn in run.turns.items():
        yield {"ConditionCheck": still(campaign_id, lane, turn)}
    rows: dict[keys.Key, dict[str, int]] = defaultdict(dict)
    for (generation, tally), delta in run.deltas.items():
        row = keys.tally_row(tally.campaign_id, generation, lane, tally.row)
        rows[row][tally.column] = delta
    for row, columns in rows.items():
        yield _add(row, columns)
    for entry, mark in run.marks.items():
        yield _remember(entry, mark)
    yield from _used(run, lane)


def _used(run: Run, lane: int) -> Iterator[dict[str, Any]]:
    """Yield the parts that a run adds to the lists of used vouchers."""
    place = keys.used_part(time.time_ns() // 1_000_000, lane, run.first.replace("#", "."))
    for (generation, campaign_id, popup_id), marks in run.used.items():
        key = keys.Key(keys.used(campaign_id, generation, popup_id), place)
        item = engine.key(key) | {"p": {"B": b"".join(marks)}}
        yield {"Put": engine.put_raw(tables.UsedItem, item)}


def still(campaign_id: str, lane: int, turn: int) -> dict[str, Any]:
    """Return the condition that a lane's head is still at this turn; 0 is none at all."""
    check: dict[str, Any] = {
        **engine.at(tables.HeadItem, keys.head(campaign_id, lane)),
        "ConditionExpression": "attribute_not_exists(pk)",
    }
    if turn:
        check["ConditionExpression"] = "turn = :turn"
        check["ExpressionAttributeValues"] = {":turn": engine.number(turn)}
    return check


def _add(row: keys.Key, columns: Mapping[str, int]) -> dict[str, object]:
    names = {f"#c{index}": column for index, column in enumerate(columns)}
    values = {f":d{index}": engine.number(delta) for index, delta in enumerate(columns.values())}
    added = ", ".join(f"#c{index} :d{index}" for index in range(len(columns)))
    return {
        "Update": {
            **engine.at(tables.InsightsItem, row),
            "UpdateExpression": f"ADD {added}",
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
        }
    }


def _remember(entry: Entry, mark: Mark) -> dict[str, object]:
    """Move the remembered version of an entry, if nobody has moved it since it was read."""
    ttl = int(time.time() + _REMEMBERED.total_seconds())
    item = tables.CountedItem(*keys.counted(entry), ver=mark.now, ttl=ttl)
    if mark.was is None:
        return {"Put": engine.put_action(item, "attribute_not_exists(pk)")}
    return {"Put": engine.put_action(item, "ver = :was", {":was": engine.number(mark.was)})}
