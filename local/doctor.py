"""`make doctor`: one line for each thing that the local run needs, ok or with its cure.

It needs nothing but Python itself, so it also works before `make setup`.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from local import chromium, places, ports, running

OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20
DISK_BYTES = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; `cure` is empty where all is well."""

    name: str
    found: str
    cure: str = ""

    def __str__(self) -> str:
        """Return the line."""
        told = f"{self.name:<8} {self.found}"
        return f"no  {told}. {self.cure}" if self.cure else f"ok  {told}"


def _version(tool: str) -> str:
    done = subprocess.run([tool, "--version"], capture_output=True, text=True, check=False)
    return done.stdout.strip()


@dataclass(frozen=True, kw_only=True)
class Machine:
    """What the doctor looks at; tests hand in another one."""

    python: tuple[int, ...] = sys.version_info[:3]
    which: Callable[[str], str | None] = shutil.which
    version: Callable[[str], str] = _version
    port_is_free: Callable[[int], bool] = ports.is_free
    free_bytes: Callable[[Path], int] = lambda path: shutil.disk_usage(path).free
    now: Callable[[], float] = time.time
    running: bool = False
    port: int = 8000
    repository: Path = places.REPOSITORY


def findings(machine: Machine) -> Iterator[Finding]:
    """Look at everything, in the order in which `make run` needs it."""
    yield _python(machine)
    yield from (_tool(machine, "node", OLDEST_NODE), _tool(machine, "npm", 0))
    yield _setup(machine)
    yield _port(machine)
    yield _browser(machine)
    yield _clock(machine)
    yield _disk(machine)


def _python(machine: Machine) -> Finding:
    found = ".".join(map(str, machine.python))
    young = machine.python >= OLDEST_PYTHON
    return Finding("Python", found, "" if young else "Install Python 3.11 or newer.")


def _tool(machine: Machine, tool: str, oldest: int) -> Finding:
    if machine.which(tool) is None:
        return Finding(tool, "missing", "Install Node.js 20 or newer, with npm.")
    found = machine.version(tool)
    number = found.lstrip("v").partition(".")[0]
    old = number.isdigit() and int(number) < oldest
    return Finding(tool, found or "found", f"Install Node.js {oldest} or newer." if old else "")


def _setup(machine: Machine) -> Finding:
    made = (machine.repository / ".venv").is_dir()
    return Finding("setup", "done" if made else "not done yet", "" if made else "Run make setup.")


def _port(machine: Machine) -> Finding:
    if machine.running:
        return Finding("port", f"{machine.port}, or another: Marquee runs")
    if machine.port_is_free(machine.port):
        return Finding("port", f"{machine.port} is free")
    return Finding("port", f"{machine.port} is taken", f"Try PORT={machine.port + 1} make run.")


def _browser(machine: Machine) -> Finding:
    found = chromium.find(machine.which)
    cure = "Only make demo and make test need it; they install it with apt-get where they can."
    return Finding("browser", found or "no Chromium", "" if found else cure)


def _clock(machine: Machine) -> Finding:
    """Compare with the newest source file: a clock behind it is wrong."""
    files = machine.repository.glob("local/*.py")
    newest = max((file.stat().st_mtime for file in files), default=0.0)
    shown = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(machine.now()))
    late = machine.now() + 86_400 < newest
    return Finding(
        "clock", shown, "It lies behind the files; set the system's clock." if late else ""
    )


def _disk(machine: Machine) -> Finding:
    free = machine.free_bytes(machine.repository)
    cure = "Free at least 1 GB." if free < DISK_BYTES else ""
    return Finding("disk", f"{free / 1e9:.1f} GB free", cure)


def main() -> int:
    """Print the report; status 1 if something that `make run` needs is missing."""
    port = os.environ.get("PORT", "")
    machine = Machine(
        running=running.is_running(places.usual()), port=int(port) if port.isdigit() else 8000
    )
    found = list(findings(machine))
    for finding in found:
        print(finding)
    return int(any(f.cure for f in found if f.name not in {"browser", "setup"}))


if __name__ == "__main__":
    raise SystemExit(main())
