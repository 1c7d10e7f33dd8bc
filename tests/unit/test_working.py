"""A shift begins by name, or by name and PIN; a supervisor's rights last as long as the PIN."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from made import DEVICE, NOW

from chalicelib.domain import shift as rules
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.shift import Pin, Shift
from chalicelib.usecases import working
from chalicelib.usecases.working import Wish

SALT = bytes(rules.SALT_BYTES)
AYSE = Pin(popup_id="istanbul", name="Ayşe", hash=rules.hashed("271828", SALT), supervisor=True)
CAN = Pin(popup_id="istanbul", name="Can", hash=rules.hashed("1234", SALT))


@dataclass
class Shifts:
    """PINs and shifts in memory."""

    pins: list[Pin] = field(default_factory=lambda: [AYSE, CAN])
    shifts: dict[str, Shift] = field(default_factory=dict)

    def pin(self, popup_id: str, name: str) -> Pin | None:
        wanted = popup_id, rules.folded(name)
        found = (pin for pin in self.pins if (pin.popup_id, rules.folded(pin.name)) == wanted)
        return next(found, None)

    def keep(self, device_id: str, shift: Shift) -> None:
        self.shifts[device_id] = shift

    def of(self, device_id: str) -> Shift | None:
        return self.shifts.get(device_id)


def wish(name: str, pin: str | None = None, popup_id: str = "istanbul") -> Wish:
    return Wish(device_id=DEVICE, popup_id=popup_id, name=name, pin=pin, at=NOW)


def supervised(shifts: Shifts, popup_id: str = "istanbul", later: timedelta = timedelta()) -> bool:
    return working.supervises(shifts, device_id=DEVICE, popup_id=popup_id, at=NOW + later)


def test_a_name_without_a_pin_is_a_label() -> None:
    shifts = Shifts()
    begun = working.begin(shifts, wish("  Deniz   Ak "))
    assert begun == Shift(name="Deniz Ak", ends_at=NOW + rules.LIFE)
    assert shifts.of(DEVICE) == begun
    assert not supervised(shifts)


def test_a_stewards_pin_gives_the_name_and_no_right() -> None:
    shifts = Shifts()
    begun = working.begin(shifts, wish("CAN", "1234"))
    assert isinstance(begun, Shift)
    assert (begun.name, begun.supervisor) == ("Can", False)
    assert not supervised(shifts)


def test_a_supervisors_pin_gives_rights_until_the_shift_ends() -> None:
    shifts = Shifts()
    working.begin(shifts, wish("ayşe", "271828"))
    assert supervised(shifts)
    assert not supervised(shifts, "madrid")
    assert not supervised(shifts, later=rules.LIFE)
    working.end(shifts, DEVICE, NOW)
    assert not supervised(shifts)


@pytest.mark.parametrize(
    ("name", "pin"), [("Ayşe", "271829"), ("Ayşe", None), ("Deniz", "271828"), ("Can", "271828")]
)
def test_a_name_and_a_pin_that_do_not_go_together_begin_nothing(name: str, pin: str | None) -> None:
    shifts = Shifts()
    told = working.begin(shifts, wish(name, pin))
    assert told == Refusal(Reason.NOT_ALLOWED, {"shift_name": name})
    assert shifts.of(DEVICE) is None


def test_a_pin_is_of_one_stand() -> None:
    assert isinstance(working.begin(Shifts(), wish("Ayşe", "271828", "madrid")), Refusal)


def test_whoever_relieves_a_supervisor_has_no_rights() -> None:
    shifts = Shifts()
    working.begin(shifts, wish("Ayşe", "271828"))
    working.begin(shifts, wish("Deniz"))
    assert not supervised(shifts)


@pytest.mark.parametrize(
    "pins",
    [
        [],
        [replace(AYSE, supervisor=False)],
        [replace(AYSE, hash=rules.hashed("271828", SALT + b"."))],
    ],
)
def test_rights_end_with_the_pin_that_gave_them(pins: list[Pin]) -> None:
    shifts = Shifts()
    working.begin(shifts, wish("Ayşe", "271828"))
    shifts.pins = pins
    assert not supervised(shifts)


def test_what_does_not_run_cannot_be_ended() -> None:
    shifts = Shifts()
    working.end(shifts, DEVICE, NOW)
    assert shifts.shifts == {}
    over = Shift(name="Ayşe", ends_at=NOW)
    shifts.keep(DEVICE, over)
    working.end(shifts, DEVICE, NOW + timedelta(hours=1))
    assert shifts.of(DEVICE) == over
