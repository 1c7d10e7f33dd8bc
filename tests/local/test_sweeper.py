"""The laptop's sweeper goes on, whatever one sweep meets."""

import logging
import threading

import pytest

from chalicelib.domain.errors import TryAgain
from local.sweeper import Sweeper

SOON = 5.0


@pytest.mark.parametrize("trouble", [TryAgain("busy"), RuntimeError("gone")])
def test_a_sweep_that_fails_is_made_up_for_by_the_next(
    trouble: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    swept, troubles = threading.Event(), [trouble]

    def sweep() -> None:
        if troubles:
            raise troubles.pop()
        swept.set()

    sweeper = Sweeper(sweep, every_seconds=0.001)
    with caplog.at_level(logging.WARNING, "marquee.sweeper"):
        sweeper.start()
        assert swept.wait(SOON)
        sweeper.stop()
    assert len(caplog.records) == 1
