"""Calls in turn, and the median of what they took."""

from itertools import accumulate

from bench.stopwatch import Stopwatch


def clock(*durations_ms: int) -> Stopwatch:
    """Return a stopwatch on whose clock the calls take so long, one after the other."""
    ends = list(accumulate(durations_ms))
    starts = [0, *ends]
    readings = iter([t * 1_000_000 for pair in zip(starts, ends, strict=False) for t in pair])
    return Stopwatch(lambda: next(readings))


def test_the_median_counts_and_not_the_slow_moment() -> None:
    watch = clock(1, 90, 2)
    for _ in range(3):
        watch.time("call", str)
    assert watch.ms("call") == 2


def test_a_round_makes_each_call_once_and_the_next_one_backwards() -> None:
    watch, made = clock(1, 2, 2, 1), list[str]()
    calls = {"first": lambda: made.append("first"), "second": lambda: made.append("second")}
    watch.round(calls)
    watch.round(calls)
    assert made == ["first", "second", "second", "first"]
    assert watch.ratio("second", "first") == 2


def test_a_round_returns_what_each_call_returned() -> None:
    assert clock(1, 1).round({"one": lambda: 1, "two": lambda: 2}) == {"one": 1, "two": 2}


def test_warming_up_is_forgotten() -> None:
    watch = clock(50, 3)
    watch.time("call", str)
    watch.forget()
    watch.time("call", str)
    assert watch.ms("call") == 3
