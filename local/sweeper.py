"""Ends holds on the laptop as the scheduled function does in AWS, every few seconds."""

import logging
from collections.abc import Callable

from chalicelib.domain.errors import MarqueeError
from local.beside import Beside

EVERY_SECONDS = 5.0
Sweep = Callable[[Callable[[], bool]], object]  # it asks between two minutes whether to go on

_log = logging.getLogger("marquee.sweeper")


class Sweeper(Beside):
    """Sweeps. What goes wrong is noted and made up for by the next sweep."""

    def __init__(self, sweep: Sweep, every_seconds: float = EVERY_SECONDS) -> None:
        super().__init__("sweeper")
        self._sweep, self._every = sweep, every_seconds

    def _run(self) -> None:
        while not self._stop.wait(self._every):
            try:
                self._sweep(lambda: not self._stop.is_set())
            except MarqueeError:
                _log.warning("a sweep was cut short", exc_info=True)
            except Exception:  # noqa: BLE001 - the engine is ending or restarting
                _log.exception("a sweep failed")
