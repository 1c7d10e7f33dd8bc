"""Orders' holds and the sweeper: the book's rules, and the product behind the same questions."""

from collections.abc import Callable, Iterator
from datetime import datetime

from house import House
from model.book import Book
from model.facts import Device
from model.paper import Name, Said, Use
from model.product import Product

from chalicelib.domain.reasons import Refusal
from chalicelib.domain.voucher import Voucher
from chalicelib.store import holds, uses
from chalicelib.usecases import holding, sweeping

Settle = Callable[[holding.Vouchers, holding.Wish], holding.Settled | Refusal]


def confirm(book: Book, shop: Device, name: Name, number: int, at: datetime) -> Said:
    """Make a hold a use, before its end."""
    paper, use = book.papers[name], _own(book, shop, name, number)
    if use is None or use.back is not None:
        return ("already_reversed" if use else "not_found"), 0
    if use.until is None:
        return "again", number
    if at >= use.until:
        return "already_reversed", 0
    use.until = None
    paper.writes += 1
    return "made", number


def release(book: Book, shop: Device, name: Name, number: int, at: datetime) -> Said:
    """Give a hold up, even after its end."""
    use = _own(book, shop, name, number)
    if use is None:
        return "not_found", 0
    if use.back is not None:
        return ("again", number) if use.released else ("already_reversed", 0)
    if use.until is None:
        return "already_redeemed", 0
    book.end(book.papers[name], (shop.device_id, f"release-{number}"), at)
    return "made", number


def sweep(book: Book, at: datetime) -> tuple[int, int]:
    """End what is over at the last full minute; return how many claims and how many holds."""
    minute, lapsed, released = at.replace(second=0), 0, 0
    for paper in book.papers.values():
        if paper.held and paper.held.until and paper.held.until <= minute:
            book.end(paper, ("sweeper", ""), at)
            released += 1
        elif paper.lapses_by(minute):
            paper.end = "lapsed"
            paper.writes += 1
            book.taken.subtract([paper.unit] if paper.unit else [])
            lapsed += 1
    return lapsed, released


def settle(
    product: Product, how: Settle, shop: Device, name: Name, number: int, at: datetime
) -> Said:
    """Confirm or release in the product."""
    wish = holding.Wish(
        voucher_id=product.voucher_id(name), number=number, device_id=shop.device_id, at=at
    )
    outcome = how(uses, wish)
    if isinstance(outcome, Refusal):
        return str(outcome.reason), 0
    return "made" if outcome.made else "again", outcome.use.number


def _own(book: Book, shop: Device, name: Name, number: int) -> Use | None:
    used = book.papers[name].uses
    use = used[number - 1] if number <= len(used) else None
    return use if use and use.device == shop else None


class Ledger:
    """The store as the sweeper sees it; only minutes at which something is due are asked for."""

    lapse, end_use = staticmethod(holds.lapse), staticmethod(holds.end_use)

    def __init__(self, house: House) -> None:
        self.house = house
        self.done: datetime | None = None

    def due(self, minute: str) -> Iterator[Voucher]:
        if any(row["due"]["S"] == minute for row in self.house.stored() if "due" in row):
            yield from list(holds.due(minute))

    def swept_to(self) -> datetime | None:
        return self.done

    def mark_swept(self, minute: datetime) -> None:
        self.done = minute

    def sweep(self, at: datetime) -> tuple[int, int]:
        swept = sweeping.sweep(self, at=at)
        return swept.lapsed, swept.released
