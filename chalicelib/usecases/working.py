"""Staff begin a shift with a shared device; a supervisor's gives rights as long as its PIN does."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chalicelib.domain import shift as rules
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.shift import Pin, Shift


class Shifts(Protocol):
    """What shifts need of the tables; `chalicelib.store.shifts` fits."""

    def pin(self, popup_id: str, name: str) -> Pin | None:
        """Return the PIN of somebody at a stand, or None where there is none."""
        ...

    def keep(self, device_id: str, shift: Shift) -> None:
        """Put a shift in the place of the device's last one."""
        ...

    def of(self, device_id: str) -> Shift | None:
        """Return the device's last shift, which may be over."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Who wants to work with which device; without a PIN the name is a label."""

    device_id: str
    popup_id: str
    name: str
    pin: str | None
    at: datetime


def begin(shifts: Shifts, wish: Wish) -> Shift | Refusal:
    """Begin a shift, which ends the one before; a name that has a PIN needs it."""
    kept = shifts.pin(wish.popup_id, wish.name)
    label_only = kept is None and wish.pin is None
    if not label_only and not _fits(kept, wish.pin):
        return Refusal(Reason.NOT_ALLOWED, {"shift_name": rules.tidy(wish.name)})
    shift = Shift(
        name=kept.name if kept else rules.tidy(wish.name),
        ends_at=wish.at + rules.LIFE,
        supervisor=kept is not None and kept.supervisor,
        pin_hash=kept.hash if kept else None,
    )
    shifts.keep(wish.device_id, shift)
    return shift


def end(shifts: Shifts, device_id: str, at: datetime) -> None:
    """End the device's shift, if one runs."""
    shift = shifts.of(device_id)
    if shift is not None and shift.runs_at(at):
        shifts.keep(device_id, Shift(name=shift.name, ends_at=at))


def supervises(shifts: Shifts, *, device_id: str, popup_id: str, at: datetime) -> bool:
    """Tell whether a supervisor works with the device, under a PIN that still stands."""
    shift = shifts.of(device_id)
    if shift is None or not shift.supervisor or not shift.runs_at(at):
        return False
    kept = shifts.pin(popup_id, shift.name)
    return kept is not None and kept.supervisor and kept.hash == shift.pin_hash


def _fits(kept: Pin | None, digits: str | None) -> bool:
    return kept is not None and digits is not None and kept.is_opened_by(digits)
