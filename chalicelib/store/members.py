"""Who works in the console, their sessions. Access patterns AP-104 to AP-108."""

import hashlib
from datetime import datetime, timedelta

from chalicelib.domain.member import ORGANISATION, Member, Role, Scope
from chalicelib.domain.trail import Entry
from chalicelib.store import engine, keys, tables, trails
from chalicelib.store.engine import Raw

_KEEP_AFTER = timedelta(days=1)  # TTL deletes late and never before


def get(member_id: str) -> Member | None:
    """AP-104: return a member by the pool's `sub`, or None. Cost: 1 RCU."""
    raw = engine.get(tables.MemberItem, keys.member(ORGANISATION, member_id))
    return _member(raw) if raw else None


def everyone(scope: Scope) -> list[Member]:
    """AP-105: return every member there is, by address. Cost: 1 RCU for 4 KB."""
    rows = engine.query(tables.MemberItem, keys.members(scope.area))
    return sorted((_member(raw) for raw in rows), key=lambda member: member.email)


def keep(scope: Scope, member: Member, entry: Entry, *, over: Member | None) -> bool | None:
    """AP-106: put a member over what was read, with the owners and its entry of the trail.

    Returns True when done, None where somebody changed the member meanwhile, and False where
    nobody would be an owner any more: the condition decides, not what was read. Cost: 6 WCU.
    """
    item = _item(scope, member)
    condition = "mark = :mark" if over else "attribute_not_exists(pk)"
    values = {":mark": engine.text(_mark(over))} if over else None
    put = engine.put_action(item, condition, values)
    token = hashlib.sha256(f"{entry.request_id}|{member}".encode()).hexdigest()[:36]
    actions = [{"Put": put}, {"Update": _owners(scope, member)}, trails.action(scope, entry)]
    stood = engine.transact(actions, token)
    if stood is None:
        return True
    return None if stood[0] else False


def unchanged(member: Member) -> dict[str, object]:
    """Return the condition that a member still is as it was read, for a write that rests on it."""
    return {
        **engine.at(tables.MemberItem, keys.member(ORGANISATION, member.member_id)),
        "ConditionExpression": "mark = :mark",
        "ExpressionAttributeValues": {":mark": engine.text(_mark(member))},
    }


def begin(session_hash: str, member_id: str, until: datetime) -> None:
    """AP-107: keep a session by the hash of its cookie; one that is over by then ends."""
    ttl = int((until + _KEEP_AFTER).timestamp())
    where = keys.session(session_hash)
    engine.put(tables.SessionItem(*where, member=member_id, until=until, ttl=ttl))


def session(session_hash: str, at: datetime) -> str | None:
    """AP-108: return whose session it is, or None where it is nobody's or over. Cost: 1 RCU."""
    raw = engine.get(tables.SessionItem, keys.session(session_hash))
    if raw is None or engine.read_instant(raw["until"]) <= at:
        return None
    return str(raw["member"]["S"])


def _owners(scope: Scope, member: Member) -> dict[str, object]:
    """Return the change of the set of owners: nobody leaves it as the last one."""
    is_owner = member.active and member.role is Role.OWNER
    request: dict[str, object] = {
        **engine.at(tables.OwnersItem, keys.owners(scope.area)),
        "UpdateExpression": f"{'ADD' if is_owner else 'DELETE'} ids :ids",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    values: dict[str, object] = {":ids": {"SS": [member.member_id]}}
    if not is_owner:
        request["ConditionExpression"] = "NOT contains(ids, :id) OR size(ids) > :one"
        values |= {":id": engine.text(member.member_id), ":one": engine.number(1)}
    return request | {"ExpressionAttributeValues": values}


def _item(scope: Scope, member: Member) -> tables.MemberItem:
    return tables.MemberItem(
        *keys.member(scope.area, member.member_id),
        email=member.email,
        role=member.role,
        campaigns=None if member.campaign_ids is None else sorted(member.campaign_ids),
        merchants=sorted(member.merchant_ids),
        stands=sorted(member.popup_ids),
        active=member.active,
        mark=_mark(member),
    )


def _mark(member: Member) -> str:
    """Return what tells whether a member is still as it was read."""
    everywhere = member.campaign_ids is None
    named = (member.campaign_ids or (), member.merchant_ids, member.popup_ids)
    parts = [" ".join(sorted(ids)) for ids in named]
    return "|".join([member.role, str(member.active), str(everywhere), *parts])


def _member(raw: Raw) -> Member:
    item = tables.MemberItem.from_raw_data(dict(raw))
    return Member(
        member_id=item.sk,
        email=item.email,
        role=Role(item.role),
        campaign_ids=_names(raw, "campaigns") if "campaigns" in raw else None,
        merchant_ids=_names(raw, "merchants"),
        popup_ids=_names(raw, "stands"),
        active=bool(item.active),
    )


def _names(raw: Raw, attribute: str) -> frozenset[str]:
    return frozenset(each["S"] for each in raw[attribute]["L"])
