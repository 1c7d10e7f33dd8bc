"""One engine with a fair and three web processes for all races; one lab for all faults."""

from collections.abc import Iterator

import pytest
from rigs import lab as labs
from rigs import rig as rigs
from rigs.doors import Door
from rigs.effort import EFFORT, Effort
from rigs.lab import Lab
from rigs.rig import Rig
from rigs.wire import wired

STANDS, COUPONS = 100, 8  # what all races of one round use, with room for more races


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Repeat what asks for `again` as often as this run's effort says."""
    if "again" in metafunc.fixturenames:
        metafunc.parametrize("again", range(metafunc.config.stash[EFFORT].times()))


@pytest.fixture(scope="session")
def _opened(tmp_path_factory: pytest.TempPathFactory, effort: Effort) -> Iterator[Rig]:
    log, times = tmp_path_factory.mktemp("rig"), effort.times()
    stands, coupons = STANDS * times, COUPONS * times
    with rigs.opened(log, webs=3, projectors=1, stands=stands, coupons=coupons) as rig:
        yield rig
        rig.connect()
        rig.caught_up()


@pytest.fixture
def rig(_opened: Rig) -> Rig:
    """Return the rig of the session; at its end everything that tests did has to add up."""
    _opened.connect()
    return _opened


@pytest.fixture(params=["http", "straight"])
def door(rig: Rig, request: pytest.FixtureRequest, again: int) -> Door:
    """Return both ways in, one after the other: over HTTP, and with threads inside the app."""
    del again
    return rig.door(request.param)


@pytest.fixture(scope="session")
def _furnished_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with labs.opened(tmp_path_factory.mktemp("drafts")) as lab:
        yield lab


@pytest.fixture
def lab(_furnished_lab: Lab) -> Iterator[Lab]:
    """Return the product on tables inside this process, as freshly published, on a fresh wire."""
    _furnished_lab.restore()
    with wired() as wire:
        _furnished_lab.wire = wire
        yield _furnished_lab
