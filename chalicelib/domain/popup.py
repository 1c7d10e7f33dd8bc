"""A pop-up stand: its place, its zone, its opening hours."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from math import acos, cos, radians, sin
from zoneinfo import ZoneInfo

from chalicelib.domain import wall

EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
_MINUTES_A_DAY = 24 * 60
_EARTH_KM = 6371
_SMALL_HOURS = timedelta(hours=5)


@dataclass(frozen=True)
class Session:
    """Opening hours in wall time, on ISO weekdays (1 is Monday).

    `closes` at or before `opens` is a time of the next morning; `24:00` is the end of the day.
    """

    opens: str
    closes: str
    days: tuple[int, ...] = EVERY_DAY

    @cached_property
    def start(self) -> int:
        """Minutes after midnight."""
        return _minutes(self.opens)

    @cached_property
    def end(self) -> int:
        """Minutes after the midnight that begins the day of opening; above 1440 past midnight."""
        end = _minutes(self.closes)
        return end if end > self.start else end + _MINUTES_A_DAY

    def holds(self, weekday: int, minute: int) -> bool:
        """Tell whether the stand is open at this minute of this weekday."""
        yesterday = (weekday - 2) % 7 + 1
        return (weekday in self.days and self.start <= minute < self.end) or (
            yesterday in self.days and minute + _MINUTES_A_DAY < self.end
        )


@dataclass(frozen=True, kw_only=True)
class Popup:
    """One stand of a campaign. `number` is what a token carries; it is given once.

    `address` says where in the city, on one line as people write it there; empty: not told.
    Without network each of its devices may accept `offline_uses`, of `offline_value_minor` in all
    (None: of any value), before it must hand them in.
    """

    popup_id: str
    number: int
    city: str
    country: str
    time_zone: str
    currency: str
    language: str
    latitude: float
    longitude: float
    hours: tuple[Session, ...]
    offline_uses: int = 1_000
    offline_value_minor: int | None = None
    address: str = ""

    @cached_property
    def zone(self) -> ZoneInfo:
        return wall.zone_of(self.time_zone)

    def local(self, at: datetime) -> datetime:
        """Return the instant on this stand's own clock."""
        return at.astimezone(self.zone)

    def local_day(self, at: datetime) -> date:
        """Return the calendar date here at that instant: the day of a day limit."""
        return self.local(at).date()

    def local_hour(self, at: datetime) -> str:
        """Return the hour here, `YYYY-MM-DDTHH`: the row of the figures."""
        return self.local(at).strftime("%Y-%m-%dT%H")

    def open_at(self, at: datetime) -> bool:
        """Tell whether the stand is open; judged by the wall clock, so both passes count."""
        here = self.local(at)
        minute = here.hour * 60 + here.minute
        return any(session.holds(here.isoweekday(), minute) for session in self.hours)

    def km_to(self, other: "Popup") -> int:
        """Return how far another stand is as the crow flies, in whole kilometres."""
        here, there = radians(self.latitude), radians(other.latitude)
        turn = radians(other.longitude - self.longitude)
        cosine = sin(here) * sin(there) + cos(here) * cos(there) * cos(turn)
        return round(_EARTH_KM * acos(max(-1.0, min(1.0, cosine))))

    def opens_next(self, at: datetime) -> datetime | None:
        """Return the next opening after `at`, or None for a stand without hours."""
        today = self.local_day(at)
        starts = (
            wall.instant_of(_wall_time(today + timedelta(days=ahead), session.start), self.zone)
            for ahead in range(9)
            for session in self.hours
            if (today + timedelta(days=ahead)).isoweekday() in session.days
        )
        return min((start for start in starts if start > at), default=None)

    def reopens(self, at: datetime) -> datetime:
        """Return when a stand that closes for the day at `at` opens again.

        Small hours belong to the day before. Without hours it is the next midnight.
        """
        tomorrow = (self.local(at) - _SMALL_HOURS).date() + timedelta(days=1)
        midnight = wall.instant_of(_wall_time(tomorrow, 0), self.zone)
        return self.opens_next(midnight - timedelta(seconds=1)) or midnight


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _wall_time(day: date, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001 - a wall time has no zone
