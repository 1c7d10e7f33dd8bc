"""Offers as visitors see them: sealed, open, ended, judged by one stand's own clock."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain import claim as rules
from chalicelib.domain import presence
from chalicelib.domain.claim import Wish
from chalicelib.domain.live import Published
from chalicelib.domain.merchant import Merchant
from chalicelib.domain.offer import Offer
from chalicelib.domain.popup import Popup
from chalicelib.domain.reasons import Reason, Refusal

_FRESH = timedelta(minutes=1)


class CardState(StrEnum):
    SEALED = "sealed"
    OPEN = "open"
    ENDED = "ended"
    PAUSED = "paused"
    PRESENCE = "presence"
    SOLD_OUT = "sold_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One offer at one stand. A sealed card knows nothing but when it opens.

    `owned` are the visitor's vouchers by ordinal, `given` the ordinals of those that were passed
    on, which are claimed for good, too; `ordinal` is the next that may be claimed.
    """

    state: CardState
    opens_at: datetime
    ends_at: datetime
    offer: Offer | None = None
    merchant: Merchant | None = None
    fresh: bool = False
    owned: Mapping[int, str] = field(default_factory=dict)
    given: Collection[int] = ()

    @property
    def claimed(self) -> bool:
        """Tell whether the visitor claimed it, whatever became of the voucher."""
        return bool(self.owned or self.given)

    @property
    def ordinal(self) -> int | None:
        """The next ordinal that may be claimed, or None."""
        limit = self.offer.visitor_limit if self.offer else 0
        free = (n for n in range(1, limit + 1) if n not in self.owned and n not in self.given)
        return next(free, None)


_STATES = {
    None: CardState.OPEN,
    Reason.NOT_REVEALED: CardState.SEALED,
    Reason.PAUSED: CardState.PAUSED,
    Reason.PRESENCE_REQUIRED: CardState.PRESENCE,
    Reason.PRESENCE_EXPIRED: CardState.PRESENCE,
    Reason.RATE_LIMITED: CardState.PRESENCE,
}


def card(
    published: Published,
    popup: Popup,
    offer: Offer,
    at: datetime,
    owned: Mapping[int, str],
    left: int | None = None,
    absence: Refusal | None = presence.REQUIRED,
    given: Collection[int] = (),
) -> Card:
    """Return the card of an offer; the rules of claiming decide what it shows.

    `left` is what the stock was seen to have, None where there is none or nobody could look;
    `absence` is what speaks against the visitor's presence.
    """
    campaign = published.campaign
    wish = Wish(published=published, popup=popup, offer=offer, visitor="", at=at, absence=absence)
    refused = rules.refusal(wish)
    state = _STATES.get(refused.reason if refused else None, CardState.ENDED)
    if state in {CardState.OPEN, CardState.PRESENCE} and left == 0:
        state = CardState.SOLD_OUT
    opens, ends = campaign.claimable_from(popup, offer), campaign.usable_until(popup, offer)
    if at < opens:
        return Card(state=CardState.SEALED, opens_at=opens, ends_at=ends)
    return Card(
        state=state,
        opens_at=opens,
        ends_at=ends,
        offer=offer,
        merchant=campaign.merchant.get(offer.merchant_id or ""),
        fresh=at - opens < _FRESH,
        owned=owned,
        given=given,
    )
