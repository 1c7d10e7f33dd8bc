"""Waiting for what another thread or process does."""

from collections.abc import Callable
from time import monotonic, sleep


def soon(true: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait until it is true."""
    end = monotonic() + seconds
    while not true():
        assert monotonic() < end, "it takes too long"
        sleep(0.05)
