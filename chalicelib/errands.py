"""The queue of what webhooks are told: Amazon SQS, which repeats what fails.

A message names a notice and holds nothing of it. Where it was received too often, SQS moves it to
the queue of dead letters.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.config import Settings
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.notice import Errand

_CONFIG = Config(connect_timeout=1, read_timeout=3, retries={"total_max_attempts": 2})  # type: ignore[no-untyped-call]
_BATCH = 10  # SQS takes no more at once


@dataclass(frozen=True)
class Errands:
    """The queue that the settings name."""

    settings: Settings

    def send(self, errands: Sequence[Errand]) -> None:
        """Put errands into the queue. Raises TryAgain unless it took all."""
        waiting = iter(errands)
        while batch := list(islice(waiting, _BATCH)):
            entries = [
                {"Id": str(one), "MessageBody": json.dumps(asdict(errand))}
                for one, errand in enumerate(batch)
            ]
            try:
                answer = self._client.send_message_batch(
                    QueueUrl=self.settings.errands_url, Entries=entries
                )
            except (BotoCoreError, ClientError) as error:
                raise TryAgain(type(error).__name__) from error
            if answer.get("Failed"):
                raise TryAgain("the queue did not take all")

    def put_off(self, receipt: str, seconds: int) -> None:
        """Let a message come again after so long; where this fails, it comes sooner or later."""
        try:
            self._client.change_message_visibility(
                QueueUrl=self.settings.errands_url,
                ReceiptHandle=receipt,
                VisibilityTimeout=seconds,
            )
        except (BotoCoreError, ClientError) as error:
            raise TryAgain(type(error).__name__) from error

    @cached_property
    def _client(self) -> Any:  # noqa: ANN401 - botocore makes its clients at run time
        import botocore.session  # noqa: PLC0415 - few requests need it, and it costs a cold start

        session = botocore.session.Session()  # type: ignore[no-untyped-call]
        return session.create_client(
            "sqs",
            region_name=self.settings.region,
            endpoint_url=self.settings.engine_url,
            config=_CONFIG,
        )


def read(text: str) -> Errand:
    """Return the errand that a message holds."""
    return Errand(**json.loads(text))
