"""Processes of the product, started, killed and started again."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from local.places import REPOSITORY

PART = Path(__file__).with_name("part.py")
_DEATH_SECONDS = 10.0


class Nursery:
    """Where parts come from; part.py is its other side."""

    def __init__(self, asks: IO[bytes], says: IO[bytes], log: Path) -> None:
        self._asks, self._says, self._log = asks, says, log
        self._heard: set[str] = set()

    def start(self, kind: str, port: int) -> int:
        """Start a part and return its process id."""
        self._asks.write(f"{kind} {port}\n".encode())
        self._asks.flush()
        while True:
            line = self._line()
            if line.startswith("pid "):
                return int(line.partition(" ")[2])

    def wait(self, pid: int) -> None:
        """Wait until a part is ready."""
        while f"ready {pid}" not in self._heard:
            self._line()

    def _line(self) -> str:
        line = self._says.readline().decode().strip()
        assert line, f"no part starts any more: {self._log.read_text()[-2000:]}"
        self._heard.add(line)
        return line


class Part:
    """One process: a web server on its port, or the projector."""

    def __init__(self, nursery: Nursery, kind: str) -> None:
        self.kind = kind
        self.port = _free_port() if kind == "web" else 0
        self.kills = 0
        self._nursery = nursery
        self._pid = 0

    def start(self) -> None:
        """Start it; `wait` says when it is there."""
        self._pid = self._nursery.start(self.kind, self.port)

    def wait(self) -> None:
        """Wait until it is ready."""
        self._nursery.wait(self._pid)

    def kill(self) -> None:
        """End it as a power cut would: at once, wherever it is."""
        os.kill(self._pid, signal.SIGKILL)
        self.kills += 1
        deadline = time.monotonic() + _DEATH_SECONDS
        while _exists(self._pid):
            assert time.monotonic() < deadline, f"process {self._pid} does not die"
            time.sleep(0.005)


@contextmanager
def nursery(engine_url: str, log: Path) -> Iterator[Nursery]:
    """Open a nursery; its parts end with it."""
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY), "PYTHONWARNINGS": "ignore"}
    with (
        log.open("ab") as errors,
        subprocess.Popen(
            [sys.executable, str(PART), engine_url],
            cwd=REPOSITORY,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        yield Nursery(process.stdin, process.stdout, log)


def start(parts: Sequence[Part]) -> None:
    """Start some together and wait for all."""
    for part in parts:
        part.start()
    for part in parts:
        part.wait()


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port
