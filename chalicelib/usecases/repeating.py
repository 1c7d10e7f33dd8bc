"""A request under an Idempotency-Key is worked on once; whoever repeats it waits or is told."""

from collections.abc import Callable
from contextlib import suppress
from typing import Protocol, TypeVar

from chalicelib.domain.errors import TryAgain
from chalicelib.domain.idempotency import Record, judge
from chalicelib.domain.reasons import Refusal

Outcome = TypeVar("Outcome")


class Records(Protocol):
    """What is needed of the access table; `chalicelib.store.idempotency` fits."""

    def take(self, record: Record) -> Record | None:
        """Take the key for this request; None, or the record that stands in the way."""
        ...

    def end(self, record: Record) -> None:
        """Keep the record's answer; without one let the key go. Only its owner may."""
        ...


def once(
    records: Records,
    record: Record,
    work: Callable[[], Outcome],
    kept: Callable[[Outcome], bytes | None],
) -> Outcome | bytes | Refusal:
    """Return what the work came to, or the answer of the first success, or why not.

    `kept` returns the answer that repeats shall get, None for what is no success. A request that
    dies on the way leaves its lease behind: the same request takes over when it ends, so `work`
    must bear to be done again.
    """
    stands = records.take(record)
    if stands is not None:
        return judge(stands, record.fingerprint)
    answer = None
    try:
        outcome = work()
        answer = kept(outcome)
    finally:
        with suppress(TryAgain):  # what was done is done; the lease ends by itself
            records.end(record.answered(answer) if answer is not None else record)
    return outcome
