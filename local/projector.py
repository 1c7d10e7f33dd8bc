"""Follows the ledger's stream and hands its records over as Lambda would.

One batch at a time per shard, in order, again until it succeeds. It starts at the oldest record
there is: what was applied before is dropped by the checkpoint in `insights`.
"""

import base64
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

BATCH = 100
IDLE_SECONDS = 0.2
_PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0)
_PAGE = 1000

Record = dict[str, Any]
Project = Callable[[dict[str, Any]], Any]

_log = logging.getLogger("marquee.projector")


class Projector:
    """A thread that keeps insights up with the ledger. `streams` is a client of DynamoDB Streams.

    `projected` is the sequence number of the last record that is settled.
    """

    def __init__(self, streams: Any, table: str, project: Project) -> None:  # noqa: ANN401
        self.projected = ""
        self.waiting = 0
        self.failing: str | None = None
        self._streams, self._table, self._project = streams, table, project
        self._stop, self._idle = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="projector", daemon=True)

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def stop(self, seconds: float = 5.0) -> None:
        """End after the batch under way, for which this waits so long."""
        self._stop.set()
        self._thread.join(seconds)

    def drain(self, seconds: float) -> bool:
        """Wait until everything written before this call is projected; False if time runs out."""
        deadline = time.monotonic() + seconds
        for _ in range(2):  # a look that began before the call may have missed the last write
            self._idle.clear()
            if not self._idle.wait(max(0.0, deadline - time.monotonic())):
                return False
        return True

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._follow()
            except Exception as error:  # noqa: BLE001 - the engine is ending or restarting
                self._fail(error)
                self._stop.wait(_PAUSES[2])

    def _follow(self) -> None:
        arn = self._streams.list_streams(TableName=self._table)["Streams"][-1]["StreamArn"]
        shards = self._streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        iterators = {shard["ShardId"]: self._oldest(arn, shard["ShardId"]) for shard in shards}
        while not self._stop.is_set():
            moved = False
            for shard, iterator in iterators.items():
                page = self._streams.get_records(ShardIterator=iterator, Limit=_PAGE)
                moved = self._settle(arn, shard, page["Records"]) or moved
                iterators[shard] = page["NextShardIterator"]
            if not moved:
                self._idle.set()
                self._stop.wait(IDLE_SECONDS)

    def _oldest(self, arn: str, shard: str) -> str:
        iterator: str = self._streams.get_shard_iterator(
            StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        return iterator

    def _settle(self, arn: str, shard: str, records: Sequence[Record]) -> bool:
        for start in range(0, len(records), BATCH):
            self.waiting = len(records) - start
            batch = records[start : start + BATCH]
            if not self._again_and_again(event_of(batch, arn, shard)):
                break
            self.projected = batch[-1]["dynamodb"]["SequenceNumber"]
        else:
            self.waiting = 0
        return bool(records)

    def _again_and_again(self, event: dict[str, Any]) -> bool:
        """Project one batch; True when it is settled, False when the run ends before."""
        tries = 0
        while not self._stop.is_set():
            try:
                self._project(event)
            except Exception as error:  # noqa: BLE001 - Lambda repeats after any
                self._fail(error)
                self._stop.wait(_PAUSES[min(tries, len(_PAUSES) - 1)])
                tries += 1
            else:
                self.failing = None
                return True
        return False

    def _fail(self, error: Exception) -> None:
        if not self._stop.is_set() and self.failing is None:
            _log.error("the projector waits: %r", error, exc_info=error)
        self.failing = repr(error)


def event_of(records: Sequence[Record], arn: str, shard: str) -> dict[str, Any]:
    """Return the event that Lambda's tumbling window gives to a function."""
    return {
        "Records": [
            {
                "eventID": record["eventID"],
                "eventName": record["eventName"],
                "eventVersion": record["eventVersion"],
                "eventSource": "aws:dynamodb",
                "awsRegion": record["awsRegion"],
                "dynamodb": _plain(record["dynamodb"]),
                "eventSourceARN": arn,
                **_identity(record),
            }
            for record in records
        ],
        "state": {},
        "shardId": shard,
        "eventSourceARN": arn,
        "isFinalInvokeForWindow": False,
        "isWindowTerminatedEarly": False,
    }


def _identity(record: Record) -> dict[str, Any]:
    """Say who removed an item, if the service itself did; Lambda writes the names otherwise."""
    who = record.get("userIdentity")
    return {"userIdentity": {"principalId": who["PrincipalId"], "type": who["Type"]}} if who else {}


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a value as JSON would carry it: bytes in base64, instants as seconds."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(part) for part in value]
    return value
