"""The crowd acts through HTTP as visitors and stewards do."""

import random
import time
from contextlib import closing
from pathlib import Path

import pytest

from local.crowd import line, play, read_rate
from local.people import Crowd
from local.trouble import Trouble
from local.wire import Wire
from local.world import open_house


def test_without_a_rate_five_act_each_second() -> None:
    assert read_rate("") == 5
    assert read_rate("0.5") == 0.5


@pytest.mark.parametrize("rate", ["0", "-1", "many", "1000", "nan"])
def test_a_rate_that_makes_no_sense_is_one_line_with_the_cure(rate: str) -> None:
    with pytest.raises(Trouble, match=r"Try make crowd RATE=5\.$"):
        read_rate(rate)


def test_failures_are_shown_only_where_there_are_any() -> None:
    assert line({"claims": 2}, 5.0) == "5/s  2 claims  0 uses  0 deliveries chosen  0 refusals"
    assert line({"failures": 1}, 5.0).endswith("1 failures")


def test_a_crowd_claims_uses_chooses_and_errs(tmp_path: Path) -> None:
    with open_house(tmp_path) as world, closing(Wire(world.base_url)) as wire:
        crowd = Crowd(wire=wire, rng=random.Random(4))  # noqa: S311 - the same crowd each time
        play(crowd, 200.0, until=time.monotonic() + 4)
    assert min(crowd.tally[kind] for kind in ("claims", "uses", "deliveries chosen")) > 0
    assert crowd.tally["refusals"] > 0
    assert crowd.tally["failures"] == 0


def test_it_waits_while_nothing_is_revealed(tmp_path: Path) -> None:
    with open_house(tmp_path) as world, closing(Wire(world.base_url)) as wire:
        world.clock.set(min(c.starts for c in world.campaigns.values()).replace(month=9))
        crowd = Crowd(wire=wire, rng=random.Random(4))  # noqa: S311 - likewise
        play(crowd, 50.0, until=time.monotonic() + 0.2)
    assert not crowd.tally
