"""Stock in hand in the ledger, within a scope. Access patterns AP-142 to AP-145."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from chalicelib.domain import limits
from chalicelib.domain.counter import MOST_SHARDS, Counter, CounterId
from chalicelib.domain.errors import NotFound
from chalicelib.domain.limits import Change, LimitId
from chalicelib.domain.member import Scope
from chalicelib.domain.stock import Kind, Movement, Shards
from chalicelib.domain.trail import Entry
from chalicelib.store import counters, engine, keys, tables, trails
from chalicelib.store.engine import Raw

_MOVE = (
    "SET adj = if_not_exists(adj, :zero) + :d, #left = #left + :d, ver = ver + :one, "
    "updated_at = :now"
)
_AS_READ = "cap = :cap AND (adj = :adj OR (:adj = :zero AND attribute_not_exists(adj)))"


def shards(campaign_number: int, limit: LimitId) -> Shards:
    """AP-142: return every shard that a stock has, strongly consistent. Cost: 64 RCU, 1 request.

    All that may be are asked for: a publish may have made more than whoever asks knows of.
    """
    ids = limits.counters_of(campaign_number, limit, MOST_SHARDS)
    found = counters.read(ids)
    return [(counter_id, found[counter_id]) for counter_id in ids if counter_id in found]


def move(
    scope: Scope,
    popup_id: str,
    campaign_number: int,
    movement: Movement,
    changes: Sequence[Change],
    entry: Entry,
) -> Movement | None:
    """AP-143: write a movement, its change of each shard and its entry of the trail, or nothing.

    Returns what stands under its nonce: this, or an earlier one; None where shards have not the
    units any more or, for a count, are not as they were read. Raises NotFound where the stand is
    not within the scope. Cost: 2 + shards that change, transactional; a count checks the others.
    """
    _within(scope, popup_id)
    put = engine.put_action(_item(campaign_number, movement), "attribute_not_exists(pk)")
    counted = movement.kind is Kind.COUNTED
    moved = _counted(changes, movement) if counted else _moved(changes, movement)
    actions = [{"Put": put}, *moved, trails.action(scope, entry)]
    token = hashlib.sha256(repr(actions).encode()).hexdigest()[:36]
    stood = engine.transact(actions, token)
    if stood is None:
        return movement
    first = stood[0]
    return _movement(first.item) if first is not None and first.item else None


def movement(
    scope: Scope, popup_id: str, campaign_number: int, wanted: Movement
) -> Movement | None:
    """AP-144: return what stands under the nonce of a movement, or None. Cost: 1 RCU."""
    _within(scope, popup_id)
    where = keys.move(campaign_number, wanted.popup_number, wanted.nonce)
    raw = engine.get(tables.MovementItem, where)
    return _movement(raw) if raw else None


def movements(
    scope: Scope, popup_id: str, campaign_number: int, popup_number: int
) -> list[Movement]:
    """AP-145: return all that was moved of a stand's stocks, the oldest first.

    Stand 0, `*`, is the whole campaign. Cost: 1 RCU for 4 KB, about 20 of them.
    """
    _within(scope, popup_id)
    rows = engine.query(tables.MovementItem, keys.moves(campaign_number, popup_number))
    return sorted((_movement(raw) for raw in rows), key=lambda one: (one.at, one.nonce))


def _within(scope: Scope, popup_id: str) -> None:
    if not scope.reaches(popup_id):
        raise NotFound(f"no stand {popup_id}")


def _moved(changes: Sequence[Change], movement: Movement) -> Iterator[dict[str, Any]]:
    for change in changes:
        if change.delta:
            yield {"Update": _update(change, movement, "attribute_exists(pk) AND #left >= :floor")}


def _counted(changes: Sequence[Change], movement: Movement) -> Iterator[dict[str, Any]]:
    """Yield what moves shards that are as they were read, all of them and no further one."""
    for change in changes:
        assert change.old is not None, "a shard is counted as it was read"
        if change.delta:
            update = _update(change, movement, f"{_AS_READ} AND #left >= :floor")
            update["ExpressionAttributeValues"] |= _as_read(change.old)
            yield {"Update": update}
        else:
            check = engine.at(tables.CounterItem, keys.counter(change.counter))
            values = {**_as_read(change.old), ":zero": engine.number(0)}
            check |= {"ConditionExpression": _AS_READ, "ExpressionAttributeValues": values}
            yield {"ConditionCheck": check}
    if len(changes) < MOST_SHARDS:
        last = changes[-1].counter
        after = CounterId(
            last.kind,
            last.campaign_number,
            last.offer_number,
            last.popup_number,
            str(int(last.part) + 1),
        )
        none = engine.at(tables.CounterItem, keys.counter(after))
        yield {"ConditionCheck": {**none, "ConditionExpression": "attribute_not_exists(pk)"}}


def _as_read(counter: Counter) -> dict[str, Any]:
    return {":cap": engine.number(counter.cap), ":adj": engine.number(counter.adj)}


def _update(change: Change, movement: Movement, condition: str) -> dict[str, Any]:
    return {
        **engine.at(tables.CounterItem, keys.counter(change.counter)),
        "UpdateExpression": _MOVE,
        "ConditionExpression": condition,
        "ExpressionAttributeNames": {"#left": "left"},
        "ExpressionAttributeValues": {
            ":d": engine.number(change.delta),
            ":floor": engine.number(max(0, -change.delta)),
            ":zero": engine.number(0),
            ":one": engine.number(1),
            ":now": engine.number(tables.milliseconds(movement.at)),
        },
    }


def _item(campaign_number: int, movement: Movement) -> tables.MovementItem:
    return tables.MovementItem(
        *keys.move(campaign_number, movement.popup_number, movement.nonce),
        ver=1,
        updated_at=movement.at,
        offer=movement.offer_number,
        kind=movement.kind,
        number=movement.number,
        change=movement.change,
        expected=movement.expected,
        note=movement.note or None,
        member=movement.member_id,
        email=movement.email,
    )


def _movement(raw: Raw) -> Movement:
    item = tables.MovementItem.from_raw_data(dict(raw))
    _, _, place = item.pk.partition("#")
    return Movement(
        nonce=item.sk,
        offer_number=int(item.offer),
        popup_number=int(place.partition(".")[2]),
        kind=Kind(item.kind),
        number=int(item.number),
        change=int(item.change),
        note=raw["note"]["S"] if "note" in raw else "",
        member_id=item.member,
        email=item.email,
        at=item.updated_at,
        expected=int(raw["expected"]["N"]) if "expected" in raw else None,
    )
