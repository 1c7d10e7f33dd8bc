"""What goes on beside the server in a thread, until the house closes."""

import threading
from abc import ABC, abstractmethod


class Beside(ABC):
    """A thread that works until it is stopped; `_run` ends soon after `_stop` is set."""

    def __init__(self, name: str) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the piece under way: nothing of it goes on in another house."""
        self._stop.set()
        self._thread.join()

    @abstractmethod
    def _run(self) -> None:
        """Work, piece by piece."""
