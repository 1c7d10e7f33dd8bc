"""The laptop's engine inside this process: its tables without its server, put back in no time.

ministack keeps client tokens, conditions, streams and transactions as DynamoDB does; what a lab
asks of it is sequential, so its server and the network add nothing but time. It leans on the
insides of the pinned ministack, as `local/snapshot.py` does.
"""

import importlib
import pickle
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from rigs.faults import Json, header, response

from chalicelib.store import engine, setup, tables
from local.projector import event_of

_TARGET = "x-amz-target"
_STORES = ("_tables", "_stream_records", "_txn_idempotency")


class Inside:
    """Tables in this process. `send` is what a wire calls in place of the network."""

    def __init__(self) -> None:
        self._dynamodb: Any = importlib.import_module("ministack.services.dynamodb")

    def send(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        """Do what a request asks for, and answer it."""
        headers = {_TARGET: header(request, _TARGET)}
        asked = self._dynamodb.handle_request("POST", "/", headers, request.body, {})
        status, shown, body = _result(asked)
        return response(status, body if isinstance(body, bytes) else body.encode(), shown)

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
        for name, rows in zip(_STORES, pickle.loads(kept), strict=True):  # noqa: S301 - our own
            store = getattr(self._dynamodb, name)
            for key, _ in list(store.all_items()):
                store.pop_scoped(*key, None)
            for key, value in rows:
                store.set_scoped(*key, value)

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
        return event_of(records, "arn", "shard-1")


def _result(asked: Any) -> Any:
    """Run what never waits to its end."""
    try:
        asked.send(None)
    except StopIteration as end:
        return end.value
    raise RuntimeError("the engine waits for something")
