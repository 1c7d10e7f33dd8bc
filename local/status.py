"""`make status`: is it running, since when, what do the tables hold, are the live counts up."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any

from local import ground, places, running
from local.places import Places


def report(where: Places) -> Iterator[str]:
    """Return the lines of the report."""
    told = running.read(where) if running.is_running(where) else None
    if told is None:
        yield "Marquee does not run here. Start it with make run."
        return
    yield f"Marquee runs at {told['base_url']} since {told['started_at']}, {told['campaign_id']}."
    state = ask(f"{told['base_url']}/_local/state")
    if state is None:
        yield "It does not answer; its terminal or .local/log/web.log says why."
        return
    yield from lines(state)


def lines(state: Mapping[str, Any]) -> Iterator[str]:
    """Return what the run says of itself, line by line."""
    yield f"clock      {state['now']}"
    for table, items in state["items"].items():
        yield f"{table:<10} {items:,} items"
    waiting = state["waiting"]
    told = "up with the ledger" if not waiting else f"{waiting:,} records behind"
    yield f"projector  {state['failing'] or told}"


def ask(url: str) -> dict[str, Any] | None:
    """Return what the run answers, or None. Its own certificate needs no proof here."""
    ground.keep_home()
    try:
        with urllib.request.urlopen(url, timeout=5, context=ground.unproved_tls()) as answer:
            found: dict[str, Any] = json.load(answer)
    except (urllib.error.URLError, OSError, ValueError):
        return None
    return found


def main() -> int:
    """Print the report; status 1 if nothing runs."""
    where = places.usual()
    for line in report(where):
        print(line)
    return 0 if running.is_running(where) else 1


if __name__ == "__main__":
    raise SystemExit(main())
