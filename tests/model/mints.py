"""Printed cards: the book's rules, and the product behind the same questions."""

from collections.abc import Iterator
from datetime import datetime

from model.book import Book
from model.clock import wall
from model.facts import CAMPAIGN, ENDS, OFFERS, STANDS
from model.paper import Name, Paper
from model.product import Product

from chalicelib.domain import mint
from chalicelib.domain.reasons import Refusal
from chalicelib.store import counters, mints, revocations
from chalicelib.usecases import minting, revoking


def mint_some(book: Book, offer: str, stand: str, count: int, at: datetime) -> str:
    """Take the units of all cards at once, or make none. A card is nobody's."""
    refused = next(_against_a_batch(book, offer, stand, count, at), None)
    if refused is not None:
        return refused
    if book.terms[offer].stock is not None:
        book.taken[book.stock(offer, stand)] += count
    book.batches += 1
    for name in names(book.batches, offer, stand, count):
        book.papers[name] = Paper("", offer, stand, minted=True, writes=0)
    return "made"


def _against_a_batch(book: Book, offer: str, stand: str, count: int, at: datetime) -> Iterator[str]:
    terms = book.terms[offer]
    if stand not in OFFERS[offer].stands:
        yield "wrong_city"
    if wall(stand, at) >= ENDS or terms.closed:
        yield "expired"
    if terms.stock is not None and book.free(offer, stand) < count:
        yield "limit_campaign" if OFFERS[offer].one_stock else "out_of_stock"


def names(batch: int, offer: str, stand: str, count: int) -> list[Name]:
    """Name the cards of a batch."""
    return [("", offer, stand, batch * 1000 + serial) for serial in range(1, count + 1)]


def mint_really(product: Product, offer: str, stand: str, count: int, at: datetime) -> str:
    """Make the batch in the product."""
    published = product.published()
    wish = minting.Wish(
        published=published,
        popup=STANDS[stand],
        offer=published.campaign.offer[offer],
        count=count,
        key_id=product.press.newest,
        at=at,
        request=product.request(),
    )
    outcome = minting.make_batch(mints, counters, wish)
    if isinstance(outcome, Refusal):
        return str(outcome.reason)
    batch = outcome.batch
    product.batches[batch.number] = batch
    secret = product.press.secrets.mint_secret(published.campaign.number)
    for serial, name in enumerate(names(batch.number, offer, stand, count), 1):
        product.ids[name] = mint.minted_id(secret, batch.number, serial)
    return "made"


def withdraw(book: Book, batch: int, serials: tuple[int, int] | None) -> None:
    """Withdraw the cards of a batch, or a range of them; what was used stays used."""
    first, last = serials or (1, 999)
    book.revoked.update(
        name
        for name, paper in book.papers.items()
        if paper.minted and first <= name[3] - batch * 1000 <= last
    )


def withdraw_really(product: Product, batch: int, serials: tuple[int, int] | None) -> None:
    """Withdraw them in the product."""
    product.memory = None
    made = product.batches[batch]
    assert made.campaign_id == CAMPAIGN
    assert isinstance(revoking.revoke_minted(revocations, made, serials), revoking.Revoked)
