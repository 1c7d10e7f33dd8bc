"""API keys in memory, read again after 5 s: a withdrawn key opens nothing longer than that."""

import threading
import time
from collections.abc import Callable

from chalicelib.domain import api_key as rules
from chalicelib.domain.api_key import ApiKey
from chalicelib.store import api_keys

READ_EVERY_SECONDS = 5.0


class KeyRing:
    """What calls by shops and programs read. Only keys that exist are remembered."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        read: Callable[[str], ApiKey | None] = api_keys.get,
    ) -> None:
        self._clock = clock
        self._read = read
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float, ApiKey]] = {}

    def get(self, key_id: str) -> ApiKey | None:
        """Return a key by its id, or None. Raises TryAgain where it cannot be looked up."""
        with self._lock:
            read_at, known = self._known.get(key_id, (0.0, None))
        now = self._clock()
        if known is not None and now - read_at < READ_EVERY_SECONDS:
            return known
        found = self._read(key_id)
        with self._lock:
            self._known.pop(key_id, None)
            if found is not None:
                self._known[key_id] = now, found
        return found


def is_key(text: str) -> bool:
    """Tell an API key from a device's token by its first letters."""
    return text.startswith(rules.PREFIX)
