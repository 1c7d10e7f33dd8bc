"""Tells webhooks what waits for them in the queue; what fails is tried again for three days."""

import logging
import random
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any, Protocol

from chalice import Blueprint
from chalice.app import SQSEvent

from chalicelib import egress, errands
from chalicelib.config import read_settings
from chalicelib.domain import notice as rules
from chalicelib.domain.errors import MarqueeError
from chalicelib.errands import Errands
from chalicelib.store import hooks, notices, setup
from chalicelib.usecases import telling
from chalicelib.usecases.telling import Post

BATCH = 10

queue = Blueprint(__name__)
_log = logging.getLogger("marquee.courier")


class Queue(Protocol):
    """What the courier needs of the queue; `chalicelib.errands.Errands` fits."""

    def put_off(self, receipt: str, seconds: int) -> None: ...


# Lambda imports this module alone; infra/hooks.yaml names the real queue.
@queue.on_sqs_message(
    queue_arn="arn:aws:sqs:eu-south-1:000000000000:errands", batch_size=BATCH, name="courier"
)
def run(event: SQSEvent) -> dict[str, Any]:
    """Lambda's entry. The answer names the messages that stay in the queue."""
    return carry(event.to_dict(), _connected(), egress.post)


@cache
def _connected() -> Errands:
    """Point the store at this deployment's tables, once for each process; return its queue."""
    settings = read_settings()
    setup.connect(settings)
    return Errands(settings)


def carry(event: Mapping[str, Any], queue: Queue, post: Post) -> dict[str, Any]:
    """Run the errands of a batch, all at once: a receiver that is silent keeps no other waiting.

    Returns what Lambda wants to hear: which messages are to come again.
    """
    records = event["Records"]
    with ThreadPoolExecutor(max(1, len(records)), thread_name_prefix="courier") as pool:
        done = list(pool.map(partial(_carried, queue, post), records))
    left = [
        record["messageId"] for record, is_done in zip(records, done, strict=True) if not is_done
    ]
    return {"batchItemFailures": [{"itemIdentifier": name} for name in left]}


def _carried(queue: Queue, post: Post, record: Mapping[str, Any]) -> bool:
    """Run one errand; what is not done comes again after its pause."""
    tries = int(record["attributes"]["ApproximateReceiveCount"])
    errand = errands.read(record["body"])
    try:
        if telling.run(hooks, notices, post, errand, tries=tries, at=datetime.now(UTC)):
            return True
        pause = rules.pause_seconds(tries, random.random())  # noqa: S311 - it spreads, no more
        queue.put_off(record["receiptHandle"], pause)
    except MarqueeError:
        _log.warning("an errand waits: the tables or the queue are busy", exc_info=True)
    return False
