"""Names and PINs of who works with a stand's device."""

from datetime import timedelta

import pytest
from made import NOW

from chalicelib.domain import shift as rules
from chalicelib.domain.shift import LABEL_BYTES, Pin, Shift

SALT = bytes(range(rules.SALT_BYTES))


def test_a_pin_is_opened_by_its_own_digits_alone() -> None:
    pin = Pin(popup_id="istanbul", name="Ayşe", hash=rules.hashed("271828", SALT))
    assert pin.is_opened_by("271828")
    assert not pin.is_opened_by("271829")
    assert not pin.is_opened_by("")
    assert "271828" not in pin.hash


def test_the_same_digits_are_kept_otherwise_each_time() -> None:
    assert rules.hashed("271828", SALT) != rules.hashed("271828", SALT[::-1])


@pytest.mark.parametrize(
    ("digits", "supervisor", "may"),
    [
        ("123", False, False),
        ("1234", False, True),
        ("1234", True, False),
        ("123456", True, True),
        ("1" * 13, False, False),
        ("12a4", False, False),
        ("١٢٣٤", False, False),
    ],
)
def test_a_supervisors_pin_is_longer(digits: str, supervisor: bool, may: bool) -> None:  # noqa: FBT001
    assert rules.is_pin(digits, supervisor=supervisor) is may


@pytest.mark.parametrize(
    "typed",
    ["İlknur Işık", "ilknur  ışık", "ILKNUR IŞIK", " i\u0307lknur işik ", "İl\u200bknur Işık"],
)
def test_a_name_is_one_however_it_is_typed(typed: str) -> None:
    assert rules.folded(typed) == rules.folded("İlknur Işık")


def test_other_names_are_others() -> None:
    assert rules.folded("Ayşe") != rules.folded("Ayse")


@pytest.mark.parametrize("name", ["Ayşe", "Александра Петровна", "عبد الرحمن محمد", "🍵" * 20])
def test_a_label_is_cut_to_its_bytes_in_whole_characters(name: str) -> None:
    label = rules.label_of(name)
    assert name.startswith(label)
    assert len(label.encode()) <= LABEL_BYTES
    assert len(label.encode()) > LABEL_BYTES - 4 or label == name


def test_a_shift_ends_by_itself() -> None:
    shift = Shift(name="Ayşe", ends_at=NOW + rules.LIFE)
    assert shift.runs_at(NOW + rules.LIFE - timedelta(seconds=1))
    assert not shift.runs_at(NOW + rules.LIFE)
