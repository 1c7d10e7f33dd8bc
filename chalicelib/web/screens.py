"""The stand's screen: a code that changes, what is on, how many came today."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from chalice import Response

from chalicelib import qr
from chalicelib.domain import presence
from chalicelib.domain.live import Published
from chalicelib.domain.popup import Popup
from chalicelib.domain.presence import Shown
from chalicelib.domain.reasons import Refusal
from chalicelib.domain.redemption import rfc3339
from chalicelib.store import insights
from chalicelib.web import benefits, languages, phrases, render, session, sightings, stand_view
from chalicelib.web.api import Routes, answer
from chalicelib.web.context import context
from chalicelib.web.devices import fresh_token
from chalicelib.web.offer_cards import Card, CardState, card
from chalicelib.web.pages import Pages
from chalicelib.web.reader import Reader
from chalicelib.web.screen_answers import Presence

api = Routes(__name__)
pages = Pages(__name__)

_ON = (CardState.OPEN, CardState.SOLD_OUT)
_MOST_SHOWN = 5  # as many as a television has room for, in letters that are read from afar
_A_MILLISECOND = timedelta(milliseconds=1)


@api.route("/api/v1/devices/self/presence", methods=["GET"])
def get_presence() -> Response | Refusal:
    """Return the code of the moment, today's counts and a fresh token."""
    device = session.screen(api)
    if isinstance(device, Refusal):
        return device
    published, popup = context.catalog.popup(device.popup_id)
    at, today = context.real_now(), popup.local_day(context.now())
    shown = presence.shown(context.secrets.presence_secret(), popup.popup_id, at)
    url = _url(popup, shown)
    counts = insights.of_day(published.campaign.campaign_id, popup.popup_id, today)
    sightings.note(device, published, waiting=None)
    token, expires_at = fresh_token(device.device_id, device.popup_id, device.profile)
    return answer(
        Presence(
            popup_id=popup.popup_id,
            code=shown.code,
            url=url,
            picture=str(qr.svg(url)),
            until=rfc3339(shown.until),
            next_in_ms=-(-(shown.until - at) // _A_MILLISECOND),
            day=today.isoformat(),
            claimed=counts.get("claimed", 0),
            redeemed=counts.get("redeemed", 0),
            device_token=token,
            expires_at=expires_at,
        )
    )


@pages.route("/screen/{popup_id}", methods=["GET"])
def get_screen(popup_id: str) -> Response:
    """Show what everybody may know of the stand; its script asks for the rest, as a device."""
    published, popup = context.catalog.popup(popup_id)
    reader, at = _reader(popup), context.now()
    stand = stand_view.view(published, popup, at, reader.language)
    cards = _on(published, popup, at)
    return render.page(
        "staff/screen.html",
        reader,
        campaign=published.campaign,
        popup=popup,
        stand=stand,
        hours=phrases.hours(popup, reader.language),
        cards=cards[:_MOST_SHOWN],
        more=len(cards[_MOST_SHOWN:]),
        benefit_of=partial(benefits.face, language=reader.language),
        at=at,
    )


def _reader(popup: Popup) -> Reader:
    """Return who reads: the stand's own language, unless another was chosen on this screen."""
    return replace(pages.reader(), language=languages.chosen(pages.cookie("lang"), popup.language))


def _on(published: Published, popup: Popup, at: datetime) -> list[Card]:
    """Return what may be had here now, and after it what was."""
    campaign = published.campaign
    offers = campaign.offers_at(popup)
    opened = [(offer, popup) for offer in offers if campaign.claimable_from(popup, offer) <= at]
    left = context.shelves.left_of(campaign, opened)
    cards = [
        card(
            published,
            popup,
            offer,
            at,
            {},
            left.get(offer.offer_id, {}).get(popup.popup_id),
            absence=None,
        )
        for offer in offers
    ]
    return sorted((c for c in cards if c.state in _ON), key=lambda c: _ON.index(c.state))


def _url(popup: Popup, shown: Shown) -> str:
    """Return what the screen's QR code says."""
    return f"{context.settings.public_url}/p/{popup.popup_id}?c={shown.symbols}"
