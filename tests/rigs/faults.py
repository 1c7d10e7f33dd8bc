"""What may go wrong with a call to DynamoDB, each as a strike at one attempt.

No engine on a laptop throttles, conflicts or loses an answer, so that is done here.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ReadTimeoutError

_HERE = "com.amazonaws.dynamodb.v20120810#"
_READS = {"GetItem", "BatchGetItem", "Query"}

Send = Callable[[AWSPreparedRequest], AWSResponse]
Strike = Callable[[Send, AWSPreparedRequest], AWSResponse]
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """What the store asks for: operation, table and the kind of its first key."""

    operation: str
    table: str
    kind: str

    @property
    def reads(self) -> bool:
        return self.operation in _READS

    def __str__(self) -> str:
        return f"{self.operation} {self.table} {self.kind}"


class Fault(StrEnum):
    """What may go wrong with one attempt at a call."""

    THROTTLED = "throttled"
    THROUGHPUT = "throughput exceeded"
    FAILED = "500 before it is done"
    SILENT = "time-out before it is done"
    FAILED_AFTER = "500 after it was done"
    LOST = "time-out after it was done"
    CONFLICT = "conflict with a transaction"
    IN_PROGRESS = "the same transaction is under way"
    THROTTLED_INSIDE = "transaction cancelled by throttling"
    UNREAD = "half of the keys left unread"
    ALL_UNREAD = "all keys left unread"
    DIED = "the process dies before it is done"
    DIED_AFTER = "the process dies after it was done"

    def fits(self, call: Call) -> bool:
        """Tell whether DynamoDB may answer this to such a call."""
        if self in {Fault.UNREAD, Fault.ALL_UNREAD}:
            return call.operation == "BatchGetItem"
        if self in {Fault.IN_PROGRESS, Fault.THROTTLED_INSIDE}:
            return call.operation == "TransactWriteItems"
        if self in {Fault.CONFLICT, Fault.FAILED_AFTER, Fault.LOST, Fault.DIED_AFTER}:
            return not call.reads
        return True


NOT_DONE = (Fault.THROTTLED, Fault.THROUGHPUT, Fault.FAILED, Fault.SILENT)
DONE = (Fault.LOST, Fault.FAILED_AFTER)
IN_THE_WAY = (Fault.CONFLICT, Fault.THROTTLED_INSIDE, Fault.IN_PROGRESS)
HALF_READ = (Fault.UNREAD, Fault.ALL_UNREAD)
PASSING = NOT_DONE + DONE + IN_THE_WAY + HALF_READ


class Died(BaseException):
    """The process is gone: nothing may catch this."""


def header(request: AWSPreparedRequest, name: str) -> str:
    """Return a header of a request as text."""
    value = request.headers.get(name, "")
    return value.decode() if isinstance(value, bytes) else str(value)


def call_of(request: AWSPreparedRequest) -> Call:
    """Read a request: what is asked of which table, and of which kind of item first."""
    operation = header(request, "x-amz-target").rpartition(".")[2]
    table, key = _first(json.loads(request.body or b"{}"))
    return Call(operation, table.rpartition("-")[2], key.partition(".")[0].partition("#")[0])


def _first(body: Json) -> tuple[str, str]:
    """Return the first table and partition key that a request names."""
    if "TransactItems" in body:
        return _first(next(iter(body["TransactItems"][0].values())))
    if "RequestItems" in body:
        table, asked = next(iter(body["RequestItems"].items()))
        return table, asked["Keys"][0]["pk"]["S"]
    values = body.get("Key") or body.get("Item") or {}
    pk = values.get("pk") or body.get("ExpressionAttributeValues", {}).get(":pk") or {"S": ""}
    return body.get("TableName", ""), pk["S"]


# --- what a fault does ----------------------------------------------------------------------------
class _Body:
    """An answer's body, as urllib3 would bring it."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self._content


