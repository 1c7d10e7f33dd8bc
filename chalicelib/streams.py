"""The ledger's stream becomes figures: one batch of one shard at a time."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.insight import Change
from chalicelib.store import images, insights
from chalicelib.usecases import projecting

_TTL_SERVICE = "dynamodb.amazonaws.com"


def project(event: Mapping[str, Any]) -> int:
    """Fold a batch of stream records (Lambda's event) into the figures.

    The event has a `shardId` because its mapping has a tumbling window. Returns how many records
    were applied now; what was applied before changes nothing.
    """
    changes = [_change(record) for record in event["Records"] if not _removed_by_ttl(record)]
    return projecting.project(insights, event["shardId"], changes)


def _change(record: Mapping[str, Any]) -> Change:
    facts = record["dynamodb"]
    written_at = datetime.fromtimestamp(facts["ApproximateCreationDateTime"], UTC)
    return images.change_of(facts, written_at)


def _removed_by_ttl(record: Mapping[str, Any]) -> bool:
    """Tell whether DynamoDB itself deleted the item: time takes nothing from the figures."""
    identity = record.get("userIdentity") or {}
    return record["eventName"] == "REMOVE" and identity.get("principalId") == _TTL_SERVICE
