"""Processes of the product, started, killed and started again."""

import os
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from local.places import REPOSITORY

PART = Path(__file__).with_name("part.py")


class Part:
    """One process: a web server on its port, or the projector."""

    def __init__(self, kind: str, engine_url: str, log: Path) -> None:
        self.kind = kind
        self.port = _free_port() if kind == "web" else 0
        self.kills = 0
        self._command = [sys.executable, str(PART), kind, engine_url, str(self.port)]
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; `wait` says when it is there."""
        environment = os.environ | {"PYTHONPATH": str(REPOSITORY), "PYTHONWARNINGS": "ignore"}
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=REPOSITORY,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )

    def wait(self) -> None:
        """Wait until it is ready."""
        assert self._process is not None
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line == b"ready\n", f"{self.kind} did not start: {self._log.read_text()[-2000:]}"

    def kill(self) -> None:
        """End it as a power cut would: at once, wherever it is."""
        assert self._process is not None
        self._process.kill()
        self.kills += 1
        self._reap()

    def stop(self) -> None:
        """Let it end."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            self._reap()

    def _reap(self) -> None:
        assert self._process is not None
        with ExitStack() as stack:
            stack.enter_context(self._process)
            self._process.wait(15)


def start(parts: list[Part]) -> None:
    """Start some together and wait for all."""
    for part in parts:
        part.start()
    for part in parts:
        part.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port
