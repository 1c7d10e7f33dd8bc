"""Holds: a claim that has to be used in time, and a voucher that waits for a shop's order.

The sweeper looks at one minute after the other; `minute_of` names the one at which a hold is due.
"""

from datetime import UTC, datetime, timedelta

from chalicelib.domain.campaign import Campaign
from chalicelib.domain.offer import Offer
from chalicelib.domain.popup import Popup
from chalicelib.domain.voucher import PastUse, State, Use, Voucher

LONGEST_ORDER_HOLD_SECONDS = 900
OFFLINE_GRACE = timedelta(hours=24)  # a phone without network may have used it already
LAST_GENERATION = 15  # a token says it in four bits
SWEEPER = "sweeper"


def hold_until(campaign: Campaign, offer: Offer, popup: Popup, at: datetime) -> datetime | None:
    """Return when an unused claim gives its unit back, or None where it never does."""
    if offer.hold_minutes is None:
        return None
    starts = max(campaign.usable_from(popup, offer), at)
    grace = OFFLINE_GRACE if offer.works_offline else timedelta()
    return starts + timedelta(minutes=offer.hold_minutes) + grace


def minute_of(at: datetime) -> str:
    """Return the first whole minute at or after an instant, as the sweeper's index names it."""
    whole = at.astimezone(UTC).replace(second=0, microsecond=0)
    return (whole if whole == at else whole + timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%MZ")


def due(state: State, voucher: Voucher) -> str | None:
    """Return the minute at which the sweeper has to look at it in that state, or None."""
    ends = {State.ISSUED: voucher.hold_until, State.HELD: voucher.held_until}.get(state)
    return minute_of(ends) if ends is not None else None


def due_again(to: State, voucher: Voucher, at: datetime) -> str | None:
    """Return the same for one that an order gave back, or a friend got, at an instant.

    The claim's own hold may have ended meanwhile, at a minute that the sweeper is past.
    """
    minute = due(to, voucher)
    return max(minute, minute_of(at)) if minute is not None else None


def ended(voucher: Voucher, use: Use, at: datetime) -> PastUse:
    """Return the end of an order's hold that nobody confirmed; whoever finds it writes the same."""
    return PastUse(
        use=use,
        nonce=f"end-{use.number}",
        device_id=SWEEPER,
        reversed_at=max(at, voucher.held_until or at),
        why="the hold ended",
        released=True,
    )
