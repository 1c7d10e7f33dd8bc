"""The ledger's stream becomes figures: one batch of one shard at a time."""

from collections.abc import Mapping
from typing import Any

from chalicelib.store import changes, insights
from chalicelib.usecases import projecting


def project(event: Mapping[str, Any]) -> int:
    """Fold a batch of stream records (Lambda's event) into the figures.

    The event has a `shardId` because its mapping has a tumbling window. Returns how many records
    were applied now; what was applied before changes nothing.
    """
    return projecting.project(insights, event["shardId"], list(changes.of(event["Records"])))
