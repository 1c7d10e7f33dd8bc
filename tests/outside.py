"""What lies outside: a queue that holds errands, a receiver that answers as it is told."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from chalicelib.domain.errors import TryAgain
from chalicelib.domain.notice import Answer, Errand


@dataclass
class Waiting:
    """A queue in memory: `waiting` is what is in it, `put` what was put off for how long."""

    waiting: list[Errand] = field(default_factory=list)
    put: list[int] = field(default_factory=list)
    busy: bool = False

    def send(self, errands: Sequence[Errand]) -> None:
        """Take all, unless it is busy."""
        if self.busy:
            raise TryAgain("busy")
        self.waiting += errands

    def put_off(self, receipt: str, seconds: int) -> None:
        """Remember the pause."""
        assert receipt.startswith("receipt-")
        if self.busy:
            raise TryAgain("busy")
        self.put.append(seconds)

    def event(self, tries: int) -> dict[str, Any]:
        """Return what waits as Lambda brings it."""
        return {
            "Records": [
                {
                    "messageId": str(one),
                    "receiptHandle": f"receipt-{one}",
                    "body": json.dumps(asdict(errand)),
                    "attributes": {"ApproximateReceiveCount": str(tries)},
                }
                for one, errand in enumerate(self.waiting)
            ]
        }


@dataclass(frozen=True)
class Letter:
    """What a receiver got."""

    url: str
    body: bytes
    headers: Mapping[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Outside:
    """A receiver: it gives these answers one after the other, and the last one from then on."""

    answers: list[Answer] = field(default_factory=lambda: [200])
    got: list[Letter] = field(default_factory=list)

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Answer a letter."""
        self.got.append(Letter(url, body, headers))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
