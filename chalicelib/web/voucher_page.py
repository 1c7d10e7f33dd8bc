"""The voucher's page: the ticket that a visitor shows, and how its order travels."""

import hashlib
from typing import Literal

import msgspec
from chalice import Response
from markupsafe import Markup
from msgspec import Struct

from chalicelib import qr, signing
from chalicelib.domain import token as tokens
from chalicelib.domain.choice import SHOP_PREFIX, Choice, Chooser
from chalicelib.domain.delivery_inputs import Trip
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.token import Token
from chalicelib.domain.typed import unmarked
from chalicelib.domain.voucher import State, Voucher
from chalicelib.store import tickets, vouchers
from chalicelib.store.tickets import Attached
from chalicelib.usecases.choosing import Asked
from chalicelib.web import benefits, delivery, forms, gifts, guard, minted, phrases, session
from chalicelib.web import vouchers as shown
from chalicelib.web.context import context
from chalicelib.web.delivery_view import choice_view, delivery_view, drawn_ways
from chalicelib.web.note_view import note_view
from chalicelib.web.pages import Pages
from chalicelib.web.security import PAGE_HEADERS
from chalicelib.web.trip import FARTHEST_KM, kilometres, trip_of
from chalicelib.web.visitor import see_other
from chalicelib.web.voucher_state import VoucherState, VoucherView, place, state_of

pages = Pages(__name__)

Headers = dict[str, str | list[str]]
ROBOTS: Headers = {"X-Robots-Tag": "noindex, nofollow, noarchive"}
_CHOOSABLE = frozenset({State.ISSUED, State.HELD, State.REDEEMED, State.REVERSED})


class DeliveryForm(Struct, frozen=True, forbid_unknown_fields=True):
    """One way of delivery, and the answer about the trip: yes, no and how far, or none."""

    option: str = ""
    coming_anyway: Literal["yes", "no", ""] = ""
    km: str = ""


@pages.route("/V/{token}", methods=["GET"])
def get_voucher(token: str) -> Response | Refusal:
    """Return the ticket; without the holder's cookie it is read-only."""
    bare = unmarked(token)
    if bare is not None:
        return see_other(f"/V/{bare}")
    view, more = _found_with_more(token)
    if isinstance(view, Refusal):
        return view
    holder, state = _holds(view), state_of(view)
    text = shown.token_text(view.published, view.voucher) if holder else token.upper()
    return pages.page(
        "visitor/voucher.html",
        headers=ROBOTS,
        view=view,
        state=state,
        place=place(view),
        dated=_dated(view),
        benefit=benefits.face(view.offer.benefit, view.language),
        merchant=view.campaign.merchant.get(view.offer.merchant_id or ""),
        token=text,
        url=shown.url_of(text),
        picture=_picture(view, shown.url_of(text)),
        holder=holder,
        note=note_view(view, more.note) if holder else None,
        passed_on=gifts.passed_on(view) if holder else "",
        query=pages.asking("coming_anyway", "km"),
        **_giving(view, state, holder=holder),
        **_delivery(view, state, more.choice, holder=holder),
    )


@pages.route("/V/{token}/state", methods=["GET"])
def get_state(token: str) -> Response | Refusal:
    """Return how the voucher stands, in words; 304 while nothing changed."""
    view = found(token)
    if isinstance(view, Refusal):
        return view
    state = state_of(view)
    _ = view.text
    step = _("done") if state.used else _("not yet")
    body = msgspec.json.encode(
        {"status": state.status, "title": state.title, "words": state.words, "step": step}
    ).decode()
    etag = f'"{hashlib.sha256(body.encode()).hexdigest()[:16]}"'
    headers = PAGE_HEADERS | ROBOTS | {"Content-Type": "application/json", "ETag": etag}
    headers["Cache-Control"] = "private, no-cache"
    if pages.header("if-none-match") == etag:
        return Response("", headers=headers, status_code=304)
    return Response(body, headers=headers)


@pages.route("/V/{token}/delivery", methods=["POST"])
def post_delivery(token: str) -> Response | Refusal:
    """Keep the holder's choice of delivery; 303 back to the ticket."""
    view = found(token)
    if isinstance(view, Refusal):
        return view
    if not _holds(view):
        return Refusal(Reason.WRONG_HOLDER)
    form = forms.read(pages, DeliveryForm)
    if not form.option:  # nothing was ticked: the page asks again, with the answer about the trip
        trip = f"coming_anyway={form.coming_anyway}&km={kilometres(form.km):g}"
        return see_other(f"/V/{token}?{trip}&choose=one#delivery")
    refused = delivery.choose(
        view.voucher,
        form.option,
        Asked(trip=trip_of(form.coming_anyway, form.km)),
        Chooser(visitor=view.voucher.visitor),
        request_id=pages.request_id(),
    )
    return refused if isinstance(refused, Refusal) else see_other(f"/V/{token}#delivery")


