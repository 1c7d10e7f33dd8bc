"""Where else to go, from a stand that is closed, paused or sold out: only what is there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from babel.numbers import format_decimal

from chalicelib.domain.campaign import Phase
from chalicelib.domain.live import Published
from chalicelib.domain.offer import Offer
from chalicelib.domain.popup import Popup
from chalicelib.web import hours, phrases
from chalicelib.web.context import context
from chalicelib.web.languages import catalogue
from chalicelib.web.stand_view import StandView

_NAMED = 2  # stands that are named
_AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another stand, with why one would go there."""

    popup: Popup
    words: str


def with_stock(
    published: Published, here: Popup, offer: Offer, at: datetime, language: str
) -> list[Elsewhere]:
    """Return the nearest stands that give this offer now and still have some of it."""
    claimable = [
        popup for popup in published.campaign.popups if _gives(published, popup, offer, at)
    ]
    left = context.shelves.left(published.campaign, offer, claimable)
    ngettext = catalogue(language).ngettext

    def words(popup: Popup) -> str:
        units = left[popup.popup_id]
        return ngettext("{way}, {num} left", "{way}, {num} left", units).format(
            way=_way(here, popup, language), num=format_decimal(units, locale=language)
        )

    return list(_nearest(here, [p for p in claimable if left.get(p.popup_id)], words))


def open_now(published: Published, here: Popup, at: datetime, language: str) -> list[Elsewhere]:
    """Return the nearest stands that are open now."""
    campaign, _ = published.campaign, catalogue(language).gettext

    def words(popup: Popup) -> str:
        closes = min(
            hours.closes_at(popup, at) or campaign.usable_until(popup), campaign.usable_until(popup)
        )
        open_until = _("open until {time}").format(time=phrases.until(closes, popup, at, language))
        return _("{way}, {what}").format(way=_way(here, popup, language), what=open_until)

    opened = [
        popup
        for popup in campaign.popups
        if campaign.usable_from(popup) <= at < campaign.usable_until(popup)
        and popup.open_at(at)
        and not published.live.stops(popup, at)
    ]
    return list(_nearest(here, opened, words))


def instead_of(
    published: Published, stand: StandView, at: datetime, language: str
) -> list[Elsewhere]:
    """Return where else it is open, for a stand that takes no vouchers now though it is its day."""
    if stand.open_now or stand.phase is not Phase.LIVE:
        return []
    return open_now(published, stand.popup, at, language)


def look_again(popup: Popup, offer: Offer, at: datetime, language: str) -> str:
    """Say when unused units may be back, where the offer takes them back; else nothing."""
    if offer.hold_minutes is None:
        return ""
    hour = at.replace(minute=0, second=0, microsecond=0) + _AN_HOUR
    words = catalogue(language).gettext(
        "What nobody uses in time comes back: look again at {time}."
    )
    return words.format(time=phrases.when(hour, popup, at, language))


def _gives(published: Published, popup: Popup, offer: Offer, at: datetime) -> bool:
    campaign = published.campaign
    return (
        offer.runs_at(popup.popup_id)
        and campaign.claimable_from(popup, offer) <= at < campaign.usable_until(popup, offer)
        and not published.live.stops(popup, at, offer)
    )


def _nearest(
    here: Popup, popups: list[Popup], words: Callable[[Popup], str]
) -> Iterator[Elsewhere]:
    others = [popup for popup in popups if popup.popup_id != here.popup_id]
    for popup in sorted(others, key=lambda p: (here.km_to(p), p.number))[:_NAMED]:
        yield Elsewhere(popup, words(popup))


def _way(here: Popup, there: Popup, language: str) -> str:
    _ = catalogue(language).gettext
    km = here.km_to(there)
    if km == 0:
        return _("in the same place")
    return _("{km} km from here").format(km=format_decimal(km, locale=language))
