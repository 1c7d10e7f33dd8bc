"""Ends holds on the laptop as the scheduled function does in AWS, every few seconds."""

import logging
import threading
from collections.abc import Callable

from chalicelib.domain.errors import MarqueeError

EVERY_SECONDS = 5.0
Sweep = Callable[[Callable[[], bool]], object]  # it asks between two minutes whether to go on

_log = logging.getLogger("marquee.sweeper")


class Sweeper:
    """A thread that sweeps. What goes wrong is noted and made up for by the next sweep."""

    def __init__(self, sweep: Sweep, every_seconds: float = EVERY_SECONDS) -> None:
        self._sweep, self._every = sweep, every_seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sweeper", daemon=True)

    def start(self) -> None:
        """Begin to sweep."""
        self._thread.start()

    def stop(self) -> None:
        """End after the minute that is being swept: nothing of it goes on in another house."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self._every):
            try:
                self._sweep(lambda: not self._stop.is_set())
            except MarqueeError:
                _log.warning("a sweep was cut short", exc_info=True)
            except Exception:  # noqa: BLE001 - the engine is ending or restarting
                _log.exception("a sweep failed")
