"""What a phone's calendar is told: the city's own clock, whatever it knows of zones."""

import re
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from dateutil import tz  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import wall
from chalicelib.web import calendars
from chalicelib.web.calendars import Event

NOW = datetime(2026, 10, 1, tzinfo=UTC)
ZONES = ("Europe/Madrid", "Europe/Istanbul", "America/Santiago", "Australia/Lord_Howe", "UTC")
_INSTANTS = st.datetimes(datetime(2019, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy adds it


def written(starts: datetime, ends: datetime, zone: str) -> str:
    event = Event(
        uid="use@marquee",
        starts=starts,
        ends=ends,
        summary="Use",
        description="",
        location="",
        url="https://marquee.example/me",
    )
    return calendars.document([event], zone, NOW).replace("\r\n", "\n")


def read(text: str, what: str) -> datetime:
    """Return an instant as a calendar finds it that knows no zone but the one in the file."""
    described = text[text.index("BEGIN:VTIMEZONE") : text.index("BEGIN:VEVENT")]
    repeated = re.sub(r"(DTSTART:)(\w+)\n", r"\1\2\nRDATE:\2\n", described)  # dateutil asks for it
    (line,) = re.findall(rf"^{what}.*", text[text.index("BEGIN:VEVENT") :], re.MULTILINE)
    named, _, at = line.partition(":")
    if at.endswith("Z"):
        return datetime.fromisoformat(at)
    zone = tz.tzical(StringIO(repeated)).get(named.partition("TZID=")[2])
    return datetime.fromisoformat(at).replace(tzinfo=zone).astimezone(UTC)


def test_a_change_of_the_clocks_between_start_and_end_is_in_the_file() -> None:
    starts, ends = datetime(2026, 10, 24, 8, tzinfo=UTC), datetime(2026, 10, 26, 18, tzinfo=UTC)
    text = written(starts, ends, "Europe/Madrid")
    assert "DTSTART;TZID=Europe/Madrid:20261024T100000" in text
    assert "DTEND;TZID=Europe/Madrid:20261026T190000" in text
    assert "BEGIN:STANDARD\nDTSTART:20261025T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n" in text


@pytest.mark.parametrize("zone", ZONES)
@given(starts=_INSTANTS, hours=st.integers(1, 300 * 24))
def test_a_calendar_finds_each_instant_by_the_zone_in_the_file(
    zone: str, starts: datetime, hours: int
) -> None:
    starts = starts.replace(microsecond=0)
    ends = starts + timedelta(hours=hours)
    text = written(starts, ends, zone)
    assert (read(text, "DTSTART"), read(text, "DTEND")) == (starts, ends)


def test_the_second_pass_of_an_hour_that_comes_twice_is_not_the_first() -> None:
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # 02:30 in Madrid, again
    assert second.astimezone(wall.zone_of("Europe/Madrid")).fold == 1
    text = written(second, second + timedelta(hours=1), "Europe/Madrid")
    assert "DTSTART:20261025T013000Z" in text
