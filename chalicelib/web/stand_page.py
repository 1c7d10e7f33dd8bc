"""A stand's page: what is on here, and the claim. What is not to be had leads elsewhere."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Annotated

from chalice import Response
from markupsafe import Markup
from msgspec import Meta, Struct

from chalicelib.domain.claim import Wish
from chalicelib.domain.live import Published
from chalicelib.domain.offer import Offer
from chalicelib.domain.popup import Popup
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.source import source_of
from chalicelib.domain.voucher import State
from chalicelib.web import (
    claims,
    elsewhere,
    forms,
    holdings,
    journal,
    phrases,
    presence,
    session,
    stand_view,
)
from chalicelib.web import vouchers as shown
from chalicelib.web.context import context
from chalicelib.web.elsewhere import Elsewhere
from chalicelib.web.kept import Kept
from chalicelib.web.offer_cards import Card, CardState, card
from chalicelib.web.pages import Pages
from chalicelib.web.presence import Arrival
from chalicelib.web.schema import Slug
from chalicelib.web.visitor import see_other

pages = Pages(__name__)

_drawn = Kept[Markup](2_000)
_SOLD_OUT = {Reason.OUT_OF_STOCK, Reason.LIMIT_CAMPAIGN}


class ClaimForm(Struct, frozen=True, forbid_unknown_fields=True):
    """Which offer is claimed; the ordinal is for offers that may be had more than once.

    `source` is the tag of the print whose code led to the page.
    """

    offer_id: Slug
    ordinal: Annotated[int, Meta(ge=1, le=99)] = 1
    source: str = ""


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a visitor claimed of an offer: tokens by ordinal, and the ordinals passed on."""

    owned: dict[int, str] = field(default_factory=dict)
    given: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class SoldOut:
    """What to do about an offer that is gone here: go there, or come again."""

    stands: list[Elsewhere]
    again: str


@dataclass(frozen=True, slots=True)
class PresenceHint:
    """What became of the code of the stand's screen: why it was not taken, else for how long."""

    reason: str
    left: str = ""


@pages.route("/p/{popup_id}", methods=["GET"])
def get_stand(popup_id: str) -> Response:
    """Return a stand; a browser without the visitor's cookie gets one."""
    published, popup = context.catalog.popup(popup_id)
    visitor, at, language = session.visitor(pages), context.now(), pages.reader().language
    here, source = visitor or session.new_visitor(), source_of(pages.query("s"))
    arrival = presence.arrival(pages, popup, here, pages.query("c"))
    stand = stand_view.view(published, popup, at, language)
    cards = _cards(published, popup, visitor, at, arrival.absence)
    cookies = [*([] if visitor else [session.cookie_of(here)]), *arrival.cookies]
    return pages.page(
        "visitor/stand.html",
        headers={"Set-Cookie": cookies} if cookies else {},
        campaign=published.campaign,
        stand=stand,
        waits=stand_view.waits(stand, at, language),
        hours=phrases.hours(popup, language),
        cards=cards,
        gone={
            each.offer.offer_id: _sold_out(published, popup, each.offer, at, language)
            for each in cards
            if each.state is CardState.SOLD_OUT and each.offer
        },
        instead=elsewhere.instead_of(published, stand, at, language),
        cookie=session.cookie_hint(pages),
        once=partial(_once, published, (popup.popup_id, language, popup.local_day(at), source)),
        source=source,
        query=pages.asking("s"),
        presence=_presence_hint(arrival, language),
        when=partial(phrases.when, popup=popup, now=at, language=language),
        until=partial(phrases.until, popup=popup, now=at, language=language),
        at=at,
    )


