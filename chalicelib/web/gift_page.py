"""The page behind a gift link: what it is, and one button. Opening it changes nothing."""

from chalice import Response

from chalicelib.domain.gift import Link
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.typed import unmarked
from chalicelib.domain.voucher import Voucher
from chalicelib.store import gifts as links
from chalicelib.web import benefits, gift_view, gifts, guard, holdings, journal, phrases, session
from chalicelib.web import vouchers as shown
from chalicelib.web.context import context
from chalicelib.web.pages import Pages
from chalicelib.web.visitor import see_other

pages = Pages(__name__)

_HIDDEN: dict[str, str | list[str]] = {"X-Robots-Tag": "noindex, nofollow, noarchive"}


@pages.route("/g/{secret}", methods=["GET"])
def get_gift(secret: str) -> Response | Refusal:
    """Return what the link passes on; previews and crawlers may open it as often as they like."""
    bare = unmarked(secret)
    if bare is not None:
        return see_other(f"/g/{bare}")
    link = gifts.link_of(secret)
    giver = links.get(link.voucher_id) if link else None
    return _page(secret, link, giver) if link and giver else guard.unknown(pages)


@pages.route("/g/{secret}", methods=["POST"])
def post_gift(secret: str) -> Response | Refusal:
    """303 to the voucher, or the page with why not; without a cookie 303 back with one."""
    visitor = session.visitor(pages)
    if visitor is None and session.from_elsewhere(pages):
        return see_other(f"/g/{secret}")
    if visitor is None:
        return see_other(f"/g/{secret}?cookie=new", session.new_visitor_cookie())
    link = gifts.link_of(secret)
    if link is None:
        return guard.unknown(pages)
    received = gifts.accept(pages, link, visitor)
    if isinstance(received, Refusal):
        full = received.reason is Reason.LIMIT_VISITOR
        return received if full else _too_late(secret, link, received)
    published = context.catalog.campaign(received.voucher.campaign_id)
    token = shown.token_text(published, received.voucher)
    return see_other(f"/V/{token}", holdings.gifts_cookie(pages, received.voucher.voucher_id))


def _too_late(secret: str, link: Link, refusal: Refusal) -> Response | Refusal:
    """Return the refusal as the link's page: what it says elsewhere is meant for staff."""
    giver = links.get(link.voucher_id)
    if giver is None:
        return refusal
    journal.event("refused", route="/g/{secret}", reason=refusal.reason)
    return _page(secret, link, giver, status=409)


def _page(secret: str, link: Link, giver: Voucher, status: int = 200) -> Response:
    published = context.catalog.campaign(link.campaign_id)
    campaign = published.campaign
    popup, offer = campaign.popup[giver.popup_id], campaign.offer[giver.offer_id]
    visitor, language = session.visitor(pages), pages.reader().language
    headers = dict(_HIDDEN)
    if visitor is None:
        headers["Set-Cookie"] = session.new_visitor_cookie()
    return pages.page(
        "visitor/gift.html",
        status=status,
        headers=headers,
        secret=secret,
        link=link,
        popup=popup,
        offer=offer,
        merchant=campaign.merchant.get(offer.merchant_id or ""),
        benefit=benefits.face(offer.benefit, language),
        until=phrases.until(link.until, popup, context.now(), language),
        stands=gift_view.of(published, link, giver, visitor, language),
        cookie=session.cookie_hint(pages),
    )
