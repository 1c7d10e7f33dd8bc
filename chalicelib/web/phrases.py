"""Times as people say them: how long until, on which day, how far from now."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from babel.dates import format_datetime

from chalicelib import cities
from chalicelib.domain.popup import EVERY_DAY, Popup, Session
from chalicelib.web.languages import catalogue, comma

_A_DAY = timedelta(days=1)
_WHOLE_DAY = ("00:00", "24:00")


def span(length: timedelta, language: str) -> str:
    """Say how long: two units at most, rounded up to the minute."""
    _ = catalogue(language).gettext
    minutes = max(1, -(-length // timedelta(minutes=1)))
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        text = _("{days} d {hours} h") if hours else _("{days} d")
    elif hours:
        text = _("{hours} h {minutes} min") if minutes else _("{hours} h")
    else:
        text = _("{minutes} min")
    return text.format(days=days, hours=hours, minutes=minutes)


def parts(length: timedelta, language: str) -> list[tuple[str, str]]:
    """Split a length for a countdown: numbers with their units, the largest first."""
    _ = catalogue(language).gettext
    seconds = max(0, int(length.total_seconds()))
    days, rest = divmod(seconds, 86_400)
    clock = [(rest // 3600, _("hours")), (rest // 60 % 60, _("minutes")), (rest % 60, _("seconds"))]
    shown = [(days, _("days")), *clock] if days else clock
    return [(f"{number:02}", unit) for number, unit in shown]


def when(at: datetime, popup: Popup, now: datetime | None, language: str) -> str:
    """Say an instant on the stand's own clock: 14:02 today, tomorrow 10:00, 24 Nov 10:00.

    Without a `now` it has its date and year: paper and calendars are read on any day.
    """
    return _on_day(popup.local(at), f"{popup.local(at):%H:%M}", now and popup.local(now), language)


def until(end: datetime, popup: Popup, now: datetime | None, language: str) -> str:
    """Say an exclusive end: midnight is 24:00 of the day that it ends."""
    local = popup.local(end)
    if (local.hour, local.minute) == (0, 0):
        day, today = local - timedelta(minutes=1), now and popup.local(now)
        return _on_day(day, "24:00", today, language)
    return when(end, popup, now, language)


def dated(starts: datetime, ends: datetime | None, popup: Popup, language: str) -> str:
    """Say when, or from when to when, with dates, on the clock of the stand's city."""
    time = when(starts, popup, None, language)
    time += f" – {until(ends, popup, None, language)}" if ends else ""
    return (
        catalogue(language)
        .gettext("{time}, {city} time")
        .format(time=time, city=cities.name_in(popup.city, language))
    )


def _on_day(local: datetime, clock: str, today: datetime | None, language: str) -> str:
    _ = catalogue(language).gettext
    if today is None:
        return _dated(local, clock, "d MMM y", language)
    days = (local.date() - today.date()) // _A_DAY
    if days == 0:
        return _("{time} today").format(time=clock)
    if days == 1:
        return _("{time} tomorrow").format(time=clock)
    return _dated(local, clock, "d MMM" if local.year == today.year else "d MMM y", language)


def _dated(local: datetime, clock: str, pattern: str, language: str) -> str:
    day = format_datetime(local, pattern, locale=language)
    return catalogue(language).gettext("{time} on {day}").format(day=day, time=clock)


def hours(popup: Popup, language: str) -> list[tuple[str, str]]:
    """Return the opening hours as (days, times) lines."""
    by_days: dict[tuple[int, ...], list[Session]] = {}
    for session in popup.hours:
        by_days.setdefault(tuple(session.days), []).append(session)
    return [(_days(days, language), _times(of, language)) for days, of in by_days.items()]


def _days(days: tuple[int, ...], language: str) -> str:
    _ = catalogue(language).gettext
    if days == EVERY_DAY:
        return _("Every day")
    names = [_weekday(day, language) for day in sorted(days)]
    in_a_row = len(days) > 2 and max(days) - min(days) == len(days) - 1
    return f"{names[0]} – {names[-1]}" if in_a_row else comma(language).join(names)


def _weekday(day: int, language: str) -> str:
    return format_datetime(datetime(2024, 1, day), "EEE", locale=language)  # noqa: DTZ001 - 1 January 2024 was a Monday


def _times(sessions: Iterable[Session], language: str) -> str:
    _ = catalogue(language).gettext
    return comma(language).join(
        _("day and night")
        if (session.opens, session.closes) == _WHOLE_DAY
        else _("{opens} – {closes}").format(opens=session.opens, closes=session.closes)
        for session in sessions
    )
