"""Counters in the ledger: they alone decide. Access patterns AP-10 to AP-12, AP-170."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import date, datetime
from typing import Any

from chalicelib.domain.counter import Counter, CounterId, CounterKind
from chalicelib.domain.limits import Change, LimitId
from chalicelib.store import engine, keys, tables
from chalicelib.store.engine import Raw

_MOVE = "SET cap = :new, #left = #left + :d, epoch = :e, ver = ver + :one, updated_at = :now"
_UNTOUCHED = "cap = :old AND epoch < :e AND #left >= :floor"
_SIDE_BY_SIDE = 8


def read(counter_ids: Sequence[CounterId]) -> dict[CounterId, Counter]:
    """AP-10: return the counters that exist among these, strongly consistent. 1 RCU each."""
    by_key = {keys.counter(counter_id): counter_id for counter_id in counter_ids}
    found = engine.get_many(tables.CounterItem, by_key)
    return {by_key[engine.key_of(raw)]: counter_of(raw) for raw in found}


def watched(counter_ids: Sequence[CounterId]) -> dict[CounterId, Counter]:
    """AP-170: return the same as they stood a moment ago, for a page that decides nothing.

    Cost: 0.5 RCU each, a request for 100.
    """
    by_key = {keys.counter(counter_id): counter_id for counter_id in counter_ids}
    found = engine.get_many(tables.CounterItem, by_key, consistent=False)
    return {by_key[engine.key_of(raw)]: counter_of(raw) for raw in found}


def days(campaign_number: int, limit: LimitId, since: date) -> list[CounterId]:
    """AP-11: return the day items of one offer at one stand, from a local day on."""
    partition = keys.days(campaign_number, limit)
    rows = engine.query(tables.CounterItem, partition, start=since.isoformat())
    return [
        CounterId(
            CounterKind.DAY,
            campaign_number,
            limit.offer_number,
            limit.popup_number,
            raw["sk"]["S"],
        )
        for raw in rows
    ]


def change(changes: Sequence[Change], *, epoch: int, now: datetime, token: str) -> bool:
    """AP-12: make or move the counters of one limit, all or nothing.

    Returns False where one of them was used, made or moved since it was read: plan again.
    """
    return engine.transact([_action(c, epoch, now) for c in changes], token) is None


def side_by_side(calls: Sequence[Callable[[], bool]]) -> list[bool]:
    """Run changes of different limits at the same time; answers in their order.

    Each waits for the table, not for this process: a publish of many limits takes a third.
    """
    if len(calls) == 1:
        return [calls[0]()]
    with ThreadPoolExecutor(_SIDE_BY_SIDE, thread_name_prefix="counters") as pool:
        waiting = [pool.submit(copy_context().run, call) for call in calls]
        return [one.result() for one in waiting]


def _action(change: Change, epoch: int, now: datetime) -> dict[str, Any]:
    if change.old is None:
        item = tables.CounterItem(
            *keys.counter(change.counter),
            ver=1,
            updated_at=now,
            cap=change.delta,
            left=change.delta,
            epoch=epoch,
        )
        return {"Put": engine.put_action(item, "attribute_not_exists(pk)")}
    return {"Update": _move(change, change.old, epoch, now)}


def _move(change: Change, old: Counter, epoch: int, now: datetime) -> dict[str, Any]:
    return {
        **engine.at(tables.CounterItem, keys.counter(change.counter)),
        "UpdateExpression": _MOVE,
        "ConditionExpression": _UNTOUCHED,
        "ExpressionAttributeNames": {"#left": "left"},
        "ExpressionAttributeValues": {
            ":new": engine.number(old.cap + change.delta),
            ":old": engine.number(old.cap),
            ":d": engine.number(change.delta),
            ":floor": engine.number(max(0, -change.delta)),
            ":e": engine.number(epoch),
            ":one": engine.number(1),
            ":now": engine.number(tables.milliseconds(now)),
        },
    }


def counter_of(raw: Raw) -> Counter:
    cap, left, epoch, overrun, adj = (
        int(raw[name]["N"]) if name in raw else 0
        for name in ("cap", "left", "epoch", "overrun", "adj")
    )
    return Counter(cap, left, epoch, overrun, adj)
