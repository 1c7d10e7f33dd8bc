"""Wall times: what a clock on the wall shows, and the instant it means in a zone.

A wall time is kept as it was typed, `YYYY-MM-DDTHH:MM` or `YYYY-MM-DD`, so that saving it
unchanged changes nothing. A date alone means the start of that local day, or its end when it
ends something; `T24:00` is the start of the next day.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_DAY_LENGTH = 10
_A_DAY = timedelta(days=1)


@lru_cache(maxsize=600)
def zone_of(name: str) -> ZoneInfo:
    """Return an IANA zone. The library keeps eight in memory; a campaign has thirty-five."""
    return ZoneInfo(name)


def is_zone(text: str) -> bool:
    """Tell whether this is an IANA zone, so that clocks can be read there."""
    try:
        zone_of(text)
    except (KeyError, OSError, ValueError):
        return False
    return True


def parse(text: str, *, ends: bool = False) -> datetime:
    """Return the naive wall time. Raises ValueError for anything else."""
    if len(text) == _DAY_LENGTH:
        return datetime.fromisoformat(text) + timedelta(days=1 if ends else 0)
    if text.endswith("T24:00"):
        return datetime.fromisoformat(text[:_DAY_LENGTH]) + timedelta(days=1)
    wall = datetime.fromisoformat(text)
    if wall.tzinfo is not None:
        raise ValueError(f"a wall time has no zone: {text}")
    return wall


@lru_cache(maxsize=4096)
def instant(text: str, time_zone: str, *, ends: bool = False) -> datetime:
    """Return the instant (UTC) that a wall time means in an IANA zone.

    A repeated wall time starts with its first pass and ends with its second, so that a window
    holds both. A skipped one means the moment at which the clock jumped over it. Raises ValueError
    for what is no wall time, no zone or outside the calendar: a draft holds whatever was typed.
    """
    try:
        return instant_of(parse(text, ends=ends), zone_of(time_zone), ends=ends)
    except (KeyError, OSError, OverflowError) as error:
        raise ValueError(f"no instant: {text} {time_zone}") from error


def instant_of(wall: datetime, zone: ZoneInfo, *, ends: bool = False) -> datetime:
    """Do the same for a naive wall time that is already parsed."""
    found = wall.replace(tzinfo=zone, fold=1 if ends else 0).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == wall:
        return found
    return _jump_over(wall, zone)


def _jump_over(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant of the jump that skips `wall`: where the offset changes."""
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return _change(zone, min(before, after), max(before, after))


def changes(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[datetime]:
    """Yield each instant after `first`, up to `last`, at which the zone's clocks change.

    No zone changes its clocks twice within a day.
    """
    while first < last:
        later = min(first + _A_DAY, last)
        if first.astimezone(zone).utcoffset() != later.astimezone(zone).utcoffset():
            yield _change(zone, first, later)
        first = later


def _change(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """Return the instant between two at which the offset changes, to the second."""
    early = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // 2
        if middle.astimezone(zone).utcoffset() == early:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)
