"""Vouchers in the ledger: claimed and read. Access patterns AP-01 to AP-03."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.domain.idempotency import Record
from chalicelib.domain.reasons import Reason
from chalicelib.domain.voucher import State, Voucher
from chalicelib.store import drawing, engine, idempotency, keys, tables
from chalicelib.store import voucher_items as items


def claim(
    voucher: Voucher,
    *,
    over: Voucher | None = None,
    token: str,
    record: Record | None = None,
) -> Voucher | Reason | None:
    """AP-01: put a claimed voucher, take its `unit` of stock, keep its record: all or nothing.

    With `over` it takes the place of that lapsed voucher. Returns None when it was made now, the
    voucher that is there already, `out_of_stock` where this counter has nothing left, or
    `idempotency_key_reused` where a record stands alone. Cost: 1 request; 4 WCU, or 1 without
    stock; 2 WCU more with a record; a hold adds an index entry of 1 WCU.
    """
    free, values = "attribute_not_exists(pk)", None
    if over is not None:
        voucher = replace(voucher, version=over.version + 1)
        free = "st = :lapsed AND gen = :gen"
        values = {":lapsed": engine.text(State.LAPSED), ":gen": engine.number(over.generation)}
    put = engine.put_raw(tables.VoucherItem, items.item_of(voucher), free, values)
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
