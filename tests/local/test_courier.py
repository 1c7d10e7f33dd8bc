"""The laptop's courier takes out of the queue what is done, and goes on whatever happens."""

import logging
import threading
from collections.abc import Mapping
from typing import Any

import pytest

from local.courier import BATCH, Courier

SOON = 5.0


class Sqs:
    """A queue of names; it breaks as often as it is told."""

    def __init__(self, *names: str, broken: int = 0) -> None:
        self.names, self.broken = list(names), broken
        self.empty = threading.Event()

    def receive_message(self, **asked: Any) -> dict[str, Any]:
        assert asked["QueueUrl"] == "url"
        assert asked["MaxNumberOfMessages"] == BATCH
        assert asked["MessageSystemAttributeNames"] == ["ApproximateReceiveCount"]
        if self.broken:
            self.broken -= 1
            raise ConnectionError("gone")
        if not self.names:
            self.empty.set()
            return {}
        count = {"ApproximateReceiveCount": "1"}
        return {
            "Messages": [
                {"MessageId": name, "ReceiptHandle": name, "Body": "{}", "Attributes": count}
                for name in self.names
            ]
        }

    def delete_message(self, QueueUrl: str, ReceiptHandle: str) -> None:  # noqa: N803 - AWS's
        assert QueueUrl == "url"
        self.names.remove(ReceiptHandle)


def test_what_is_done_leaves_the_queue_and_the_rest_comes_again() -> None:
    sqs, batches = Sqs("a", "b"), []

    def carry(event: Mapping[str, Any]) -> Mapping[str, Any]:
        names = [record["messageId"] for record in event["Records"]]
        batches.append(names)
        return {"batchItemFailures": [{"itemIdentifier": "b"}] if len(batches) == 1 else []}

    courier = Courier(sqs, "url", carry, idle_seconds=0.001)
    courier.start()
    assert sqs.empty.wait(SOON)
    courier.stop()
    assert batches == [["a", "b"], ["b"]]


def test_an_engine_that_breaks_is_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    sqs = Sqs(broken=2)
    courier = Courier(sqs, "url", lambda _: {}, idle_seconds=0.001)
    with caplog.at_level(logging.WARNING, "marquee.courier"):
        courier.start()
        assert sqs.empty.wait(SOON)
        courier.stop()
    assert len(caplog.records) == 2
    assert "courier" not in {thread.name for thread in threading.enumerate()}
