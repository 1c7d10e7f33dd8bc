"""Withdrawn vouchers: the book's rule, and the product behind the same question."""

from datetime import datetime

from model.book import Book
from model.paper import Name
from model.product import SECRET, Product

from chalicelib.domain import gift
from chalicelib.domain.reasons import Refusal
from chalicelib.domain.voucher import Voucher
from chalicelib.store import revocations
from chalicelib.usecases import revoking


def revoke(book: Book, name: Name, at: datetime) -> str:
    """Withdraw a voucher, or that of the friend to whom it went; a used one stays."""
    passed = [name]
    while (heir := book.papers[passed[-1]].heir) is not None:
        passed.append(heir)
    paper = book.papers[passed[-1]]
    if paper.end == "lapsed":
        return "lapsed"
    if paper.in_use:
        return "already_redeemed"
    book.revoked.update(passed)
    if paper.end == "revoked":
        return "again"
    if paper.held:
        book.end(paper, ("marketing", ""), at)
    else:
        paper.writes += 1
    paper.end = "revoked"
    return "made"


def revoke_really(product: Product, name: Name, at: datetime) -> str:
    """Withdraw it in the product."""
    wish = revoking.Wish(
        published=product.published(),
        voucher_id=product.voucher_id(name),
        by="marketing",
        at=at,
        heir_of=_heir_of,
        first=product.first(name),
    )
    product.memory = None
    outcome = revoking.revoke(revocations, revocations, wish)
    if isinstance(outcome, Refusal):
        return str(outcome.reason)
    return "made" if outcome.made else "again"


def _heir_of(voucher: Voucher) -> str | None:
    known = voucher.gift_hash
    return gift.received_id(SECRET, voucher.voucher_id, known) if known else None
