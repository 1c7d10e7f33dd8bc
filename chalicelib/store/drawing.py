"""What claims and uses take from counters and reversals give back, as actions of a transaction."""

from datetime import datetime
from typing import Any

from chalicelib.domain.counter import CounterId, CounterKind
from chalicelib.domain.voucher import Draw, Use
from chalicelib.store import engine, keys, tables

_TAKE = "SET #left = #left - :d, ver = ver + :one, updated_at = :now"
_GIVE_BACK = "SET #left = #left + :d, ver = ver + :one, updated_at = :now"
_TAKE_OF_DAY = (
    "SET cap = if_not_exists(cap, :cap), epoch = if_not_exists(epoch, :epoch), "
    "#left = if_not_exists(#left, :cap) - :d, "
    "ver = if_not_exists(ver, :zero) + :one, updated_at = :now"
)
_OVERRUN = "overrun = if_not_exists(overrun, :zero) + :lack"
_LEFT = {"#left": "left"}


def draw(draw: Draw, now: datetime) -> dict[str, Any]:
    if draw.lack:
        return _overrun(draw, now)
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


def _overrun(draw: Draw, now: datetime) -> dict[str, Any]:
    """Take the last that is left, whatever it is, and count apart what is lacking."""
    action = _counter_update(draw.counter, draw.amount, now)
    action["UpdateExpression"] = f"{_TAKE}, {_OVERRUN}"
    action["ConditionExpression"] = "#left = :d"
    action["ExpressionAttributeValues"] |= _lack(draw.lack)
    return {"Update": action}


def take(counter: CounterId, amount: int, now: datetime) -> dict[str, Any]:
    action = _counter_update(counter, amount, now)
    action["UpdateExpression"] = _TAKE
    action["ConditionExpression"] = "#left >= :d"
    return {"Update": action}


def give_back(counter: CounterId, amount: int, now: datetime, lack: int = 0) -> dict[str, Any]:
    """Return what gives back an amount, and ends what it lacked."""
    action = _counter_update(counter, amount, now)
    action["UpdateExpression"] = _GIVE_BACK
    action["ConditionExpression"] = "attribute_exists(pk)"
    if lack:
        action["UpdateExpression"] += f", {_OVERRUN}"
        action["ExpressionAttributeValues"] |= _lack(-lack)
    return {"Update": action}


def give_back_all(use: Use, now: datetime) -> list[dict[str, Any]]:
    """Return what gives back everything that a use took, one action a counter."""
    moved, overran = dict(use.moved), dict(use.overran)
    return [
        give_back(counter, moved.get(counter, 0), now, overran.get(counter, 0))
        for counter in dict.fromkeys([*moved, *overran])
    ]


def _lack(amount: int) -> dict[str, dict[str, str]]:
    return {":lack": engine.number(amount), ":zero": engine.number(0)}


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
