"""The voucher's page: the ticket that a visitor shows, and how its order travels."""

import hashlib
from typing import Literal

import msgspec
from chalice import Response
from markupsafe import Markup
from msgspec import Struct

from chalicelib import qr, signing
from chalicelib.domain import token as tokens
from chalicelib.domain.choice import Choice
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.voucher import State
from chalicelib.store import choices, vouchers
from chalicelib.web import benefits, delivery, forms, minted, session
from chalicelib.web import vouchers as shown
from chalicelib.web.context import context
from chalicelib.web.delivery_view import choice_view, delivery_view
from chalicelib.web.pages import Pages
from chalicelib.web.security import PAGE_HEADERS
from chalicelib.web.visitor import see_other
from chalicelib.web.voucher_state import VoucherView, place, state_of

pages = Pages(__name__)

Headers = dict[str, str | list[str]]
_ROBOTS: Headers = {"X-Robots-Tag": "noindex, nofollow, noarchive"}
_CHOOSABLE = frozenset({State.ISSUED, State.REDEEMED, State.REVERSED})
_TRIPS = {"yes": True, "no": False}


class DeliveryForm(Struct, frozen=True, forbid_unknown_fields=True):
    """One way of delivery, and the answer about the trip: yes, no, or none."""

    option: str = ""
    coming_anyway: Literal["yes", "no", ""] = ""


@pages.route("/V/{token}", methods=["GET"])
def get_voucher(token: str) -> Response | Refusal:
    """Return the ticket; without the holder's cookie it is read-only."""
    view = _found(token)
    if isinstance(view, Refusal):
        return view
    holder = _holds(view)
    text = shown.token_text(view.published, view.voucher) if holder else token.upper()
    return pages.page(
        "visitor/voucher.html",
        headers=_ROBOTS,
        view=view,
        state=state_of(view),
        place=place(view),
        benefit=benefits.face(view.offer.benefit, view.language),
        merchant=view.campaign.merchant.get(view.offer.merchant_id or ""),
        token=text,
        picture=_picture(view, shown.url_of(text)),
        holder=holder,
        **_delivery(view, holder=holder),
    )


@pages.route("/V/{token}/state", methods=["GET"])
def get_state(token: str) -> Response | Refusal:
    """Return how the voucher stands, in words; 304 while nothing changed."""
    view = _found(token)
    if isinstance(view, Refusal):
        return view
    state = state_of(view)
    _ = view.text
    step = _("done") if state.used else _("not yet")
    body = msgspec.json.encode(
        {"status": state.status, "title": state.title, "words": state.words, "step": step}
    ).decode()
    etag = f'"{hashlib.sha256(body.encode()).hexdigest()[:16]}"'
    headers = PAGE_HEADERS | _ROBOTS | {"Content-Type": "application/json", "ETag": etag}
    headers["Cache-Control"] = "private, no-cache"
    if pages.header("if-none-match") == etag:
        return Response("", headers=headers, status_code=304)
    return Response(body, headers=headers)


@pages.route("/V/{token}/qr.svg", methods=["GET"])
def get_picture(token: str) -> Response | Refusal:
    """Return the QR code alone."""
    view = _found(token)
    if isinstance(view, Refusal):
        return view
    headers = PAGE_HEADERS | _ROBOTS | {"Content-Type": "image/svg+xml"}
    return Response(str(qr.svg(shown.url_of(token.upper()))), headers=headers)


@pages.route("/V/{token}/delivery", methods=["POST"])
def post_delivery(token: str) -> Response | Refusal:
    """Keep the holder's choice of delivery; 303 back to the ticket."""
    view = _found(token)
    if isinstance(view, Refusal):
        return view
    if not _holds(view):
        return Refusal(Reason.WRONG_HOLDER)
    form = forms.read(pages, DeliveryForm)
    if not form.option:  # nothing was ticked: the page asks again, with the answer about the trip
        return see_other(f"/V/{token}?coming_anyway={form.coming_anyway}&choose=one#delivery")
    refused = delivery.choose(
        view.voucher,
        form.option,
        coming_anyway=_TRIPS.get(form.coming_anyway),
        visitor=view.voucher.visitor,
        request_id=pages.request_id(),
    )
    return refused if isinstance(refused, Refusal) else see_other(f"/V/{token}#delivery")


def _found(token: str) -> VoucherView | Refusal:
    """Return the voucher of a token that is ours; anything else is one generic refusal."""
    # A token alone: what else a path may hold would end in our picture, our links, our headers.
    signed = tokens.read(token) if token.isascii() and token.isalnum() else None
    key = signing.verify(context.secrets, signed) if signed else None
    first = minted.behind(signed.token.voucher_id, signed.token) if signed else None
    voucher = vouchers.get(signed.token.voucher_id) if signed else None
    if signed is None or key is None or isinstance(key, Refusal) or isinstance(first, Refusal):
        return Refusal(Reason.UNKNOWN_CODE)
    voucher = voucher or first
    if voucher is None:
        return Refusal(Reason.UNKNOWN_CODE)
    published = context.catalog.campaign(voucher.campaign_id)
    view = VoucherView(
        published=published,
        popup=published.campaign.popup[voucher.popup_id],
        offer=published.campaign.offer[voucher.offer_id],
        voucher=voucher,
        at=context.now(),
        language=pages.reader().language,
    )
    outdated = signed.token.generation != voucher.generation
    withdrawn = signed.token.key_id in published.live.withdrawn_keys
    return Refusal(Reason.UNKNOWN_CODE) if (outdated or withdrawn) and not _holds(view) else view


def _trip(choice: Choice | None) -> bool | None:
    """Return the answer that the address gives, else the one that was kept."""
    asked = pages.query("coming_anyway")
    if asked is None:
        return choice.coming_anyway if choice else None
    return _TRIPS.get(asked)


def _picture(view: VoucherView, url: str) -> Markup:
    """Return the QR code with a name for those who cannot see it; the print sheet refers to it."""
    _ = view.text
    return qr.svg(url, _("QR code of this voucher"), "qr")


def _holds(view: VoucherView) -> bool:
    return session.visitor(pages) == view.voucher.visitor


def _delivery(view: VoucherView, *, holder: bool) -> dict[str, object]:
    """Return the ways and the choice, where the campaign delivers and this is the holder."""
    state = view.voucher.state
    if view.campaign.delivery is None or not holder or state not in _CHOOSABLE:
        return {"delivery": None, "choice": None}
    choice, language = choices.get(view.voucher.voucher_id), view.language
    expired = state_of(view).status == "expired"
    if expired and choice is None:
        return {"delivery": None, "choice": None}
    trip = _trip(choice)
    listed = delivery_view(view.published, view.popup, language, coming_anyway=trip)
    return {
        "delivery": listed,
        "choosable": not expired,
        "unchosen": pages.query("choose") is not None,
        "choice": choice_view(choice, listed, language) if choice else None,
    }
