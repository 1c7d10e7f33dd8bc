"""What a publish checks of the offers: whole, affordable in one currency, at stands that exist."""

from collections.abc import Collection
from dataclasses import fields
from typing import Final

from chalicelib.domain import fault
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.counter import CLAIMS_A_SHARD, MOST_SHARDS, UNLIMITED
from chalicelib.domain.fault import Fault, Faults
from chalicelib.domain.offer import EVERYWHERE, Benefit, Channel, Kind, Offer
from chalicelib.domain.popup import Popup
from chalicelib.domain.sentence import said

_MOST: Final = UNLIMITED - 1  # the cap of a removed limit must be above every limit
_LONGEST_HOLD: Final = 30 * 24 * 60
_MOST_EACH: Final = 99  # a visitor's page reads as many vouchers an offer
_NEEDS: Final = {Kind.PERCENTAGE: "percentage", Kind.AMOUNT: "amount_minor"}
_FIGURES: Final = {
    Kind.PERCENTAGE: {"percentage", "cap_minor", "minimum_minor"},
    Kind.AMOUNT: {"amount_minor", "minimum_minor"},
    Kind.GIFT: set[str](),
    Kind.DELIVERY: set[str](),
}
_NAMES: Final = tuple(
    field.name for field in fields(Benefit) if field.name not in {"kind", "currency"}
)


def faults(campaign: Campaign) -> Faults:
    """Yield the faults of all offers, each by itself and against the rest of the campaign."""
    offers = campaign.offers
    yield from fault.repeats("/offers", "offer_id", [offer.offer_id for offer in offers])
    yield from fault.repeats("/offers", "number", [offer.number for offer in offers])
    for index, offer in enumerate(offers):
        pointer = fault.at("offers", index)
        yield from fault.slug(f"{pointer}/offer_id", offer.offer_id)
        yield from fault.number(f"{pointer}/number", offer.number)
        yield from fault.texts(f"{pointer}/title", offer.title, campaign.languages)
        yield from fault.texts(f"{pointer}/terms", offer.terms, campaign.languages)
        yield from _place(pointer, offer, campaign)
        yield from _benefit(f"{pointer}/benefit", offer.benefit)
        yield from _currency(pointer, offer, campaign)
        yield from _limits(pointer, offer)
        yield from _windows(pointer, offer, campaign)


def _place(pointer: str, offer: Offer, campaign: Campaign) -> Faults:
    yield from _stands(f"{pointer}/popup_ids", offer.popup_ids, campaign.popup)
    if offer.merchant_id is not None and offer.merchant_id not in campaign.merchant:
        message = said(
            "there is no merchant '{given}'; add it or leave the offer without",
            given=offer.merchant_id,
        )
        yield Fault(f"{pointer}/merchant_id", message)
    if not offer.channels:
        yield Fault(f"{pointer}/channels", said("name at least one of stand and online"))
    if len(set(offer.channels)) != len(offer.channels):
        yield Fault(f"{pointer}/channels", said("names a channel twice; remove one"))


def _stands(pointer: str, popup_ids: tuple[str, ...], popups: Collection[str]) -> Faults:
    if not popup_ids:
        yield Fault(pointer, said('name the pop-ups that issue the offer, or "*" for all'))
    if popup_ids == (EVERYWHERE,):
        return
    for index, popup_id in enumerate(popup_ids):
        where = f"{pointer}/{index}"
        if popup_id == EVERYWHERE:
            told = said('"*" means all pop-ups and stands alone; remove it or the others')
            yield Fault(where, told)
        elif popup_id not in popups:
            told = said("there is no pop-up '{given}'; add it or remove it here", given=popup_id)
            yield Fault(where, told)
        if popup_id in popup_ids[:index]:
            told = said("'{given}' stands here twice; remove one", given=popup_id)
            yield Fault(where, told)


def _benefit(pointer: str, benefit: Benefit) -> Faults:
    kind, figures = benefit.kind, _FIGURES[benefit.kind]
    for name in _NAMES:
        value: int | None = getattr(benefit, name)
        most = 100 if name == "percentage" else _MOST
        if value is None:
            if name == _NEEDS.get(kind):
                message = said("is needed for an offer of kind {kind}", kind=kind)
                yield Fault(f"{pointer}/{name}", message)
        elif name not in figures:
            message = said(
                "does not belong to an offer of kind {kind}; leave it out (null)", kind=kind
            )
            yield Fault(f"{pointer}/{name}", message)
        elif not 1 <= value <= most:
            message = said("{value} is outside 1 to {most}", value=value, most=most)
            yield Fault(f"{pointer}/{name}", message)


