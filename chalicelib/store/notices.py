"""What webhooks are told, numbered without a gap. Access patterns AP-165 to AP-168."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import msgspec

from chalicelib.domain.event import Event, Kind
from chalicelib.domain.hook import Hook
from chalicelib.domain.member import Scope
from chalicelib.domain.notice import KEPT, ONE_TRY, Errand, Notice, State, Stop, Try
from chalicelib.store import engine, keys, tables
from chalicelib.store.engine import Raw, Stands
from chalicelib.usecases.announcing import Standing

_SHOWN, _MOST = 20, 1_000
_NEW = "attribute_not_exists(pk)"


def number(hook: Hook, events: Sequence[Event], *, after: int) -> Standing | None:
    """AP-165: give events the numbers from `after` + 1 on, all or none.

    Returns None when done, else what stands: the hook's own number, and which of the events have
    one. Cost: 2 WCU, and 2 for each event.
    """
    last = after + len(events)
    counted = {
        **engine.at(tables.HookItem, keys.hook(hook.campaign_id, hook.hook_id)),
        "UpdateExpression": "SET #last = :last",
        "ConditionExpression": "#last = :after",
        "ExpressionAttributeNames": {"#last": "last"},
        "ExpressionAttributeValues": {
            ":last": engine.number(last),
            ":after": engine.number(after),
        },
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    puts = [
        {"Put": engine.put_action(_item(hook, event, one), _NEW)}
        for one, event in enumerate(events, after + 1)
    ]
    actions = [{"Update": counted}, *puts]
    token = hashlib.sha256(repr(actions).encode()).hexdigest()[:36]
    stood = engine.transact(actions, token)
    return None if stood is None else _standing(stood, events, after)


def place_of(event: Event) -> str:
    """Return where the notice of an event lies: the same place, whenever it is read."""
    return keys.notice_place(tables.milliseconds(event.at), event.event_id)


def begin(errand: Errand, at: datetime) -> Notice | Stop:
    """AP-166: begin a try and count it, unless it is delivered or another is under way.

    Two messages of one event do not both go out. What is delivered is told again where the errand
    says so. Cost: 1 WCU.
    """
    condition = "attribute_exists(pk) AND (attribute_not_exists(busy) OR busy < :at)"
    values = {
        ":at": engine.instant(at),
        ":busy": engine.instant(at + ONE_TRY),
        ":one": engine.number(1),
    }
    if not errand.again:
        condition += " AND st <> :delivered"
        values[":delivered"] = engine.text(State.DELIVERED)
    found = engine.update(
        tables.NoticeItem,
        _key(errand),
        UpdateExpression="SET tried_at = :at, busy = :busy ADD tries :one",
        ConditionExpression=condition,
        ExpressionAttributeValues=values,
        ReturnValues="ALL_NEW",
    )
    if not isinstance(found, Stands):
        return _notice(found)
    open_still = found.item and (errand.again or found.item["st"]["S"] != State.DELIVERED)
    return Stop.UNDER_WAY if open_still else Stop.DONE


def tried(errand: Errand, ended: Try) -> None:
    """AP-167: keep how a try ended; a failure takes nothing from what is delivered.

    Cost: 1 WCU.
    """
    condition = "attribute_exists(pk)"
    values = {":st": engine.text(ended.state), ":answer": engine.text(str(ended.answer))}
    if ended.state is not State.DELIVERED:
        condition += " AND st <> :delivered"
        values[":delivered"] = engine.text(State.DELIVERED)
    engine.update(
        tables.NoticeItem,
        _key(errand),
        UpdateExpression="SET st = :st, answer = :answer REMOVE busy",
        ConditionExpression=condition,
        ExpressionAttributeValues=values,
    )


def listed(scope: Scope, hook_id: str, *, undelivered: bool = False) -> list[Notice]:
    """AP-168: return the last 20 notices of a hook, the newest first.

    Or, of all that it keeps, the first 1,000 that are not delivered, the oldest first. Cost: 1 RCU
    for 4 KB of what is read, which is half for those.
    """
    pk = keys.notices(scope.area, hook_id)
    if undelivered:
        values: Raw = {":done": engine.text(State.DELIVERED)}
        rows = engine.matching(tables.NoticeItem, pk, "st <> :done", values, _MOST)
    else:
        found = engine.backwards(tables.NoticeItem, pk, start="0", upto=":", a_page=_SHOWN)
        rows = list(islice(found, _SHOWN))
    return [_notice(raw) for raw in rows]


def _standing(stood: Sequence[Stands | None], events: Sequence[Event], after: int) -> Standing:
    hook, *notices = stood
    last: int | None = after
    if hook is not None:
        last = int(hook.item["last"]["N"]) if hook.item else None
    known = (event.event_id for event, is_there in zip(events, notices, strict=True) if is_there)
    return Standing(last, frozenset(known))


def _key(errand: Errand) -> keys.Key:
    return keys.notice(errand.campaign_id, errand.hook_id, errand.place)


def _item(hook: Hook, event: Event, number: int) -> tables.NoticeItem:
    return tables.NoticeItem(
        *keys.notice(hook.campaign_id, hook.hook_id, place_of(event)),
        number=number,
        event=event.event_id,
        kind=event.kind,
        at=event.at,
        data=msgspec.json.encode(event.data).decode(),
        st=State.WAITING,
        tries=0,
        ttl=int((event.at + KEPT).timestamp()),
    )


def _notice(raw: Raw) -> Notice:
    where = engine.key_of(raw)
    data: dict[str, Any] = msgspec.json.decode(raw["data"]["S"])
    return Notice(
        event=Event(
            event_id=raw["event"]["S"],
            kind=Kind(raw["kind"]["S"]),
            campaign_id=where.pk.partition("#")[0],
            at=engine.read_instant(raw["at"]),
            data=data,
        ),
        number=int(raw["number"]["N"]),
        place=where.sk,
        state=State(raw["st"]["S"]),
        tries=int(raw["tries"]["N"]),
        tried_at=engine.read_instant(raw["tried_at"]) if "tried_at" in raw else None,
        answer=raw["answer"]["S"] if "answer" in raw else "",
    )
