"""The rules as a clerk with one book would keep them: who holds what, who used what, what is left.

It states docs/rules.md anew and shares nothing with the code that decides. One rule a method; a
new part of the product adds its own.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from model.clock import (
    after,
    against_its_state,
    against_the_hour,
    day,
    group,
    is_over,
    is_past,
    kept_until,
    wall,
)
from model.facts import ENDS, FIRST, OFFERS, REVEAL, STANDS, Device, Terms
from model.paper import Limit, Link, Name, Paper, Said, Use
from model.press import Print


class Book:
    """Everything that is true."""

    def __init__(self) -> None:
        self.terms = dict(FIRST)
        self.revisions = {1: dict(FIRST)}
        self.paused: set[str] = set()  # "*", stands, offers
        self.revoked: set[Name] = set()
        self.withdrawn_keys: set[int] = set()
        self.papers: dict[Name, Paper] = {}
        self.taken: Counter[Limit] = Counter()
        self.moved: Counter[Limit] = Counter()  # received, damaged, counted
        self.batches = 0
        self.links: dict[Link, Name | None] = {}  # and the voucher that each made

    # --- claims ---------------------------------------------------------------------------------
    def claim(self, visitor: str, stand: str, offer: str, ordinal: int, at: datetime) -> str:
        """Return `made`, `again` or a reason."""
        name = self.name(visitor, stand, offer, ordinal)
        before = self.papers.get(name)
        if before is not None and before.end != "lapsed":
            return "again"
        refused = next(self._against_a_claim(stand, offer, ordinal, at), None)
        if refused is None:
            paper = self.papers[name] = before or Paper(visitor, offer, stand, writes=0)
            paper.hold_until, paper.end, paper.link = kept_until(offer, stand, at), None, None
            paper.unit = None if self.terms[offer].stock is None else self.stock(offer, stand)
            paper.writes += 1
            paper.generation += before is not None
            self.taken.update([paper.unit] if paper.unit else [])
        return refused or "made"

    def name(self, visitor: str, stand: str, offer: str, ordinal: int) -> Name:
        """Name the voucher that a visitor means: asking twice means the same one."""
        return visitor, offer, "*" if OFFERS[offer].one_voucher else stand, ordinal

    def _against_a_claim(self, stand: str, offer: str, ordinal: int, at: datetime) -> Iterator[str]:
        terms, here = self.terms[offer], wall(stand, at)
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
        if terms.stock is not None and self.free(offer, stand) <= 0:
            yield "limit_campaign" if OFFERS[offer].one_stock else "out_of_stock"

    # --- uses -----------------------------------------------------------------------------------
    def redeem(
        self,
        device: Device,
        name: Name,
        nonce: str,
        total: int | None,
        at: datetime,
        *,
        order: str | None = None,
        seconds: int | None = None,
        shown: Print | None = None,
    ) -> Said:
        """Return `made` or `again` with the number of the use, or a reason."""
        paper = self.papers[name]
        for number, use in enumerate(paper.uses, 1):
            if (use.device, use.nonce) == (device, nonce):
                return "again", number
        stand, until = device.stand or paper.stand, after(at, seconds)
        discount = self._discount(paper.offer, total)
        use = Use(device, nonce, at, stand, discount, {}, group(device, paper.offer, order), until)
        refused = next(self._against_a_use(use, name, total, shown), None)
        if refused is not None:
            return refused, 0
        use.moved = self._moved(paper.offer, stand, discount, at)
        self.taken.update(use.moved)
        paper.uses.append(use)
        paper.writes += 1
        return "made", len(paper.uses)

    def _against_a_use(
        self, use: Use, name: Name, total: int | None, shown: Print | None
    ) -> Iterator[str]:
        paper, stand = self.papers[name], use.stand
        if shown and shown.key_id in self.withdrawn_keys:
            yield "key_withdrawn"
        if name in self.revoked or paper.end == "revoked":
            yield "revoked"
        if paper.end == "given":
            yield "given_away"
        if not self._reaches(paper, stand):
            yield "wrong_city"
        if use.device.online and not OFFERS[paper.offer].online:
            yield "wrong_channel"
        if self._is_paused(stand, paper.offer):
            yield "paused"
        yield from against_the_hour(use, wall(stand, use.at))
        stale = shown is not None and shown.generation != paper.generation
        yield from against_its_state(paper, use, stale=stale)
        yield from self._against_an_order(paper.offer, total)
        if paper.held:
            self.end(paper, ("sweeper", ""), use.at)
        if use.group and any(other.group == use.group for other in self._standing()):
            yield "not_stackable"
        yield from self._against_limits(paper.offer, stand, total, use.at)

    def _standing(self) -> list[Use]:
        return [paper.standing for paper in self.papers.values() if paper.standing]

    def end(self, paper: Paper, back: tuple[str, str], at: datetime) -> None:
        """End the use or hold that stands: everything that it took comes back."""
        use = paper.uses[-1]
        use.back, use.released, paper.freed = back, use.until is not None, at
        self.taken.subtract(use.moved)
        paper.writes += 1

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
            moved["day", offer, stand, day(stand, at)] = 1
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

    # --- returns --------------------------------------------------------------------------------
    def reverse(self, device: Device, name: Name, number: int, nonce: str, at: datetime) -> Said:
        """Return `made`, `again` or a reason."""
        uses = self.papers[name].uses
        if number > len(uses):
            return "not_found", 0
        if uses[number - 1].back == (device.device_id, nonce):
            return "again", number
        if device.online and uses[number - 1].device != device:
            return "not_found", 0
        refused = next(self._against_a_return(device, name, number, at), None)
        if refused is not None:
            return refused, 0
        self.end(self.papers[name], (device.device_id, nonce), at)
        return "made", number

    def _against_a_return(
        self, device: Device, name: Name, number: int, at: datetime
    ) -> Iterator[str]:
        paper = self.papers[name]
        use = paper.in_use
        if use is None or number != len(paper.uses):
            hold = paper.held if number == len(paper.uses) else None
            yield "held_by_order" if hold and not is_over(hold, at) else "already_reversed"
            return
        if number == 8:
            yield "reversal_window_closed"
        if device.online or (device.supervises and use.stand == device.stand):
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
            (cap := caps[limit[0]]) is not None
            and self.taken[limit] > cap + self.moved[limit]
            and not is_past(limit, at)
            for limit in self.taken.keys() | self.moved.keys()
            if limit[1] == offer
        )

    # --- words ----------------------------------------------------------------------------------
    def _is_paused(self, stand: str, offer: str) -> bool:
        return bool(self.paused & {"*", stand, offer})

    def free(self, offer: str, stand: str) -> int:
        """Return how many units nobody has claimed yet, of an offer that has stock."""
        limit = self.stock(offer, stand)
        return (self.terms[offer].stock or 0) + self.moved[limit] - self.taken[limit]

    def stock(self, offer: str, stand: str) -> Limit:
        return "stock", offer, "*" if OFFERS[offer].one_stock else stand
