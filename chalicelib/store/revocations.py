"""Withdrawn vouchers and keys, revoked devices. AP-75, AP-77 to AP-79, AP-125, AP-152."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from chalicelib.domain.live import MOST_BATCHES, MOST_DEVICES, MOST_KEYS, MOST_VOUCHERS
from chalicelib.domain.voucher import PastUse, State, Voucher
from chalicelib.store import campaigns, drawing, engine, keys, orders, tables, vouchers
from chalicelib.store import voucher_items as items
from chalicelib.store.engine import Action, Stands

get = vouchers.get

_ABSENT = "attribute_not_exists(pk)"
_END = "SET st = :revoked, ver = ver + :one, updated_at = :now"


def revoke(voucher: Voucher, *, at: datetime) -> bool:
    """AP-77: end a voucher that nobody uses or holds. Cost: 1 request, 1 WCU.

    Returns False where it is used, held or gone meanwhile.
    """
    found = engine.update(
        tables.VoucherItem,
        keys.voucher(voucher.voucher_id),
        UpdateExpression=f"{_END} REMOVE due",
        ConditionExpression="st IN (:issued, :reversed)",
        ExpressionAttributeValues=_values(at)
        | {":issued": engine.text(State.ISSUED), ":reversed": engine.text(State.REVERSED)},
    )
    return not isinstance(found, Stands)


def bury(voucher: Voucher) -> bool:
    """AP-77, of a minted voucher without an item: put its tombstone. Cost: 1 request, 1 WCU."""
    item = items.item_of(voucher)
    return engine.put_as(engine.put_raw(tables.VoucherItem, item, _ABSENT)) is None


def revoke_held(voucher: Voucher, past: PastUse) -> bool:
    """AP-77, of a voucher in an order: end it and give back what its hold took. 1 transaction."""
    use, now = past.use, past.reversed_at
    change = {
        **engine.at(tables.VoucherItem, keys.voucher(voucher.voucher_id)),
        "UpdateExpression": f"{_END}, rel = if_not_exists(rel, :zero) + :one "
        "REMOVE cur, held_until, due",
        "ConditionExpression": "st = :held AND uses = :uses",
        "ExpressionAttributeValues": _values(now)
        | {
            ":held": engine.text(State.HELD),
            ":uses": engine.number(use.number),
            ":zero": engine.number(0),
        },
    }
    item = items.past_item(voucher.voucher_id, past)
    put = engine.put_raw(tables.VoucherItem, item, _ABSENT)
    returned = [drawing.give_back(counter, amount, now) for counter, amount in use.moved]
    returned += orders.give_back(use, now)
    return engine.transact([{"Update": change}, {"Put": put}, *returned], uuid4().hex) is None


def list_voucher(campaign_id: str, voucher_id: str) -> bool:
    """AP-78: list one voucher in the live record. Returns False where it is full. Cost: 1 WCU a KB.

    Listing it again changes nothing.
    """
    return _list(campaign_id, ("revoked", "S"), voucher_id, MOST_VOUCHERS, None)


def list_minted(
    campaign_id: str, batch: int, serials: tuple[int, int] | None, *, note: Action | None = None
) -> bool:
    """AP-79: list a batch of minted vouchers, or a range of it. Returns and costs as AP-78.

    With a `note`, an entry of the trail that it writes as well where it changes anything: AP-152.
    """
    if serials is None:
        return _list(campaign_id, ("revoked_batches", "N"), str(batch), MOST_BATCHES, note)
    text = campaigns.range_text((batch, *serials))
    return _list(campaign_id, ("revoked_ranges", "S"), text, MOST_BATCHES, note)


def list_device(campaign_id: str, device_id: str, *, note: Action | None = None) -> bool:
    """AP-125: shut a device out. Returns and costs as AP-78; `note` as AP-79."""
    return _list(campaign_id, ("revoked_devices", "S"), device_id, MOST_DEVICES, note)


def withdraw_key(
    campaign_id: str, key_id: int, *, staying: Collection[int] = (), note: Action | None = None
) -> bool:
    """AP-75: refuse everything that a signing key signed. Costs as AP-78; `note` as AP-79.

    Returns False where none of the keys that are `staying`, if any are named, would be left.
    """
    where = "withdrawn_keys", "N"
    return _list(campaign_id, where, str(key_id), MOST_KEYS, note, list(map(str, staying)))


def _list(
    campaign_id: str,
    where: tuple[str, str],
    value: str,
    most: int,
    note: Action | None,
    staying: Sequence[str] = (),
) -> bool:
    """Add a value to a set of texts (S) or numbers (N), unless it is there or the set is full.

    One of the values that are `staying` must not be in the set.
    """
    name, kind = where
    left = " OR ".join(f"NOT contains({name}, :s{place})" for place in range(len(staying)))
    add: dict[str, object] = {
        "UpdateExpression": f"ADD {name} :entry",
        "ConditionExpression": f"attribute_not_exists({name}) "
        f"OR NOT contains({name}, :one) AND size({name}) < :most{f' AND ({left})' if left else ''}",
        "ExpressionAttributeValues": {
            ":entry": {f"{kind}S": [value]},
            ":one": {kind: value},
            ":most": engine.number(most),
            **{f":s{place}": {kind: one} for place, one in enumerate(staying)},
        },
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    stands = _written(keys.live(campaign_id), add, note)
    return stands is None or (stands.item is not None and value in stands.item[name][f"{kind}S"])


def _written(where: keys.Key, change: dict[str, object], note: Action | None) -> Stands | None:
    """Change the live record, with a note both or neither; return what stands in the way."""
    if note is None:
        found = engine.update(tables.LiveItem, where, **change)
        return found if isinstance(found, Stands) else None
    update = {**engine.at(tables.LiveItem, where), **change}
    stood = engine.transact([{"Update": update}, note], uuid4().hex)
    return stood[0] if stood else None


def _values(at: datetime) -> dict[str, Any]:
    return {
        ":revoked": engine.text(State.REVOKED),
        ":one": engine.number(1),
        ":now": engine.instant(at),
    }
