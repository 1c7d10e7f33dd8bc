"""What many watch is read once a second, however many they are."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

FRESH_SECONDS = 1.0
T = TypeVar("T")


class Recent(Generic[T]):
    """The last reading of each name, in this process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._read: dict[str, tuple[float, T]] = {}

    def of(self, name: str, read: Callable[[], T]) -> T:
        """Return what was read of a name within a second, else read it; who comes then waits."""
        with self._lock:
            at, found = self._read.get(name, (None, None))
            if at is None or found is None or self._clock() - at >= FRESH_SECONDS:
                found = read()
                self._read[name] = (self._clock(), found)
            return found
