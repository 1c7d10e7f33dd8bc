"""What is looked at before a publish: what blocks it, and what only deserves a second look."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from chalicelib.claim_rules import shipped_rules
from chalicelib.domain import fault, promise, validation, wording_validation
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.fault import Fault, Faults
from chalicelib.domain.merchant import Texts
from chalicelib.domain.offer import Kind, Offer, Scope
from chalicelib.domain.popup import Popup
from chalicelib.domain.sentence import said

_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Beside:
    """What a draft is held against: the live revision, other campaigns."""

    before: Campaign | None = None
    others: Sequence[Campaign] = ()


@dataclass(frozen=True, slots=True)
class Checks:
    """Each names the value that it is about by its JSON pointer."""

    blocks: tuple[Fault, ...]
    warns: tuple[Fault, ...]


def checks(campaign: Campaign, beside: Beside) -> Checks:
    """Return what the checks say of a draft."""
    faults = validation.faults(campaign)
    blocks = (
        *faults,
        *promise.broken(beside.before, campaign),
        *_clashes(campaign, beside.others),
        *_untranslated(campaign, "terms"),
    )
    return Checks(blocks, () if faults else tuple(_warnings(campaign)))


def _clashes(campaign: Campaign, others: Sequence[Campaign]) -> Faults:
    """Numbers and stands belong to one campaign of the installation: codes name them."""
    for other in others:
        if other.number == campaign.number:
            told = said(
                "{number} belongs to {campaign}; take another",
                number=campaign.number,
                campaign=other.campaign_id,
            )
            yield Fault("/number", told)
        for index, popup in enumerate(campaign.popups):
            if popup.popup_id in other.popup:
                where = fault.at("popups", index, "popup_id")
                told = said(
                    "{stand} is a stand of {campaign}; rename it",
                    stand=popup.popup_id,
                    campaign=other.campaign_id,
                )
                yield Fault(where, told)


def _untranslated(campaign: Campaign, field: Literal["title", "terms"]) -> Faults:
    """Ask for a text of an offer in each language of the campaign that its stands speak."""
    for index, offer in enumerate(campaign.offers):
        spoken = {popup.language for popup in _issuing(campaign, offer)}
        texts: Texts = getattr(offer, field)
        for language in campaign.languages:
            if language in spoken and language not in texts and not offer.closed:
                where = fault.at("offers", index, field)
                told = said(
                    "not translated into {language}, which its stands speak", language=language
                )
                yield Fault(where, told)


def _warnings(campaign: Campaign) -> Faults:
    yield from wording_validation.cautions(campaign, shipped_rules())
    yield from _untranslated(campaign, "title")
    yield from _silent_hours(campaign)
    yield from _short_budgets(campaign)
    yield from _idle(campaign)
    for index, popup in enumerate(campaign.popups):
        if popup.language not in campaign.languages:
            where = fault.at("popups", index, "language")
            told = said(
                "{city} reads English: no text is in {language}",
                city=popup.city,
                language=popup.language,
            )
            yield Fault(where, told)


def _silent_hours(campaign: Campaign) -> Faults:
    """Find stands that are never open while vouchers may be used."""
    for index, popup in enumerate(campaign.popups):
        starts, ends = campaign.usable_from(popup), campaign.usable_until(popup)
        opens = popup.opens_next(starts - _HOUR)
        if not popup.open_at(starts) and (opens is None or opens >= ends):
            where = fault.at("popups", index, "hours")
            told = said("{city} is never open while vouchers may be used", city=popup.city)
            yield Fault(where, told)


def _short_budgets(campaign: Campaign) -> Faults:
    """Find budgets that end before the stock does."""
    for index, offer in enumerate(campaign.offers):
        worth, units = _worth(offer), _units(campaign, offer)
        if offer.budget_minor is None or worth is None or units is None:
            continue
        if offer.budget_minor < worth * units:
            where = fault.at("offers", index, "budget_minor")
            told = said(
                "is below what the stock may cost: {units} uses of up to {worth} are {total}, "
                "in minor units",
                units=units,
                worth=worth,
                total=worth * units,
            )
            yield Fault(where, told)


def _idle(campaign: Campaign) -> Faults:
    """Find stands without an offer."""
    for index, popup in enumerate(campaign.popups):
        if not [offer for offer in campaign.offers_at(popup) if not offer.closed]:
            told = said("{city} has no offer", city=popup.city)
            yield Fault(fault.at("popups", index, "popup_id"), told)


def _worth(offer: Offer) -> int | None:
    """Return the most that one use takes off, or None where that is not known."""
    benefit = offer.benefit
    return benefit.amount_minor if benefit.kind is Kind.AMOUNT else benefit.cap_minor


def _units(campaign: Campaign, offer: Offer) -> int | None:
    if offer.stock is None:
        return None
    places = 1 if offer.stock.per is Scope.CAMPAIGN else len(_issuing(campaign, offer))
    return offer.stock.units * places


def _issuing(campaign: Campaign, offer: Offer) -> list[Popup]:
    return [popup for popup in campaign.popups if offer.runs_at(popup.popup_id)]
