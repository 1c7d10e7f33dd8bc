"""Delivery, with its CO2e estimate: the ways of a stand and one choice a voucher, as JSON."""

from datetime import date
from functools import partial

from chalice import Response

from chalicelib import signing
from chalicelib.domain import token as tokens
from chalicelib.domain import voucher as codes
from chalicelib.domain.api_key import Shop
from chalicelib.domain.choice import Choice, Chooser
from chalicelib.domain.errors import InvalidPayload, NotFound
from chalicelib.domain.live import Published
from chalicelib.domain.popup import Popup
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.voucher import Voucher
from chalicelib.factors import shipped_factors
from chalicelib.store import choices, vouchers
from chalicelib.usecases import choosing
from chalicelib.usecases.choosing import Asked, Ways
from chalicelib.web import delivery_documents, guard, journal, languages, once, session
from chalicelib.web.api import Routes, answer
from chalicelib.web.context import context
from chalicelib.web.delivery_order import asked_of
from chalicelib.web.delivery_schema import ChoiceRequest, WaysRequest
from chalicelib.web.operations import Caller

api = Routes(__name__)


@api.route("/api/v1/delivery/options", methods=["POST"])
def post_options() -> Response | Refusal:
    """Return every way in which an order of this stand may travel, each with its range."""
    body, kept = api.body(WaysRequest), None
    if (body.popup_id is None) == (body.voucher is None):
        raise InvalidPayload([("/popup_id", "name the stand, or a voucher of it")])
    if body.voucher is None:
        published, popup = context.catalog.popup(body.popup_id or "")
    else:
        voucher = _theirs(body.voucher)
        if isinstance(voucher, Refusal):
            return voucher
        published = context.catalog.campaign(voucher.campaign_id)
        popup, kept = published.campaign.popup[voucher.popup_id], choices.get(voucher.voucher_id)
    offered = ways_of(published, popup, asked_of(body, popup))
    language = languages.chosen(None, body.locale) if body.locale else api.reader().language
    chosen = kept.option if kept else None
    return answer(delivery_documents.ways(offered, popup, day_of(popup), language, chosen=chosen))


@api.route("/api/v1/delivery/choices", methods=["POST"])
def post_choice() -> Response | Refusal:
    """Keep the choice of a voucher's holder, or of the shop that has its order."""
    body = api.body(ChoiceRequest)
    shop = _shop()
    if isinstance(shop, Refusal):
        return shop
    if shop is not None:
        order = f"{shop.device_id}#{body.order_ref}" if body.order_ref is not None else None
        by_shop = Chooser(device_id=shop.device_id, order=order)
        return once.once(api, Caller.SHOP, shop.device_id, partial(_choose, body, by_shop))
    visitor = session.visitor(api)
    if visitor is None:
        return Refusal(Reason.NOT_SIGNED_IN)
    by_holder = Chooser(visitor=visitor)
    return once.once(api, Caller.VISITOR, visitor, partial(_choose, body, by_holder))


@api.route("/api/v1/delivery/method", methods=["GET"])
def get_method() -> Response:
    """Return the method's version and its factors with their sources."""
    return answer(delivery_documents.method())


def _choose(body: ChoiceRequest, chooser: Chooser) -> Response | Refusal:
    voucher = _theirs(body.voucher)
    if isinstance(voucher, Refusal):
        return voucher
    popup = context.catalog.campaign(voucher.campaign_id).campaign.popup[voucher.popup_id]
    asked = asked_of(body, popup)
    choice = choose(voucher, body.option, asked, chooser, request_id=api.request_id())
    return choice if isinstance(choice, Refusal) else answer(delivery_documents.choice(choice), 201)


def _shop() -> Shop | Refusal | None:
    """Return the shop whose key the request shows; None where it shows none."""
    return session.shop(api) if session.shows_key(api) else None


def _theirs(shown: str) -> Voucher | Refusal:
    """Return a voucher of the caller: its holder's, or one that a shop may take."""
    shop = _shop()
    if isinstance(shop, Refusal):
        return shop
    voucher = _read(shown)
    if shop is None:
        visitor = session.visitor(api)
        mine = voucher is not None and visitor is not None and voucher.visitor == visitor
        return voucher if voucher and mine else guard.unknown(api)
    if voucher is None or voucher.campaign_id != shop.campaign_id:
        return guard.unknown(api)
    takes = shop.merchant_ids is None or voucher.merchant_id in shop.merchant_ids
    return voucher if takes else Refusal(Reason.WRONG_MERCHANT)


def _read(shown: str) -> Voucher | None:
    """Return the voucher of a QR code's text or a typed code; None where there is none yet."""
    signed = tokens.read(shown)
    if signed is None:
        voucher_id = codes.read_code(shown)
        return vouchers.get(voucher_id) if voucher_id else None
    if isinstance(signing.verify(context.secrets, signed), Refusal):
        return None
    return vouchers.get(signed.token.voucher_id)


def day_of(popup: Popup) -> date:
    return popup.local_day(context.now())


def ways_of(published: Published, popup: Popup, asked: Asked) -> Ways:
    """Return the ways of a stand. Raises NotFound where the campaign has no delivery."""
    plan = published.campaign.delivery
    if plan is None or not plan.options_at(popup.popup_id):
        raise NotFound("this stand delivers nothing")
    return choosing.ways(plan, popup, asked, day=day_of(popup), factors=shipped_factors())


def choose(
    voucher: Voucher, code: str, asked: Asked, chooser: Chooser, *, request_id: str
) -> Choice | Refusal:
    """Choose now; page and API go through here. Raises InvalidPayload."""
    published = context.catalog.campaign(voucher.campaign_id)
    popup = published.campaign.popup[voucher.popup_id]
    offered = ways_of(published, popup, asked)
    choice = choosing.choose(
        choices, voucher, code, offered, chooser, at=context.now(), request_id=request_id
    )
    if isinstance(choice, Choice):
        journal.event("chosen", popup_id=popup.popup_id, option=choice.option)
    return choice
