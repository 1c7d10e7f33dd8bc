"""Orders whose vouchers exclude each other, as actions of a transaction. Access pattern AP-13."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.voucher import Use
from chalicelib.store import engine, keys, tables
from chalicelib.store.engine import Raw

_KEEP = timedelta(days=400)
_SETS = "SET ver = if_not_exists(ver, :zero) + :one, updated_at = :now, #ttl = :ttl ADD gs :groups"


def groups_of(order: str) -> frozenset[str]:
    """AP-13: return the groups of which the order has a voucher. Cost: 1 RCU."""
    return groups_in(engine.get(tables.OrderItem, keys.order(order)))


def groups_in(raw: Raw | None) -> frozenset[str]:
    return frozenset(raw["gs"]["SS"]) if raw and "gs" in raw else frozenset()


def take(groups: Mapping[str | None, str | None], now: datetime) -> list[dict[str, Any]]:
    """Return the action that books these groups for their one order, if there are any."""
    named = sorted(group for group in groups if group is not None)
    if not named:
        return []
    free = [f"NOT contains(gs, :g{index})" for index in range(len(named))]
    values = {f":g{index}": engine.text(group) for index, group in enumerate(named)}
    return [
        _update(
            str(groups[named[0]]),
            UpdateExpression=_SETS,
            ConditionExpression=" AND ".join(free),
            ExpressionAttributeNames={"#ttl": "ttl"},
            ExpressionAttributeValues=values | _facts(now) | {":groups": {"SS": named}},
        )
    ]


def give_back(use: Use, now: datetime) -> list[dict[str, Any]]:
    """Return the action that frees the group of a use that is given back, if it has one."""
    if use.order is None or use.group is None:
        return []
    facts = _facts(now)
    return [
        _update(
            use.order,
            UpdateExpression="SET ver = ver + :one, updated_at = :now DELETE gs :groups",
            ExpressionAttributeValues={
                ":one": facts[":one"],
                ":now": facts[":now"],
                ":groups": {"SS": [use.group]},
            },
        )
    ]


def _update(order: str, **change: object) -> dict[str, Any]:
    where = {
        **engine.at(tables.OrderItem, keys.order(order)),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    return {"Update": where | change}


def _facts(now: datetime) -> dict[str, Any]:
    return {
        ":zero": engine.number(0),
        ":one": engine.number(1),
        ":now": engine.instant(now),
        ":ttl": engine.number(int((now + _KEEP).timestamp())),
    }
