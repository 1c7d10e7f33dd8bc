"""Hands what waits in the queue to the courier, as Lambda does in AWS."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from local.beside import Beside

BATCH = 10
IDLE_SECONDS = 1.0

Carry = Callable[[Mapping[str, Any]], Mapping[str, Any]]

_log = logging.getLogger("marquee.courier")


class Courier(Beside):
    """Empties the queue at `url`, of which `sqs` is a client; what waits stays there."""

    def __init__(
        self,
        sqs: Any,  # noqa: ANN401 - botocore makes it at run time
        url: str,
        carry: Carry,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        super().__init__("courier")
        self._sqs, self._url, self._carry, self._idle = sqs, url, carry, idle_seconds

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
