"""Holds whose time has come, and how far the sweeper got. Access patterns AP-14 to AP-17."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

from chalicelib.domain.voucher import State, Voucher
from chalicelib.store import drawing, engine, keys, tables, uses, vouchers

end_use = uses.end_use


def due(minute: str) -> Iterator[Voucher]:
    """AP-14: yield the vouchers whose hold is due at a minute: the index names them, a read tells.

    Cost: 1 query, and 1 RCU a voucher.
    """
    named = [key.pk for key in engine.indexed(tables.VoucherItem, "due", minute)]
    for voucher in vouchers.get_many([keys.voucher_id_of(pk) for pk in named]):
        if voucher.state in {State.ISSUED, State.HELD}:
            yield voucher


def lapse(voucher: Voucher, *, at: datetime) -> bool:
    """AP-15: end an unused claim and give its unit back, both or neither. Cost: 1 transaction.

    Returns False where it was used, passed on or revived meanwhile.
    """
    change = {
        **engine.at(tables.VoucherItem, keys.voucher(voucher.voucher_id)),
        "UpdateExpression": "SET st = :lapsed, ver = ver + :one, updated_at = :now REMOVE due",
        "ConditionExpression": "st = :issued AND gen = :gen AND hold_until <= :now",
        "ExpressionAttributeValues": {
            ":lapsed": engine.text(State.LAPSED),
            ":issued": engine.text(State.ISSUED),
            ":gen": engine.number(voucher.generation),
            ":one": engine.number(1),
            ":now": engine.instant(at),
        },
    }
    returned = [drawing.give_back(voucher.unit, 1, at)] if voucher.unit else []
    return engine.transact([{"Update": change}, *returned], uuid4().hex) is None


def swept_to() -> datetime | None:
    """AP-16: return the last minute that the sweeper finished, or None. Cost: 1 RCU."""
    raw = engine.get(tables.SweepItem, keys.sweep())
    return datetime.fromtimestamp(int(raw["minute"]["N"]) * 60, UTC) if raw else None


def mark_swept(minute: datetime) -> None:
    """AP-17: remember the last minute that is done. Cost: 1 WCU."""
    engine.put(tables.SweepItem(*keys.sweep(), minute=int(minute.timestamp()) // 60))
