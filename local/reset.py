"""`make reset`: forgets the data of every local run and keeps the tools."""

import shutil
import sys

from local import places, running
from local.places import Places
from local.trouble import told


def reset(where: Places) -> str:
    """Delete data, logs and certificates; returns what to say. Refuses while Marquee runs."""
    with running.alone(where):
        kept = sorted(where.states.glob("*")) if where.states.exists() else []
        for directory in (where.states, where.log, where.tls):
            shutil.rmtree(directory, ignore_errors=True)
        running.withdraw(where)
    names = ", ".join(directory.name for directory in kept)
    return f"Forgotten: {names}." if kept else "There was nothing to forget."


def main() -> int:
    """Reset; with `check`, only refuse while Marquee runs."""
    if sys.argv[1:] == ["check"]:
        with running.alone(places.usual()):
            return 0
    print(reset(places.usual()))
    return 0


if __name__ == "__main__":
    raise SystemExit(told(main))
