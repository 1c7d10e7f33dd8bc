"""The business clock of the laptop: real time, shifted. TTL and signatures keep real time."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from local.trouble import Trouble

Now = Callable[[], datetime]
_FIRST, _LAST = datetime(2019, 1, 1, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)


def real_now() -> datetime:
    """Return the real instant, in UTC."""
    return datetime.now(UTC)


class ShiftedClock:
    """A clock that runs at real speed from another instant; any thread may read or set it."""

    def __init__(self, starts_at: datetime | None = None, *, real: Now = real_now) -> None:
        self._real = real
        self._lock = threading.Lock()
        self._shift = timedelta(0) if starts_at is None else starts_at - real()

    def now(self) -> datetime:
        """Return the business instant, in UTC."""
        with self._lock:
            return (self._real() + self._shift).astimezone(UTC)

    @property
    def shift(self) -> timedelta:
        """How far business time lies from real time."""
        with self._lock:
            return self._shift

    def set(self, instant: datetime) -> None:
        """Let the clock run on from `instant`. Outside 2019 to 2050 it stays as it is."""
        with self._lock:
            if _FIRST <= instant < _LAST:
                self._shift = instant - self._real()

    def move(self, by: timedelta) -> None:
        """Move the clock forwards or backwards."""
        self.set(self.now() + by)

    def reset(self) -> None:
        """Return to real time."""
        with self._lock:
            self._shift = timedelta(0)


def read_at(text: str) -> datetime | None:
    """Return the instant that `AT=` names, in UTC; None where it is not given."""
    if not text.strip():
        return None
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError:
        raise _unreadable(text) from None
    if instant.tzinfo is None or not _FIRST <= instant < _LAST:
        raise _unreadable(text)
    return instant.astimezone(UTC)


def _unreadable(text: str) -> Trouble:
    return Trouble(
        f"AT={text} is not an instant with its zone, 2019 to 2049. "
        "Try AT=2019-11-11T12:00+01:00 make run."
    )
