"""A campaign across its cities: what comes next, where first, and what is revealed by now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib import cities
from chalicelib.domain.campaign import Phase
from chalicelib.domain.live import Published
from chalicelib.domain.merchant import Merchant
from chalicelib.domain.offer import EVERYWHERE, Offer
from chalicelib.domain.popup import Popup
from chalicelib.web import phrases, stand_view
from chalicelib.web.languages import catalogue, comma
from chalicelib.web.stand_view import StandView

_NAMED = 3  # cities that a countdown names
_FRESH = timedelta(minutes=1)
_ORDER = (Phase.SCHEDULED, Phase.REVEALED, Phase.LIVE)


@dataclass(frozen=True, slots=True)
class Countdown:
    """The next turn of the festival and the cities that make it first."""

    at: datetime
    parts: Sequence[tuple[str, str]]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Revealed:
    """An offer with the stands at which it may be claimed by now."""

    offer: Offer
    merchant: Merchant | None
    popups: Sequence[Popup]
    everywhere: bool
    over: bool
    fresh: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """How many offers are still sealed everywhere, and when the first of them opens."""

    count: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Festival:
    """Everything that the festival's page shows."""

    phase: Phase
    stands: Sequence[StandView]
    countdown: Countdown | None
    revealed: Sequence[Revealed]
    sealed: Sealed | None
    swaying: bool

    @property
    def open_now(self) -> Sequence[StandView]:
        """The stands at which vouchers are used right now."""
        return [stand for stand in self.stands if stand.open_now]


def festival(published: Published, at: datetime, language: str) -> Festival:
    """Return the festival as it is at an instant."""
    campaign = published.campaign
    stands = [stand_view.view(published, popup, at, language) for popup in campaign.popups]
    revealed = [found for offer in campaign.offers if (found := revealed_at(published, offer, at))]
    return Festival(
        phase=Phase.PAUSED if published.live.paused else campaign.phase(at),
        stands=stands,
        countdown=_countdown(stands, at, language),
        revealed=revealed,
        sealed=sealed_at(published, campaign.popups, at, language),
        swaying=any(offer.fresh for offer in revealed),
    )


def _countdown(stands: Sequence[StandView], at: datetime, language: str) -> Countdown | None:
    """Count to the next turn of the stands that are least far along."""
    waiting = {stand.phase for stand in stands}
    phase = next((phase for phase in _ORDER if phase in waiting), None)
    if phase is None:
        return None
    first: dict[datetime, str] = {}
    for stand in stands:
        if stand.phase is phase and stand.turns_at:
            first.setdefault(stand.turns_at, cities.name_in(stand.popup.city, language))
    turns = sorted(first)
    _ = catalogue(language).gettext
    places = comma(language).join(
        _("in {city} in {span}").format(city=first[turn], span=_span(turn - at, language))
        for turn in turns[:_NAMED]
    )
    sentence = {
        Phase.SCHEDULED: _("Reveal {places}"),
        Phase.REVEALED: _("Opens {places}"),
        Phase.LIVE: _("Ends {places}"),
    }[phase]
    return Countdown(
        turns[0], phrases.parts(turns[0] - at, language), sentence.format(places=places)
    )


def _span(rest: timedelta, language: str) -> str:
    """Say how long in one piece: a line that ends between 3 and h reads badly."""
    return phrases.span(rest, language).replace(" ", "\N{NO-BREAK SPACE}")


def revealed_at(published: Published, offer: Offer, at: datetime) -> Revealed | None:
    """Return an offer with the stands that have revealed it, or None where none has."""
    campaign = published.campaign
    open_at = {p: campaign.claimable_from(p, offer) for p in _stands_of(published, offer)}
    popups = [popup for popup, opens in open_at.items() if opens <= at]
    if not popups:
        return None
    return Revealed(
        offer=offer,
        merchant=campaign.merchant.get(offer.merchant_id or ""),
        popups=popups,
        everywhere=offer.popup_ids == (EVERYWHERE,) and len(popups) == len(campaign.popups),
        over=offer.closed or all(at >= campaign.usable_until(p, offer) for p in popups),
        fresh=at - max(open_at[popup] for popup in popups) < _FRESH,
    )


def sealed_at(
    published: Published, popups: Sequence[Popup], at: datetime, language: str
) -> Sealed | None:
    """Count what is sealed at all of these stands; not even the number of its stands is told."""
    campaign = published.campaign
    firsts = [
        min((campaign.claimable_from(popup, offer), popup.number, popup) for popup in running)
        for offer in campaign.offers
        if not offer.closed and (running := [p for p in popups if offer.runs_at(p.popup_id)])
    ]
    coming = [first for first in firsts if first[0] > at]
    if not coming:
        return None
    opens_at, _, popup = min(coming)
    city, span = cities.name_in(popup.city, language), phrases.span(opens_at - at, language)
    words = catalogue(language).gettext("Opens in {city} in {span}")
    return Sealed(count=len(coming), words=words.format(city=city, span=span))


def _stands_of(published: Published, offer: Offer) -> list[Popup]:
    return [popup for popup in published.campaign.popups if offer.runs_at(popup.popup_id)]
