"""A campaign: its calendar in wall time, its stands, merchants and offers, and its phases."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from chalicelib.domain import wall
from chalicelib.domain.branding import Branding
from chalicelib.domain.delivery_plan import DeliveryPlan
from chalicelib.domain.merchant import Merchant, Texts
from chalicelib.domain.offer import Offer
from chalicelib.domain.popup import Popup


class Phase(StrEnum):
    """Where a campaign stands at an instant; `paused` may lie over any."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    REVEALED = "revealed"
    LIVE = "live"
    OVER = "over"
    PAUSED = "paused"


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """Wall times in each pop-up's own zone. Ends are exclusive."""

    revealed_from: str
    usable_from: str
    usable_until: str


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """Everything that marketing publishes at once. `number` is what a token carries."""

    campaign_id: str
    number: int
    name: Texts
    calendar: Calendar
    languages: tuple[str, ...]
    popups: tuple[Popup, ...]
    merchants: tuple[Merchant, ...]
    offers: tuple[Offer, ...]
    delivery: DeliveryPlan | None = None
    sample: bool = False
    branding: Branding | None = None

    @cached_property
    def popup(self) -> Mapping[str, Popup]:
        return {popup.popup_id: popup for popup in self.popups}

    @cached_property
    def popup_numbered(self) -> Mapping[int, Popup]:
        return {popup.number: popup for popup in self.popups}

    @cached_property
    def offer(self) -> Mapping[str, Offer]:
        return {offer.offer_id: offer for offer in self.offers}

    @cached_property
    def offer_numbered(self) -> Mapping[int, Offer]:
        return {offer.number: offer for offer in self.offers}

    @cached_property
    def merchant(self) -> Mapping[str, Merchant]:
        return {merchant.merchant_id: merchant for merchant in self.merchants}

    def offers_at(self, popup: Popup) -> tuple[Offer, ...]:
        """Return the offers that this stand issues, in the order of the campaign."""
        return tuple(offer for offer in self.offers if offer.runs_at(popup.popup_id))

    def places_of_use(self, offer: Offer) -> list[Popup]:
        """Return the stands at which some voucher of the offer may be used."""
        issuing = [popup for popup in self.popups if offer.runs_at(popup.popup_id)]
        return [
            popup
            for popup in self.popups
            if any(offer.reaches(issued, popup) for issued in issuing)
        ]

    def claimable_from(self, popup: Popup, offer: Offer | None = None) -> datetime:
        """Return the instant at which claims open here (default: the reveal)."""
        start = (offer and offer.claimable_from) or self.calendar.revealed_from
        return wall.instant(start, popup.time_zone)

    def usable_from(self, popup: Popup, offer: Offer | None = None) -> datetime:
        """Return the first instant of use here."""
        start = (offer and offer.usable_from) or self.calendar.usable_from
        return wall.instant(start, popup.time_zone)

    def usable_until(self, popup: Popup, offer: Offer | None = None) -> datetime:
        """Return the instant that ends the use here, exclusive."""
        end = (offer and offer.usable_until) or self.calendar.usable_until
        return wall.instant(end, popup.time_zone, ends=True)

    def popup_phase(self, popup: Popup, at: datetime) -> Phase:
        """Return the phase on this stand's own clock."""
        if at < wall.instant(self.calendar.revealed_from, popup.time_zone):
            return Phase.SCHEDULED
        if at < self.usable_from(popup):
            return Phase.REVEALED
        return Phase.LIVE if at < self.usable_until(popup) else Phase.OVER

    def phase(self, at: datetime) -> Phase:
        """Return the campaign's phase: that of its most advanced stand, over when all are."""
        phases = {self.popup_phase(popup, at) for popup in self.popups}
        for phase in (Phase.LIVE, Phase.REVEALED, Phase.SCHEDULED):
            if phase in phases:
                return phase
        return Phase.OVER

    @cached_property
    def starts(self) -> datetime:
        """The first reveal anywhere."""
        return min(self.claimable_from(popup) for popup in self.popups)

    @cached_property
    def ends(self) -> datetime:
        """The last end of use anywhere."""
        return max(self.usable_until(popup) for popup in self.popups)


def of_the_day(campaigns: tuple[Campaign, ...], at: datetime) -> Campaign | None:
    """Return the campaign whose calendar holds the instant, else the next, else the last."""
    running = [c for c in campaigns if c.starts <= at < c.ends]
    coming = [c for c in campaigns if c.starts > at]
    if running or coming:
        return min(running or coming, key=lambda c: c.starts)
    return max(campaigns, key=lambda c: c.ends, default=None)
