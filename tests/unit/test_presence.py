"""Codes change every half minute; a proof is for one visitor, one stand, ten minutes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import presence
from chalicelib.domain.presence import EXPIRED, PROOF_LIFE, REQUIRED, STEP, Proof

SECRET, OTHER = b"s" * 32, b"t" * 32
NOON = datetime(2026, 5, 20, 12, tzinfo=UTC)
A_MOMENT = timedelta(microseconds=1)


def code(at: datetime = NOON, popup_id: str = "istanbul") -> str:
    return presence.shown(SECRET, popup_id, at).code


def proven(visitor: str = "ada", popup_id: str = "istanbul") -> str:
    return presence.proof(SECRET, visitor, popup_id, NOON)


# --- codes ----------------------------------------------------------------------------------------
def test_a_code_stands_for_half_a_minute_and_says_until_when() -> None:
    shown = presence.shown(SECRET, "istanbul", NOON)
    assert shown.until == NOON + STEP
    assert presence.shown(SECRET, "istanbul", NOON + STEP - A_MOMENT) == shown
    assert code(NOON + STEP) != shown.code
    assert presence.shown(SECRET, "istanbul", NOON + STEP).until == NOON + 2 * STEP


def test_a_code_is_eight_symbols_in_two_groups() -> None:
    shown = presence.shown(SECRET, "istanbul", NOON)
    assert shown.code == f"{shown.symbols[:4]}-{shown.symbols[4:]}"
    assert len(shown.symbols) == 8


@pytest.mark.parametrize(
    ("later", "taken"),
    [
        (-A_MOMENT, False),
        (timedelta(0), True),
        (STEP, True),
        (2 * STEP - A_MOMENT, True),
        (2 * STEP, False),
        (timedelta(days=1), False),
    ],
)
def test_a_code_is_taken_while_it_is_shown_and_as_long_again(
    later: timedelta,
    taken: bool,  # noqa: FBT001 - a case
) -> None:
    assert presence.is_shown(SECRET, "istanbul", code(), NOON + later) is taken


def test_a_code_is_of_its_stand_and_secret_alone() -> None:
    assert not presence.is_shown(SECRET, "madrid", code(), NOON)
    assert not presence.is_shown(OTHER, "istanbul", code(), NOON)


def test_codes_of_a_day_differ() -> None:
    assert len({code(NOON + step * STEP) for step in range(2_880)}) == 2_880


@pytest.mark.parametrize(
    "typed",
    [str.lower, lambda c: c.replace("-", " "), lambda c: f" {c} ", lambda c: f"\u2068{c}\u2069"],
)
def test_a_code_may_be_typed_in_any_case_and_spacing(typed: object) -> None:
    assert callable(typed)
    assert presence.is_shown(SECRET, "istanbul", typed(code()), NOON)


@given(st.text())
def test_no_text_is_a_code_by_accident(text: str) -> None:
    assert not presence.is_shown(SECRET, "istanbul", text, NOON)


# --- proofs ---------------------------------------------------------------------------------------
def test_a_proof_says_where_and_until_when_to_its_visitor_alone() -> None:
    read = presence.read_proof(SECRET, "ada", proven())
    assert read == Proof("istanbul", NOON + PROOF_LIFE)
    assert presence.read_proof(SECRET, "bob", proven()) is None
    assert presence.read_proof(OTHER, "ada", proven()) is None


def test_a_proof_names_no_visitor() -> None:
    assert "ada" not in proven()


def test_a_proof_of_another_time_or_stand_is_a_forgery() -> None:
    popup_id, end, mac = proven().split(".")
    for forged in (f"{popup_id}.{int(end) + 1}.{mac}", f"madrid.{end}.{mac}", f"{end}.{mac}"):
        assert presence.read_proof(SECRET, "ada", forged) is None


@pytest.mark.parametrize("text", ["", ".", "..", "\u00fc.1.a", "\ud800", "a.b.c.d", "x" * 5000])
def test_rubbish_is_no_proof(text: str) -> None:
    assert presence.read_proof(SECRET, "ada", text) is None


@pytest.mark.parametrize(
    ("proof", "at", "absence"),
    [
        (None, NOON, REQUIRED),
        (Proof("madrid", NOON + PROOF_LIFE), NOON, REQUIRED),
        (Proof("istanbul", NOON), NOON - A_MOMENT, None),
        (Proof("istanbul", NOON), NOON, EXPIRED),
    ],
)
def test_presence_lasts_to_the_end_of_the_proof_at_its_stand(
    proof: Proof | None, at: datetime, absence: object
) -> None:
    assert presence.absence(proof, "istanbul", at) == absence
