"""Processes die without a word in the middle of everything: what was answered stays true."""

import random
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

from rigs import parts
from rigs import rig as rigs
from rigs.crowd import Crowd, Success
from rigs.effort import Effort
from rigs.parts import Part
from rigs.rig import Rig

from chalicelib.store import choices

USUAL_SECONDS = 12.0
LIVES = 8
ENOUGH = 60  # successes, below which a slow machine goes on for longer


def crash(everything: Sequence[Part], turn: int, rng: random.Random) -> None:
    """Kill the one whose turn it is, now and then another too; start them; let them work."""
    victims = {everything[turn % len(everything)]} | set(rng.choices(everything, k=turn % 2))
    for part in victims:
        part.kill()
    time.sleep(rng.uniform(0, 0.3))
    parts.start(list(victims))
    time.sleep(rng.uniform(0.4, 1.6))


def lived_through(rig: Rig, crowd: Crowd, effort: Effort) -> None:
    """Let the crowd live while processes crash, all of them in turn and at least twice."""
    dice, everything = effort.rng("crashes"), [*rig.webs, *rig.projectors]
    until, turns = time.monotonic() + effort.seconds(USUAL_SECONDS), 2 * len(everything)
    for turn in count():
        enough = turn >= turns and len(crowd.successes) >= ENOUGH
        if not crowd.is_well() or (enough and time.monotonic() > until):
            return
        crash(everything, turn, dice)


def test_what_was_answered_with_success_outlives_every_crash(
    tmp_path: Path, effort: Effort
) -> None:
    stands = 3 * effort.times()
    with rigs.opened(tmp_path, webs=2, projectors=1, stands=stands, coupons=0) as rig:
        crowd = Crowd(rig, rig.door("http"), [rig.stand() for _ in range(stands)])
        with ThreadPoolExecutor(LIVES) as pool:
            crowd.live(pool, [effort.rng(f"life {n}") for n in range(LIVES)])
            try:
                lived_through(rig, crowd, effort)
            finally:
                crowd.go_home()
            held = list(pool.map(Success.holds, crowd.successes))
        lost = [
            success.told for success, holds in zip(crowd.successes, held, strict=True) if not holds
        ]
        assert lost == []
        report = rig.caught_up()
        assert {n: one.state for n, one in report.books.vouchers.items()} == crowd.states
        chosen = {name: choices.get(name) for name in crowd.choices}
        assert {name: one and one.option for name, one in chosen.items()} == crowd.choices
