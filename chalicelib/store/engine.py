"""Calls to DynamoDB through botocore's client, which knows what PynamoDB's models lack.

Conditional writes return the item that stood in the way, so that a refusal costs no second
read. botocore retries throttling and 5xx; conflicts are ours to repeat, with jitter, inside a
deadline. What stays unsettled ends as `TryAgain`; the caller's nonce makes a repeat safe.
"""

import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from chalicelib.domain.errors import TryAgain
from chalicelib.store import tables
from chalicelib.store.keys import Key

DEADLINE_SECONDS = 2.0
_FIRST_PAUSE_SECONDS = 0.02
_BATCH, _WRITES = 100, 25  # DynamoDB's most for a batch of reads, of writes

Raw = Mapping[str, dict[str, Any]]  # an item in DynamoDB's own JSON
Action = Mapping[str, object]  # one write of a transaction

_CONFLICTS = {"TransactionConflictException", "TransactionInProgressException"}
_BUSY = {
    "InternalServerError",
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ServiceUnavailable",
    "ThrottlingException",
}
_PASSING = {"None", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}


class Time(Protocol):
    """What a repeat waits by; the module `time` fits, and so does a clock that a test moves."""

    def monotonic(self) -> float: ...

    def sleep(self, seconds: float, /) -> None: ...


TIME: ContextVar[Time] = ContextVar("TIME", default=time)


@dataclass(frozen=True, slots=True)
class Stands:
    """What stood in the way of a conditional write: the item, or None where there is none."""

    item: Raw | None


def client() -> Any:  # noqa: ANN401 - botocore makes its clients at run time
    return tables.client()


def key(where: Key) -> dict[str, dict[str, str]]:
    return {"pk": {"S": where.pk}, "sk": {"S": where.sk}}


def at(model: type[tables.Item], where: Key) -> dict[str, Any]:
    """Return which item a request is about."""
    return {"TableName": table(model), "Key": key(where)}


def key_of(raw: Raw) -> Key:
    return Key(raw["pk"]["S"], raw["sk"]["S"])


def number(value: int) -> dict[str, str]:
    return {"N": str(value)}


def text(value: str) -> dict[str, str]:
    return {"S": value}


def instant(at: datetime) -> dict[str, str]:
    """Return an instant as milliseconds since 1970: short, comparable in a condition."""
    return {"N": str(tables.milliseconds(at))}


def read_instant(value: Mapping[str, str]) -> datetime:
    return tables.instant_of(int(value["N"]))


def update(model: type[tables.Item], where: Key, **request: object) -> Raw | Stands:
    """Write one item under its condition. Returns the attributes asked for, or what stands."""
    call = {**at(model, where), **request}
    call.setdefault("ReturnValuesOnConditionCheckFailure", "ALL_OLD")
    answer = _settled(lambda: client().update_item(**call))
    return answer if isinstance(answer, Stands) else answer.get("Attributes", {})


def put(item: tables.Item, condition: str = "", values: Raw | None = None) -> Stands | None:
    """Put one item under its condition, if any. Returns what stands in the way, or None."""
    return put_as(put_action(item, condition, values))


def put_as(action: Mapping[str, object]) -> Stands | None:
    """Run a conditional put alone. Returns what stands in the way, or None."""
    answer = _settled(lambda: client().put_item(**action))
    return answer if isinstance(answer, Stands) else None


def put_action(
    item: tables.Item, condition: str = "", values: Raw | None = None
) -> dict[str, object]:
    """Return a conditional put, alone or as an action of a transaction."""
    return put_raw(type(item), item.serialize(), condition, values)


