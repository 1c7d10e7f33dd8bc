"""What a stand's manager books: the book's rules, and the product behind the same questions."""

from datetime import datetime

from model.book import Book
from model.facts import CAMPAIGN, OFFERS, STANDS
from model.product import Product

from chalicelib.domain.counter import CounterKind
from chalicelib.domain.limits import LimitId
from chalicelib.domain.member import Scope
from chalicelib.domain.reasons import Refusal
from chalicelib.domain.stock import Kind, Short
from chalicelib.store import stocks
from chalicelib.usecases import stocktaking

ANNA = Scope(area=CAMPAIGN, member_id="anna", email="anna@example.org")


class Shelf:
    """What was booked under which form."""

    def __init__(self) -> None:
        self.booked: dict[str, tuple[str, Kind, int]] = {}

    def book(
        self, book: Book, offer: str, stand: str, kind: Kind, number: int, form: str
    ) -> str | int:
        """Return what the stock changed by, or `short`, or `reused`."""
        if form in self.booked:
            return "again" if self.booked[form] == (offer, kind, number) else "reused"
        limit = book.stock(offer, stand)
        match kind:
            case Kind.RECEIVED:
                change = number
            case Kind.DAMAGED:
                change = -number
            case Kind.COUNTED:
                change = number - in_hand(book, offer, stand)
        if book.free(offer, stand) + change < 0:
            return "short"
        book.moved[limit] += change
        self.booked[form] = offer, kind, number
        return change


def in_hand(book: Book, offer: str, stand: str) -> int:
    """Return what should lie at the stand: all units but those that were handed over."""
    limit = book.stock(offer, stand)
    return (book.terms[offer].stock or 0) + book.moved[limit] - given(book, offer, stand)


def given(book: Book, offer: str, stand: str) -> int:
    """Return how many were handed over; for what all stands share, at all."""
    everywhere = OFFERS[offer].one_stock
    return sum(
        paper.in_use is not None and paper.offer == offer
        for paper in book.papers.values()
        if everywhere or (paper.in_use and paper.in_use.stand == stand)
    )


def book_really(
    product: Product,
    offer: str,
    stand: str,
    kind: Kind,
    number: int,
    form: str,
    handed: int,
    at: datetime,
) -> str | int:
    """Book it in the product."""
    whole = OFFERS[offer].one_stock
    popup_number = 0 if whole else STANDS[stand].number
    wish = stocktaking.Wish(
        campaign_number=product.published().campaign.number,
        limit=LimitId(CounterKind.STOCK, OFFERS[offer].offer.number, popup_number),
        popup_id="*" if whole else stand,
        offer_id=offer,
        kind=kind,
        number=number,
        given=handed,
        note="",
        nonce=f"{form}-{popup_number}",
        at=at,
        noted_at=at,
        request_id=product.request(),
    )
    outcome = stocktaking.book(stocks, ANNA, wish)
    match outcome:
        case Short():
            return "short"
        case Refusal():
            return "reused"
    return outcome.change