def response(status: int, body: bytes, headers: dict[str, str] | None = None) -> AWSResponse:
    """Return an HTTP answer as botocore wants it."""
    shown = {"content-type": "application/x-amz-json-1.0", **(headers or {})}
    return AWSResponse("https://dynamodb", status, shown, _Body(body))


def error(code: str, status: int = 400, **more: Any) -> AWSResponse:
    """Return an error of DynamoDB's own form."""
    body = {"__type": _HERE + code, "message": code, **more}
    return response(status, json.dumps(body).encode())


def cancelled(*codes: str) -> AWSResponse:
    """Return a cancelled transaction with a reason for each action."""
    reasons = [{"Code": code} for code in codes]
    return error("TransactionCanceledException", CancellationReasons=reasons)


def _cancelled_by(code: str, request: AWSPreparedRequest) -> AWSResponse:
    """Blame the last action: the others have no reason of their own."""
    actions = len(json.loads(request.body)["TransactItems"])
    return cancelled(*["None"] * (actions - 1), code)


def _conflict(_: Send, request: AWSPreparedRequest) -> AWSResponse:
    if call_of(request).operation == "TransactWriteItems":
        return _cancelled_by("TransactionConflict", request)
    return error("TransactionConflictException")


def _silent(_: Send, request: AWSPreparedRequest) -> AWSResponse:
    raise ReadTimeoutError(endpoint_url=request.url)


def _lost(send: Send, request: AWSPreparedRequest) -> AWSResponse:
    send(request)
    return _silent(send, request)


def _failed_after(send: Send, request: AWSPreparedRequest) -> AWSResponse:
    send(request)
    return error("InternalServerError", 500)


def _died(_: Send, request: AWSPreparedRequest) -> AWSResponse:
    raise Died(str(call_of(request)))


def _died_after(send: Send, request: AWSPreparedRequest) -> AWSResponse:
    send(request)
    return _died(send, request)


def _unread(send: Send, request: AWSPreparedRequest) -> AWSResponse:
    """Read the first half of the keys (of one, none) and leave the rest unprocessed."""
    asked = json.loads(request.body)["RequestItems"]
    table, wanted = next(iter(asked.items()))
    half = len(wanted["Keys"]) // 2
    if not half:
        return _all_unread(send, request)
    left = {table: wanted | {"Keys": wanted["Keys"][half:]}}
    read = {table: wanted | {"Keys": wanted["Keys"][:half]}}
    smaller = _with_body(request, {"RequestItems": read})
    answer = json.loads(send(smaller).content) | {"UnprocessedKeys": left}
    return response(200, json.dumps(answer).encode())


def _all_unread(_: Send, request: AWSPreparedRequest) -> AWSResponse:
    asked = json.loads(request.body)["RequestItems"]
    body = {"Responses": {}, "UnprocessedKeys": asked}
    return response(200, json.dumps(body).encode())


def _with_body(request: AWSPreparedRequest, body: Json) -> AWSPreparedRequest:
    content = json.dumps(body).encode()
    return AWSPreparedRequest(request.method, request.url, request.headers, content, False)


STRIKES: dict[Fault, Strike] = {
    Fault.THROTTLED: lambda *_: error("ThrottlingException"),
    Fault.THROUGHPUT: lambda *_: error("ProvisionedThroughputExceededException"),
    Fault.FAILED: lambda *_: error("InternalServerError", 500),
    Fault.SILENT: _silent,
    Fault.FAILED_AFTER: _failed_after,
    Fault.LOST: _lost,
    Fault.CONFLICT: _conflict,
    Fault.IN_PROGRESS: lambda *_: error("TransactionInProgressException"),
    Fault.THROTTLED_INSIDE: lambda _, request: _cancelled_by("ThrottlingError", request),
    Fault.UNREAD: _unread,
    Fault.ALL_UNREAD: _all_unread,
    Fault.DIED: _died,
    Fault.DIED_AFTER: _died_after,
}
