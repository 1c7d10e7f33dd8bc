"""API keys in the access table, by id and by holder. Access patterns AP-70 to AP-73."""

from collections.abc import Iterator
from typing import Any

from chalicelib.domain.api_key import KEYS_A_HOLDER, ApiKey, Role
from chalicelib.store import engine, keys, tables
from chalicelib.store.engine import Action, Raw


def add(key: ApiKey, *, token: str, note: Action | None = None) -> bool:
    """AP-70: keep a key and note it at its holder, both or neither.

    Returns False where the holder has as many as it may. Cost: 1 transaction, 4 WCU; an entry of
    the trail as `note` 2 WCU more.
    """
    values = {
        ":ids": {"SS": [key.key_id]},
        ":most": engine.number(KEYS_A_HOLDER),
    }
    held = _holder(
        key,
        UpdateExpression="ADD ids :ids",
        ConditionExpression="attribute_not_exists(ids) OR size(ids) < :most",
        ExpressionAttributeValues=values,
    )
    put = engine.put_action(_item(key), "attribute_not_exists(pk)")
    return engine.transact(_noted([{"Update": held}, {"Put": put}], note), token) is None


def get(key_id: str) -> ApiKey | None:
    """AP-71: return a key by its id, or None. Cost: 1 RCU."""
    raw = engine.get(tables.ApiKeyItem, keys.api_key(key_id))
    return _key(raw) if raw else None


def of_campaign(campaign_id: str) -> Iterator[ApiKey]:
    """AP-72: yield the keys of a campaign. Cost: 1 query of its holders, 1 RCU a key."""
    holders = engine.query(tables.KeyHolderItem, keys.key_holders(campaign_id))
    ids = [key_id for raw in holders for key_id in raw.get("ids", {}).get("SS", [])]
    for raw in engine.get_many(tables.ApiKeyItem, map(keys.api_key, ids)):
        yield _key(raw)


def revoke(key: ApiKey, *, token: str, note: Action | None = None) -> bool:
    """AP-73: forget a key, here and at its holder; it opens nothing within 5 s.

    Returns False where it was forgotten before. Costs as AP-70; `note` the same.
    """
    forget = _holder(
        key,
        UpdateExpression="DELETE ids :ids",
        ExpressionAttributeValues={":ids": {"SS": [key.key_id]}},
    )
    delete = {
        **engine.at(tables.ApiKeyItem, keys.api_key(key.key_id)),
        "ConditionExpression": "attribute_exists(pk)",
    }
    actions = _noted([{"Update": forget}, {"Delete": delete}], note)
    return engine.transact(actions, token) is None


def _noted(actions: list[Action], note: Action | None) -> list[Action]:
    return [*actions, note] if note else actions


def _holder(key: ApiKey, **change: object) -> dict[str, Any]:
    where = keys.key_holder(key.campaign_id, key.role, key.holder_id)
    return {**engine.at(tables.KeyHolderItem, where), **change}


def _item(key: ApiKey) -> tables.ApiKeyItem:
    assert key.merchant_ids != frozenset(), "no merchant at all would read as any"
    return tables.ApiKeyItem(
        *keys.api_key(key.key_id),
        secret_hash=key.secret_hash,
        role=key.role,
        camp=key.campaign_id,
        holder=key.holder_id,
        name=key.name,
        created_at=key.created_at,
        expires_at=key.expires_at,
        merchants=set(key.merchant_ids) if key.merchant_ids else None,
    )


def _key(raw: Raw) -> ApiKey:
    item = tables.ApiKeyItem.from_raw_data(dict(raw))
    return ApiKey(
        key_id=keys.api_key_id_of(item.pk),
        secret_hash=item.secret_hash,
        role=Role(item.role),
        campaign_id=item.camp,
        holder_id=item.holder,
        name=item.name,
        created_at=item.created_at,
        expires_at=item.expires_at,
        merchant_ids=frozenset(item.merchants) if item.merchants else None,
    )
