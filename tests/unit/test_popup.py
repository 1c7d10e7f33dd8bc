"""A stand opens and closes by the clock on its own wall."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from made import ISTANBUL, MADRID

from chalicelib.domain.popup import Popup, Session


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


NIGHTS = replace(MADRID, hours=(Session("18:00", "02:00", (5, 6)),))  # Friday and Saturday
WEEKDAYS = replace(MADRID, hours=(Session("10:00", "13:30", (1,)), Session("16:00", "20:00", (1,))))


@pytest.mark.parametrize(
    ("local", "is_open"),
    [
        ("2026-05-22T17:59:59", False),  # Friday
        ("2026-05-22T18:00:00", True),
        ("2026-05-23T01:59:59", True),
        ("2026-05-23T02:00:00", False),
        ("2026-05-24T01:59:59", True),  # the night after Saturday
        ("2026-05-24T18:00:00", False),  # Sunday
        ("2026-05-25T01:00:00", False),
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_began(local: str, is_open: bool) -> None:  # noqa: FBT001
    at = datetime.fromisoformat(local).replace(tzinfo=NIGHTS.zone)
    assert NIGHTS.open_at(at) is is_open


@pytest.mark.parametrize(
    ("instant", "is_open"),
    [
        ("2019-10-27T00:29:59", False),  # 02:29:59 for the first time
        ("2019-10-27T00:30:00", True),
        ("2019-10-27T00:59:59", True),  # 02:59:59 for the first time
        ("2019-10-27T01:00:00", False),  # 02:00 for the second time
        ("2019-10-27T01:30:00", True),  # 02:30 for the second time
        ("2019-10-27T02:30:00", False),  # 03:30
    ],
)
def test_both_passes_of_a_repeated_hour_are_open(instant: str, is_open: bool) -> None:  # noqa: FBT001
    early = replace(MADRID, hours=(Session("02:30", "03:30"),))
    assert early.open_at(utc(instant)) is is_open


def test_a_skipped_opening_opens_when_the_clock_jumps() -> None:
    early = replace(MADRID, hours=(Session("02:30", "06:00"),))
    assert not early.open_at(utc("2019-03-31T00:59:59"))
    assert early.open_at(utc("2019-03-31T01:00:00"))
    assert early.opens_next(utc("2019-03-31T00:00:00")) == utc("2019-03-31T01:00:00")


@pytest.mark.parametrize("hours", [Session("00:00", "24:00"), Session("00:00", "00:00")])
def test_a_stand_may_be_open_all_day(hours: Session) -> None:
    stand = replace(ISTANBUL, hours=(hours,))
    start = utc("2026-05-18T00:00")
    assert all(stand.open_at(start + timedelta(minutes=m)) for m in range(0, 7 * 1440, 29))


def test_a_stand_without_hours_never_opens() -> None:
    closed = replace(ISTANBUL, hours=())
    assert not closed.open_at(utc("2026-05-20T12:00"))
    assert closed.opens_next(utc("2026-05-20T12:00")) is None


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-05-18T07:59:59", "2026-05-18T08:00:00"),  # Monday, Madrid is two hours ahead
        ("2026-05-18T08:00:00", "2026-05-18T14:00:00"),
        ("2026-05-18T14:00:00", "2026-05-25T08:00:00"),  # nothing more until next Monday
    ],
)
def test_the_next_opening_is_the_first_after_now(at: str, opens: str) -> None:
    assert WEEKDAYS.opens_next(utc(at)) == utc(opens)


def test_the_day_of_a_limit_is_the_stands_own() -> None:
    at = utc("2026-05-20T21:30")
    assert ISTANBUL.local_day(at) == date(2026, 5, 21)
    assert MADRID.local_day(at) == date(2026, 5, 20)
    assert ISTANBUL.local_hour(at) == "2026-05-21T00"


def test_stands_know_how_far_they_are_from_each_other() -> None:
    istanbul = replace(ISTANBUL, latitude=41.0138, longitude=28.9497)
    madrid = replace(MADRID, latitude=40.4168, longitude=-3.7038)
    assert istanbul.km_to(madrid) == madrid.km_to(istanbul) == 2737
    assert istanbul.km_to(istanbul) == 0


@pytest.mark.parametrize(
    ("popup", "closes", "reopens"),
    [
        (WEEKDAYS, "2026-05-25T12:00", "2026-06-01T10:00"),  # not the same afternoon
        (NIGHTS, "2026-05-22T23:30", "2026-05-23T18:00"),
        (NIGHTS, "2026-05-23T00:30", "2026-05-23T18:00"),  # the night that began on Friday
        (NIGHTS, "2026-05-23T09:00", "2026-05-29T18:00"),  # before it opened on Saturday
        (MADRID, "2026-05-23T09:00", "2026-05-24T00:00"),  # open day and night
        (replace(MADRID, hours=()), "2026-05-23T09:00", "2026-05-24T00:00"),
    ],
)
def test_a_stand_that_closed_for_the_day_opens_on_a_later_one(
    popup: Popup, closes: str, reopens: str
) -> None:
    at, then = (
        datetime.fromisoformat(text).replace(tzinfo=popup.zone) for text in (closes, reopens)
    )
    assert popup.reopens(at) == then
