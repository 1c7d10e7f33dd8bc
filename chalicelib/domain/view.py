"""What of a campaign lies within a scope: all of it, or a merchant's or a manager's part."""

from dataclasses import replace

from chalicelib.domain.campaign import Campaign
from chalicelib.domain.delivery_plan import DeliveryPlan
from chalicelib.domain.member import Scope
from chalicelib.domain.offer import EVERYWHERE
from chalicelib.domain.popup import Popup


def of(campaign: Campaign, scope: Scope) -> Campaign:
    """Return the campaign as the scope shows it.

    A merchant has its own offers, the stands of their use, and how orders travel from there; a
    manager its own stands, and what may be used there.
    """
    mine, kept = scope.merchant_ids, scope.popup_ids
    if mine is None and kept is None:
        return campaign
    offers = tuple(
        offer
        for offer in campaign.offers
        if (mine is None or offer.merchant_id in mine)
        and (kept is None or any(p.popup_id in kept for p in campaign.places_of_use(offer)))
    )
    places = {popup.popup_id for offer in offers for popup in campaign.places_of_use(offer)}
    popups = tuple(
        popup
        for popup in campaign.popups
        if (popup.popup_id in places if kept is None else popup.popup_id in kept)
    )
    theirs = {offer.merchant_id for offer in offers} if mine is None else mine
    return replace(
        campaign,
        popups=popups,
        merchants=tuple(one for one in campaign.merchants if one.merchant_id in theirs),
        offers=offers,
        delivery=_plan_at(campaign.delivery, popups) if campaign.delivery else None,
    )


def _plan_at(plan: DeliveryPlan, popups: tuple[Popup, ...]) -> DeliveryPlan:
    """Return what of a plan concerns these stands."""
    places = {popup.popup_id for popup in popups}
    countries = {EVERYWHERE, *(popup.country for popup in popups)}
    found = [one for popup in popups for one in plan.options_at(popup.popup_id)]
    return replace(
        plan,
        options=tuple(
            replace(one, popup_ids=tuple(p for p in one.popup_ids if p in {EVERYWHERE, *places}))
            for one in plan.options
            if one in found
        ),
        baselines=tuple(one for one in plan.baselines if one.country in countries),
    )
