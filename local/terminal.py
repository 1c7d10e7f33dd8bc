"""What `make run` shows: numbered steps with seconds, a QR code, and one line an event."""

import io
import json
import logging
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, TextIO

import qrcode

_WHITE_ON_BLACK = "\x1b[38;5;231;48;5;16m{}\x1b[0m"
_SHOWN = ("popup_id", "offer_id", "option", "reason")


class Steps:
    """Prints each step when it begins, and its seconds when it is done."""

    def __init__(self, total: int, out: TextIO | None = None) -> None:
        self._total, self._number = total, 0
        self._out = out or sys.stdout

    @contextmanager
    def __call__(self, name: str) -> Iterator[Callable[[str], None]]:
        """Run one step; what is called with a text notes it behind the seconds."""
        self._number += 1
        notes: list[str] = []
        self._write(f"[{self._number}/{self._total}] {name} … ")
        started = time.monotonic()
        try:
            yield notes.append
        except BaseException:
            self._write("\n")
            raise
        told = f"  ({notes[-1]})" if notes else ""
        self._write(f"{time.monotonic() - started:.1f} s{told}\n")

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()


def say(text: str) -> None:
    """Print a line; a terminal that is gone must not stop the run."""
    with suppress(OSError):
        print(text, flush=True)


def qr(text: str, *, colours: bool | None = None) -> str:
    """Return a QR code to print; on a terminal it is dark on light whatever the theme."""
    colours = sys.stdout.isatty() if colours is None else colours
    code = qrcode.QRCode(border=4, error_correction=qrcode.constants.ERROR_CORRECT_L)
    code.add_data(text)
    drawn = io.StringIO()
    code.print_ascii(out=drawn, invert=True)
    lines = drawn.getvalue().splitlines()
    return "\n".join(_WHITE_ON_BLACK.format(row) if colours else row for row in lines) + "\n"


class Lines(logging.Handler):
    """Shows the domain's events as one-liners; codes and visitors are not in them."""

    def __init__(self, now: Callable[[], datetime], out: TextIO | None = None) -> None:
        super().__init__(logging.INFO)
        self._now, self._out = now, out or sys.stdout

    def emit(self, record: logging.LogRecord) -> None:
        """Print one event. A terminal that is gone must not stop the run."""
        try:
            self._out.write(f"{self._now():%H:%M:%S}  {line(json.loads(record.getMessage()))}\n")
            self._out.flush()
        except (OSError, ValueError, AttributeError):
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - inherited
        """Say nothing about a line that could not be shown."""


def line(event: Mapping[str, Any]) -> str:
    """Return an event in one line: what happened, where, to which offer, why not."""
    told = [str(event[name]) for name in _SHOWN if event.get(name)]
    return f"{event.get('event', '?'):<10} {'  '.join(told)}".rstrip()
