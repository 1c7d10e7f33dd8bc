"""Vouchers in the ledger: claimed, used, given back. Access patterns AP-01 to AP-07."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from chalicelib.domain.counter import CounterKind
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.idempotency import Record
from chalicelib.domain.reasons import Reason
from chalicelib.domain.token import Token
from chalicelib.domain.voucher import Draw, PastUse, State, Use, Voucher, nonce_mark
from chalicelib.store import drawing, engine, idempotency, keys, tables
from chalicelib.store import voucher_items as items
from chalicelib.store.engine import Raw, Stands

_USABLE = (
    "(st IN (:issued, :reversed) OR st = :held AND held_until < :now) AND NOT contains(nonces, :m)"
)
_USE = (
    "SET st = :redeemed, cur = :cur, uses = if_not_exists(uses, :zero) + :one, "
    "ver = ver + :one, updated_at = :now ADD nonces :marks"
)
LIMIT_REASON = {
    CounterKind.STOCK: Reason.OUT_OF_STOCK,
    CounterKind.DAY: Reason.LIMIT_DAY,
    CounterKind.BUDGET: Reason.BUDGET_EXHAUSTED,
}


def claim(voucher: Voucher, *, token: str, record: Record | None = None) -> Voucher | Reason | None:
    """AP-01: put a claimed voucher, take its `unit` of stock, keep its record: all or nothing.

    Returns None when it was made now, the voucher that is there already, `out_of_stock` where
    this counter has nothing left, or `idempotency_key_reused` where a record stands alone.
    Cost: 1 request; 4 WCU, or 1 without stock; 2 WCU more with a record.
    """
    item = items.item_of(voucher)
    put = engine.put_raw(tables.VoucherItem, item, "attribute_not_exists(pk)")
    if voucher.unit is None and record is None:
        stands = engine.put_as(put)
        return items.voucher_of(stands.item) if stands and stands.item else None
    actions: list[dict[str, object]] = [{"Put": put}]
    if voucher.unit is not None:
        actions.append(drawing.take(voucher.unit, 1, voucher.issued_at))
    if record is not None:
        actions.append(idempotency.keep(record))
    stood = engine.transact(actions, token)
    if stood is None:
        return None
    if stood[0] is not None and stood[0].item is not None:
        return items.voucher_of(stood[0].item)
    reused = record is not None and stood[-1] is not None
    return Reason.IDEMPOTENCY_KEY_REUSED if reused else Reason.OUT_OF_STOCK


def get(voucher_id: str) -> Voucher | None:
    """AP-02: read one voucher, strongly consistent. Cost: 1 RCU."""
    raw = engine.get(tables.VoucherItem, keys.voucher(voucher_id))
    return items.voucher_of(raw) if raw else None


def get_many(voucher_ids: Sequence[str]) -> list[Voucher]:
    """AP-03: read the vouchers that exist among these ids. Cost: 1 RCU each."""
    wheres = [keys.voucher(voucher_id) for voucher_id in voucher_ids]
    return [items.voucher_of(raw) for raw in engine.get_many(tables.VoucherItem, wheres)]


def use(
    voucher_id: str, use: Use, token: Token | None, draws: Sequence[Draw] = ()
) -> Use | Voucher | Reason | None:
    """AP-04: use a voucher once; one conditional write decides, two phones cannot both win.

    Returns the use as made now, the voucher that stands in the way, the reason of a limit that
    is used up, or None where there is no such voucher. A repeat by botocore itself shows as the
    voucher whose `use` has this request's id. Cost: 1 request, 1 WCU; with draws a transaction.
    """
    change = _use_change(use, token)
    if draws:
        return _use_with_draws(voucher_id, use, change, draws)
    found = engine.update(
        tables.VoucherItem, keys.voucher(voucher_id), ReturnValues="UPDATED_OLD", **change
    )
    if isinstance(found, Stands):
        return items.voucher_of(found.item) if found.item else None
    return replace(use, number=int(found["uses"]["N"]) + 1 if "uses" in found else 1)


def _use_with_draws(
    voucher_id: str, use: Use, change: dict[str, Any], draws: Sequence[Draw]
) -> Use | Voucher | Reason | None:
    where = {"TableName": engine.table(tables.VoucherItem)} | {
        "Key": engine.key(keys.voucher(voucher_id)),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    actions: list[dict[str, object]] = [{"Update": where | change}]
    actions += [drawing.draw(draw, use.received_at) for draw in draws]
    stood = engine.transact(actions, use.request_id)
    if stood is None:
        return _numbered(voucher_id, use)
    if stood[0] is not None:
        return items.voucher_of(stood[0].item) if stood[0].item else None
    used_up = next(draw for draw, stands in zip(draws, stood[1:], strict=True) if stands)
    return LIMIT_REASON[used_up.counter.kind]


def _numbered(voucher_id: str, use: Use) -> Use:
    """Learn a use's number after its transaction, which returns nothing."""
    voucher = get(voucher_id)
    found = voucher and use_under(voucher, use.device_id, use.nonce)
    if not found:
        raise TryAgain("a use that was just made is not there")
    return found


