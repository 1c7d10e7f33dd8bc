"""The stock of a stand as its page shows and books it."""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.domain import stand_report, stock
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.counter import CounterKind
from chalicelib.domain.limits import LimitId, counters_of, stock_places
from chalicelib.domain.live import Published
from chalicelib.domain.member import Right
from chalicelib.domain.note import cleaned
from chalicelib.domain.offer import Offer
from chalicelib.domain.popup import Popup
from chalicelib.domain.reasons import Refusal
from chalicelib.domain.sentence import Sentence, said
from chalicelib.domain.stand_report import Figures
from chalicelib.domain.stock import LONGEST_NOTE, MOST_UNITS, Kind, Movement, Short
from chalicelib.store import counters, stocks
from chalicelib.usecases import stocktaking
from chalicelib.web.console.desk import desk
from chalicelib.web.console.forms import Form
from chalicelib.web.console.once import NONCE
from chalicelib.web.console.once import nonce as fresh_nonce
from chalicelib.web.console.visit import Visit
from chalicelib.web.context import context

_SHARED = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """An offer's stock: `in_hand` should be there, `free` nobody has claimed yet.

    A shared one is the whole campaign's: nobody counts it at one stand, `in_hand` is 0.
    """

    offer: Offer
    shared: bool
    in_hand: int
    free: int
    given: int
    nonce: str
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """Why a form was not booked, of which field, what was typed, and the status of the answer."""

    offer_id: str
    told: Sentence
    field: str
    number: str
    note: str
    kind: str
    nonce: str
    status: int = 422


def of(here: Visit, published: Published, popup: Popup, figures: Figures) -> list[Shelf]:
    """Return the stocks from which the stand gives; one read for all."""
    found = shards(published.campaign, popup, published.campaign.offers)
    return [_shelf(here, offer, each, figures) for offer, each in found]


def shards(
    campaign: Campaign, popup: Popup, offers: Iterable[Offer]
) -> list[tuple[Offer, stock.Shards]]:
    """Return the stocks of these offers from which the stand gives; one read for all."""
    ids = [
        (offer, counters_of(campaign.number, limit_of(offer, popup), offer.stock.shards))
        for offer in offers
        if offer.stock and offer.runs_at(popup.popup_id)
    ]
    found = counters.read([one for _, each in ids for one in each])
    return [(offer, [(one, found[one]) for one in each if one in found]) for offer, each in ids]


def movements(here: Visit, published: Published, popup: Popup) -> list[Movement]:
    """Return all that was booked of the stand's own stocks, the oldest first."""
    return stocks.movements(here.scope, popup.popup_id, published.campaign.number, popup.number)


def limit_of(offer: Offer, popup: Popup) -> LimitId:
    """Return the stock from which this stand gives: its own, or the campaign's."""
    (number,) = stock_places(offer, [popup])
    return LimitId(CounterKind.STOCK, offer.number, number)


def book(
    here: Visit, published: Published, popup: Popup, figures: Figures, form: Form
) -> Wrong | None:
    """Book a form of the page. Returns why it cannot be."""
    offer, kind = _offer(published.campaign, popup, form), _kind(form)
    number, note = _number(form), cleaned(form.text("note"))
    if offer is None:
        return _wrong(form, said("choose an offer of this stand that has stock"))
    limit = limit_of(offer, popup)
    shared = limit.popup_number == 0
    if kind is None or kind not in _kinds(here, shared=shared):
        return _wrong(form, said("choose what happened: received, damaged or counted"), "kind")
    if number is None or (number == 0 and kind is not Kind.COUNTED):
        told = said("write how many, as a whole number up to {most}", most=MOST_UNITS)
        return _wrong(form, told, "number")
    if len(note) > LONGEST_NOTE:
        return _wrong(form, said("has more than {most} characters", most=LONGEST_NOTE), "note")
    if not NONCE.fullmatch(form.text("nonce")):
        return _wrong(form, said("open the page again and repeat your change"))
    wish = stocktaking.Wish(
        campaign_number=published.campaign.number,
        limit=limit,
        popup_id=_SHARED if shared else popup.popup_id,
        offer_id=offer.offer_id,
        kind=kind,
        number=number,
        given=stand_report.given(figures, offer.offer_id),
        note=note,
        nonce=form.text("nonce"),
        at=context.now(),
        noted_at=context.real_now(),
        request_id=desk.request_id(),
    )
    return _told(form, stocktaking.book(stocks, here.scope, wish))


def _told(form: Form, outcome: Movement | Short | Refusal) -> Wrong | None:
    match outcome:
        case Short(wanted, free):
            told = said(
                "{wanted} units would go, but only {free} are not claimed yet. Book {free} now. "
                "For the others visitors hold vouchers: get goods for them, or pause the stand.",
                wanted=wanted,
                free=free,
            )
            return _wrong(form, told, "number", status=409)
        case Refusal():
            told = said(
                "This form was booked already with another number. Look at the list of what was "
                "booked, then book what is missing."
            )
            return _wrong(form, told, status=409, nonce=fresh_nonce())
    return None


def _shelf(here: Visit, offer: Offer, shards: stock.Shards, figures: Figures) -> Shelf:
    shared = bool(shards) and shards[0][0].popup_number == 0
    given = stand_report.given(figures, offer.offer_id)
    return Shelf(
        offer=offer,
        shared=shared,
        in_hand=0 if shared else stock.in_hand(shards, given),
        free=sum(counter.left for _, counter in shards),
        given=given,
        nonce=fresh_nonce(),
        kinds=_kinds(here, shared=shared),
    )


def _kinds(here: Visit, *, shared: bool) -> tuple[Kind, ...]:
    """Return what a member may book: what all stands share is marketing's, and not counted here."""
    if not shared:
        return tuple(Kind)
    return (Kind.RECEIVED, Kind.DAMAGED) if here.member.may(Right.EDIT) else ()


def _wrong(
    form: Form, told: Sentence, field: str = "", *, status: int = 422, nonce: str = ""
) -> Wrong:
    """Return what was typed with what is wrong; the form's nonce stays, so nothing counts twice."""
    known = form.text("nonce") if NONCE.fullmatch(form.text("nonce")) else fresh_nonce()
    return Wrong(
        offer_id=form.text("offer_id"),
        told=told,
        field=field,
        number=form.text("number"),
        note=form.text("note"),
        kind=form.text("kind"),
        nonce=nonce or known,
        status=status,
    )


def _offer(campaign: Campaign, popup: Popup, form: Form) -> Offer | None:
    offer = campaign.offer.get(form.text("offer_id"))
    here = offer is not None and offer.stock is not None and offer.runs_at(popup.popup_id)
    return offer if here else None


def _kind(form: Form) -> Kind | None:
    return next((kind for kind in Kind if kind == form.text("kind")), None)


def _number(form: Form) -> int | None:
    text = form.text("number").strip()
    whole = text.isascii() and text.isdigit() and len(text) <= len(str(MOST_UNITS))
    return int(text) if whole and int(text) <= MOST_UNITS else None
