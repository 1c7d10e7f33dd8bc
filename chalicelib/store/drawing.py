"""What claims and uses take from counters and reversals give back, as actions of a transaction."""

from datetime import datetime
from typing import Any

from chalicelib.domain.counter import CounterId, CounterKind
from chalicelib.domain.voucher import Draw
from chalicelib.store import engine, keys, tables

_TAKE = "SET #left = #left - :d, ver = ver + :one, updated_at = :now"
_GIVE_BACK = "SET #left = #left + :d, ver = ver + :one, updated_at = :now"
_TAKE_OF_DAY = (
    "SET cap = if_not_exists(cap, :cap), epoch = if_not_exists(epoch, :epoch), "
    "#left = if_not_exists(#left, :cap) - :d, "
    "ver = if_not_exists(ver, :zero) + :one, updated_at = :now"
)
_LEFT = {"#left": "left"}


def draw(draw: Draw, now: datetime) -> dict[str, Any]:
    if draw.counter.kind is not CounterKind.DAY:
        return take(draw.counter, draw.amount, now)
    action = _counter_update(draw.counter, draw.amount, now)
    action["UpdateExpression"] = _TAKE_OF_DAY
    action["ConditionExpression"] = "attribute_not_exists(pk) OR #left >= :d"
    action["ExpressionAttributeValues"] |= {
        ":cap": engine.number(draw.cap),
        ":epoch": engine.number(draw.epoch),
        ":zero": engine.number(0),
    }
    return {"Update": action}


def take(counter: CounterId, amount: int, now: datetime) -> dict[str, Any]:
    action = _counter_update(counter, amount, now)
    action["UpdateExpression"] = _TAKE
    action["ConditionExpression"] = "#left >= :d"
    return {"Update": action}


def give_back(counter: CounterId, amount: int, now: datetime) -> dict[str, Any]:
    action = _counter_update(counter, amount, now)
    action["UpdateExpression"] = _GIVE_BACK
    action["ConditionExpression"] = "attribute_exists(pk)"
    return {"Update": action}


def _counter_update(counter: CounterId, amount: int, now: datetime) -> dict[str, Any]:
    return {
        **engine.at(tables.CounterItem, keys.counter(counter)),
        "ExpressionAttributeNames": _LEFT,
        "ExpressionAttributeValues": {
            ":d": engine.number(amount),
            ":one": engine.number(1),
            ":now": engine.number(tables.milliseconds(now)),
        },
    }
