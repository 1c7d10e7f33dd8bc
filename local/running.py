"""Says whether Marquee runs here: a lock that the system frees when its holder dies."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local.places import Places
from local.trouble import Trouble


@contextmanager
def alone(places: Places) -> Iterator[None]:
    """Hold the lock of a directory. Raises Trouble if another run holds it."""
    places.root.mkdir(parents=True, exist_ok=True)
    with places.lock_file.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Trouble(_already(places)) from None
        yield


def is_running(places: Places) -> bool:
    """Say whether somebody holds the lock."""
    if not places.lock_file.exists():
        return False
    with places.lock_file.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _already(places: Places) -> str:
    told = read(places)
    where = f" at {told['base_url']}" if told else ""
    return f"Marquee already runs{where}. Stop it with Ctrl-C in its terminal first."


def announce(places: Places, document: dict[str, Any]) -> None:
    """Write run.json in one move; it holds enrolment codes, so only its owner may read it."""
    partial = places.run_file.with_suffix(".partial")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(document, file, indent=1)
    partial.replace(places.run_file)


def withdraw(places: Places) -> None:
    """Forget run.json; its codes ended with the run."""
    places.run_file.unlink(missing_ok=True)


def read(places: Places) -> dict[str, Any] | None:
    """Return what run.json says, or None."""
    return _document(places.run_file)


def _document(path: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(path.read_text())
    except (OSError, ValueError):
        return None
    return found
