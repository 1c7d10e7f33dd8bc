"""The ledger's stream becomes figures: one batch of one shard at a time."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from chalice import Blueprint
from chalice.app import DynamoDBEvent

from chalicelib.config import read_settings
from chalicelib.store import changes, insights, setup
from chalicelib.usecases import projecting

ledger = Blueprint(__name__)


# Lambda imports this module alone, without the pages; infra/functions.yaml names the real stream.
@ledger.on_dynamodb_record(stream_arn="LedgerTable", name="projector")
def follow(event: DynamoDBEvent) -> dict[str, dict[str, str]]:
    """Lambda's entry. A batch of a window counts as failed unless its answer has a state."""
    _connect()
    project(event.to_dict())
    return {"state": {}}


@cache
def _connect() -> None:
    """Point the store at this deployment's tables, once for each process."""
    setup.connect(read_settings())


def project(event: Mapping[str, Any]) -> int:
    """Fold a batch of stream records (Lambda's event) into the figures.

    The event has a `shardId` because its mapping has a tumbling window. Returns how many records
    were applied now; what was applied before changes nothing.
    """
    records = event.get("Records", ())  # the event that ends a window may bring none
    return projecting.project(insights, event["shardId"], list(changes.of(records)))
