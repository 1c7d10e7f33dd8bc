"""Each call of each use of the product fails in each way; the caller repeats; nothing is wrong.

A publish reads a lot. There a read fails in one way a spot, another at the next: what the ways
have in common for a read, `tests/store/test_engine.py` shows. `make prove` knows no such order.
"""

from collections.abc import Iterable

import pytest
from rigs.cases import CASES, PUBLISHES, Case
from rigs.faults import PASSING, READING, Fault
from rigs.rig import Rig
from rigs.stage import Stage, play, stage
from rigs.wire import FOREVER

_stages: dict[str, Stage] = {}


def staged(rig: Rig, case: Case) -> Stage:
    """Return a case's stage; it is prepared once."""
    if case.name not in _stages:
        _stages[case.name] = stage(rig, case)
    return _stages[case.name]


def wrong(rig: Rig, on: Stage, fault: Fault, spots: Iterable[int], times: int) -> dict[str, object]:
    """Spoil each of these calls in turn; return what is wrong then, by call."""
    found = {
        f"{on.case.name}, call {n}, {on.calls[n - 1]}, {fault}": play(
            rig,
            on,
            lambda wire, n=n: wire.hit(fault, n, times=times),  # type: ignore[misc]
        )
        for n in spots
    }
    return {name: complaints for name, complaints in found.items() if complaints}


@pytest.mark.parametrize("times", [1, FOREVER], ids=["once", "until the deadline"])
@pytest.mark.parametrize("fault", PASSING)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_fault_anywhere_leaves_no_trace(rig: Rig, case: Case, fault: Fault, times: int) -> None:
    on = staged(rig, case)
    spots = on.spots(fault, reads=True) + on.spots(fault, reads=False)
    assert not wrong(rig, on, fault, spots, times)


@pytest.mark.parametrize("times", [1, FOREVER], ids=["once", "until the deadline"])
@pytest.mark.parametrize("fault", PASSING)
@pytest.mark.parametrize("case", PUBLISHES, ids=lambda case: case.name)
def test_a_write_of_a_publish_may_fail(rig: Rig, case: Case, fault: Fault, times: int) -> None:
    on = staged(rig, case)
    assert not wrong(rig, on, fault, on.spots(fault, reads=False), times)


@pytest.mark.parametrize("case", PUBLISHES, ids=lambda case: case.name)
def test_a_read_of_a_publish_may_fail(rig: Rig, case: Case) -> None:
    on = staged(rig, case)
    for turn, fault in enumerate(READING):
        spots = on.spots(fault, reads=True)[turn :: len(READING)]
        assert not wrong(rig, on, fault, spots, FOREVER)
