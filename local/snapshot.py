"""The engine's whole state in one file: one moment, written beside the old one, then renamed.

ministack saves only when it is asked to stop, and without the records that wait in its streams.
A snapshot here is taken between two requests, so no transaction is torn, and it holds the stream
records that were not projected yet: what comes back is consistent, insights and checkpoints
included, and the projector goes on exactly where it was. Stored items are never changed in
place by ministack, so taking one copies references; the writing happens in a thread.

One JSON value a line, compressed: a head with counts, the tables without items with parameters and
queues, the items, the records. It leans on the insides of the pinned ministack; a test takes,
restores and compares.
"""

# ruff: noqa: SLF001 - the state of ministack is private to it

import gzip
import importlib
import json
import os
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_CORRUPT = (OSError, EOFError, StopIteration, ValueError, KeyError, TypeError, zlib.error)
FILE = "snapshot.jsonl.gz"


@dataclass(frozen=True, slots=True)
class Moment:
    """What the head of a snapshot tells: when it was taken, and how much it holds."""

    taken_at: datetime
    items: int
    records: int


@dataclass(frozen=True, slots=True)
class Taken:
    """References to everything at one moment, ready to be written by any thread."""

    moment: Moment
    engine: dict[str, Any]
    rows: list[list[Any]]
    records: list[list[Any]]


class UnreadableError(Exception):
    """The file is not a whole snapshot of this engine."""


def head(directory: Path) -> Moment | None:
    """Return what the snapshot in a directory tells of itself, or None where there is none."""
    try:
        with gzip.open(directory / FILE, "rt", encoding="utf-8") as lines:
            return _moment(json.loads(next(lines)))
    except FileNotFoundError:
        return None
    except _CORRUPT as error:
        raise UnreadableError(str(directory / FILE)) from error


def _moment(told: dict[str, Any]) -> Moment:
    return Moment(datetime.fromisoformat(told["taken_at"]), told["items"], told["records"])


def take(projected: str) -> Taken:
    """Take everything now. Stream records up to the sequence number `projected` stay behind."""
    dynamodb, ssm, cognito = _service("dynamodb"), _service("ssm"), _service("cognito")
    bare = type(dynamodb._tables)()
    rows: list[list[Any]] = []
    for key, table in dynamodb._tables.all_items():
        kept = {k: v for k, v in table.items() if k not in ("items", dynamodb._INDEX_MEMBERS)}
        bare.set_scoped(*key, kept | {"items": {}, "ItemCount": 0, "TableSizeBytes": 0})
        rows += [
            [*key, pk, sk, i] for pk, sorts in table["items"].items() for sk, i in sorts.items()
        ]
    records = [
        [*key, record]
        for key, stream in dynamodb._stream_records.all_items()
        for record in stream
        if record["dynamodb"]["SequenceNumber"] > projected
    ]
    engine = {
        "sqs": _service("sqs").get_state(),
        "dynamodb": {"tables": bare, "ttl_settings": dynamodb._ttl_settings},
        "ssm": ssm.get_state(),
        "cognito": cognito.get_state(),
    }
    moment = Moment(datetime.now(UTC), len(rows), len(records))
    return Taken(moment, engine, rows, records)


def write(taken: Taken, directory: Path) -> None:
    """Write a snapshot so that a crash at any point leaves a whole one."""
    directory.mkdir(parents=True, exist_ok=True)
    partial = directory / (FILE + ".partial")
    moment = taken.moment
    told = {
        "items": moment.items,
        "records": moment.records,
        "taken_at": moment.taken_at.isoformat(),
    }
    with partial.open("wb") as file:
        with gzip.open(file, "wt", compresslevel=1, encoding="utf-8") as lines:
            for value in (told, taken.engine, *taken.rows, *taken.records):
                lines.write(json.dumps(value, default=_persistence()._json_default))
                lines.write("\n")
        os.fsync(file.fileno())
    partial.replace(directory / FILE)


def restore(directory: Path) -> Moment | None:
    """Fill an empty engine from the snapshot in a directory; None where there is none."""
    moment = head(directory)
    if moment is None:
        return None
    try:
        with gzip.open(directory / FILE, "rt", encoding="utf-8") as lines:
            next(lines)
            values = [
                json.loads(line, object_hook=_persistence()._json_object_hook) for line in lines
            ]
        if len(values) != 1 + moment.items + moment.records:
            raise UnreadableError(str(directory / FILE))
        _fill(values[0], values[1 : 1 + moment.items], values[1 + moment.items :])
    except _CORRUPT as error:
        raise UnreadableError(str(directory / FILE)) from error
    return moment


def _fill(engine: dict[str, Any], rows: list[list[Any]], records: list[list[Any]]) -> None:
    dynamodb, ssm = _service("dynamodb"), _service("ssm")
    dynamodb.load_persisted_state(engine["dynamodb"])
    ssm.load_persisted_state(engine["ssm"])
    _service("cognito").load_persisted_state(engine["cognito"])
    _service("sqs").load_persisted_state(engine.get("sqs"))  # none in a snapshot from before
    for *key, pk, sk, item in rows:
        dynamodb._set_item(dynamodb._tables.get_scoped(*key), pk, sk, item)
    streams = dynamodb._stream_records
    for *key, record in records:
        streams.set_scoped(*key, [*(streams.get_scoped(*key) or []), record])


def _service(name: str) -> Any:  # noqa: ANN401 - ministack has no types
    return importlib.import_module(f"ministack.services.{name}")


def _persistence() -> Any:  # noqa: ANN401
    return importlib.import_module("ministack.core.persistence")
