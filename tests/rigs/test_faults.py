"""Each call of each use of the product fails in each way; the caller repeats; nothing is wrong.

A publish calls a lot. There the ways that are alike for their caller take turns, one a call, and
are not tried once alone, which botocore settles; `tests/store/test_engine.py` shows both, and the
last test, in its own time, knows no such order.
"""

import os
import random
import time
from collections.abc import Iterable

import pytest
from rigs.cases import CASES, PUBLISHES, Case
from rigs.faults import ALIKE, PASSING, Fault
from rigs.rig import Rig
from rigs.stage import Stage, play, stage
from rigs.wire import FOREVER, Wire

TIMES = pytest.mark.parametrize("times", [1, FOREVER], ids=["once", "until the deadline"])
Spoilt = dict[str, list[str]]


def spoilt(rig: Rig, on: Stage, fault: Fault, calls: Iterable[int], times: int) -> Spoilt:
    """Spoil each of these calls in turn; return what is wrong then, by call."""
    found = {}
    for number in calls:

        def spoil(wire: Wire, number: int = number) -> None:
            wire.hit(fault, number, times=times)

        found[f"{on.case.name}, call {number}, {on.calls[number - 1]}"] = play(rig, on, spoil)
    return {name: complaints for name, complaints in found.items() if complaints}


@TIMES
@pytest.mark.parametrize("fault", PASSING)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_fault_at_any_call_leaves_no_trace(
    rig: Rig, case: Case, fault: Fault, times: int
) -> None:
    on = stage(rig, case)
    assert spoilt(rig, on, fault, on.spots(fault), times) == {}


@TIMES
@pytest.mark.parametrize("fault", [fault for fault in PASSING if fault not in ALIKE])
@pytest.mark.parametrize("case", PUBLISHES, ids=lambda case: case.name)
def test_a_fault_at_any_call_of_a_publish_leaves_no_trace(
    rig: Rig, case: Case, fault: Fault, times: int
) -> None:
    on = stage(rig, case)
    assert spoilt(rig, on, fault, on.spots(fault), times) == {}


@pytest.mark.parametrize("fault", ALIKE)
@pytest.mark.parametrize("case", PUBLISHES, ids=lambda case: case.name)
def test_faults_that_are_alike_take_turns_in_a_publish(rig: Rig, case: Case, fault: Fault) -> None:
    on = stage(rig, case)
    turn = on.spots(fault)[ALIKE.index(fault) :: len(ALIKE)]
    assert spoilt(rig, on, fault, turn, FOREVER) == {}


@pytest.mark.skipif("PROVE_SECONDS" not in os.environ, reason="make prove sets the time for it")
def test_several_faults_anywhere_leave_no_trace(rig: Rig) -> None:
    seed = int(os.environ.get("PROVE_SEED") or random.SystemRandom().randrange(10**6))
    chance = random.Random(seed)  # noqa: S311 - no secret
    ends_at = time.monotonic() + float(os.environ["PROVE_SECONDS"])
    print(f"PROVE_SEED={seed}")  # noqa: T201 - what a failure has to be repeated with
    while time.monotonic() < ends_at:
        on = stage(rig, chance.choice(CASES + PUBLISHES))
        plan = [_any(chance, on) for _ in range(chance.randint(1, 4))]
        wrong = play(rig, on, lambda wire, plan=plan: _spoil(wire, plan))  # type: ignore[misc]
        assert wrong == [], f"seed {seed}: {on.case.name}, {plan}"


def _any(chance: random.Random, on: Stage) -> tuple[Fault, int, int]:
    """Return any fault, the number of a call of the clean run, and how often it strikes."""
    return (
        chance.choice(PASSING),
        chance.randint(1, len(on.calls)),
        chance.choice([1, 2, 3, FOREVER]),
    )


def _spoil(wire: Wire, plan: list[tuple[Fault, int, int]]) -> None:
    for fault, number, times in plan:
        wire.hit(fault, number, times=times)
