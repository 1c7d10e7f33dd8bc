"""May this visitor claim this offer here and now?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain import presence
from chalicelib.domain.live import Published
from chalicelib.domain.offer import Offer, Scope
from chalicelib.domain.popup import Popup
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.redemption import rfc3339
from chalicelib.domain.source import Source

OUTER_BOUND = timedelta(days=30)  # a token outlives its campaign by this much, never a window


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a visitor asks for. `absence` says why nothing vouches for a visit to the stand.

    `source` is the print whose code led here.
    """

    published: Published
    popup: Popup
    offer: Offer
    visitor: str
    at: datetime
    ordinal: int = 1
    absence: Refusal | None = presence.REQUIRED
    source: Source | None = None

    @property
    def stock_popup_number(self) -> int:
        """The pop-up whose stock gives the unit; 0 is the whole campaign's."""
        stock = self.offer.stock
        return 0 if stock is not None and stock.per is Scope.CAMPAIGN else self.popup.number


def refusal(wish: Wish) -> Refusal | None:
    """Return the first rule that this claim breaks, or None. Stock is decided by its counter."""
    return next(_refusals(wish), None)


def _refusals(wish: Wish) -> Iterator[Refusal]:
    campaign, offer, popup = wish.published.campaign, wish.offer, wish.popup
    zone = {"time_zone": popup.time_zone}
    if not offer.runs_at(popup.popup_id):
        yield Refusal(Reason.WRONG_CITY, {"setting": "popup_ids"})
    opens = campaign.claimable_from(popup, offer)
    if wish.at < opens:
        yield Refusal(Reason.NOT_REVEALED, {"starts_at": rfc3339(opens)} | zone)
    if wish.published.live.stops(popup, wish.at, offer):
        yield Refusal(Reason.PAUSED)
    ends = campaign.usable_until(popup, offer)
    if wish.at >= ends or offer.closed:
        yield Refusal(Reason.EXPIRED, {"ended_at": rfc3339(ends)} | zone)
    if not 1 <= wish.ordinal <= offer.visitor_limit:
        yield Refusal(Reason.LIMIT_VISITOR, {"setting": "visitor_limit"})
    if offer.presence_required and wish.absence is not None:
        yield wish.absence
