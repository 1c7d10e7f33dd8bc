"""When a stand that is open closes."""

from datetime import datetime, timedelta

from chalicelib.domain import wall
from chalicelib.domain.popup import Popup

_A_DAY_OF_MINUTES = 24 * 60


def closes_at(popup: Popup, at: datetime) -> datetime | None:
    """Return when the session that holds `at` ends; None when closed, or open day and night."""
    local = popup.local(at)
    minute = local.hour * 60 + local.minute
    for session in popup.hours:
        if session.end - session.start >= _A_DAY_OF_MINUTES:
            continue
        if session.holds(local.isoweekday(), minute):
            began_today = minute >= session.start
            ends_in = session.end - minute - (0 if began_today else _A_DAY_OF_MINUTES)
            end = local.replace(second=0, microsecond=0, tzinfo=None) + timedelta(minutes=ends_in)
            return wall.instant_of(end, popup.zone, ends=True)
    return None
