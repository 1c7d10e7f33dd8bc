"""Vouchers passed on by links: the book's rules, and the product behind the same questions."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from model.book import Book
from model.facts import ENDS, STANDS, ZONES
from model.paper import Link, Name, Paper
from model.product import SECRET, Product

from chalicelib.domain import gift
from chalicelib.domain.reasons import Refusal
from chalicelib.domain.voucher import Voucher
from chalicelib.store import gifts
from chalicelib.usecases import giving

_SETTLED = {
    "redeemed": "already_redeemed",
    "held": "held_by_order",
    "given": "given_away",
    "revoked": "revoked",
    "lapsed": "lapsed",
}


def give(book: Book, name: Name, at: datetime) -> str:
    """Make the holder's link, for three days or as long as it lives; once for each voucher."""
    paper = book.papers[name]
    settled = _settled(paper, at)
    if settled is not None:
        return settled
    stands = paper.link is not None and at < paper.link[1]
    moving = stands and paper.link is not None and paper.link[2]
    if moving or paper.gift or paper.state == "reversed":
        return "not_giftable"
    return (
        "again"
        if stands
        else _bound(book, paper, (name, _until(paper, at + timedelta(hours=72)), False))
    )


def reissue(book: Book, name: Name, at: datetime) -> str:
    """Make a supervisor's link, for a quarter of an hour."""
    paper = book.papers[name]
    settled = _settled(paper, at)
    if settled is not None:
        return settled
    if paper.minted:
        return "not_giftable"
    return _bound(book, paper, (name, _until(paper, at + timedelta(minutes=15)), True))


def accept(book: Book, visitor: str, link: Link, at: datetime) -> str:
    """Take the voucher of a link, once."""
    made = book.links[link]
    if made is not None:
        return "again" if book.papers[made].holder == visitor else "given_away"
    giver = book.papers[link[0]]
    refused = _against_a_link(giver, link, at)
    if refused is None and giver.holder == visitor:
        refused = "not_giftable"
    if refused is not None:
        return refused
    heir: Name = (f"heir-{len(book.papers)}", *link[0][1:])
    book.papers[heir] = Paper(
        visitor, giver.offer, giver.stand, giver.unit, freed=at, passed_on=True
    )
    book.papers[heir].gift = giver.gift or not link[2]
    book.papers[heir].hold_until = giver.hold_until if giver.state == "issued" else None
    giver.end, giver.heir, book.links[link] = "given", heir, heir
    giver.writes += 1
    return "made"


def _settled(paper: Paper, at: datetime) -> str | None:
    kept = paper.hold_until if paper.state == "issued" else None
    return "lapsed" if kept is not None and at >= kept else _SETTLED.get(paper.state)


def _until(paper: Paper, wanted: datetime) -> datetime:
    """Cut a link's life to its voucher's: the offer's end, and the hold's of an unused claim."""
    kept = paper.hold_until if paper.state == "issued" else None
    return min(one for one in (wanted, _end(paper.stand), kept) if one is not None)


def _end(stand: str) -> datetime:
    return ENDS.replace(tzinfo=ZONES[stand]).astimezone(UTC)


def _bound(book: Book, paper: Paper, link: Link) -> str:
    paper.link = link
    paper.writes += 1
    book.links.setdefault(link, None)
    return "made"


def _against_a_link(giver: Paper, link: Link, at: datetime) -> str | None:
    if giver.link != link:
        return "lapsed"
    settled = _settled(giver, at)
    if settled is not None:
        return settled
    if giver.state == "reversed" and not link[2]:
        return "already_redeemed"
    return "lapsed" if at >= link[1] else None


@dataclass
class Gifts:
    """The same of the product. It keeps each link's secret by the name that the book has for it."""

    product: Product
    secrets: dict[Link, str] = field(default_factory=dict)

    def give(self, name: Name, at: datetime) -> str:
        voucher = self._voucher(name)
        given = giving.give(
            gifts,
            voucher,
            giftable=True,
            claim_secret=SECRET,
            ends=_end(voucher.popup_id),
            at=at,
        )
        return self._kept(name, given, reissue=False)

    def reissue(self, name: Name, at: datetime) -> str:
        voucher = self._voucher(name)
        ends = _end(voucher.popup_id)
        given = giving.reissue(gifts, voucher, claim_secret=SECRET, ends=ends, at=at)
        return self._kept(name, given, reissue=True)

    def accept(self, visitor: str, link: Link, heir: Name, at: datetime) -> str:
        """Take it; the voucher that comes of it is `heir` from now on."""
        found = gifts.link(gift.hash_of(self.secrets[link]))
        assert found is not None, "a link that was made is there"
        hour = STANDS[self._voucher(link[0]).popup_id].local_hour(at)
        wish = giving.Acceptance(visitor=visitor, at=at, local_hour=hour)
        outcome = giving.accept(gifts, wish, found, claim_secret=SECRET)
        if isinstance(outcome, Refusal):
            return str(outcome.reason)
        if outcome.made:
            self.product.ids[heir] = outcome.voucher.voucher_id
        return "made" if outcome.made else "again"

    def _kept(self, name: Name, given: giving.Offered | Refusal, *, reissue: bool) -> str:
        if isinstance(given, Refusal):
            return str(given.reason)
        self.secrets[name, given.until, reissue] = given.secret
        return "made" if given.made else "again"

    def _voucher(self, name: Name) -> Voucher:
        voucher = gifts.get(self.product.voucher_id(name))
        assert voucher is not None, "only a voucher that is there is passed on"
        return voucher
