"""Webhooks, by campaign. Access patterns AP-160 to AP-164."""

import hashlib
from datetime import datetime
from typing import Any

from chalicelib.domain.event import Kind
from chalicelib.domain.hook import HOOKS_A_CAMPAIGN, Former, Hook
from chalicelib.domain.member import Scope
from chalicelib.domain.trail import Entry
from chalicelib.store import engine, keys, tables, trails
from chalicelib.store.engine import Raw

_PREFIX = f"{keys.HOOK}#"


def add(scope: Scope, hook: Hook, entry: Entry) -> bool | None:
    """AP-160: put a new hook with its entry of the trail, if there are not ten. Cost: 6 WCU.

    Returns True when done, None where this hook is there already, False where there are ten.
    """
    assert hook.campaign_id == scope.area, "a member adds to the campaign of the scope"
    counted = {
        **engine.at(tables.HookIdsItem, keys.hook_ids(scope.area)),
        "UpdateExpression": "ADD ids :ids",
        "ConditionExpression": "attribute_not_exists(ids) OR size(ids) < :most",
        "ExpressionAttributeValues": {
            ":ids": {"SS": [hook.hook_id]},
            ":most": engine.number(HOOKS_A_CAMPAIGN),
        },
    }
    put = engine.put_action(_item(hook), "attribute_not_exists(pk)")
    actions = [{"Put": put}, {"Update": counted}, trails.action(scope, entry)]
    stood = engine.transact(actions, _token(entry, hook))
    if stood is None:
        return True
    return None if stood[0] else False


def of_campaign(campaign_id: str) -> list[Hook]:
    """AP-161: return the hooks of a campaign, the oldest first. Cost: 1 RCU for 4 KB."""
    rows = engine.query(tables.HookItem, keys.hooks(campaign_id), _PREFIX)
    return sorted((hook_of(raw) for raw in rows), key=lambda hook: (hook.added_at, hook.hook_id))


def change(scope: Scope, hook: Hook, entry: Entry, *, over: Hook) -> bool:
    """AP-162: set what members change, with its entry of the trail; `last` is left alone.

    Returns False where the secret or the pause changed since it was read. Cost: 4 WCU.
    """
    sets = ["secret = :secret", "paused = :paused"]
    values: dict[str, Any] = {
        ":secret": engine.text(hook.secret),
        ":paused": {"BOOL": hook.paused},
        ":read": engine.text(over.secret),
        ":was": {"BOOL": over.paused},
    }
    if hook.former:
        sets += ["former = :former", "former_until = :until"]
        values |= {
            ":former": engine.text(hook.former.secret),
            ":until": engine.instant(hook.former.until),
        }
    update = {
        **_at(scope, hook),
        "UpdateExpression": f"SET {', '.join(sets)}",
        "ConditionExpression": "secret = :read AND paused = :was",
        "ExpressionAttributeValues": values,
    }
    actions = [{"Update": update}, trails.action(scope, entry)]
    return engine.transact(actions, _token(entry, hook)) is None


def remove(scope: Scope, hook: Hook, entry: Entry) -> bool:
    """AP-163: forget a hook, with its entry of the trail; False where it is gone. Cost: 6 WCU."""
    delete = {**_at(scope, hook), "ConditionExpression": "attribute_exists(pk)"}
    forget = {
        **engine.at(tables.HookIdsItem, keys.hook_ids(scope.area)),
        "UpdateExpression": "DELETE ids :ids",
        "ExpressionAttributeValues": {":ids": {"SS": [hook.hook_id]}},
    }
    actions = [{"Delete": delete}, {"Update": forget}, trails.action(scope, entry)]
    return engine.transact(actions, _token(entry, hook)) is None


def get(campaign_id: str, hook_id: str) -> Hook | None:
    """AP-164: return a hook of a campaign, or None. Cost: 1 RCU."""
    raw = engine.get(tables.HookItem, keys.hook(campaign_id, hook_id))
    return hook_of(raw) if raw else None


def hook_of(raw: Raw) -> Hook:
    """Return the hook that an item holds."""
    where = engine.key_of(raw)
    return Hook(
        hook_id=keys.hook_id_of(where),
        campaign_id=where.pk.partition("#")[0],
        url=raw["url"]["S"],
        kinds=frozenset(Kind(kind) for kind in raw["kinds"]["SS"]),
        secret=raw["secret"]["S"],
        added_at=engine.read_instant(raw["added_at"]),
        former=_former(raw),
        paused=bool(raw["paused"]["BOOL"]),
        last=int(raw["last"]["N"]),
    )


def _former(raw: Raw) -> Former | None:
    if "former" not in raw:
        return None
    until: datetime = engine.read_instant(raw["former_until"])
    return Former(secret=raw["former"]["S"], until=until)


def _item(hook: Hook) -> tables.HookItem:
    return tables.HookItem(
        *keys.hook(hook.campaign_id, hook.hook_id),
        url=hook.url,
        kinds=set(hook.kinds),
        secret=hook.secret,
        paused=hook.paused,
        added_at=hook.added_at,
        last=hook.last,
    )


def _at(scope: Scope, hook: Hook) -> dict[str, Any]:
    return engine.at(tables.HookItem, keys.hook(scope.area, hook.hook_id))


def _token(entry: Entry, hook: Hook) -> str:
    name = f"{entry.request_id}|{entry.action}|{hook.hook_id}"
    return hashlib.sha256(name.encode()).hexdigest()[:36]
