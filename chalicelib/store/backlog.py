"""What the ledger's stream holds and the projector has not applied. Access pattern AP-63."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any

import botocore.session

from chalicelib.domain.insight import Change
from chalicelib.store import changes, engine, insights, tables

_PAGE = 1000
_EMPTY_PAGES = 3

Start = dict[str, str]  # what get_shard_iterator is asked for


def behind(reached: Mapping[str, str]) -> tuple[Change, ...]:
    """AP-63: return the changes behind these checkpoints, shard by shard, in order.

    A shard without a checkpoint is read from its oldest record, at most a day old.
    """
    client = _client(tables.LedgerMeta.region, tables.LedgerMeta.host)
    return tuple(
        change
        for arn in _streams(client)
        for shard, first in _shards(client, arn)
        for change in changes.of(_records(client, _start(arn, shard, first, reached)))
        if insights.padded(change.sequence) > reached.get(shard, "")
    )


def _start(arn: str, shard: str, first: str, reached: Mapping[str, str]) -> list[Start]:
    """Return where to begin reading a shard: behind its checkpoint, else at its oldest record.

    A checkpoint is padded; the stream's own numbers are as long as its first one, or longer.
    """
    oldest = {"StreamArn": arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"}
    if shard not in reached:
        return [oldest]
    number = reached[shard].lstrip("0").zfill(len(first))
    behind = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": number}
    return [oldest | behind, oldest]


@lru_cache(maxsize=1)
def _client(region: str, host: str | None) -> Any:  # noqa: ANN401 - botocore makes it at run time
    session = botocore.session.Session()
    return session.create_client("dynamodbstreams", region_name=region, endpoint_url=host)


def _streams(client: Any) -> list[str]:  # noqa: ANN401
    """Return the stream that the ledger has now; earlier ones ended with their projector."""
    listed = client.list_streams(TableName=engine.table(tables.LedgerItem))["Streams"]
    return [stream["StreamArn"] for stream in listed[-1:]]


def _shards(client: Any, arn: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    """Yield each shard with its first sequence number, parents before their children."""
    request = {"StreamArn": arn}
    while True:
        told = client.describe_stream(**request)["StreamDescription"]
        for shard in told["Shards"]:
            yield shard["ShardId"], shard["SequenceNumberRange"].get("StartingSequenceNumber", "")
        if "LastEvaluatedShardId" not in told:
            return
        request["ExclusiveStartShardId"] = told["LastEvaluatedShardId"]


def _records(client: Any, starts: list[Start]) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401
    """Yield a shard's records until its end, or until an open shard has no more for now.

    A page may be empty before the end, so a few in a row are asked for.
    """
    iterator, empty = _iterator(client, starts), 0
    while iterator and empty < _EMPTY_PAGES:
        page = client.get_records(ShardIterator=iterator, Limit=_PAGE)
        yield from page["Records"]
        empty = 0 if page["Records"] else empty + 1
        iterator = page.get("NextShardIterator")


def _iterator(client: Any, starts: list[Start]) -> str | None:  # noqa: ANN401
    """Begin at the first start that the stream still has."""
    *tried, oldest = starts
    for start in tried:
        with suppress(client.exceptions.TrimmedDataAccessException):
            return str(client.get_shard_iterator(**start)["ShardIterator"])
    return str(client.get_shard_iterator(**oldest)["ShardIterator"])
