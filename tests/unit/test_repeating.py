"""Work under a key is done once; only its success is given again."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from fakes import Once
from made import NOW

from chalicelib.domain.errors import TryAgain
from chalicelib.domain.idempotency import KEPT, LEASE, Record
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.usecases import repeating

RECORD = Record(record_id="a", fingerprint="b", owner="request-1", at=NOW)
AGAIN = replace(RECORD, owner="request-2")


@dataclass
class Work:
    """Counts how often it was done; a number is a success, None is none."""

    outcome: int | None = 7
    times: int = 0

    def __call__(self) -> int | None:
        self.times += 1
        return self.outcome


def kept(outcome: int | None) -> bytes | None:
    return None if outcome is None else str(outcome).encode()


def once(records: repeating.Records, record: Record, work: Callable[[], int | None]) -> object:
    return repeating.once(records, record, work, kept)


def test_the_first_request_works_and_its_repeats_get_its_success() -> None:
    records, work = Once(), Work()
    assert once(records, RECORD, work) == 7
    assert [once(records, AGAIN, work) for _ in range(3)] == [b"7", b"7", b"7"]
    assert work.times == 1


def test_what_is_no_success_is_worked_on_again() -> None:
    records, work = Once(), Work(outcome=None)
    assert once(records, RECORD, work) is None
    assert once(records, AGAIN, work) is None
    work.outcome = 8
    assert once(records, AGAIN, work) == 8
    assert work.times == 3


def test_another_request_under_the_key_is_refused_before_it_works() -> None:
    records, work = Once(), Work()
    once(records, RECORD, work)
    other = replace(AGAIN, fingerprint="c")
    assert once(records, other, work) == Refusal(Reason.IDEMPOTENCY_KEY_REUSED)
    assert work.times == 1


def test_a_key_whose_request_was_refused_is_free_for_any() -> None:
    records = Once()
    once(records, RECORD, Work(outcome=None))
    assert once(records, replace(AGAIN, fingerprint="c"), Work()) == 7


def test_who_comes_while_it_is_at_work_is_told_so() -> None:
    records, inner = Once(), Work()

    def meanwhile() -> int:
        assert once(records, AGAIN, inner) == Refusal(Reason.IN_PROGRESS)
        return 7

    assert once(records, RECORD, meanwhile) == 7
    assert inner.times == 0


def test_work_that_fails_lets_its_key_go() -> None:
    records = Once()

    def fail() -> int:
        raise TryAgain

    with pytest.raises(TryAgain):
        once(records, RECORD, fail)
    assert once(records, AGAIN, Work()) == 7


class Crashing(Once):
    """The process dies after the work: nothing reaches the record any more."""

    def end(self, record: Record) -> None:
        raise TryAgain(record.record_id)


def test_after_a_crash_the_same_request_takes_over_when_the_lease_ends() -> None:
    records, work = Crashing(), Work()
    assert once(records, RECORD, work) == 7, "what was done is answered, kept or not"
    almost = replace(AGAIN, at=NOW + LEASE - timedelta(milliseconds=1))
    assert once(records, almost, work) == Refusal(Reason.IN_PROGRESS)
    over = replace(AGAIN, at=NOW + LEASE)
    assert once(records, replace(over, fingerprint="c"), work) == Refusal(
        Reason.IDEMPOTENCY_KEY_REUSED
    )
    assert once(records, over, work) == 7
    assert work.times == 2


def test_who_was_overtaken_leaves_the_record_alone() -> None:
    records = Once()

    def slow() -> int:
        assert once(records, replace(AGAIN, at=NOW + LEASE), Work(outcome=8)) == 8
        return 7

    assert once(records, RECORD, slow) == 7
    assert once(records, replace(RECORD, owner="request-3", at=NOW + LEASE), Work()) == b"8"


def test_after_a_day_the_key_is_free() -> None:
    records = Once()
    once(records, RECORD, Work())
    late = replace(AGAIN, at=NOW + KEPT, fingerprint="c")
    assert once(records, replace(late, at=late.at - timedelta(milliseconds=1)), Work()) == Refusal(
        Reason.IDEMPOTENCY_KEY_REUSED
    )
    assert once(records, late, Work(outcome=9)) == 9
