"""Stream records reach the projector as Lambda would bring them: in order, until they succeed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from local.projector import BATCH, Projector, event_of

ARN = "arn:aws:dynamodb:eu-south-1:0:table/ledger/stream/1"


def record(number: int) -> dict[str, Any]:
    """Return a record as botocore gives it."""
    return {
        "eventID": str(number),
        "eventName": "INSERT",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "eu-south-1",
        "dynamodb": {
            "ApproximateCreationDateTime": datetime(2026, 5, 1, tzinfo=UTC),
            "SequenceNumber": f"{number:030}",
            "NewImage": {"pk": {"S": "a"}, "nonces": {"BS": [b"\x00\x01"]}, "b": {"B": b"\xff"}},
        },
    }


class Streams:
    """A stream of one shard; more records may be added while it is read."""

    def __init__(self, records: list[dict[str, Any]]) -> None:
        self.records = records
        self.broken = 0

    def list_streams(self, TableName: str) -> dict[str, Any]:  # noqa: N803 - AWS's name
        assert TableName == "ledger"
        return {"Streams": [{"StreamArn": ARN}]}

    def describe_stream(self, **_: Any) -> dict[str, Any]:
        return {"StreamDescription": {"Shards": [{"ShardId": "shard-1"}]}}

    def get_shard_iterator(self, **asked: Any) -> dict[str, Any]:
        assert asked["ShardIteratorType"] == "TRIM_HORIZON"
        return {"ShardIterator": "0"}

    def get_records(self, ShardIterator: str, Limit: int) -> dict[str, Any]:  # noqa: N803
        if self.broken:
            self.broken -= 1
            raise ConnectionError("gone")
        start = int(ShardIterator)
        page = self.records[start : start + Limit]
        return {"Records": page, "NextShardIterator": str(start + len(page))}


class Insights:
    """Keeps what it is given; fails as often as it is told."""

    def __init__(self, failures: int = 0) -> None:
        self.batches: list[list[str]] = []
        self.failures = failures

    def project(self, event: dict[str, Any]) -> None:
        json.dumps(event)  # Lambda's events are JSON
        if self.failures:
            self.failures -= 1
            raise RuntimeError("busy")
        self.batches.append([r["eventID"] for r in event["Records"]])


@contextmanager
def following(streams: Streams, insights: Insights) -> Iterator[Projector]:
    projector = Projector(streams, "ledger", insights.project)
    projector.start()
    yield projector
    projector.stop()


def test_it_brings_everything_in_order_in_batches() -> None:
    streams, insights = Streams([record(n) for n in range(2 * BATCH + 5)]), Insights()
    with following(streams, insights) as projector:
        assert projector.drain(5)
        assert [len(batch) for batch in insights.batches] == [BATCH, BATCH, 5]
        assert projector.projected == f"{2 * BATCH + 4:030}"
        streams.records.append(record(999))
        assert projector.drain(5)
    assert insights.batches[-1] == ["999"]


def test_a_batch_that_fails_comes_again_before_the_next() -> None:
    insights = Insights(failures=2)
    with following(Streams([record(n) for n in range(BATCH + 1)]), insights) as projector:
        assert projector.drain(10)
        assert projector.failing is None
    assert insights.batches == [[str(n) for n in range(BATCH)], [str(BATCH)]]


def test_while_it_fails_it_says_so() -> None:
    insights = Insights(failures=10**6)
    with following(Streams([record(1)]), insights) as projector:
        assert not projector.drain(0.3)
        assert projector.failing == "RuntimeError('busy')"
        assert projector.waiting == 1
        assert projector.projected == ""


def test_after_a_lost_connection_it_begins_again() -> None:
    streams, insights = Streams([record(1)]), Insights()
    streams.broken = 1
    with following(streams, insights) as projector:
        assert projector.drain(10)
    assert insights.batches == [["1"]]


def test_an_event_is_plain_json_with_its_shard() -> None:
    event = event_of([record(1)], ARN, "shard-1")
    assert (event["shardId"], event["eventSourceARN"]) == ("shard-1", ARN)
    image = event["Records"][0]["dynamodb"]["NewImage"]
    assert image == {"pk": {"S": "a"}, "nonces": {"BS": ["AAE="]}, "b": {"B": "/w=="}}
    assert event["Records"][0]["dynamodb"]["ApproximateCreationDateTime"] == 1777593600.0
    assert event["Records"][0]["eventSourceARN"] == ARN


def test_what_ttl_removed_says_so_in_lambdas_own_names() -> None:
    removed = record(1) | {"userIdentity": {"PrincipalId": "dynamodb.amazonaws.com", "Type": "S"}}
    told = event_of([removed], ARN, "shard-1")["Records"][0]["userIdentity"]
    assert told == {"principalId": "dynamodb.amazonaws.com", "type": "S"}
