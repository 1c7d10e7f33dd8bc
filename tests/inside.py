"""The laptop's engine inside this process: its tables without its server, put back in no time.

ministack keeps client tokens, conditions, streams and transactions as DynamoDB does; what a house
or a lab asks of it is sequential, so its server and the network add nothing but time: a claim
takes 3 ms instead of the 30 ms of moto, which copies the whole table for each transaction. It
leans on the insides of the pinned ministack, as `local/snapshot.py` does.
"""

import importlib
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import grammar
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.handlers import BUILTIN_HANDLERS
from rigs.faults import Json, header, response

from chalicelib.store import engine, setup, tables
from local.projector import event_of

_TARGET = "x-amz-target"
_STREAMS = "DynamoDBStreams"
_STORES = ("_tables", "_stream_records", "_txn_idempotency")
_EVENTS = ("before-send.dynamodb", "before-send.dynamodb-streams")


class Inside:
    """Tables in this process. `send` is what a wire calls in place of the network."""

    def __init__(self) -> None:
        self._dynamodb: Any = importlib.import_module("ministack.services.dynamodb")
        self._streams: Any = importlib.import_module("ministack.services.dynamodb_streams")

    def send(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        """Do what a request asks for, and answer it."""
        grammar.check(request.body)
        headers = {_TARGET: header(request, _TARGET)}
        service = self._streams if headers[_TARGET].startswith(_STREAMS) else self._dynamodb
        asked = service.handle_request("POST", "/", headers, request.body, {})
        status, shown, body = _result(asked)
        return response(status, body if isinstance(body, bytes) else body.encode(), shown)

    def clear(self) -> None:
        """Forget the tables: a house and a lab in one process have the same."""
        for name in _STORES:
            getattr(self._dynamodb, name).clear()

    def make_tables(self) -> None:
        """Create the product's tables; each model has a client of its own for that."""
        for model in tables.ONE_OF_EACH:
            events = model._get_connection().connection.client.meta.events
            events.register_first("before-send.dynamodb", self.send)
        setup.create_all()

    def kept(self) -> bytes:
        """Return everything as it is now."""
        stores = [list(getattr(self._dynamodb, name).all_items()) for name in _STORES]
        return pickle.dumps(stores)

    def put_back(self, kept: bytes) -> None:
        """Bring everything back to what was kept."""
        self.clear()
        for name, rows in zip(_STORES, pickle.loads(kept), strict=True):  # noqa: S301 - our own
            store = getattr(self._dynamodb, name)
            for key, value in rows:
                store.set_scoped(*key, value)

    def forget_stream(self) -> None:
        """Forget what waits in the streams."""
        for records in self._dynamodb._stream_records.values():
            records.clear()

    def forget_tokens(self) -> None:
        """Let the ten minutes pass in which a transaction that comes again is the same one."""
        self._dynamodb._txn_idempotency.clear()

    def items(self, role: str) -> list[Json]:
        """Return every item of a table, in DynamoDB's own JSON, by key."""
        name = next(meta.table_name for meta in tables.METAS if meta.table == role)
        table = self._dynamodb._tables[name]
        return [
            item for _, sorts in sorted(table["items"].items()) for _, item in sorted(sorts.items())
        ]

    def stream(self) -> Json:
        """Return what waits in the ledger's stream, as the event that Lambda would bring."""
        name = engine.table(tables.LedgerItem)
        records = self._dynamodb._stream_records.get(name) or []
        return event_of(records, "arn", self._streams._DEFAULT_SHARD_ID)


def answer(request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
    """Answer in place of AWS, and of nobody else."""
    return Inside().send(request) if ".amazonaws.com" in request.url else None


@contextmanager
def in_place_of_aws() -> Iterator[None]:
    """Let the tables of every client that is made meanwhile be those of this process.

    This is how moto steps in, too.
    """
    handlers = [(event, answer) for event in _EVENTS]
    BUILTIN_HANDLERS.extend(handlers)
    try:
        yield
    finally:
        for handler in handlers:
            BUILTIN_HANDLERS.remove(handler)


def _result(asked: Any) -> Any:
    """Run what never waits to its end."""
    try:
        asked.send(None)
    except StopIteration as end:
        return end.value
    raise RuntimeError("the engine waits for something")
