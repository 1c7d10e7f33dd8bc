"""What this browser's visitor may know and undo: privacy, export, erasing everything."""

from dataclasses import asdict

import msgspec
from chalice import Response

from chalicelib.domain.campaign import Campaign
from chalicelib.domain.guessing import Guess
from chalicelib.domain.reasons import Refusal
from chalicelib.domain.redemption import rfc3339
from chalicelib.domain.voucher import State, Use, Voucher
from chalicelib.store import tickets
from chalicelib.store.tickets import Attached
from chalicelib.usecases import erasing
from chalicelib.web import guard, holdings, journal, note_view, session
from chalicelib.web.context import context
from chalicelib.web.pages import Pages
from chalicelib.web.security import JSON_HEADERS
from chalicelib.web.visitor import see_other

pages = Pages(__name__)

Json = dict[str, object]


@pages.route("/privacy", methods=["GET"])
def get_privacy() -> Response:
    """Return what is kept of a visitor, why, and how to end it."""
    return pages.page("visitor/privacy.html", known=session.visitor(pages) is not None)


@pages.route("/me/export", methods=["GET"])
def get_export() -> Response | Refusal:
    """Return all that the tables hold of this visitor, as one JSON file.

    Notes are in it before their day, too: pages keep them shut, but who wrote one may have it.
    """
    visitor = session.visitor(pages)
    refused = _too_often(visitor)
    if refused is not None:
        return refused
    held = holdings.of_visitor(holdings.everywhere(), visitor, _received()) if visitor else []
    more = tickets.attached([voucher.voucher_id for voucher in held])
    document = {
        "visitor": visitor,
        "made_at": rfc3339(context.now()),
        "vouchers": [_voucher(each, more.get(each.voucher_id, Attached())) for each in held],
    }
    headers = JSON_HEADERS | {
        "Content-Type": "application/json",
        "Content-Disposition": 'attachment; filename="marquee.json"',
    }
    body = msgspec.json.format(msgspec.json.encode(document), indent=1)
    return Response(body.decode(), headers=headers)


@pages.route("/me/erase", methods=["POST"])
def post_erasure() -> Response | Refusal:
    """Forget this visitor, then void the cookies; what broke off is repeated as it is."""
    visitor = session.visitor(pages)
    if visitor is None:
        return see_other("/me/erased")
    refused = _too_often(visitor)
    if refused is not None:
        return refused
    ids = holdings.ids_of(holdings.everywhere(), visitor, _received())
    erasing.erase(tickets, visitor, ids, at=context.now())
    journal.event("erased")
    return see_other("/me/erased", *session.void_cookie(), *holdings.void_cookies())


@pages.route("/me/erased", methods=["GET"])
def get_erased() -> Response:
    """Say that nothing names this browser any more."""
    return pages.page("visitor/erased.html")


def _received() -> list[str]:
    return holdings.gifts_of(pages)


def _too_often(visitor: str | None) -> Refusal | None:
    """Stop a caller that asks for everything over and over: each time costs some hundred reads."""
    by_network = guard.wrong(Guess.OWN_DATA_NETWORK, pages.network())
    return (guard.wrong(Guess.OWN_DATA, visitor) if visitor else None) or by_network


def _voucher(voucher: Voucher, more: Attached) -> Json:
    campaign = context.catalog.campaign(voucher.campaign_id).campaign
    past = [tickets.past_use(voucher.voucher_id, n) for n in range(1, voucher.uses + 1)]
    return {
        "code": voucher.code,
        "campaign_id": voucher.campaign_id,
        "popup_id": voucher.popup_id,
        "offer_id": voucher.offer_id,
        "state": voucher.state_at(context.now()),
        "claimed_at": rfc3339(voucher.issued_at),
        "claimed_by": voucher.source,
        "received": None if voucher.state is State.GIVEN else voucher.is_gift,
        "gift_link_until": rfc3339(voucher.gift_until) if voucher.gift_until else None,
        "use": _use(campaign, voucher.use) if voucher.use else None,
        "uses_given_back": [
            _use(campaign, each.use) | {"given_back_at": rfc3339(each.reversed_at)}
            for each in past
            if each is not None
        ],
        "delivery": _delivery(more),
        "note": note_view.unsealed(voucher.voucher_id, more.note) if more.note else None,
    }


def _use(campaign: Campaign, use: Use) -> Json:
    popup = campaign.popup.get(use.popup_id)
    return {
        "at": rfc3339(use.received_at),
        "popup_id": use.popup_id,
        "time_zone": popup.time_zone if popup else None,
        "discount_minor": use.discount_minor,
        "currency": use.currency,
        "order_reference": use.order,
    }


def _delivery(more: Attached) -> Json | None:
    if more.choice is None:
        return None
    return asdict(more.choice) | {"chosen_at": rfc3339(more.choice.chosen_at)}