def _currency(pointer: str, offer: Offer, campaign: Campaign) -> Faults:
    """Ask that every stand which meets an amount counts in the amount's currency."""
    benefit, where = offer.benefit, f"{pointer}/benefit/currency"
    if benefit.currency is not None:
        yield from fault.currency_code(where, benefit.currency)
    if benefit.kind not in _NEEDS and offer.budget_minor is not None:
        message = said(
            "an offer of kind {kind} spends no budget; leave it out (null)", kind=benefit.kind
        )
        yield Fault(f"{pointer}/budget_minor", message)
    if not _has_amounts(offer):
        return
    if benefit.currency is None:
        message = said(
            "is needed for {fields}", fields="amount_minor, cap_minor, minimum_minor, budget_minor"
        )
        yield Fault(where, message)
        return
    for popup in _stands_of_use(offer, campaign):
        if popup.currency != benefit.currency:
            message = said(
                "is {currency}, but the offer meets {city}, which counts in {other}; "
                "make an offer for each currency",
                currency=benefit.currency,
                city=popup.city,
                other=popup.currency,
            )
            yield Fault(where, message)


def _has_amounts(offer: Offer) -> bool:
    benefit = offer.benefit
    amounts = (benefit.amount_minor, benefit.cap_minor, benefit.minimum_minor, offer.budget_minor)
    return any(amount is not None for amount in amounts)


def _stands_of_use(offer: Offer, campaign: Campaign) -> tuple[Popup, ...]:
    """Return the stands that issue the offer or accept it."""
    issuing = tuple(popup for popup in campaign.popups if offer.runs_at(popup.popup_id))
    if Channel.STAND not in offer.channels:
        return issuing
    return tuple(
        used for used in campaign.popups if any(offer.reaches(issued, used) for issued in issuing)
    )


def _limits(pointer: str, offer: Offer) -> Faults:
    if not 1 <= offer.visitor_limit <= _MOST_EACH:
        message = said(
            "{value} is outside 1 to {most} vouchers for each visitor",
            value=offer.visitor_limit,
            most=_MOST_EACH,
        )
        yield Fault(f"{pointer}/visitor_limit", message)
    limits = {
        "day_limit": offer.day_limit,
        "budget_minor": offer.budget_minor,
        "stock.units": None if offer.stock is None else offer.stock.units,
    }
    yield from fault.limits(pointer, limits, _MOST)
    if offer.group is not None:
        yield from fault.slug(f"{pointer}/group", offer.group)
    if offer.hold_minutes is not None and not 1 <= offer.hold_minutes <= _LONGEST_HOLD:
        message = said(
            "{value} is outside 1 to {most} minutes", value=offer.hold_minutes, most=_LONGEST_HOLD
        )
        yield Fault(f"{pointer}/hold_minutes", message)
    peak = offer.stock.peak_per_second if offer.stock else None
    if peak is not None and not 1 <= peak <= MOST_SHARDS * CLAIMS_A_SHARD:
        most = MOST_SHARDS * CLAIMS_A_SHARD
        message = said("{value} is outside 1 to {most} claims a second", value=peak, most=most)
        yield Fault(f"{pointer}/stock/peak_per_second", message)
    # More shards than units are allowed: shards never fall, and a lowered limit has to fit them.
    if offer.stock is not None and not 1 <= offer.stock.shards <= MOST_SHARDS:
        message = said(
            "{value} is outside 1 to {most} shards", value=offer.stock.shards, most=MOST_SHARDS
        )
        yield Fault(f"{pointer}/stock/shards", message)


def _windows(pointer: str, offer: Offer, campaign: Campaign) -> Faults:
    for field in ("claimable_from", "usable_from", "usable_until"):
        text: str | None = getattr(offer, field)
        if text is not None:
            yield from fault.wall_time(f"{pointer}/{field}", text)
    calendar = campaign.calendar
    revealed = fault.wall_time_of(calendar.revealed_from)
    claimable = fault.wall_time_of(offer.claimable_from or calendar.revealed_from)
    starts = fault.wall_time_of(offer.usable_from or calendar.usable_from)
    ends = fault.wall_time_of(offer.usable_until or calendar.usable_until, ends=True)
    if revealed is None or claimable is None or starts is None or ends is None:
        return
    if claimable < revealed:
        told = said("must not be before the campaign's reveal")
        yield Fault(f"{pointer}/claimable_from", told)
    if offer.claimable_from is not None and claimable >= ends:
        yield Fault(
            f"{pointer}/claimable_from", said("must be before {field}", field="usable_until")
        )
    if (offer.usable_from or offer.usable_until) and starts >= ends:
        yield Fault(f"{pointer}/usable_until", said("must be after {field}", field="usable_from"))
