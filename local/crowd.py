"""`make crowd RATE=5`: visitors and stewards who keep a running Marquee moving, until Ctrl-C."""

import os
import random
import sys
import time
from collections.abc import Mapping
from contextlib import closing

from local import places, running
from local.people import Crowd
from local.terminal import say
from local.trouble import Trouble, told
from local.wire import Wire

HIGHEST_RATE = 200.0
LOOK_AGAIN_SECONDS = 5.0
KINDS = ("claims", "uses", "deliveries chosen", "refusals")


def read_rate(text: str) -> float:
    """Return how many deeds a second `RATE=` asks for. Raises Trouble."""
    try:
        rate = float(text or 5)
    except ValueError:
        rate = 0
    if not 0 < rate <= HIGHEST_RATE:
        raise Trouble(
            f"RATE={text} is not between 0 and {HIGHEST_RATE:.0f}. Try make crowd RATE=5."
        )
    return rate


def line(tally: Mapping[str, int], rate: float) -> str:
    """Return the tally in one line; failures are shown where there are any."""
    kinds = (*KINDS, "failures") if tally.get("failures") else KINDS
    return f"{rate:g}/s  " + "  ".join(f"{tally.get(kind, 0)} {kind}" for kind in kinds)


def play(crowd: Crowd, rate: float, until: float = float("inf")) -> None:
    """Act at this rate, and show the tally once a second, until the monotonic clock says so."""
    looked = shown = due = time.monotonic()
    open_now = crowd.look()
    while time.monotonic() < until:
        if time.monotonic() - looked >= LOOK_AGAIN_SECONDS:
            looked, open_now = time.monotonic(), crowd.look()
        if open_now:
            crowd.act()
        if time.monotonic() - shown >= 1:
            shown = time.monotonic()
            waits = "" if open_now else "  (nothing is revealed by the clock of the run)"
            _show(line(crowd.tally, rate) + waits)
        due = max(due + 1 / rate, time.monotonic() - 1)
        time.sleep(max(0.0, due - time.monotonic()))


def _show(text: str) -> None:
    """Write over the last line on a terminal, below it elsewhere."""
    end, start = ("", "\r\x1b[K") if sys.stdout.isatty() else ("\n", "")
    sys.stdout.write(start + text + end)
    sys.stdout.flush()


def main() -> int:
    """Join the run on this laptop. Returns the exit status."""
    rate, where = read_rate(os.environ.get("RATE", "")), places.usual()
    run = running.read(where) if running.is_running(where) else None
    if run is None:
        raise Trouble("Marquee does not run here. Start it with make run in another terminal.")
    say(f"A crowd at {run['base_url']}; Ctrl-C sends it home.")
    with closing(Wire(run["base_url"])) as wire:
        _keep_moving(Crowd(wire=wire, rng=random.Random()), rate)  # noqa: S311 - a crowd
    return 0


def _keep_moving(crowd: Crowd, rate: float) -> None:
    try:
        play(crowd, rate)
    except KeyboardInterrupt:
        say(f"\n{line(crowd.tally, rate)}")
    except OSError:
        say("\nMarquee has closed.")


if __name__ == "__main__":
    raise SystemExit(told(main))
