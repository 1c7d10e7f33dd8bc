"""Processes die without a word in the middle of everything: what was answered stays true."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rigs import parts
from rigs import rig as rigs
from rigs.crowd import Crowd
from rigs.effort import Effort
from rigs.rig import Rig

USUAL_SECONDS = 15.0
LIVES = 8
ENOUGH = 100  # successes, below which a slow machine goes on for longer


def crash(rig: Rig, rng: random.Random) -> None:
    """Kill a process or two, start them again, and let them work a moment."""
    everything = [*rig.webs, *rig.projectors]
    victims = rng.sample(everything, rng.choice((1, 1, 2)))
    for part in victims:
        part.kill()
    time.sleep(rng.uniform(0, 0.3))
    parts.start(victims)
    time.sleep(rng.uniform(0.1, 0.8))


def test_what_was_answered_with_success_outlives_every_crash(
    tmp_path: Path, effort: Effort
) -> None:
    seconds, dice = effort.seconds(USUAL_SECONDS), effort.rng("crashes")
    stands = 3 * effort.times()
    with rigs.opened(tmp_path, webs=2, projectors=1, stands=stands, coupons=0) as rig:
        door = rig.door("http")
        crowd = Crowd(rig, door, [rig.stand() for _ in range(stands)])
        with ThreadPoolExecutor(LIVES) as pool:
            crowd.live(pool, [effort.rng(f"life {n}") for n in range(LIVES)])
            until = time.monotonic() + seconds
            try:
                while time.monotonic() < until or len(crowd.successes) < ENOUGH:
                    crash(rig, dice)
            finally:
                crowd.go_home()
            assert all(part.kills for part in (*rig.webs, *rig.projectors))
            held = list(pool.map(lambda success: success.holds(), crowd.successes))
        lost = [crowd.successes[n].told for n, holds in enumerate(held) if not holds]
        assert lost == []
        report = rig.caught_up()
        states = {name: one.state for name, one in report.books.vouchers.items()}
        assert {name: states[name] for name in crowd.states} == crowd.states
        assert report.books.choices >= crowd.choices.keys()
        assert states.keys() == crowd.states.keys()