def use_under(voucher: Voucher, device_id: str, nonce: str) -> Use | None:
    """AP-05: return the use that this device made under this nonce, given back or not.

    Costs nothing for the current use, one query for a past one.
    """
    if not voucher.knows(device_id, nonce):
        return None
    now = voucher.use
    if now is not None and (now.device_id, now.nonce) == (device_id, nonce):
        return now
    past = (items.past_use_of(raw).use for raw in _past_uses(voucher.voucher_id))
    return next((use for use in past if (use.device_id, use.nonce) == (device_id, nonce)), None)


def reverse(voucher_id: str, past: PastUse) -> bool:
    """AP-06: give a use back, with every counter that it moved, all or nothing.

    Returns False where the voucher is not in that use any more. Cost: 1 transaction.
    """
    now, use = past.reversed_at, past.use
    update = {
        "TableName": engine.table(tables.VoucherItem),
        "Key": engine.key(keys.voucher(voucher_id)),
        "UpdateExpression": "SET st = :reversed, ver = ver + :one, updated_at = :now REMOVE cur",
        "ConditionExpression": "st = :redeemed AND uses = :uses",
        "ExpressionAttributeValues": {
            ":redeemed": engine.text(State.REDEEMED),
            ":reversed": engine.text(State.REVERSED),
            ":uses": engine.number(use.number),
            ":one": engine.number(1),
            ":now": engine.instant(now),
        },
    }
    put = engine.put_raw(
        tables.VoucherItem, items.past_item(voucher_id, past), "attribute_not_exists(pk)"
    )
    returned = [drawing.give_back(counter, amount, now) for counter, amount in use.moved]
    # A token of its own for each call: two taps at once differ in their instant, and the table
    # refuses the same token over another request. The condition is what lets only one through.
    return engine.transact([{"Update": update}, {"Put": put}, *returned], uuid4().hex) is None


def past_use(voucher_id: str, number: int) -> PastUse | None:
    """AP-07: return a use that was given back, by its number. Cost: 1 RCU."""
    raw = engine.get(tables.VoucherItem, keys.past_use(voucher_id, number))
    return items.past_use_of(raw) if raw else None


def _past_uses(voucher_id: str) -> list[Raw]:
    where = keys.past_uses(voucher_id)
    return list(engine.query(tables.VoucherItem, where.pk, where.sk))


def _use_change(use: Use, token: Token | None) -> dict[str, Any]:
    """Return the update of a voucher by a use, with its condition."""
    mark = nonce_mark(use.device_id, use.nonce)
    values = {
        ":issued": engine.text(State.ISSUED),
        ":reversed": engine.text(State.REVERSED),
        ":held": engine.text(State.HELD),
        ":redeemed": engine.text(State.REDEEMED),
        ":now": engine.instant(use.received_at),
        ":zero": engine.number(0),
        ":one": engine.number(1),
        ":m": {"B": mark},
        ":marks": {"BS": [mark]},
        ":cur": items.use_attribute(use),
    }
    condition = _USABLE
    if token is not None:
        condition += " AND gen = :gen"
        values[":gen"] = engine.number(token.generation)
    return {
        "UpdateExpression": _USE,
        "ConditionExpression": condition,
        "ExpressionAttributeValues": values,
    }
