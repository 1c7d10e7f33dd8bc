"""Each call of each use of the product fails in each way; the caller repeats; nothing is wrong.

A publish calls a lot, and so does a sweep. There the ways that are alike for their caller take
turns, one a call, and what the store settles by itself if it happens once is not tried once.
`tests/store/test_engine.py` shows both; the last test, which gets its time from `make prove`, knows
no such order.
"""

import os
import random
import time
from collections.abc import Iterable
from functools import partial

import pytest
from rigs.cases import CASES, MORE_PUBLISHES, PUBLISHES, Case
from rigs.engine_cases import ENGINE_CASES, SWEEP
from rigs.faults import DONE, HALF_READ, IN_THE_WAY, NOT_DONE, PASSING, Fault
from rigs.lab import Lab
from rigs.offline_cases import OFFLINE_CASES
from rigs.stage import Stage, play, stage
from rigs.wire import FOREVER, Wire

Spots = Iterable[tuple[int, Fault]]
EVERY = (*CASES, *ENGINE_CASES, *OFFLINE_CASES, SWEEP, *PUBLISHES, *MORE_PUBLISHES)
Complaints = dict[str, list[str]]


def spoilt(lab: Lab, on: Stage, spots: Spots, times: int) -> Complaints:
    """Spoil each of these calls in turn; return what is wrong then, by call."""
    found = {}
    for number, fault in spots:
        where = f"{on.case.name}, call {number}, {on.calls[number - 1]}, {fault}"
        found[where] = play(lab, on, partial(_spoil, plan=[(fault, number, times)]))
    return {where: complaints for where, complaints in found.items() if complaints}


@pytest.mark.parametrize("times", [1, FOREVER], ids=["once", "until the deadline"])
@pytest.mark.parametrize("fault", PASSING)
@pytest.mark.parametrize("case", CASES + ENGINE_CASES + OFFLINE_CASES, ids=lambda case: case.name)
def test_a_fault_at_any_call_leaves_no_trace(
    lab: Lab, case: Case, fault: Fault, times: int
) -> None:
    on = stage(lab, case)
    assert spoilt(lab, on, ((n, fault) for n in on.spots(fault)), times) == {}


@pytest.mark.parametrize("case", [*ENGINE_CASES, *OFFLINE_CASES, SWEEP], ids=lambda case: case.name)
def test_without_a_fault_it_is_done(lab: Lab, case: Case) -> None:
    on = stage(lab, case)
    assert [outcome.told for outcome, _ in on.ends if not outcome.good] == []
    assert on.writes()


def turns(on: Stage, faults: tuple[Fault, ...]) -> Spots:
    """Return each call that these faults can hit, with the next of them that can."""
    hit = [(n, [f for f in faults if f.fits(call)]) for n, call in enumerate(on.calls, 1)]
    return ((n, fit[turn % len(fit)]) for turn, (n, fit) in enumerate(h for h in hit if h[1]))


@pytest.mark.parametrize(
    ("faults", "times"),
    [(NOT_DONE, FOREVER), (DONE, 1), (DONE, FOREVER), (IN_THE_WAY, FOREVER), (HALF_READ, FOREVER)],
    ids=["not done", "done once", "done", "in the way", "half read"],
)
@pytest.mark.parametrize("case", [*PUBLISHES, SWEEP], ids=lambda case: case.name)
def test_a_fault_at_any_call_of_what_calls_a_lot_leaves_no_trace(
    lab: Lab, case: Case, faults: tuple[Fault, ...], times: int
) -> None:
    on = stage(lab, case)
    assert spoilt(lab, on, turns(on, faults), times) == {}


@pytest.mark.skipif("PROVE_SECONDS" not in os.environ, reason="make prove sets the time for it")
def test_several_faults_anywhere_leave_no_trace(lab: Lab) -> None:
    seed = int(os.environ.get("PROVE_SEED") or random.SystemRandom().randrange(10**6))
    chance = random.Random(seed)  # noqa: S311 - no secret
    ends_at = time.monotonic() + float(os.environ["PROVE_SECONDS"])
    print(f"PROVE_SEED={seed}")  # noqa: T201 - what a failure has to be repeated with
    while time.monotonic() < ends_at:
        on = stage(lab, chance.choice(EVERY))
        plan = [_any(chance, on) for _ in range(chance.randint(1, 4))]
        wrong = play(lab, on, partial(_spoil, plan=plan))
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
