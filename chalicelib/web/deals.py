"""The offers of a festival as a list to search, and the merchants behind them."""

from chalice import Response

from chalicelib.domain.live import Published
from chalicelib.domain.merchant import Merchant
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.web import stand_view
from chalicelib.web.context import context
from chalicelib.web.deals_view import LONGEST_SEARCH, Wish, deals
from chalicelib.web.festival_view import Revealed, revealed_at
from chalicelib.web.pages import Pages

pages = Pages(__name__)


@pages.route("/c/{campaign_id}/offers", methods=["GET"])
def get_offers(campaign_id: str) -> Response:
    """Return the offers that are revealed, as a plain form asks for them."""
    published, language = context.catalog.campaign(campaign_id), pages.reader().language
    wish = Wish(
        city=pages.query("city") or "",
        country=pages.query("from") or "",
        kind=pages.query("kind") or "",
        words=(pages.query("q") or "")[:LONGEST_SEARCH].strip(),
    )
    return pages.page(
        "visitor/deals.html",
        campaign=published.campaign,
        deals=deals(published, wish, context.now(), language),
        longest=LONGEST_SEARCH,
        query=pages.asking("city", "from", "kind", "q"),
    )


@pages.route("/c/{campaign_id}/m/{merchant_id}", methods=["GET"])
def get_merchant(campaign_id: str, merchant_id: str) -> Response | Refusal:
    """Return a merchant's story and offers; before the first of them is revealed, nothing."""
    published, language = context.catalog.campaign(campaign_id), pages.reader().language
    merchant = published.campaign.merchant.get(merchant_id)
    shown = _revealed_of(published, merchant) if merchant else []
    if merchant is None or not shown:
        return Refusal(Reason.NOT_FOUND)
    return pages.page(
        "visitor/merchant.html",
        campaign=published.campaign,
        merchant=merchant,
        country=stand_view.country(merchant.country, language),
        offers=shown,
    )


def _revealed_of(published: Published, merchant: Merchant) -> list[Revealed]:
    return [
        found
        for offer in published.campaign.offers
        if offer.merchant_id == merchant.merchant_id
        and (found := revealed_at(published, offer, context.now()))
    ]