def put_raw(
    model: type[tables.Item], item: Raw, condition: str = "", values: Raw | None = None
) -> dict[str, object]:
    """Return the same for an item in DynamoDB's own JSON."""
    action: dict[str, object] = {
        "TableName": table(model),
        "Item": item,
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    if condition:
        action["ConditionExpression"] = condition
    if values:
        action["ExpressionAttributeValues"] = values
    return action


def transact(actions: Sequence[Action], token: str) -> list[Stands | None] | None:
    """Write all or nothing. Returns None when written, else what stands, action by action.

    The same token makes a repeat of the identical request safe for ten minutes.
    """
    request = {"TransactItems": actions, "ClientRequestToken": token}
    answer = _settled(lambda: client().transact_write_items(**request))
    return answer if isinstance(answer, list) else None


def get(model: type[tables.Item], where: Key, *, consistent: bool = True) -> Raw | None:
    """Read one item; strongly consistent unless told otherwise."""
    request = {**at(model, where), "ConsistentRead": consistent}
    found: Raw | None = _settled(lambda: client().get_item(**request)).get("Item")
    return found


def get_many(
    model: type[tables.Item], wheres: Iterable[Key], *, consistent: bool = True
) -> Iterator[Raw]:
    """Read items by key, in no order; strongly consistent unless told otherwise.

    Absent ones are left out.
    """
    waiting = [key(where) for where in wheres]
    name, deadline, pause = table(model), _deadline(), _FIRST_PAUSE_SECONDS
    while waiting:
        batch, waiting = waiting[:_BATCH], waiting[_BATCH:]
        asked = {name: {"Keys": batch, "ConsistentRead": consistent}}
        answer = _settled(partial(client().batch_get_item, RequestItems=asked))
        yield from answer["Responses"].get(name, [])
        unread = answer.get("UnprocessedKeys", {}).get(name, {}).get("Keys", [])
        if unread:
            pause = _paused(pause, deadline, "some items stay unread")
            waiting += unread


def query(
    model: type[tables.Item], pk: str, prefix: str = "", *, start: str = "", consistent: bool = True
) -> Iterator[Raw]:
    """Read the items of a partition whose sort key has the prefix, or lies at or after `start`."""
    condition, values = "pk = :pk", {":pk": text(pk)}
    if prefix:
        condition, values[":sk"] = condition + " AND begins_with(sk, :sk)", text(prefix)
    elif start:
        condition, values[":sk"] = condition + " AND sk >= :sk", text(start)
    request: dict[str, object] = {
        "TableName": table(model),
        "KeyConditionExpression": condition,
        "ExpressionAttributeValues": values,
        "ConsistentRead": consistent,
    }
    for page in _pages("query", request):
        yield from page


def backwards(
    model: type[tables.Item], pk: str, *, start: str, upto: str, a_page: int
) -> Iterator[Raw]:
    """Yield the items of a partition from `upto` back to `start`, the last one first.

    Each page is read when it is asked for.
    """
    request: dict[str, object] = {
        "TableName": table(model),
        "KeyConditionExpression": "pk = :pk AND sk BETWEEN :start AND :upto",
        "ExpressionAttributeValues": {
            ":pk": text(pk),
            ":start": text(start),
            ":upto": text(upto),
        },
        "ConsistentRead": True,
        "ScanIndexForward": False,
        "Limit": a_page,
    }
    for page in _pages("query", request):
        yield from page


def scan(model: type[tables.Item], segment: int = 0, segments: int = 1) -> Iterator[list[Raw]]:
    """Read a whole table, or a part, strongly consistent, by page: no request waits for it."""
    request = {
        "TableName": table(model),
        "Segment": segment,
        "TotalSegments": segments,
        "ConsistentRead": True,
    }
    return _pages("scan", request)


def delete_many(model: type[tables.Item], wheres: Sequence[Key]) -> None:
    """Delete items by key, whether they are there or not."""
    waiting = [{"DeleteRequest": {"Key": key(where)}} for where in wheres]
    name, deadline, pause = table(model), time.monotonic() + DEADLINE_SECONDS, _FIRST_PAUSE_SECONDS
    while waiting:
        batch, waiting = waiting[:_WRITES], waiting[_WRITES:]
        answer = _settled(partial(client().batch_write_item, RequestItems={name: batch}))
        left = answer.get("UnprocessedItems", {}).get(name, [])
        if left:
            pause = _paused(pause, deadline, "some items stay undeleted")
            waiting += left


def _pages(operation: str, request: Mapping[str, object]) -> Iterator[list[Raw]]:
    """Yield every page of a query or a scan."""
    asked = dict(request)
    while True:
        answer = _settled(lambda: getattr(client(), operation)(**asked))
        yield answer["Items"]
        if "LastEvaluatedKey" not in answer:
            return
        asked["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def indexed(model: type[tables.Item], index: str, value: str) -> Iterator[Key]:
    """Yield the keys that an index has under a value; it may lag, so a read has to tell."""
    request: dict[str, object] = {
        "TableName": table(model),
        "IndexName": index,
        "KeyConditionExpression": f"{index} = :value",
        "ExpressionAttributeValues": {":value": text(value)},
    }
    for page in _pages("query", request):
        yield from map(key_of, page)


def table(model: type[tables.Item]) -> str:
    """Return the name of the table behind a model."""
    name: str = model.Meta.table_name
    return name


def _settled(call: Callable[[], Any]) -> Any:  # noqa: ANN401 - the answer is botocore's
    """Run a call until it is settled, or raise TryAgain at the deadline."""
    deadline, pause = _deadline(), _FIRST_PAUSE_SECONDS
    while True:
        try:
            return call()
        except ClientError as error:
            answer = _answer(error)
        except HTTPClientError as error:  # time-outs and broken connections
            raise TryAgain(type(error).__name__) from error
        except BotoCoreError as error:
            raise TryAgain(type(error).__name__) from error
        if answer is not None:
            return answer
        pause = _paused(pause, deadline, "the table stays busy")


def _deadline() -> float:
    return TIME.get().monotonic() + DEADLINE_SECONDS


def _paused(pause: float, deadline: float, excuse: str) -> float:
    """Wait about so long and return the next pause. Raises TryAgain at the deadline."""
    if TIME.get().monotonic() + pause > deadline:
        raise TryAgain(excuse)
    TIME.get().sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - jitter needs no secrecy
    return pause * 2


def _answer(error: ClientError) -> Stands | list[Stands | None] | None:
    """Return what an error settles, or None where the call is to be repeated."""
    code = error.response["Error"]["Code"]
    if code == "ConditionalCheckFailedException":
        return Stands(error.response.get("Item"))
    if code == "TransactionCanceledException":
        return _reasons(error.response.get("CancellationReasons", []))
    if code in _CONFLICTS:
        return None
    if code in _BUSY or error.response["ResponseMetadata"].get("HTTPStatusCode", 0) >= 500:
        raise TryAgain(code) from error
    raise error


def _reasons(reasons: Sequence[Mapping[str, Any]]) -> list[Stands | None] | None:
    codes = [reason.get("Code", "None") for reason in reasons]
    if "ConditionalCheckFailed" in codes:
        return [
            Stands(reason.get("Item")) if code == "ConditionalCheckFailed" else None
            for code, reason in zip(codes, reasons, strict=True)
        ]
    if all(code in _PASSING for code in codes):
        return None
    raise RuntimeError(f"the transaction cannot be written: {codes}")
