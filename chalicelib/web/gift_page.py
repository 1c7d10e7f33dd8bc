"""The page behind a gift link: what it is, and one button. Opening it changes nothing."""

from chalice import Response

from chalicelib.domain import gift as rules
from chalicelib.domain.reasons import Refusal
from chalicelib.store import gifts as links
from chalicelib.web import benefits, gifts, guard, holdings, phrases, session
from chalicelib.web import vouchers as shown
from chalicelib.web.context import context
from chalicelib.web.pages import Pages
from chalicelib.web.visitor import see_other

pages = Pages(__name__)

_HIDDEN: dict[str, str | list[str]] = {"X-Robots-Tag": "noindex, nofollow, noarchive"}


@pages.route("/g/{secret}", methods=["GET"])
def get_gift(secret: str) -> Response | Refusal:
    """Return what the link passes on; previews and crawlers may open it as often as they like."""
    link = gifts.link_of(secret)
    giver = links.get(link.voucher_id) if link else None
    if link is None or giver is None:
        return guard.unknown(pages)
    campaign = context.catalog.campaign(link.campaign_id).campaign
    popup, offer = campaign.popup[giver.popup_id], campaign.offer[giver.offer_id]
    visitor, language = session.visitor(pages), pages.reader().language
    headers = dict(_HIDDEN)
    if visitor is None:
        headers["Set-Cookie"] = session.new_visitor_cookie()
    return pages.page(
        "visitor/gift.html",
        headers=headers,
        secret=secret,
        link=link,
        popup=popup,
        offer=offer,
        merchant=campaign.merchant.get(offer.merchant_id or ""),
        benefit=benefits.face(offer.benefit, language),
        until=phrases.until(link.until, popup, context.now(), language),
        open=rules.refusal_to_accept(giver, link, context.now()) is None,
        own=visitor is not None and visitor == giver.visitor,
    )


@pages.route("/g/{secret}", methods=["POST"])
def post_gift(secret: str) -> Response | Refusal:
    """303 to the voucher; without a valid cookie 303 back with one, and nothing is written."""
    visitor = session.visitor(pages)
    if visitor is None and session.from_elsewhere(pages):
        return see_other(f"/g/{secret}")
    if visitor is None:
        return see_other(f"/g/{secret}", session.new_visitor_cookie())
    link = gifts.link_of(secret)
    received = guard.unknown(pages) if link is None else gifts.accept(link, visitor)
    if isinstance(received, Refusal):
        return received
    published = context.catalog.campaign(received.voucher.campaign_id)
    token = shown.token_text(published, received.voucher)
    return see_other(f"/V/{token}", holdings.gifts_cookie(pages, received.voucher.voucher_id))
