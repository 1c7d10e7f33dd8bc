"""What the tables answer under stress: repeated where it is safe, given up where it is not."""

from collections.abc import Iterator
from functools import partial

import pytest
from botocore.exceptions import ClientError
from house import House
from made import NOW, VOUCHER_ID, plan, use, voucher
from rigs.faults import Fault, cancelled, error
from rigs.wire import FOREVER, Wire, wired

from chalicelib.domain.errors import TryAgain
from chalicelib.store import engine, tables, uses, vouchers
from chalicelib.store.keys import Key


@pytest.fixture
def wire(house: House) -> Iterator[Wire]:
    """Return the way to the tables of a fresh house."""
    del house
    with wired() as set_up:
        yield set_up


def claimed() -> None:
    assert vouchers.claim(voucher(), token="claim") is None


def redeemed() -> object:
    return uses.use(plan())


def transacted() -> object:
    item = tables.CounterItem("C#x", "C", ver=1, updated_at=NOW, cap=1, left=1, epoch=1)
    return engine.transact([{"Put": engine.put_action(item)}], "token")


def test_a_conflict_is_repeated_until_it_is_settled(wire: Wire) -> None:
    claimed()
    wire.spoil("UpdateItem", Fault.CONFLICT, times=2)
    assert redeemed() == use()
    assert wire.attempts == 4  # the claim, and three times the use


@pytest.mark.parametrize("fault", [Fault.CONFLICT, Fault.THROTTLED_INSIDE])
def test_a_cancelled_transaction_is_repeated_where_nothing_stands_in_the_way(
    wire: Wire, fault: Fault
) -> None:
    wire.spoil("TransactWriteItems", fault)
    assert transacted() is None
    assert wire.attempts == 2


def test_a_condition_beside_a_conflict_settles_the_transaction(wire: Wire) -> None:
    stands = partial(cancelled, "ConditionalCheckFailed", "TransactionConflict")
    wire.answer("TransactWriteItems", stands)
    assert transacted() == [engine.Stands(None), None]


@pytest.mark.parametrize("fault", [Fault.CONFLICT, Fault.ALL_UNREAD])
def test_what_is_without_end_is_tried_again_later(wire: Wire, fault: Fault) -> None:
    claimed()
    wire.hit(fault, 1, times=FOREVER)
    with pytest.raises(TryAgain):
        redeemed() if fault is Fault.CONFLICT else vouchers.get_many([VOUCHER_ID])
    assert 5 < wire.attempts < 12
    waited = engine.TIME.get().monotonic() / engine.DEADLINE_SECONDS
    assert 0.3 < waited < 1.5  # the last pause may be one too short or one too long by its jitter


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
def test_a_busy_table_is_tried_again_later(wire: Wire, code: str, status: int) -> None:
    wire.answer("GetItem", partial(error, code, status), times=FOREVER)
    with pytest.raises(TryAgain):
        engine.get(tables.VoucherItem, Key("a", "b"))
    assert wire.attempts == 2


def test_a_fault_of_our_own_is_no_reason_to_try_again(wire: Wire) -> None:
    wire.answer("GetItem", partial(error, "ValidationException"))
    with pytest.raises(ClientError):
        engine.get(tables.VoucherItem, Key("a", "b"))
    wire.answer("TransactWriteItems", partial(cancelled, "ItemCollectionSizeLimitExceeded"))
    with pytest.raises(RuntimeError):
        transacted()


def test_items_that_were_left_unread_are_read_again(wire: Wire) -> None:
    claimed()
    wire.clear()
    wire.spoil("BatchGetItem", Fault.UNREAD, times=2)
    assert [one.voucher_id for one in vouchers.get_many([VOUCHER_ID])] == [VOUCHER_ID]
    assert wire.attempts == 3


@pytest.mark.usefixtures("house")
def test_a_query_reads_every_page() -> None:
    for number in range(3):
        past = tables.PartItem("PARTS#pages", f"a#{number:03}", body=bytes(350_000))
        engine.put(past)
    engine.put(tables.PartItem("PARTS#pages", "b#000", body=b"other"))
    found = list(engine.query(tables.PartItem, "PARTS#pages", "a"))
    assert [item["sk"]["S"] for item in found] == ["a#000", "a#001", "a#002"]