@pages.route("/p/{popup_id}/claims", methods=["POST"])
def post_claim(popup_id: str) -> Response | Refusal:
    """303 to the voucher; without a valid cookie 303 back with one, and nothing is written."""
    published, popup = context.catalog.popup(popup_id)
    visitor = session.visitor(pages)
    if visitor is None and session.from_elsewhere(pages):
        return see_other(f"/p/{popup_id}")
    form = forms.read(pages, ClaimForm)
    source = source_of(form.source)
    if visitor is None:
        again = f"/p/{popup_id}?cookie=new" + (f"&s={source}" if source else "")
        return see_other(again, session.new_visitor_cookie())
    offer = published.campaign.offer.get(form.offer_id)
    if offer is None:
        return Refusal(Reason.NOT_FOUND)
    wish = Wish(
        published=published,
        popup=popup,
        offer=offer,
        visitor=visitor,
        at=context.now(),
        ordinal=form.ordinal,
        absence=claims.absence(pages, popup, offer, visitor),
        source=source,
    )
    claimed = claims.claim(wish, pages.request_id())
    if isinstance(claimed, Refusal):
        gone = claimed.reason in _SOLD_OUT
        return _too_late(published, popup, offer, claimed) if gone else claimed
    token = shown.token_text(published, claimed.voucher)
    return see_other(f"/V/{token}", holdings.stands_cookie(pages, popup_id))


def _too_late(published: Published, popup: Popup, offer: Offer, refusal: Refusal) -> Response:
    """Return the refusal as a page that knows where there is more."""
    at, language = context.now(), pages.reader().language
    journal.event("refused", route="/p/{popup_id}/claims", reason=refusal.reason)
    return pages.page(
        "visitor/sold_out.html",
        status=409,
        popup=popup,
        offer=offer,
        gone=_sold_out(published, popup, offer, at, language),
    )


def _sold_out(
    published: Published, popup: Popup, offer: Offer, at: datetime, language: str
) -> SoldOut:
    stands = elsewhere.with_stock(published, popup, offer, at, language)
    return SoldOut(stands, "" if stands else elsewhere.look_again(popup, offer, at, language))


def _cards(
    published: Published,
    popup: Popup,
    visitor: str | None,
    at: datetime,
    absence: Refusal | None,
) -> list[Card]:
    """Return the stand's offers, with the visitor's own vouchers in place of claims."""
    campaign = published.campaign
    offers = campaign.offers_at(popup)
    open_now = [offer for offer in offers if campaign.claimable_from(popup, offer) <= at]
    claimed = _claimed(published, popup, open_now, visitor)
    left = context.shelves.left_of(campaign, [(offer, popup) for offer in open_now])
    return [
        card(
            published,
            popup,
            offer,
            at,
            claimed[offer.offer_id].owned,
            left.get(offer.offer_id, {}).get(popup.popup_id),
            absence,
            claimed[offer.offer_id].given,
        )
        for offer in offers
    ]


def _once(
    published: Published, here: Hashable, each: Card, draw: Callable[[Card], Markup]
) -> Markup:
    """Draw a card once for all who claimed no voucher of it; its times are told by the day."""
    if each.claimed or each.state is CardState.SOLD_OUT:  # the visitor's own; as stock is elsewhere
        return draw(each)
    offer_id = each.offer.offer_id if each.offer else None
    key = (here, offer_id, each.state, each.fresh, each.opens_at)
    return _drawn.of(published, key, lambda: draw(each))


def _claimed(
    published: Published, popup: Popup, offers: Iterable[Offer], visitor: str | None
) -> defaultdict[str, Claimed]:
    """Return what the visitor claimed here, by offer; a claim that lapsed may be made again."""
    claimed: defaultdict[str, Claimed] = defaultdict(Claimed)
    campaign = published.campaign
    for voucher in holdings.of_offers(campaign, popup, offers, visitor) if visitor else []:
        if voucher.state is State.GIVEN:
            claimed[voucher.offer_id].given.add(voucher.ordinal)
        elif voucher.state is not State.LAPSED:
            token = shown.token_text(published, voucher)
            claimed[voucher.offer_id].owned[voucher.ordinal] = token
    return claimed


def _presence_hint(arrival: Arrival, language: str) -> PresenceHint | None:
    """Return what to say to a visitor who stands here, or who brought a code that is not taken."""
    if arrival.proof is not None:
        left = arrival.proof.until - context.real_now()
        return PresenceHint("", phrases.span(left, language))
    if arrival.absence is not None and pages.query("c"):
        return PresenceHint(arrival.absence.reason)
    return None
