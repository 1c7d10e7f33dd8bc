"""One line that rewrites itself: how far a job is, and how fast."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TextIO, TypeVar

Thing = TypeVar("Thing")
_EVERY = 500


class Progress:
    """Counts what passes through. A log gets one line for each job, at its end."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stderr

    def of(self, things: Iterable[Thing], name: str, total: int, done: int = 0) -> Iterator[Thing]:
        """Pass the things on; `done` of the total were there before."""
        began, busy, number = time.perf_counter(), time.process_time(), done
        for number, thing in enumerate(things, done + 1):
            yield thing
            if number % _EVERY == 0 and self._out.isatty():
                self._out.write(f"\r{_line(name, number, total, number - done, began)}")
                self._out.flush()
        start = "\r" if self._out.isatty() else ""
        told = _line(name, number, total, number - done, began)
        rate = _rate(number - done, time.process_time() - busy)
        self._out.write(f"{start}{told} ({rate} in a second of one core)\n")


def _line(name: str, number: int, total: int, now: int, began: float) -> str:
    rate = _rate(now, time.perf_counter() - began)
    return f"{number:,} of {total:,} {name}, {rate} a second"


def _rate(number: int, seconds: float) -> str:
    return f"{number / max(seconds, 1e-6):,.0f}"