@pages.route("/V/{token}/gift", methods=["POST"])
def post_gift(token: str) -> Response | Refusal:
    """Make the holder's link to pass the voucher on; 303 back to the ticket, which shows it."""
    view = found(token)
    if isinstance(view, Refusal):
        return view
    if not _holds(view):
        return Refusal(Reason.WRONG_HOLDER)
    offered = gifts.give(view.voucher)
    return offered if isinstance(offered, Refusal) else see_other(f"/V/{token}#gift")


def _giving(view: VoucherView, state: VoucherState, *, holder: bool) -> dict[str, object]:
    """Return whether the voucher may be passed on, and the link that stands."""
    waits = state.status in {"early", "ready", "paused"}
    giftable = holder and waits and gifts.giftable(view.voucher)
    link = gifts.standing(view.voucher) if giftable else None
    shown_link = (
        {"url": gifts.url_of(link.secret), "until": view.until(link.until)} if link else None
    )
    return {"giftable": giftable, "gift": shown_link}


def found(token: str) -> VoucherView | Refusal:
    """Return the voucher of a token that is ours; anything else is one generic refusal."""
    read = _read(token)
    if read is None:
        return guard.unknown(pages)
    genuine, first = read
    return _view(genuine, vouchers.get(genuine.voucher_id) or first)


def _found_with_more(token: str) -> tuple[VoucherView | Refusal, Attached]:
    """Return the same with what hangs on it, in one request to the table."""
    read = _read(token)
    if read is None:
        return guard.unknown(pages), Attached()
    genuine, first = read
    voucher, more = tickets.ticket(genuine.voucher_id)
    return _view(genuine, voucher or first), more


def _read(text: str) -> tuple[Token, Voucher | None] | None:
    """Return a genuine token with the voucher that a minted one stands for, or None."""
    # A token alone: what else a path may hold would end in our picture, our links, our headers.
    signed = tokens.read(text) if text.isascii() and text.isalnum() else None
    if signed is None or isinstance(signing.verify(context.secrets, signed), Refusal):
        return None
    first = minted.behind(signed.token.voucher_id, signed.token)
    return None if isinstance(first, Refusal) else (signed.token, first)


def _view(token: Token, voucher: Voucher | None) -> VoucherView | Refusal:
    if voucher is None:
        return guard.unknown(pages)
    published = context.catalog.campaign(voucher.campaign_id)
    view = VoucherView(
        published=published,
        popup=published.campaign.popup[voucher.popup_id],
        offer=published.campaign.offer[voucher.offer_id],
        voucher=voucher,
        at=context.now(),
        language=pages.reader().language,
    )
    outdated = token.generation != voucher.generation
    withdrawn = token.key_id in published.live.withdrawn_keys
    return guard.unknown(pages) if (outdated or withdrawn) and not _holds(view) else view


def _trip(choice: Choice | None) -> Trip:
    """Return the answer that the address gives, else the one that was kept."""
    asked = pages.query("coming_anyway")
    if asked is not None:
        return trip_of(asked, pages.query("km") or "")
    if choice is None:
        return Trip()
    far = choice.trip_m is not None and choice.coming_anyway is False
    km = (choice.trip_m or 0) / 1000 if far else None
    return Trip(coming_anyway=choice.coming_anyway, one_way_km=km)


def _picture(view: VoucherView, url: str) -> Markup:
    """Return the QR code with a name for those who cannot see it; the print sheet refers to it."""
    _ = view.text
    return qr.svg(url, _("QR code of this voucher"), "qr")


def _dated(view: VoucherView) -> str:
    """Say when the voucher may be used as paper and pictures do, which are read on any day."""
    popup, offer = view.popup, view.offer
    starts = view.campaign.usable_from(popup, offer)
    return phrases.dated(starts, view.campaign.usable_until(popup, offer), popup, view.language)


def _holds(view: VoucherView) -> bool:
    return session.visitor(pages) == view.voucher.visitor


def _settled(view: VoucherView) -> bool:
    """Tell whether a shop has confirmed the order, and its delivery with it."""
    use = view.voucher.use
    used = view.voucher.state is State.REDEEMED and use is not None
    return used and use is not None and use.device_id.startswith(SHOP_PREFIX)


def _delivery(
    view: VoucherView, state: VoucherState, choice: Choice | None, *, holder: bool
) -> dict[str, object]:
    """Return the ways and the choice, where the campaign delivers and this is the holder."""
    choosable = view.voucher.state in _CHOOSABLE
    if view.campaign.delivery is None or not holder or not choosable:
        return {"delivery": None, "choice": None}
    expired, settled = state.status == "expired", _settled(view)
    if expired and choice is None:
        return {"delivery": None, "choice": None}
    trip = _trip(choice)
    language = view.language
    listed = delivery_view(view.published, view.popup, language, trip=trip)
    return {
        "delivery": listed,
        "ways": drawn_ways(listed, language, choice.option if choice else None),
        "choosable": not expired and not settled,
        "settled": settled,
        "farthest": FARTHEST_KM,
        "unchosen": pages.query("choose") is not None,
        "choice": choice_view(choice, view.campaign, listed, language) if choice else None,
    }
