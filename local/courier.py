"""Hands what waits in the queue to the courier, as Lambda does in AWS."""

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any

BATCH = 10
IDLE_SECONDS = 1.0

Carry = Callable[[Mapping[str, Any]], Mapping[str, Any]]

_log = logging.getLogger("marquee.courier")


class Courier:
    """A thread that empties the queue. `sqs` is a client of the engine's queue at `url`."""

    def __init__(
        self,
        sqs: Any,  # noqa: ANN401 - botocore makes it at run time
        url: str,
        carry: Carry,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._sqs, self._url, self._carry, self._idle = sqs, url, carry, idle_seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)

    def start(self) -> None:
        """Begin to look into the queue."""
        self._thread.start()

    def stop(self) -> None:
        """End after the batch under way; what waits is in the queue."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                busy = self._one_batch()
            except Exception as error:  # noqa: BLE001 - the engine is ending or restarting
                _log.warning("the courier waits: %r", error)
                busy = False
            if not busy:
                self._stop.wait(self._idle)

    def _one_batch(self) -> bool:
        """Carry one batch and take what is done out of the queue; False where nothing waits."""
        answer = self._sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=BATCH,
            MessageSystemAttributeNames=["ApproximateReceiveCount"],
        )
        messages = answer.get("Messages", [])
        if not messages:
            return False
        failed = self._carry({"Records": [record_of(message) for message in messages]})
        kept = {one["itemIdentifier"] for one in failed["batchItemFailures"]}
        for message in messages:
            if message["MessageId"] not in kept:
                self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
        return True


def record_of(message: Mapping[str, Any]) -> dict[str, Any]:
    """Return a message as Lambda names its parts."""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "eventSource": "aws:sqs",
    }
