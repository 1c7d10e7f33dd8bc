"""Where the local run keeps things: one directory, `.local`, that `make clean` may forget."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Places:
    """Paths below one directory."""

    root: Path

    @property
    def run_file(self) -> Path:
        return self.root / "run.json"

    @property
    def lock_file(self) -> Path:
        return self.root / "run.lock"

    @property
    def states(self) -> Path:
        return self.root / "state"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def tls(self) -> Path:
        return self.root / "tls"

    def state_of(self, at: datetime | None) -> Path:
        """Return where the data written under one AT lives, apart from every other's."""
        return self.states / name_of(at)


def usual() -> Places:
    """Return the directory of `make run`; `LOCAL_DIR` moves it, for tests."""
    return Places(Path(os.environ.get("LOCAL_DIR") or REPOSITORY / ".local").resolve())


def name_of(at: datetime | None) -> str:
    """Return a short name for a start of the clock, fit for paths and table names."""
    return "now" if at is None else at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
