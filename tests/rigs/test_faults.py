"""Each call of each use of the product fails in each way; the caller repeats; nothing is wrong."""

from functools import cache, partial

import pytest
from rigs.cases import CASES, PUBLISHES, Case
from rigs.faults import PASSING, Fault
from rigs.rig import Rig
from rigs.stage import Stage, play, stage
from rigs.wire import FOREVER

_stages: dict[str, Stage] = {}


def staged(rig: Rig, case: Case) -> Stage:
    if case.name not in _stages:
        _stages[case.name] = stage(rig, case)
    return _stages[case.name]


@pytest.mark.parametrize("times", [1, FOREVER], ids=["once", "until the deadline"])
@pytest.mark.parametrize("fault", PASSING)
@pytest.mark.parametrize("case", CASES + PUBLISHES, ids=lambda case: case.name)
def test_a_fault_anywhere_leaves_no_trace(rig: Rig, case: Case, fault: Fault, times: int) -> None:
    on = staged(rig, case)
    wrong = {
        f"call {n}, {on.calls[n - 1]}": complaints
        for n in on.spots(fault)
        if (complaints := play(rig, on, lambda w, n=n: w.hit(fault, n, times=times)))
    }
    assert not wrong
