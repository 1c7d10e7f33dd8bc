"""Orders of several vouchers: the book's rule, and the product behind the same question."""

from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime

from model.book import Book
from model.facts import OFFERS, Device
from model.paper import Name, Said
from model.product import Product, said

from chalicelib.store import uses
from chalicelib.usecases import redeeming

Line = tuple[Name, str]  # the voucher, and the nonce


def order(book: Book, by: Device, lines: Sequence[Line], total: int, at: datetime) -> list[Said]:
    """Use one voucher after the other, each of what those before it left of the order."""
    answers: list[Said] = []
    for name, nonce in lines:
        answer = book.redeem(by, name, nonce, total, at, order="order-1")
        answers.append(answer)
        if answer[0] == "made":
            total -= book.papers[name].uses[-1].discount
    return answers


def all_or_none(
    book: Book, by: Device, lines: Sequence[Line], total: int, at: datetime
) -> tuple[Book, list[Said]]:
    """Return the book after an order of all its vouchers or none, and what each would get."""
    after = deepcopy(book)
    answers = order(after, by, lines, total, at)
    return (after if all(answer[1] for answer in answers) else book), answers


def against_its_group(names: Sequence[Name], number: int) -> set[Said]:
    """Return what a line may be told where all are to be used: one before it is of its group.

    The product sees that two of a group can never both be used before it reads either of them.
    """
    group = OFFERS[names[number][1]].group
    before = {OFFERS[name[1]].group for name in names[:number]}
    return {("not_stackable", 0)} if group is not None and group in before else set()


def order_really(
    product: Product, by: Device, lines: Sequence[Line], total: int, at: datetime, *, every: bool
) -> list[Said | None]:
    """Ask the product; None for a line that only others kept from it."""
    scans = [product.scan(by, name, nonce, total, at, order="order-1") for name, nonce in lines]
    outcomes = redeeming.redeem_order(uses, scans, every=every, request_id=product.request())
    return [said(outcome) if outcome is not None else None for outcome in outcomes]
