"""Claims and vouchers as JSON, and what the public may know of a campaign."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from chalice import Response

from chalicelib.domain import voucher as codes
from chalicelib.domain.campaign import Campaign, Phase
from chalicelib.domain.claim import Wish
from chalicelib.domain.live import Published
from chalicelib.domain.merchant import text_in
from chalicelib.domain.offer import EVERYWHERE, Offer
from chalicelib.domain.popup import Popup
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.redemption import rfc3339
from chalicelib.domain.voucher import Voucher
from chalicelib.store import counters, idempotency, vouchers
from chalicelib.usecases import claiming
from chalicelib.usecases.claiming import Claimed, Keep
from chalicelib.web import answers, guard, holdings, journal, once, presence, schema, session
from chalicelib.web import vouchers as shown
from chalicelib.web.api import Routes, answer
from chalicelib.web.context import context
from chalicelib.web.once import Asked, Outcome
from chalicelib.web.operations import Caller

api = Routes(__name__)

Told = Callable[[Voucher], answers.Voucher]


@api.route("/api/v1/claims", methods=["POST"])
def post_claim() -> Response | Refusal:
    """201 claimed now, 200 claimed before; without a visitor's cookie 401 and a new cookie."""
    visitor = session.visitor(api)
    if visitor is None:
        return session.sign_in(api)
    asked = once.asked(api, Caller.VISITOR, visitor)
    body = api.body(schema.ClaimRequest)
    published, popup = context.catalog.popup(body.popup_id)
    offer = published.campaign.offer.get(body.offer_id)
    if published.campaign.campaign_id != body.campaign_id or offer is None:
        return Refusal(Reason.NOT_FOUND)
    told = partial(shown.document, published, language=api.reader().language)
    keep = (lambda voucher: asked.kept(201, told(voucher))) if asked else None
    wish = Wish(
        published=published,
        popup=popup,
        offer=offer,
        visitor=visitor,
        at=context.now(),
        ordinal=body.ordinal,
        absence=absence(api, popup, offer, visitor, body.presence),
    )
    claimed = claim(wish, api.request_id(), keep)
    found = _first(asked, claimed, told) or _told(claimed, told)
    if isinstance(found, Response):
        found.headers["Set-Cookie"] = holdings.stands_cookie(api, popup.popup_id)
    return found


def _told(claimed: Claimed | Refusal, told: Told) -> Response | Refusal:
    if isinstance(claimed, Refusal):
        return claimed
    return answer(told(claimed.voucher), 201 if claimed.made else 200)


def _first(asked: Asked | None, claimed: Claimed | Refusal, told: Told) -> Outcome | None:
    """Return what this key's first request got, where there is a key and this one made nothing.

    A claim that finds its voucher is a success, too, and becomes the key's if it is the first.
    """
    if asked is None or (isinstance(claimed, Claimed) and claimed.made):
        return None
    if isinstance(claimed, Refusal):
        return asked.judged(idempotency.get(asked.record.record_id, asked.record.at))
    kept = asked.kept(200, told(claimed.voucher))
    return asked.judged(idempotency.take(kept)) if kept else None


def claim(wish: Wish, request_id: str, keep: Keep | None = None) -> Claimed | Refusal:
    """Claim for a visitor now; page and API go through here."""
    secret = context.secrets.claim_secret(wish.published.campaign.number)
    claimed = claiming.claim(
        vouchers, counters, wish, claim_secret=secret, request_id=request_id, keep=keep
    )
    if isinstance(claimed, Claimed) and claimed.made:
        place = {"popup_id": wish.popup.popup_id, "offer_id": wish.offer.offer_id}
        journal.event("claimed", **place)
    return claimed


def absence(
    routes: Routes, popup: Popup, offer: Offer, visitor: str, code: str | None = None
) -> Refusal | None:
    """Return what speaks against the visitor's presence, where the offer asks for it."""
    if not offer.presence_required:
        return None
    return presence.arrival(routes, popup, visitor, code).absence


@api.route("/api/v1/vouchers/{code}", methods=["GET"])
def get_voucher(code: str) -> Response | Refusal:
    """Return the holder's voucher; anyone else is told that there is none."""
    voucher_id = codes.read_code(code)
    voucher = vouchers.get(voucher_id) if voucher_id else None
    if voucher is None or voucher.visitor != session.visitor(api):
        return guard.unknown(api)
    published = context.catalog.campaign(voucher.campaign_id)
    return answer(shown.document(published, voucher, api.reader().language))


@api.route("/api/v1/campaigns/{campaign_id}", methods=["GET"])
def get_campaign(campaign_id: str) -> Response:
    """Return what the public may know now; what is not revealed anywhere is absent."""
    published, language = context.catalog.campaign(campaign_id), api.reader().language
    return answer(known(published, context.now(), language))


def known(published: Published, at: datetime, language: str) -> answers.Campaign:
    """Return what the public may know of a campaign at an instant."""
    campaign = published.campaign
    return answers.Campaign(
        campaign_id=campaign.campaign_id,
        name=text_in(campaign.name, language),
        phase=Phase.PAUSED if published.live.paused else campaign.phase(at),
        popups=[_popup(published, popup, at) for popup in campaign.popups],
        offers=[
            _offer(campaign, offer, stands, language)
            for offer in campaign.offers
            if not offer.closed and (stands := _revealed_at(campaign, offer, at))
        ],
    )


def _revealed_at(campaign: Campaign, offer: Offer, at: datetime) -> list[Popup]:
    """Return the stands at which an offer is revealed by then, each by its own clock."""
    return [
        popup
        for popup in campaign.popups
        if offer.runs_at(popup.popup_id) and campaign.claimable_from(popup, offer) <= at
    ]


def _popup(published: Published, popup: Popup, at: datetime) -> answers.CampaignPopup:
    opens = popup.opens_next(at)
    paused = published.live.stops(popup, at)
    return answers.CampaignPopup(
        popup_id=popup.popup_id,
        city=popup.city,
        address=popup.address,
        country=popup.country,
        time_zone=popup.time_zone,
        currency=popup.currency,
        phase=Phase.PAUSED if paused else published.campaign.popup_phase(popup, at),
        open_now=popup.open_at(at),
        opens_next=rfc3339(opens) if opens else None,
    )


def _offer(
    campaign: Campaign, offer: Offer, stands: Sequence[Popup], language: str
) -> answers.CampaignOffer:
    everywhere = offer.popup_ids == (EVERYWHERE,) and len(stands) == len(campaign.popups)
    calendar = campaign.calendar
    return answers.CampaignOffer(
        offer_id=offer.offer_id,
        kind=offer.benefit.kind,
        title=text_in(offer.title, language),
        merchant_id=offer.merchant_id,
        popup_ids=[EVERYWHERE] if everywhere else [popup.popup_id for popup in stands],
        channels=offer.channels,
        usable_at=offer.usable_at,
        claimable_from=offer.claimable_from or calendar.revealed_from,
        usable_from=offer.usable_from or calendar.usable_from,
        usable_until=offer.usable_until or calendar.usable_until,
        presence_required=offer.presence_required,
        limits=answers.Limits(
            visitor=offer.visitor_limit,
            stock=offer.stock.units if offer.stock else None,
            day=offer.day_limit,
            budget_minor=offer.budget_minor,
        ),
    )
