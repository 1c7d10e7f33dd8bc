"""The CPU time of this process, call by call, under names; what counts is the median."""

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any

Call = Callable[[], Any]


class Stopwatch:
    """Calls under different names are made in turn, so that a slow moment meets them all.

    Every other round runs backwards: whoever comes second finds warmer caches.
    """

    def __init__(self, clock: Callable[[], int] = time.process_time_ns) -> None:
        self._clock = clock
        self._spent: dict[str, list[int]] = defaultdict(list)
        self._rounds = 0

    def round(self, calls: Mapping[str, Call]) -> dict[str, Any]:
        """Make each call once and return their results."""
        self._rounds += 1
        names = list(calls) if self._rounds % 2 else list(calls)[::-1]
        return {name: self.time(name, calls[name]) for name in names}

    def time(self, name: str, call: Call) -> Any:  # noqa: ANN401 - whatever the call returns
        """Make one call and return its result."""
        before = self._clock()
        result = call()
        self._spent[name].append(self._clock() - before)
        return result

    def forget(self) -> None:
        """Drop what was measured so far: it was the warming up."""
        self._spent.clear()

    def ms(self, name: str) -> float:
        """Return the median of one name in milliseconds."""
        return median(self._spent[name]) / 1e6

    def ratio(self, name: str, against: str) -> float:
        """Return how many times the median of another name this one is."""
        return self.ms(name) / self.ms(against)
