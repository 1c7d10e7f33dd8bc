"""Events for a phone's own calendar (RFC 5545), on the clock of the city in which they are.

The zone comes along as it is between the first and the last instant, so that nobody has to know it.
A wall time that comes twice would mean its first pass: the second is written in UTC.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalice import Response

from chalicelib.domain import wall
from chalicelib.web.security import PAGE_HEADERS

_A_SECOND = timedelta(seconds=1)
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


def answer(
    events: Sequence[Event], time_zone: str, *, name: str, at: datetime, language: str
) -> Response:
    """Return the events as a file that a calendar opens."""
    headers = PAGE_HEADERS | {
        "Content-Type": "text/calendar; charset=utf-8",
        "Content-Disposition": f'attachment; filename="{name}.ics"',
        "Content-Language": language,
        "X-Robots-Tag": "noindex, nofollow, noarchive",
    }
    return Response(document(events, time_zone, at), headers=headers)


def document(events: Sequence[Event], time_zone: str, at: datetime) -> str:
    """Return the calendar's text, its long lines folded."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Marquee//Festival//EN", "METHOD:PUBLISH"]
    lines += _zone(time_zone, events)
    for event in events:
        lines += _lines(event, time_zone, at)
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in _folded(line))


def _zone(time_zone: str, events: Sequence[Event]) -> Iterator[str]:
    """Describe the zone: how its clocks stood at first, and each change up to the last end."""
    zone = wall.zone_of(time_zone)
    first, last = min(event.starts for event in events), max(event.ends for event in events)
    yield from ("BEGIN:VTIMEZONE", f"TZID:{time_zone}")
    yield from _observance(first.astimezone(zone), first.astimezone(zone), "19700101T000000")
    for change in wall.changes(zone, first, last):
        before, after = (change - _A_SECOND).astimezone(zone), change.astimezone(zone)
        yield from _observance(before, after, f"{before + _A_SECOND:%Y%m%dT%H%M%S}")
    yield "END:VTIMEZONE"


def _observance(before: datetime, after: datetime, since: str) -> tuple[str, ...]:
    kind = "DAYLIGHT" if after.dst() else "STANDARD"
    return (
        f"BEGIN:{kind}",
        f"DTSTART:{since}",
        f"TZOFFSETFROM:{before:%z}",
        f"TZOFFSETTO:{after:%z}",
        f"END:{kind}",
    )


def _lines(event: Event, time_zone: str, at: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"DTSTAMP:{_utc(at)}",
        f"DTSTART{_local(event.starts, time_zone)}",
        f"DTEND{_local(event.ends, time_zone)}",
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


def _local(at: datetime, time_zone: str) -> str:
    here = at.astimezone(wall.zone_of(time_zone))
    return f":{_utc(at)}" if here.fold else f";TZID={time_zone}:{here:%Y%m%dT%H%M%S}"


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
