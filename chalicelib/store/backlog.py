"""What the ledger's stream holds and the projector has not applied. Access pattern AP-72."""

from collections.abc import Iterator, Mapping
from typing import Any

import botocore.session

from chalicelib.domain.insight import Change
from chalicelib.store import changes, engine, insights, tables

_PAGE = 1000
_EMPTY_PAGES = 3


def behind(reached: Mapping[str, str]) -> tuple[Change, ...]:
    """AP-72: return the changes behind these checkpoints, shard by shard, in order.

    Reads the stream from its oldest record: the last 24 hours.
    """
    client = _client()
    return tuple(
        change
        for arn in _streams(client)
        for shard in _shards(client, arn)
        for change in changes.of(_records(client, arn, shard))
        if insights.padded(change.sequence) > reached.get(shard, "")
    )


def _client() -> Any:  # noqa: ANN401 - botocore makes its clients at run time
    return botocore.session.Session().create_client(
        "dynamodbstreams", region_name=tables.LedgerMeta.region, endpoint_url=tables.LedgerMeta.host
    )


def _streams(client: Any) -> list[str]:  # noqa: ANN401
    """Return the stream that the ledger has now; earlier ones ended with their projector."""
    listed = client.list_streams(TableName=engine.table(tables.LedgerItem))["Streams"]
    return [stream["StreamArn"] for stream in listed[-1:]]


def _shards(client: Any, arn: str) -> Iterator[str]:  # noqa: ANN401
    """Yield the shards, parents before their children, as the stream lists them."""
    request = {"StreamArn": arn}
    while True:
        told = client.describe_stream(**request)["StreamDescription"]
        yield from (shard["ShardId"] for shard in told["Shards"])
        if "LastEvaluatedShardId" not in told:
            return
        request["ExclusiveStartShardId"] = told["LastEvaluatedShardId"]


def _records(client: Any, arn: str, shard: str) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401
    """Yield a shard's records until its end, or until an open shard has no more for now.

    A page may be empty before the end, so a few in a row are asked for.
    """
    iterator = client.get_shard_iterator(
        StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    empty = 0
    while iterator and empty < _EMPTY_PAGES:
        page = client.get_records(ShardIterator=iterator, Limit=_PAGE)
        yield from page["Records"]
        empty = 0 if page["Records"] else empty + 1
        iterator = page.get("NextShardIterator")
