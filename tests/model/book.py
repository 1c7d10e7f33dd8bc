"""The rules as a clerk with one book would keep them: who holds what, who used what, what is left.

It states docs/rules.md anew and shares nothing with the code that decides. One rule a method; a
new part of the product adds its own.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from model.facts import ENDS, FIRST, OFFERS, REVEAL, STANDS, STARTS, ZONES, Device, Terms

Name = tuple[str, str, str, int]  # visitor, offer, stand or "*", ordinal
Limit = tuple[str, ...]  # ("stock", offer, stand), ("day", offer, stand, day), ("budget", offer)
Said = tuple[str, int]  # "made", "again" or a reason, and the number of the use


@dataclass
class Use:
    """A use, and who gave it back under which nonce."""

    device: Device
    nonce: str
    at: datetime
    discount: int
    moved: dict[Limit, int]
    back: tuple[Device, str] | None = None


@dataclass
class Paper:
    """A voucher."""

    offer: str
    stand: str
    uses: list[Use] = field(default_factory=list)

    @property
    def in_use(self) -> Use | None:
        """The use that stands."""
        return self.uses[-1] if self.uses and self.uses[-1].back is None else None


class Book:
    """Everything that is true."""

    def __init__(self) -> None:
        self.terms = dict(FIRST)
        self.revisions = {1: dict(FIRST)}
        self.paused: set[str] = set()  # "*", stands, offers
        self.revoked: set[Name] = set()
        self.papers: dict[Name, Paper] = {}
        self.taken: Counter[Limit] = Counter()

    # --- claims ---------------------------------------------------------------------------------
    def claim(self, visitor: str, stand: str, offer: str, ordinal: int, at: datetime) -> str:
        """Return `made`, `again` or a reason."""
        name = self.name(visitor, stand, offer, ordinal)
        if name in self.papers:
            return "again"
        refused = next(self._against_a_claim(stand, offer, ordinal, at), None)
        if refused is None:
            self.papers[name] = Paper(offer, stand)
            if self.terms[offer].stock is not None:
                self.taken[self._stock(offer, stand)] += 1
        return refused or "made"

    def name(self, visitor: str, stand: str, offer: str, ordinal: int) -> Name:
        """Name the voucher that a visitor means: asking twice means the same one."""
        return visitor, offer, "*" if OFFERS[offer].one_voucher else stand, ordinal

    def _against_a_claim(self, stand: str, offer: str, ordinal: int, at: datetime) -> Iterator[str]:
        terms, here = self.terms[offer], _wall(stand, at)
        if stand not in OFFERS[offer].stands:
            yield "wrong_city"
        if here < REVEAL:
            yield "not_revealed"
        if self._is_paused(stand, offer):
            yield "paused"
        if here >= ENDS or terms.closed:
            yield "expired"
        if ordinal > terms.visitor_limit:
            yield "limit_visitor"
        if terms.stock is not None and self.taken[self._stock(offer, stand)] >= terms.stock:
            yield "limit_campaign" if OFFERS[offer].one_stock else "out_of_stock"

    # --- uses -----------------------------------------------------------------------------------
    def redeem(
        self, device: Device, name: Name, nonce: str, total: int | None, at: datetime
    ) -> Said:
        """Return `made` or `again` with the number of the use, or a reason."""
        paper = self.papers[name]
        for number, use in enumerate(paper.uses, 1):
            if (use.device, use.nonce) == (device, nonce):
                return "again", number
        refused = next(self._against_a_use(device, name, total, at), None)
        if refused is not None:
            return refused, 0
        discount = self._discount(paper.offer, total)
        moved = self._moved(paper.offer, device.stand, discount, at)
        self.taken.update(moved)
        paper.uses.append(Use(device, nonce, at, discount, moved))
        return "made", len(paper.uses)

    def _against_a_use(
        self, device: Device, name: Name, total: int | None, at: datetime
    ) -> Iterator[str]:
        paper, stand, here = self.papers[name], device.stand, _wall(device.stand, at)
        if name in self.revoked:
            yield "revoked"
        if not self._reaches(paper, stand):
            yield "wrong_city"
        if self._is_paused(stand, paper.offer):
            yield "paused"
        if here < STARTS:
            yield "not_started"
        if here >= ENDS:
            yield "expired"
        if not _is_open(stand, here):
            yield "not_now"
        if paper.in_use:
            yield "already_redeemed"
        yield from self._against_an_order(paper.offer, total)
        yield from self._against_limits(paper.offer, stand, total, at)

    def _against_an_order(self, offer: str, total: int | None) -> Iterator[str]:
        if OFFERS[offer].money_off:
            if total is None and self.terms[offer].budget is not None:
                yield "order_total_required"
            if self._discount(offer, total) == 0:
                yield "no_effect"

    def _against_limits(
        self, offer: str, stand: str, total: int | None, at: datetime
    ) -> Iterator[str]:
        terms = self.terms[offer]
        caps = {"day": (terms.day_limit, "limit_day"), "budget": (terms.budget, "budget_exhausted")}
        for limit, amount in self._moved(offer, stand, self._discount(offer, total), at).items():
            cap, reason = caps[limit[0]]
            if cap is not None and self.taken[limit] + amount > cap:
                yield reason

    def _moved(self, offer: str, stand: str, discount: int, at: datetime) -> dict[Limit, int]:
        """Return what a use takes from which limit."""
        terms, moved = self.terms[offer], dict[Limit, int]()
        if terms.day_limit is not None:
            moved["day", offer, stand, _day(stand, at)] = 1
        if terms.budget is not None and OFFERS[offer].money_off:
            moved["budget", offer] = discount
        return moved

    def _discount(self, offer: str, total: int | None) -> int:
        money_off = OFFERS[offer].money_off
        return money_off if total is None else min(money_off, total)

    def _reaches(self, paper: Paper, stand: str) -> bool:
        kind = OFFERS[paper.offer]
        same_country = STANDS[paper.stand].country == STANDS[stand].country
        return paper.stand == stand or kind.everywhere or (kind.country_wide and same_country)

    def in_use(self) -> list[Name]:
        """Return the vouchers that are used."""
        return sorted(name for name, paper in self.papers.items() if paper.in_use)

    # --- returns --------------------------------------------------------------------------------
    def reverse(self, device: Device, name: Name, number: int, nonce: str, at: datetime) -> Said:
        """Return `made`, `again` or a reason."""
        uses = self.papers[name].uses
        if number > len(uses):
            return "not_found", 0
        use = uses[number - 1]
        if use.back == (device, nonce):
            return "again", number
        refused = next(self._against_a_return(device, name, number, at), None)
        if refused is not None:
            return refused, 0
        use.back = device, nonce
        self.taken.subtract(use.moved)
        return "made", number

    def _against_a_return(
        self, device: Device, name: Name, number: int, at: datetime
    ) -> Iterator[str]:
        paper = self.papers[name]
        if paper.in_use is None or number != len(paper.uses):
            yield "already_reversed"
            return
        use = paper.in_use
        if number == 8:
            yield "reversal_window_closed"
        if device.supervises and use.device.stand == device.stand:
            return
        if use.device != device:
            yield "device_not_allowed"
        if at - use.at > timedelta(minutes=15):
            yield "reversal_window_closed"

    # --- marketing ------------------------------------------------------------------------------
    def publish(self, terms: dict[str, Terms], at: datetime) -> bool:
        """Make terms live; False where more was given out than they allow."""
        if any(self._is_below_use(offer, terms[offer], at) for offer in OFFERS):
            return False
        self.terms = terms
        return True

    def back_to(self, revision: int) -> dict[str, Terms]:
        """Return the terms of an earlier revision; what a visitor may have never falls."""
        older = self.revisions[revision]
        return {
            offer: replace(
                terms, visitor_limit=max(terms.visitor_limit, self.terms[offer].visitor_limit)
            )
            for offer, terms in older.items()
        }

    def _is_below_use(self, offer: str, terms: Terms, at: datetime) -> bool:
        caps = {"stock": terms.stock, "day": terms.day_limit, "budget": terms.budget}
        return any(
            (cap := caps[kind]) is not None and taken > cap and not _is_past(limit, at)
            for limit, taken in self.taken.items()
            if (kind := limit[0]) and limit[1] == offer
        )

    # --- words ----------------------------------------------------------------------------------
    def _is_paused(self, stand: str, offer: str) -> bool:
        return bool(self.paused & {"*", stand, offer})

    def _stock(self, offer: str, stand: str) -> Limit:
        return "stock", offer, "*" if OFFERS[offer].one_stock else stand


def _wall(stand: str, at: datetime) -> datetime:
    """Return what the clock on a stand's wall shows."""
    return at.astimezone(ZONES[stand]).replace(tzinfo=None)


def _day(stand: str, at: datetime) -> str:
    return _wall(stand, at).date().isoformat()


def _is_open(stand: str, here: datetime) -> bool:
    return stand != "istanbul" or here.hour >= 10 or here.hour < 2


def _is_past(limit: Limit, at: datetime) -> bool:
    """Tell whether a limit is of a day that is over where it counts."""
    return limit[0] == "day" and limit[3] < _day(limit[2], at)
