"""What a clock on the wall shows is an instant of its own in each zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import wall


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "ends", "meant"),
    [
        ("2019-11-11", False, "2019-11-11T00:00"),
        ("2019-11-11", True, "2019-11-12T00:00"),
        ("2019-11-11T24:00", False, "2019-11-12T00:00"),
        ("2019-11-11T24:00", True, "2019-11-12T00:00"),
        ("2019-12-31T24:00", True, "2020-01-01T00:00"),
        ("2020-02-28T24:00", True, "2020-02-29T00:00"),
        ("2019-11-11T09:30", True, "2019-11-11T09:30"),
    ],
)
def test_a_date_alone_is_a_whole_day(text: str, ends: bool, meant: str) -> None:  # noqa: FBT001
    assert wall.parse(text, ends=ends).isoformat(timespec="minutes") == meant


@pytest.mark.parametrize(
    "text", ["", "soon", "2019-11-11T00:00Z", "2019-11-11T00:00+03:00", "2019-02-30", "11:00"]
)
def test_anything_else_is_no_wall_time(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        wall.parse(text)


@pytest.mark.parametrize(
    ("text", "zone", "ends", "meant"),
    [
        # One record, another instant in each city.
        ("2019-10-28T00:00", "Europe/Madrid", False, "2019-10-27T23:00"),
        ("2019-10-28T00:00", "Europe/Istanbul", False, "2019-10-27T21:00"),
        ("2019-11-11T24:00", "America/Los_Angeles", True, "2019-11-12T08:00"),
        # Madrid, 27 October 2019: 03:00 becomes 02:00, and 02:30 comes twice.
        ("2019-10-27T02:30", "Europe/Madrid", False, "2019-10-27T00:30"),
        ("2019-10-27T02:30", "Europe/Madrid", True, "2019-10-27T01:30"),
        ("2019-10-27T02:00", "Europe/Madrid", False, "2019-10-27T00:00"),
        ("2019-10-27T03:00", "Europe/Madrid", False, "2019-10-27T02:00"),
        ("2019-10-27T03:00", "Europe/Madrid", True, "2019-10-27T02:00"),
        # Madrid, 31 March 2019: 02:00 becomes 03:00, and 02:30 never comes.
        ("2019-03-31T02:00", "Europe/Madrid", False, "2019-03-31T01:00"),
        ("2019-03-31T02:30", "Europe/Madrid", False, "2019-03-31T01:00"),
        ("2019-03-31T02:30", "Europe/Madrid", True, "2019-03-31T01:00"),
        ("2019-03-31T03:00", "Europe/Madrid", True, "2019-03-31T01:00"),
        # Santiago changes at midnight: 8 September 2019 has none, 6 April 2019 ends twice.
        ("2019-09-08", "America/Santiago", False, "2019-09-08T04:00"),
        ("2019-09-07", "America/Santiago", True, "2019-09-08T04:00"),
        ("2019-09-07T24:00", "America/Santiago", True, "2019-09-08T04:00"),
        ("2019-09-08T01:00", "America/Santiago", False, "2019-09-08T04:00"),
        ("2019-04-06T23:30", "America/Santiago", False, "2019-04-07T02:30"),
        ("2019-04-06T23:30", "America/Santiago", True, "2019-04-07T03:30"),
        ("2019-04-06", "America/Santiago", True, "2019-04-07T04:00"),
        # Lord Howe moves by half an hour only.
        ("2019-04-07T01:45", "Australia/Lord_Howe", False, "2019-04-06T14:45"),
        ("2019-04-07T01:45", "Australia/Lord_Howe", True, "2019-04-06T15:15"),
    ],
)
def test_clock_changes_leave_no_window_short(text: str, zone: str, ends: bool, meant: str) -> None:  # noqa: FBT001
    assert wall.instant(text, zone, ends=ends) == utc(meant)


ZONES = st.sampled_from(
    ["Europe/Madrid", "Europe/Istanbul", "America/Santiago", "Asia/Kathmandu", "America/New_York"]
)
WALLS = st.datetimes(datetime(2019, 1, 1), datetime(2029, 12, 31)).map(  # noqa: DTZ001 - wall times
    lambda at: at.replace(second=0, microsecond=0)
)


@given(WALLS, ZONES)
def test_a_window_never_ends_before_it_starts(at: datetime, name: str) -> None:
    zone = ZoneInfo(name)
    assert wall.instant_of(at, zone) <= wall.instant_of(at, zone, ends=True)


@given(WALLS, ZONES, st.integers(1, 24 * 60))
def test_a_later_wall_time_is_never_an_earlier_instant(at: datetime, name: str, more: int) -> None:
    zone = ZoneInfo(name)
    later = at + timedelta(minutes=more)
    assert wall.instant_of(at, zone) <= wall.instant_of(later, zone)
    assert wall.instant_of(at, zone, ends=True) <= wall.instant_of(later, zone, ends=True)


@given(WALLS, ZONES)
def test_what_the_wall_shows_then_is_what_was_meant(at: datetime, name: str) -> None:
    zone = ZoneInfo(name)
    shown = wall.instant_of(at, zone).astimezone(zone).replace(tzinfo=None)
    assert shown >= at  # later only where the clock jumped over it
    assert shown - at < timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("2026-11-11", "Europe/Istanbull"),
        ("2026-11-11", "Europe"),
        ("2026-11-11", "../../etc/passwd"),
        ("2026-11-11", ""),
        ("0001-01-01T00:00", "Asia/Tokyo"),
        ("9999-12-31", "America/Lima"),
        ("9999-12-31T24:00", "UTC"),
        ("x", "UTC"),
    ],
)
def test_what_a_draft_may_hold_and_no_clock_shows_is_one_kind_of_error(
    text: str, zone: str
) -> None:
    with pytest.raises(ValueError, match=r"no instant|isoformat|ZoneInfo keys"):
        wall.instant(text, zone, ends=True)


@pytest.mark.parametrize(
    ("zone", "known"),
    [("Europe/Istanbul", True), ("Istanbull", False), ("Europe", False), ("../UTC", False)],
)
def test_a_zone_is_one_or_none(zone: str, known: bool) -> None:  # noqa: FBT001
    assert wall.is_zone(zone) is known
