"""What a published campaign has promised: terms that no later revision may change."""

from collections.abc import Iterator
from dataclasses import replace

from chalicelib.domain import fault
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.fault import Fault
from chalicelib.domain.offer import Offer
from chalicelib.domain.sentence import said


def broken(before: Campaign | None, after: Campaign) -> tuple[Fault, ...]:
    """Return each promise of the live revision that the next one would break."""
    return tuple(_broken(before, after)) if before else ()


def _broken(before: Campaign, after: Campaign) -> Iterator[Fault]:
    if before.number != after.number:
        yield Fault("/number", said("a published campaign keeps its number"))
    for popup in before.popups:
        kept = after.popup.get(popup.popup_id)
        if kept is None:
            told = said("{stand} is published: it may be closed, not removed", stand=popup.popup_id)
            yield Fault("/popups", told)
        elif kept.number != popup.number:
            told = said(
                "{stand} keeps its number {number}", stand=popup.popup_id, number=popup.number
            )
            yield Fault("/popups", told)
    for offer in before.offers:
        kept_offer = after.offer.get(offer.offer_id)
        if kept_offer is None:
            told = said("{offer} is published: close it, do not remove it", offer=offer.offer_id)
            yield Fault("/offers", told)
        else:
            yield from _offer(offer, kept_offer, fault.at("offers", after.offers.index(kept_offer)))


def _offer(before: Offer, after: Offer, pointer: str) -> Iterator[Fault]:
    for field in ("number", "benefit", "visitor_scope", "group"):
        if getattr(before, field) != getattr(after, field):
            change = said(
                "{field} is frozen since the first publish; make a new offer", field=field
            )
            yield Fault(f"{pointer}/{field}", change)
    if after.visitor_limit < before.visitor_limit:
        told = said("may only rise, it is {value}", value=before.visitor_limit)
        yield Fault(f"{pointer}/visitor_limit", told)
    if before.stock and after.stock:
        if after.stock.shards < before.stock.shards:
            told = said("may only rise, it is {value}", value=before.stock.shards)
            yield Fault(f"{pointer}/stock/shards", told)
        if after.stock.per is not before.stock.per:
            told = said("stays {value} once published", value=before.stock.per)
            yield Fault(f"{pointer}/stock/per", told)


def carry_along(current: Campaign, older: Campaign) -> Campaign:
    """Return the older revision with what was promised since: later offers closed, shards kept."""
    offers = [_kept(offer, current.offer.get(offer.offer_id)) for offer in older.offers]
    later = [
        replace(offer, closed=True) for offer in current.offers if offer.offer_id not in older.offer
    ]
    stands = [popup for popup in current.popups if popup.popup_id not in older.popup]
    merchants = [m for m in current.merchants if m.merchant_id not in older.merchant]
    return replace(
        older,
        offers=(*offers, *later),
        popups=(*older.popups, *stands),
        merchants=(*older.merchants, *merchants),
    )


def _kept(older: Offer, current: Offer | None) -> Offer:
    """Keep what may only rise: the visitor's limit and the number of shards."""
    if current is None:
        return older
    stock = older.stock
    if stock and current.stock:
        stock = replace(stock, shards=max(stock.shards, current.stock.shards))
    limit = max(older.visitor_limit, current.visitor_limit)
    return replace(older, visitor_limit=limit, stock=stock)
