"""A key names one request of one caller, and only its success is kept."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import NOW

from chalicelib.domain import idempotency
from chalicelib.domain.idempotency import Record
from chalicelib.domain.reasons import Reason, Refusal

RECORD = Record(record_id="a", fingerprint="b", owner="request-1", at=NOW)
PARTS = st.text(max_size=4)


@pytest.mark.parametrize("key", ["a", "7" * 255, '"8e03978e-40d5"', "~ !", "a b", "!~"])
def test_a_key_is_1_to_255_printable_ascii_characters(key: str) -> None:
    assert idempotency.is_key(key)


@pytest.mark.parametrize(
    "key", ["", " ", " a", "a ", "7" * 256, "\u00e9", "a\n", "\t", "a\x00", "a\x7f", "\u0661"]
)
def test_anything_else_is_none(key: str) -> None:
    assert not idempotency.is_key(key)


@given(PARTS, PARTS, PARTS, PARTS)
def test_two_callers_with_one_key_never_meet(one: str, other: str, key: str, second: str) -> None:
    same = (one, key) == (other, second)
    ids = idempotency.record_id(one, key), idempotency.record_id(other, second)
    assert (ids[0] == ids[1]) is same


@given(st.tuples(PARTS, PARTS, st.binary(max_size=4)), st.tuples(PARTS, PARTS, st.binary()))
def test_method_path_and_body_make_the_fingerprint(
    one: tuple[str, str, bytes], other: tuple[str, str, bytes]
) -> None:
    made = idempotency.fingerprint(*one), idempotency.fingerprint(*other)
    assert (made[0] == made[1]) is (one == other)


def test_a_record_holds_a_day_and_its_lease_outlives_any_request() -> None:
    assert RECORD.expires_at == NOW + timedelta(hours=24)
    assert RECORD.lease_until == NOW + timedelta(seconds=30)


@pytest.mark.parametrize("record", [RECORD, RECORD.answered(b"success")])
def test_another_request_under_the_key_is_told_so(record: Record) -> None:
    assert idempotency.judge(record, "c") == Refusal(Reason.IDEMPOTENCY_KEY_REUSED)


def test_the_same_request_waits_for_the_first_and_then_gets_its_success() -> None:
    assert idempotency.judge(RECORD, "b") == Refusal(Reason.IN_PROGRESS)
    assert idempotency.judge(RECORD.answered(b"success"), "b") == b"success"
