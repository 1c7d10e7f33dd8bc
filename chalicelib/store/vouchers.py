"""Vouchers in the ledger: claimed and read. Access patterns AP-01 to AP-03."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.domain.reasons import Reason
from chalicelib.domain.voucher import State, Voucher
from chalicelib.store import drawing, engine, keys, tables
from chalicelib.store import voucher_items as items


def claim(voucher: Voucher, *, over: Voucher | None = None, token: str) -> Voucher | Reason | None:
    """AP-01: put a claimed voucher and take its `unit` of stock, both or neither.

    With `over` it takes the place of that lapsed voucher. Returns None when it was made now, the
    voucher that is there already, or `out_of_stock` where this counter has nothing left.
    Cost: 1 request; 4 WCU, or 1 without stock; a hold adds an index entry of 1 WCU.
    """
    free, values = "attribute_not_exists(pk)", None
    if over is not None:
        voucher = replace(voucher, version=over.version + 1)
        free = "st = :lapsed AND gen = :gen"
        values = {":lapsed": engine.text(State.LAPSED), ":gen": engine.number(over.generation)}
    put = engine.put_raw(tables.VoucherItem, items.item_of(voucher), free, values)
    if voucher.unit is None:
        stands = engine.put_as(put)
        return items.voucher_of(stands.item) if stands and stands.item else None
    taken = drawing.take(voucher.unit, 1, voucher.issued_at)
    stood = engine.transact([{"Put": put}, taken], token)
    if stood is None:
        return None
    if stood[0] is not None and stood[0].item is not None:
        return items.voucher_of(stood[0].item)
    return Reason.OUT_OF_STOCK


def get(voucher_id: str) -> Voucher | None:
    """AP-02: read one voucher, strongly consistent. Cost: 1 RCU."""
    raw = engine.get(tables.VoucherItem, keys.voucher(voucher_id))
    return items.voucher_of(raw) if raw else None


def get_many(voucher_ids: Sequence[str]) -> list[Voucher]:
    """AP-03: read the vouchers that exist among these ids. Cost: 1 RCU each."""
    wheres = [keys.voucher(voucher_id) for voucher_id in voucher_ids]
    return [items.voucher_of(raw) for raw in engine.get_many(tables.VoucherItem, wheres)]
