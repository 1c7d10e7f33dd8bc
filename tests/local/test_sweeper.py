"""The laptop's sweeper goes on, whatever one sweep meets."""

import logging
import threading
from collections.abc import Callable

import pytest

from chalicelib.domain.errors import TryAgain
from local.sweeper import Sweeper

SOON = 5.0


@pytest.mark.parametrize("trouble", [TryAgain("busy"), RuntimeError("gone")])
def test_a_sweep_that_fails_is_made_up_for_by_the_next(
    trouble: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    swept, troubles = threading.Event(), [trouble]

    def sweep(_: Callable[[], bool]) -> None:
        if troubles:
            raise troubles.pop()
        swept.set()

    sweeper = Sweeper(sweep, every_seconds=0.001)
    with caplog.at_level(logging.WARNING, "marquee.sweeper"):
        sweeper.start()
        assert swept.wait(SOON)
        sweeper.stop()
    assert len(caplog.records) == 1


def test_a_sweep_under_way_gives_way_to_the_end() -> None:
    begun = threading.Event()

    def endless(go_on: Callable[[], bool]) -> None:
        begun.set()
        while go_on():
            pass

    sweeper = Sweeper(endless, every_seconds=0.001)
    sweeper.start()
    assert begun.wait(SOON)
    sweeper.stop()
    assert "sweeper" not in {thread.name for thread in threading.enumerate()}
