"""Events for a phone's own calendar (RFC 5545). Instants are UTC, so no zone can be misread."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalice import Response

from chalicelib.web.security import PAGE_HEADERS

_LONGEST_LINE = 75  # octets
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One entry. It rings `minutes_before` its start; its address leads back to us."""

    uid: str
    starts: datetime
    ends: datetime
    summary: str
    description: str
    location: str
    url: str
    minutes_before: int = 10


def answer(events: Sequence[Event], *, name: str, at: datetime, language: str) -> Response:
    """Return the events as a file that a calendar opens."""
    headers = PAGE_HEADERS | {
        "Content-Type": "text/calendar; charset=utf-8",
        "Content-Disposition": f'attachment; filename="{name}.ics"',
        "Content-Language": language,
        "X-Robots-Tag": "noindex, nofollow, noarchive",
    }
    return Response(document(events, at), headers=headers)


def document(events: Sequence[Event], at: datetime) -> str:
    """Return the calendar's text, its long lines folded."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Marquee//Festival//EN", "METHOD:PUBLISH"]
    for event in events:
        lines += _lines(event, at)
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in _folded(line))


def _lines(event: Event, at: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"DTSTAMP:{_utc(at)}",
        f"DTSTART:{_utc(event.starts)}",
        f"DTEND:{_utc(event.ends)}",
        f"SUMMARY:{_text(event.summary)}",
        f"DESCRIPTION:{_text(event.description)}",
        f"LOCATION:{_text(event.location)}",
        f"URL:{event.url}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_text(event.summary)}",
        f"TRIGGER:-PT{event.minutes_before}M",
        "END:VALARM",
        "END:VEVENT",
    ]


def _utc(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    return text.translate(_ESCAPES)


def _folded(line: str) -> Iterator[str]:
    """Cut a line at 75 octets, never inside a character; what follows begins with a space."""
    part, room = "", _LONGEST_LINE
    for character in line:
        size = len(character.encode())
        if size > room:
            yield part
            part, room = " ", _LONGEST_LINE - 1
        part, room = part + character, room - size
    yield part
