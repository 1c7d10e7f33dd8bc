"""What the terminal shows."""

import io
import json
import logging
import re
from datetime import UTC, datetime

import pytest

from local.terminal import Lines, Steps, line, qr


def test_steps_are_numbered_and_timed() -> None:
    out = io.StringIO()
    steps = Steps(2, out)
    with steps("engine") as note:
        note("new")
    with pytest.raises(ValueError, match="no"), steps("tables"):
        raise ValueError("no")
    assert re.fullmatch(r"\[1/2\] engine … \d\.\d s  \(new\)\n\[2/2\] tables … \n", out.getvalue())


def test_an_event_is_one_line() -> None:
    event = {"event": "refused", "popup_id": "rome", "offer_id": "gift", "reason": "expired"}
    assert line(event) == "refused    rome  gift  expired"
    assert line({}) == "?"


def test_events_are_shown_as_they_come_and_nonsense_is_left_out() -> None:
    out = io.StringIO()
    lines = Lines(lambda: datetime(2019, 11, 11, 9, 5, tzinfo=UTC), out)
    for message in (json.dumps({"event": "claimed", "popup_id": "rome"}), "no json", "[]"):
        lines.handle(logging.makeLogRecord({"msg": message, "levelno": logging.INFO}))
    assert out.getvalue() == "09:05:00  claimed    rome\n"


def test_a_code_can_be_scanned_from_any_theme() -> None:
    plain = qr("http://localhost:8000/p/istanbul", colours=False).splitlines()
    assert len({len(row) for row in plain}) == 1
    coloured = qr("http://localhost:8000/p/istanbul", colours=True).splitlines()
    assert all(row.startswith("\x1b[38;5;231;48;5;16m") for row in coloured)
