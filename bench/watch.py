"""What the app asks of the tables: requests as sent, and the write units that they cost.

The units are the engine's own, asked for by a hook (`ReturnConsumedCapacity`); ministack counts
updates and transactions as DynamoDB does, 1 for each begun KB and twice that in a transaction,
and 1 for each entry of an index that is made or goes.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from chalicelib.store import engine

_WRITES = {"UpdateItem", "PutItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"}


@dataclass
class Watched:
    """What was sent while the watch lasted. `asked` is the last call of each operation."""

    requests: int = 0
    write_requests: int = 0
    write_units: float = 0.0
    asked: dict[str, dict[str, Any]] = field(default_factory=dict)

    def on_ask(self, params: dict[str, Any], model: Any, **_: object) -> None:  # noqa: ANN401
        """Remember a call as the app made it, then ask for its cost."""
        self.asked[model.name] = dict(params)
        params["ReturnConsumedCapacity"] = "TOTAL"

    def on_send(self, **_: object) -> None:
        """Count a request; one that botocore repeats counts again."""
        self.requests += 1

    def on_answer(self, parsed: Mapping[str, Any], model: Any, **_: object) -> None:  # noqa: ANN401
        """Add what a write cost."""
        found = parsed.get("ConsumedCapacity", [])
        if model.name in _WRITES:
            self.write_requests += 1
            consumed = found if isinstance(found, list) else [found]
            self.write_units += sum(each["CapacityUnits"] for each in consumed)


@contextmanager
def watching() -> Iterator[Watched]:
    """Watch the app's own client."""
    watched, events = Watched(), engine.client().meta.events
    hooks = {
        "provide-client-params.dynamodb": watched.on_ask,
        "before-send.dynamodb": watched.on_send,
        "after-call.dynamodb": watched.on_answer,
    }
    for name, hook in hooks.items():
        events.register(name, hook)
    try:
        yield watched
    finally:
        for name, hook in hooks.items():
            events.unregister(name, hook)
