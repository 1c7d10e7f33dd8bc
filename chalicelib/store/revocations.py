"""Withdrawn vouchers and revoked devices. AP-77 to AP-79 and AP-125."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from chalicelib.domain.live import MOST_BATCHES, MOST_DEVICES, MOST_VOUCHERS
from chalicelib.domain.voucher import PastUse, State, Voucher
from chalicelib.store import campaigns, drawing, engine, keys, orders, tables, vouchers
from chalicelib.store import voucher_items as items
from chalicelib.store.engine import Stands

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
    item = items.past_item(voucher, past)
    put = engine.put_raw(tables.VoucherItem, item, _ABSENT)
    returned = [drawing.give_back(counter, amount, now) for counter, amount in use.moved]
    returned += orders.give_back(use, now)
    return engine.transact([{"Update": change}, {"Put": put}, *returned], uuid4().hex) is None


def list_voucher(campaign_id: str, voucher_id: str) -> bool:
    """AP-78: list one voucher in the live record. Returns False where it is full. Cost: 1 WCU a KB.

    Listing it again changes nothing.
    """
    return _list(campaign_id, "revoked", "S", voucher_id, MOST_VOUCHERS)


def list_minted(campaign_id: str, batch: int, serials: tuple[int, int] | None) -> bool:
    """AP-79: list a batch of minted vouchers, or a range of it. Returns and costs as AP-78."""
    if serials is None:
        return _list(campaign_id, "revoked_batches", "N", str(batch), MOST_BATCHES)
    text = campaigns.range_text((batch, *serials))
    return _list(campaign_id, "revoked_ranges", "S", text, MOST_BATCHES)


def list_device(campaign_id: str, device_id: str) -> bool:
    """AP-125: shut a device out. Returns and costs as AP-78."""
    return _list(campaign_id, "revoked_devices", "S", device_id, MOST_DEVICES)


def _list(campaign_id: str, name: str, kind: str, value: str, most: int) -> bool:
    """Add a value to a set of texts (S) or numbers (N), unless the set is full."""
    found = engine.update(
        tables.LiveItem,
        keys.live(campaign_id),
        UpdateExpression=f"ADD {name} :entry",
        ConditionExpression=f"attribute_not_exists({name}) OR contains({name}, :one) "
        f"OR size({name}) < :most",
        ExpressionAttributeValues={
            ":entry": {f"{kind}S": [value]},
            ":one": {kind: value},
            ":most": engine.number(most),
        },
        ReturnValuesOnConditionCheckFailure="NONE",
    )
    return not isinstance(found, Stands)


def _values(at: datetime) -> dict[str, Any]:
    return {
        ":revoked": engine.text(State.REVOKED),
        ":one": engine.number(1),
        ":now": engine.instant(at),
    }
