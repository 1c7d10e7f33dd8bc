"""What the tables answer under stress: repeated where it is safe, given up where it is not."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError
from made import NOW, VOUCHER_ID, plan, use, voucher
from urllib3.response import HTTPResponse

from chalicelib.domain.errors import TryAgain
from chalicelib.store import engine, tables, uses, vouchers
from chalicelib.store.keys import Key

pytestmark = pytest.mark.usefixtures("house")
_HERE = "com.amazonaws.dynamodb.v20120810#"


class Refusals:
    """Refusals of our own, one for each call, in DynamoDB's place."""

    when = "before-call"

    def __init__(self, *bodies: dict[str, Any]) -> None:
        self.bodies = list(bodies)
        self.calls = 0

    def __call__(self, **_: Any) -> tuple[Any, dict[str, Any]] | None:
        self.calls += 1
        if not self.bodies:
            return None
        metadata = {"ResponseMetadata": {"HTTPStatusCode": 400}}
        return SimpleNamespace(status_code=400), self.bodies.pop(0) | metadata


class Answers(Refusals):
    """Answers of our own, one for each attempt of botocore, whatever DynamoDB does."""

    when = "before-send"

    def __init__(self, *bodies: dict[str, Any], status: int = 400) -> None:
        super().__init__(*bodies)
        self.status = status

    def __call__(self, **_: Any) -> Any:
        self.calls += 1
        if not self.bodies:
            return None
        body = msgspec.json.encode(self.bodies.pop(0))
        raw = HTTPResponse(body=BytesIO(body), preload_content=False)
        headers = {"content-type": "application/x-amz-json-1.0"}
        return AWSResponse("https://dynamodb", self.status, headers, raw)  # type: ignore[no-untyped-call]


@contextmanager
def answering(operation: str, answers: Refusals) -> Iterator[Refusals]:
    events, name = engine.client().meta.events, f"{answers.when}.dynamodb.{operation}"
    events.register_first(name, answers)
    try:
        yield answers
    finally:
        events.unregister(name, answers)


def error(code: str, **more: Any) -> dict[str, Any]:
    return {"__type": _HERE + code, "message": code, "Error": {"Code": code}, **more}


def cancelled(*codes: str) -> dict[str, Any]:
    reasons = [{"Code": code} for code in codes]
    return error("TransactionCanceledException", CancellationReasons=reasons)


def claimed() -> None:
    assert vouchers.claim(voucher(), token="claim") is None


def redeemed() -> object:
    return uses.use(plan())


def transacted() -> object:
    item = tables.CounterItem("C#x", "C", ver=1, updated_at=NOW, cap=1, left=1, epoch=1)
    return engine.transact([{"Put": engine.put_action(item)}], "token")


def test_a_conflict_is_repeated_until_it_is_settled() -> None:
    claimed()
    conflict = error("TransactionConflictException")
    with answering("UpdateItem", Refusals(conflict, conflict)) as answers:
        assert redeemed() == use()
    assert answers.calls == 3


@pytest.mark.parametrize("code", ["TransactionConflict", "ThrottlingError"])
def test_a_cancelled_transaction_is_repeated_where_nothing_stands_in_the_way(code: str) -> None:
    with answering("TransactWriteItems", Refusals(cancelled("None", code))) as answers:
        assert transacted() is None
    assert answers.calls == 2


def test_a_condition_beside_a_conflict_settles_the_transaction() -> None:
    stands = cancelled("ConditionalCheckFailed", "TransactionConflict")
    with answering("TransactWriteItems", Refusals(stands)):
        assert transacted() == [engine.Stands(None), None]


def test_conflicts_without_end_are_tried_again_later() -> None:
    claimed()
    without_end = Refusals(*[error("TransactionConflictException")] * 50)
    with answering("UpdateItem", without_end), pytest.raises(TryAgain):
        redeemed()


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("ProvisionedThroughputExceededException", 400),
        ("ThrottlingException", 400),
        ("RequestLimitExceeded", 400),
        ("InternalServerError", 500),
        ("ServiceUnavailable", 503),
        ("SomethingNew", 502),
    ],
)
def test_a_busy_table_is_tried_again_later(code: str, status: int) -> None:
    busy = Answers(*[error(code)] * 5, status=status)
    with answering("GetItem", busy), pytest.raises(TryAgain):
        engine.get(tables.VoucherItem, Key("a", "b"))
    assert busy.calls == 2


def test_a_fault_of_our_own_is_no_reason_to_try_again() -> None:
    with answering("GetItem", Answers(error("ValidationException"))), pytest.raises(ClientError):
        engine.get(tables.VoucherItem, Key("a", "b"))
    too_large = Refusals(cancelled("ItemCollectionSizeLimitExceeded"))
    with answering("TransactWriteItems", too_large), pytest.raises(RuntimeError):
        transacted()


def unprocessed(times: int) -> Answers:
    keys = [{"pk": {"S": f"V#{VOUCHER_ID}"}, "sk": {"S": "V"}}]
    waiting = {"marquee-ledger": {"Keys": keys, "ConsistentRead": True}}
    body = {"Responses": {}, "UnprocessedKeys": waiting}
    return Answers(*[body] * times, status=200)


def test_items_that_were_left_unread_are_read_again() -> None:
    claimed()
    with answering("BatchGetItem", unprocessed(2)) as answers:
        assert [one.voucher_id for one in vouchers.get_many([VOUCHER_ID])] == [VOUCHER_ID]
    assert answers.calls == 3


def test_items_that_stay_unread_are_tried_again_later() -> None:
    with answering("BatchGetItem", unprocessed(100_000)), pytest.raises(TryAgain):
        vouchers.get_many([VOUCHER_ID])


def test_a_query_reads_every_page() -> None:
    for number in range(3):
        past = tables.PartItem("PARTS#pages", f"a#{number:03}", body=bytes(350_000))
        engine.put(past)
    engine.put(tables.PartItem("PARTS#pages", "b#000", body=b"other"))
    found = list(engine.query(tables.PartItem, "PARTS#pages", "a"))
    assert [item["sk"]["S"] for item in found] == ["a#000", "a#001", "a#002"]
