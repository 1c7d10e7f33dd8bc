"""A note to oneself: written with a voucher, read again on the day on which that can be used.

It comes from 11 November, on which many give themselves something; nobody but the holder sees it.
"""

from datetime import datetime

from chalicelib.domain.popup import Popup
from chalicelib.domain.voucher import State

LONGEST = 140
_JOINERS = "\u200c\u200d"
WRITABLE = frozenset({State.ISSUED, State.REVERSED, State.HELD, State.REDEEMED})


def cleaned(text: str) -> str:
    """Return the note as it is kept: one space for each gap, nothing that does not show.

    What joins letters and signs stays between them: families of signs, Persian words.
    """
    kept = "".join(c if c.isprintable() or c in _JOINERS else " " for c in text)
    words = (word.strip(_JOINERS) for word in kept.split())
    return " ".join(word for word in words if word)


def opens(popup: Popup, usable_from: datetime, at: datetime) -> bool:
    """Tell whether the day has come, by the stand's own calendar."""
    return popup.local_day(at) >= popup.local_day(usable_from)
