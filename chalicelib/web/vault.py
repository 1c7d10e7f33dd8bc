"""The secrets in memory, read again every five minutes: a rotated key needs no deployment."""

import logging
import time
from collections.abc import Callable

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.signing import Secrets

READ_AGAIN_SECONDS = 300.0

_log = logging.getLogger("marquee.web")


class Vault:
    """What `fetch` returned last. Where reading again fails, that goes on to serve."""

    def __init__(
        self, fetch: Callable[[], Secrets], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._fetch, self._clock = fetch, clock
        self._secrets: Secrets | None = None
        self._read_at = 0.0

    def open(self) -> Secrets:
        """Return the secrets; the first time, what goes wrong is the caller's."""
        now = self._clock()
        if self._secrets is None:
            self._secrets, self._read_at = self._fetch(), now
        elif now - self._read_at >= READ_AGAIN_SECONDS:
            self._read_at = now
            self._read_again()
        return self._secrets

    def _read_again(self) -> None:
        try:
            self._secrets = self._fetch()
        except (BotoCoreError, ClientError) as error:
            _log.warning("the secrets were not read again: %s", type(error).__name__)
