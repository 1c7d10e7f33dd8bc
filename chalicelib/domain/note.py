"""A note to oneself: written with a voucher, read again on the day on which that can be used.

It comes from 11 November, on which many give themselves something; nobody but the holder sees it.
"""

from datetime import datetime

from chalicelib.domain.popup import Popup
from chalicelib.domain.voucher import State

LONGEST = 140
WRITABLE = frozenset({State.ISSUED, State.REVERSED, State.HELD, State.REDEEMED})


def cleaned(text: str) -> str:
    """Return the note as it is kept: one space for each gap, nothing that does not show."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def opens(popup: Popup, usable_from: datetime, at: datetime) -> bool:
    """Tell whether the day has come, by the stand's own calendar."""
    return popup.local_day(at) >= popup.local_day(usable_from)
