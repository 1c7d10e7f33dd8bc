"""The records' promises, on DynamoDB's emulation and on the fake that the unit tests use."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fakes import Once
from house import House
from made import NOW, voucher

from chalicelib.domain.counter import CounterId, CounterKind
from chalicelib.domain.idempotency import KEPT, LEASE, Record
from chalicelib.domain.limits import Change
from chalicelib.domain.reasons import Reason
from chalicelib.store import counters, idempotency, vouchers

RECORD = Record(record_id="a", fingerprint="b", owner="request-1", at=NOW)
AGAIN = replace(RECORD, owner="request-2")
A_MOMENT = timedelta(milliseconds=1)


def real() -> Any:
    return idempotency


@pytest.fixture(params=[Once, real], ids=["fake", "dynamodb"])
def records(request: pytest.FixtureRequest) -> Any:
    """Return an empty store of each kind."""
    make: Callable[[], Any] = request.param
    if make is real:
        request.getfixturevalue("house")
    return make()


def test_a_free_key_is_taken_once(records: Any) -> None:
    assert records.take(RECORD) is None
    assert records.take(AGAIN) == RECORD
    assert records.get("a", NOW) == RECORD
    assert records.get("other", NOW) is None


def test_a_request_that_botocore_repeats_stands_in_its_own_way_no_longer(records: Any) -> None:
    assert records.take(RECORD) is None
    assert records.take(RECORD) is None


def test_an_answer_is_kept_for_a_day(records: Any) -> None:
    records.take(RECORD)
    records.end(RECORD.answered(b"\x00success"))
    last = NOW + KEPT - A_MOMENT
    assert records.take(replace(AGAIN, at=last)) == RECORD.answered(b"\x00success")
    assert records.get("a", last) == RECORD.answered(b"\x00success")
    assert records.get("a", NOW + KEPT) is None
    assert records.take(replace(AGAIN, at=NOW + KEPT, fingerprint="c")) is None


def test_a_key_that_is_let_go_is_free_at_once_and_for_any_request(records: Any) -> None:
    records.take(RECORD)
    records.end(RECORD)
    assert records.get("a", NOW) is None
    assert records.take(replace(AGAIN, fingerprint="c")) is None


def test_only_the_same_request_takes_over_and_not_before_the_lease_ends(records: Any) -> None:
    records.take(RECORD)
    assert records.take(replace(AGAIN, at=NOW + LEASE - A_MOMENT)) == RECORD
    assert records.take(replace(AGAIN, at=NOW + LEASE, fingerprint="c")) == RECORD
    assert records.take(replace(AGAIN, at=NOW + LEASE)) is None


def test_who_was_overtaken_changes_nothing(records: Any) -> None:
    records.take(RECORD)
    over = replace(AGAIN, at=NOW + LEASE)
    records.take(over)
    records.end(RECORD.answered(b"late"))
    assert records.get("a", over.at) == over


def test_an_answer_has_no_lease(records: Any) -> None:
    records.take(RECORD.answered(b"success"))
    late = replace(AGAIN, at=NOW + LEASE)
    assert records.take(late) == RECORD.answered(b"success")


# --- a claim keeps its record in its own transaction ----------------------------------------------
STOCK = CounterId(CounterKind.STOCK, 77, 1, 1, "0")


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize("unit", [None, STOCK], ids=["without stock", "with stock"])
def test_a_claim_and_its_record_are_written_together(unit: CounterId | None) -> None:
    assert counters.change([Change(STOCK, None, 1)], epoch=1, now=NOW, token="make")
    kept, made = RECORD.answered(b"success"), voucher(unit=unit)
    assert vouchers.claim(made, token="claim", record=kept) is None
    assert idempotency.get("a", NOW) == kept
    again = replace(kept, owner="request-2")
    assert vouchers.claim(made, token="again", record=again) == made
    assert idempotency.get("a", NOW) == kept


def test_a_key_of_another_request_stops_a_claim(house: House) -> None:
    idempotency.take(RECORD)
    before = house.items("ledger")
    other = replace(AGAIN, fingerprint="c", answer=b"success")
    told = vouchers.claim(voucher(), token="claim", record=other)
    assert told is Reason.IDEMPOTENCY_KEY_REUSED
    assert house.items("ledger") == before


@pytest.mark.usefixtures("house")
def test_an_empty_shard_keeps_no_record() -> None:
    assert counters.change([Change(STOCK, None, 0)], epoch=1, now=NOW, token="make")
    kept = RECORD.answered(b"success")
    assert vouchers.claim(voucher(unit=STOCK), token="claim", record=kept) is Reason.OUT_OF_STOCK
    assert idempotency.get("a", NOW) is None
