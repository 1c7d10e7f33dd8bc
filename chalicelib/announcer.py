"""The ledger's stream becomes news for the webhooks: each event has one number at each of them."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from chalice import Blueprint
from chalice.app import DynamoDBEvent

from chalicelib.config import read_settings
from chalicelib.errands import Errands
from chalicelib.store import happenings, hooks, notices, setup
from chalicelib.usecases import announcing
from chalicelib.usecases.announcing import Queue

ledger = Blueprint(__name__)


# Lambda imports this module alone; infra/hooks.yaml names the real stream.
@ledger.on_dynamodb_record(stream_arn="LedgerTable", name="announcer")
def follow(event: DynamoDBEvent) -> dict[str, int]:
    """Lambda's entry. A batch that fails comes again as a whole, which changes no number."""
    return {"sent": announce(event.to_dict(), _connected())}


@cache
def _connected() -> Queue:
    """Point the store at this deployment's tables, once for each process; return its queue."""
    settings = read_settings()
    setup.connect(settings)
    return Errands(settings)


def announce(event: Mapping[str, Any], queue: Queue) -> int:
    """Announce what a batch of stream records (Lambda's event) tells; return how many errands."""
    return announcing.announce(hooks, notices, queue, happenings.of(event["Records"]))
