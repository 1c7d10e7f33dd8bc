"""Vouchers passed on by a link: by the holder, and by a supervisor to a new browser."""

import re
from datetime import datetime
from functools import partial

from chalice import Response

from chalicelib import qr
from chalicelib.domain import gift as rules
from chalicelib.domain import voucher as codes
from chalicelib.domain.device import DeviceToken
from chalicelib.domain.gift import Link
from chalicelib.domain.guessing import Guess
from chalicelib.domain.live import Published
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.redemption import rfc3339
from chalicelib.domain.voucher import State, Voucher
from chalicelib.store import gifts
from chalicelib.usecases import giving
from chalicelib.usecases.giving import Offered, Received
from chalicelib.web import answers, guard, holdings, journal, once, schema, session
from chalicelib.web import vouchers as shown
from chalicelib.web.api import Routes, answer
from chalicelib.web.context import context
from chalicelib.web.operations import Caller
from chalicelib.web.voucher_state import VoucherView

api = Routes(__name__)

_SECRET = re.compile(r"[a-z2-7]{26}")


@api.route("/api/v1/vouchers/{code}/gift", methods=["POST"])
def post_gift(code: str) -> Response | Refusal:
    """201 a link for a friend, 200 the link that stands; the holder's alone."""
    voucher = _found(code)
    visitor = session.visitor(api)
    if voucher is None or visitor is None or voucher.visitor != visitor:
        return guard.unknown(api)
    offered = give(voucher)
    if isinstance(offered, Refusal):
        return offered
    return answer(_document(offered), 201 if offered.made else 200)


@api.route("/api/v1/gifts", methods=["POST"])
def post_acceptance() -> Response | Refusal:
    """201 the friend's voucher, 200 the same again; without a visitor's cookie 401 and a cookie."""
    visitor = session.visitor(api)
    if visitor is None:
        return session.sign_in(api)
    link = link_of(api.body(schema.GiftRequest).gift)
    received = guard.unknown(api) if link is None else accept(api, link, visitor)
    if isinstance(received, Refusal):
        return received
    published = context.catalog.campaign(received.voucher.campaign_id)
    document = shown.document(published, received.voucher, api.reader().language)
    remembered = {"Set-Cookie": holdings.gifts_cookie(api, received.voucher.voucher_id)}
    return answer(document, 201 if received.made else 200, remembered)


@api.route("/api/v1/vouchers/{code}/reissue", methods=["POST"])
def post_reissue(code: str) -> Response | Refusal:
    """201 a one-time link, with its QR code, for the holder's new browser; a supervisor's alone."""
    device = session.supervisor(api)
    if isinstance(device, Refusal):
        return device
    return once.once(api, Caller.DEVICE, device.device_id, partial(_reissue, code, device))


def _reissue(code: str, device: DeviceToken) -> Response | Refusal:
    """Make the link; a code that is nobody's counts as a guess of the device."""
    stopped = guard.stopped(Guess.TYPED_CODE, device.device_id)
    if stopped is not None:
        return stopped
    voucher = _found(code)
    here, _ = context.catalog.popup(device.popup_id)
    if voucher is None or voucher.campaign_id != here.campaign.campaign_id:
        guard.wrong(Guess.TYPED_CODE, device.device_id)
        return Refusal(Reason.UNKNOWN_CODE)
    offered = reissue(gifts, voucher)
    if isinstance(offered, Refusal):
        return offered
    journal.event("reissued", popup_id=device.popup_id, offer_id=voucher.offer_id)
    url = url_of(offered.secret)
    return answer(
        answers.Reissue(url=url, until=rfc3339(offered.until), picture=str(qr.svg(url))), 201
    )


def give(voucher: Voucher) -> Offered | Refusal:
    """Make the holder's link, or return the one that stands; page and API go through here."""
    published, at = context.catalog.campaign(voucher.campaign_id), context.now()
    offered = ended(published, voucher) or giving.give(
        gifts,
        voucher,
        giftable=published.campaign.offer[voucher.offer_id].giftable,
        claim_secret=_secret(published),
        ends=_ends(published, voucher),
        at=at,
    )
    if isinstance(offered, Offered) and offered.made:
        journal.event("offered", popup_id=voucher.popup_id, offer_id=voucher.offer_id)
    return offered


