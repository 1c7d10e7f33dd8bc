"""The same request many times at once, on an engine that keeps DynamoDB's promises in a race."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import TypeVar

import pytest
from made import NOW, voucher

from chalicelib.domain.idempotency import Record
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.voucher import Voucher
from chalicelib.store import idempotency, setup, vouchers
from chalicelib.usecases import repeating
from chalicelib.web.context import context
from local import engine as engines
from local import ground

Told = TypeVar("Told")

AT_ONCE = 16
FIRST = Record(record_id="a", fingerprint="b", owner="request-0", at=NOW)


@pytest.fixture(autouse=True, scope="module")
def _tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Point the stores at an engine of this module's own, and back."""
    engine = engines.start(None, tmp_path_factory.mktemp("race") / "engine.log")
    ground.ensure_tables(ground.settings_of("http://localhost", engine.url, None))
    yield
    engine.stop()
    setup.connect(context.settings)


def at_once(call: Callable[[int], Told]) -> list[Told]:
    """Call with each number in a thread of its own, all at the same moment."""
    ready = Barrier(AT_ONCE)

    def started(number: int) -> Told:
        ready.wait()
        return call(number)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(started, range(AT_ONCE)))


def record(name: str, number: int) -> Record:
    return replace(FIRST, record_id=name, owner=f"request-{number}")


def test_one_of_many_works_and_the_others_wait_or_are_told_its_success() -> None:
    worked: list[int] = []

    def request(number: int) -> int | bytes | Refusal:
        def work() -> int:
            worked.append(number)
            return number

        asked = record("work", number)
        return repeating.once(idempotency, asked, work, lambda made: str(made).encode())

    told = at_once(request)
    (winner,) = worked
    assert told[winner] == winner
    may = (Refusal(Reason.IN_PROGRESS), str(winner).encode())
    assert all(answer in may for number, answer in enumerate(told) if number != winner)
    assert request(AT_ONCE) == str(winner).encode()


def test_one_of_many_claims_is_made_and_its_answer_is_the_one_that_is_kept() -> None:
    def claim(number: int) -> Voucher | Reason | None:
        kept = record("claim", number).answered(str(number).encode())
        return vouchers.claim(voucher(), token=f"claim-{number}", record=kept)

    told = at_once(claim)
    assert told.count(None) == 1
    assert [made for made in told if made is not None] == [voucher()] * (AT_ONCE - 1)
    kept = idempotency.get("claim", NOW)
    assert kept == record("claim", told.index(None)).answered(str(told.index(None)).encode())


def test_a_key_makes_one_of_many_claims_for_different_vouchers() -> None:
    def claim(number: int) -> Voucher | Reason | None:
        other = voucher(voucher_id=f"{number:015}")
        kept = replace(record("keys", number), fingerprint=str(number), answer=b"success")
        return vouchers.claim(other, token=f"keys-{number}", record=kept)

    told = at_once(claim)
    assert sorted(told, key=str) == [None, *[Reason.IDEMPOTENCY_KEY_REUSED] * (AT_ONCE - 1)]
    made = vouchers.get_many([f"{number:015}" for number in range(AT_ONCE)])
    assert [int(one.voucher_id) for one in made] == [told.index(None)]
