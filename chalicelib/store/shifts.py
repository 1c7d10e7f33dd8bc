"""PINs of a stand's people, and who works with which device. AP-120 to AP-124."""

from chalicelib.domain import shift as rules
from chalicelib.domain.shift import Pin, Shift
from chalicelib.store import engine, keys, tables

_KEEP_SECONDS = 86_400  # TTL deletes late and never before; the end is in the item


def put_pin(pin: Pin) -> None:
    """AP-120: set somebody's PIN at a stand, by its hash. Cost: 1 WCU."""
    engine.put(
        tables.PinItem(
            *keys.pin(pin.popup_id, rules.folded(pin.name)),
            name=pin.name,
            hash=pin.hash,
            supervisor=pin.supervisor,
        )
    )


def pin(popup_id: str, name: str) -> Pin | None:
    """AP-121: return somebody's PIN at a stand, or None. Cost: 1 RCU."""
    raw = engine.get(tables.PinItem, keys.pin(popup_id, rules.folded(name)))
    if raw is None:
        return None
    item = tables.PinItem.from_raw_data(dict(raw))
    return Pin(popup_id=popup_id, name=item.name, hash=item.hash, supervisor=item.supervisor)


def remove_pin(popup_id: str, name: str) -> None:
    """AP-122: take somebody's PIN away. Cost: 1 WCU."""
    engine.delete_many(tables.PinItem, [keys.pin(popup_id, rules.folded(name))])


def keep(device_id: str, shift: Shift) -> None:
    """AP-123: begin a device's shift, or put its end. Cost: 1 WCU."""
    engine.put(
        tables.ShiftItem(
            *keys.shift(device_id),
            name=shift.name,
            ends_at=shift.ends_at,
            supervisor=shift.supervisor,
            pin_hash=shift.pin_hash,
            ttl=int(shift.ends_at.timestamp()) + _KEEP_SECONDS,
        )
    )


def of(device_id: str) -> Shift | None:
    """AP-124: return a device's last shift, which may be over, or None. Cost: 1 RCU."""
    raw = engine.get(tables.ShiftItem, keys.shift(device_id))
    if raw is None:
        return None
    item = tables.ShiftItem.from_raw_data(dict(raw))
    return Shift(
        name=item.name,
        ends_at=item.ends_at,
        supervisor=item.supervisor,
        pin_hash=item.pin_hash,
    )
