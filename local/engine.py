"""The local AWS engine as a child process: started, asked for snapshots, stopped."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from local import engine_child, snapshot
from local.trouble import Trouble

REPOSITORY = Path(__file__).resolve().parents[1]
START_SECONDS = 30.0
STOP_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Engine:
    """A running engine. `restored` is what it started from, None if from nothing."""

    url: str
    process: subprocess.Popen[bytes]
    restored: snapshot.Moment | None

    def alive(self) -> bool:
        """Say whether its process still runs."""
        return self.process.poll() is None

    def save(self, projected: str = "") -> int | None:
        """Take a snapshot if something changed; returns its items, or None if it was not needed.

        Stream records up to `projected` are not kept: insights hold what they said.
        """
        query = urlencode({"projected": projected}) if projected else ""
        url = f"{self.url}{engine_child.SNAPSHOT_PATH}?{query}"
        with urllib.request.urlopen(
            urllib.request.Request(url, method="POST"), timeout=60
        ) as answer:
            items: int | None = json.load(answer)["saved"]
        return items

    def stop(self) -> None:
        """End the process and its group; it saves first. Whatever hangs is killed."""
        if self.process.stdin:
            self.process.stdin.close()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def start(state: Path | None, log: Path) -> Engine:
    """Start an engine on a free port of the loopback, with the state of a directory.

    Without a directory it forgets everything at its end.
    """
    restored = _head(state)
    log.parent.mkdir(parents=True, exist_ok=True)
    with socket.create_server(("127.0.0.1", 0)) as listener, log.open("ab") as output:
        port: int = listener.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, "-m", "local.engine_child", str(listener.fileno())],
            cwd=REPOSITORY,
            env=_environment(port, state, log),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            pass_fds=[listener.fileno()],
            start_new_session=True,
        )
    engine = Engine(f"http://127.0.0.1:{port}", process, restored)
    try:
        _wait(engine, log)
    except BaseException:
        engine.stop()
        raise
    return engine


def _head(state: Path | None) -> snapshot.Moment | None:
    try:
        return snapshot.head(state) if state else None
    except snapshot.UnreadableError as error:
        raise _unreadable() from error


def _environment(port: int, state: Path | None, log: Path) -> dict[str, str]:
    """Return the child's environment: five services, and nobody's Docker is touched."""
    return os.environ | {
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "SERVICES": "dynamodb,dynamodbstreams,ssm,cognito-idp,sqs",
        "STATE_DIR": str(state or log.parent),
        "LOG_LEVEL": "ERROR",
        "PERSIST_STATE": "0",
        "DOCKER_HOST": "unix:///nonexistent",
        "MARQUEE_STATE": str(state or ""),
        "PYTHONWARNINGS": "ignore",
    }


def _wait(engine: Engine, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        status = engine.process.poll()
        if status == engine_child.UNREADABLE:
            raise _unreadable()
        if status is not None:
            break
        if _ready(engine.url):
            return
        time.sleep(0.05)
    raise Trouble(f"The engine did not start; {log} says why. Try make clean, then make run.")


def _ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_ministack/ready", timeout=1) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _unreadable() -> Trouble:
    return Trouble("The saved data cannot be read. To start afresh: make reset, then make run.")