def reissue(over: giving.Gifts, voucher: Voucher) -> Offered | Refusal:
    """Make a supervisor's link; a device at the stand and the console go through here."""
    published, at = context.catalog.campaign(voucher.campaign_id), context.now()
    secret, ends = _secret(published), _ends(published, voucher)
    return ended(published, voucher) or giving.reissue(
        over, voucher, claim_secret=secret, ends=ends, at=at
    )


def accept(routes: Routes, link: Link, visitor: str) -> Received | Refusal:
    """Take the voucher of a link for this visitor, if the browser has room for it."""
    published, giver = context.catalog.campaign(link.campaign_id), gifts.get(link.voucher_id)
    if giver is None:
        return Refusal(Reason.NOT_FOUND)
    over = ended(published, giver)
    if over is not None:
        return over
    popup, at = published.campaign.popup[giver.popup_id], context.now()
    received_id = rules.received_id(_secret(published), giver.voucher_id, link.hash)
    to_have = rules.refusal_to_accept(giver, link, at) is None and giver.visitor != visitor
    if to_have and not holdings.takes_gift(routes, received_id):
        return Refusal(Reason.LIMIT_VISITOR, {"most": str(holdings.MOST_GIFTS)})
    wish = giving.Acceptance(visitor=visitor, at=at, local_hour=popup.local_hour(at))
    received = giving.accept(gifts, wish, link, claim_secret=_secret(published))
    if isinstance(received, Received) and received.made:
        journal.event("passed_on", popup_id=giver.popup_id, offer_id=giver.offer_id)
    return received


def ended(published: Published, voucher: Voucher) -> Refusal | None:
    """Return the refusal of a voucher that can be used no more, or None."""
    ends = _ends(published, voucher)
    if context.now() < ends:
        return None
    zone = published.campaign.popup[voucher.popup_id].time_zone
    return Refusal(Reason.EXPIRED, {"ended_at": rfc3339(ends), "time_zone": zone})


def standing(voucher: Voucher) -> Offered | None:
    """Return the holder's link while it stands; it is computed anew, so no request is needed."""
    claim_secret = _secret(context.catalog.campaign(voucher.campaign_id))
    return giving.standing(voucher, claim_secret, context.now())


def giftable(voucher: Voucher) -> bool:
    """Tell whether the holder may pass it on now."""
    published = context.catalog.campaign(voucher.campaign_id)
    may = published.campaign.offer[voucher.offer_id].giftable
    secret, at = _secret(published), context.now()
    return rules.refusal_to_give(secret, voucher, giftable=may, at=at) is None


def passed_on(view: VoucherView) -> str:
    """Say to whoever gave it what became of it; nothing for a voucher that was not given."""
    giver, _ = view.voucher, view.text
    taken = gifts.get(giver.heir) if giver.heir and not giver.reissued else None
    if taken is None:
        return ""
    used = taken.state_at(view.at) is State.REDEEMED
    words = _("Accepted at {time}; not used yet.")
    if used:
        words = _("Accepted at {time}; it has been used.")
    return words.format(time=view.when(taken.issued_at))


def link_of(secret: str) -> Link | None:
    """Return what a link stands for, or None."""
    return gifts.link(rules.hash_of(secret)) if _SECRET.fullmatch(secret) else None


def url_of(secret: str) -> str:
    return f"{context.settings.public_url}/g/{secret}"


def _found(code: str) -> Voucher | None:
    voucher_id = codes.read_code(code)
    return gifts.get(voucher_id) if voucher_id else None


def _ends(published: Published, voucher: Voucher) -> datetime:
    campaign = published.campaign
    return campaign.usable_until(campaign.popup[voucher.popup_id], campaign.offer[voucher.offer_id])


def _secret(published: Published) -> bytes:
    return context.secrets.claim_secret(published.campaign.number)


def _document(offered: Offered) -> answers.Gift:
    return answers.Gift(url=url_of(offered.secret), until=rfc3339(offered.until))
