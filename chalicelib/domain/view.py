"""What of a campaign lies within a scope: all of it, or a merchant's own part."""

from dataclasses import replace

from chalicelib.domain.campaign import Campaign
from chalicelib.domain.member import Scope


def of(campaign: Campaign, scope: Scope) -> Campaign:
    """Return the campaign as the scope shows it: a merchant has its own offers and stands."""
    mine = scope.merchant_ids
    if mine is None:
        return campaign
    offers = tuple(offer for offer in campaign.offers if offer.merchant_id in mine)
    places = {popup.popup_id for offer in offers for popup in campaign.places_of_use(offer)}
    return replace(
        campaign,
        popups=tuple(popup for popup in campaign.popups if popup.popup_id in places),
        merchants=tuple(one for one in campaign.merchants if one.merchant_id in mine),
        offers=offers,
    )
