"""Visitors, staff, marketing and the clock do what they like; product and book say the same."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from house import House
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from model import audit, crowd
from model.book import Book, Name, Use
from model.facts import CAMPAIGN, DEVICES, FIRST, OFFERS, STANDS, Device, Terms
from model.product import Product

from chalicelib.store import generations
from chalicelib.usecases import rebuilding

VISITOR = st.sampled_from(crowd.VISITORS)
STAND = st.sampled_from(sorted(STANDS))
OFFER = st.sampled_from(sorted(OFFERS))
DEVICE = st.sampled_from(DEVICES)
NONCE = st.sampled_from(["nonce-0001", "nonce-0002", "nonce-0003"])
LIMIT = st.sampled_from([None, 1, 2, 3, 5])
BUDGET = st.sampled_from([None, 300, 900, 2000])
# The first day; an hour before midnight in Van; the reveal is over in Van alone; the last evening.
MORNINGS = [
    datetime(2026, 5, 20, 12, tzinfo=UTC),
    datetime(2026, 5, 20, 19, tzinfo=UTC),
    datetime(2026, 5, 19, 16, 30, tzinfo=UTC),
    datetime(2026, 5, 21, 19, tzinfo=UTC),
]
CLOSED = datetime(2026, 5, 22, 2, tzinfo=UTC)  # the festival is over everywhere


class Festival(RuleBasedStateMachine):
    """Each rule asks both and compares the answers; the invariants compare what is left."""

    house: House  # set by the test

    def __init__(self) -> None:
        super().__init__()
        self.house.empty()
        self.book, self.product = Book(), Product()
        self.shards = 2
        self.last: Name | None = None
        self.said: set[str] = set()
        self.busy = False  # somebody came since marketing or the clock last moved

    @initialize(at=st.sampled_from(MORNINGS))
    def open(self, at: datetime) -> None:
        self.at = at
        assert self.product.publish(dict(FIRST), self.shards, at)

    # --- visitors -------------------------------------------------------------------------------
    @rule(seed=st.integers(0, 2**16), size=st.integers(4, 16))
    def a_crowd_comes(self, seed: int, size: int) -> None:
        dice = Random(seed)  # noqa: S311 - a crowd needs no secrecy
        for _ in range(size):
            match crowd.act(dice, sorted(self.book.papers)):
                case crowd.Wish(visitor, stand, offer, ordinal):
                    self._claim(visitor, stand, offer, ordinal)
                case crowd.Scan(device, name, nonce, total, typed):
                    self._redeem(device, name, nonce, total, typed=typed)
                case crowd.Return(device, name, nonce, earlier):
                    number = len(self._uses(name)) - earlier
                    self._reverse(device, name, max(1, number), nonce)

    @rule(visitor=VISITOR, stand=STAND, offer=OFFER, ordinal=st.integers(1, 3))
    def a_visitor_comes(self, visitor: str, stand: str, offer: str, ordinal: int) -> None:
        self._claim(visitor, stand, offer, ordinal)

    # --- staff ----------------------------------------------------------------------------------
    @precondition(lambda self: self.last)
    @rule(nonce=NONCE, device=DEVICE, again=st.booleans())
    def staff_scan_the_last_voucher(self, nonce: str, device: Device, *, again: bool) -> None:
        assert self.last is not None
        for _ in range(1 + again):
            self._redeem(device, self.last, nonce, 9000, typed=False)

    @precondition(lambda self: self.book.in_use())
    @rule(device=DEVICE, which=st.integers(0, 20), nonce=NONCE, own=st.booleans())
    def staff_give_back_what_stands(
        self, device: Device, which: int, nonce: str, *, own: bool
    ) -> None:
        names = self.book.in_use()
        name = names[which % len(names)]
        uses = self._uses(name)
        for by in (uses[-1].device if own else device, device):
            self._reverse(by, name, len(uses), nonce)

    @precondition(lambda self: self.book.in_use())
    @rule(which=st.integers(0, 20), nonce=NONCE, seconds=st.integers(0, 1))
    def staff_give_back_at_the_last_moment(self, which: int, nonce: str, seconds: int) -> None:
        names = self.book.in_use()
        name = names[which % len(names)]
        uses = self._uses(name)
        self.at = max(self.at, uses[-1].at + timedelta(minutes=15, seconds=seconds))
        self._reverse(uses[-1].device, name, len(uses), nonce)

    @precondition(lambda self: self.last)
    @rule(device=DEVICE)
    def staff_use_and_give_back_to_the_eighth_use(self, device: Device) -> None:
        assert self.last is not None
        for number in range(1, 10):
            if self._redeem(device, self.last, f"eighth-{number}", 300, typed=True) != "made":
                break
            self._reverse(device, self.last, len(self._uses(self.last)), f"eighth-{number}")

    # --- marketing ------------------------------------------------------------------------------
    @precondition(lambda self: self.busy)
    @rule(offer=OFFER, limit=LIMIT, budget=BUDGET, more=st.integers(0, 1))
    def change_an_offer(self, offer: str, limit: int | None, budget: int | None, more: int) -> None:
        before = self.book.terms[offer]
        self.shards = min(4, self.shards + more)
        more_each = replace(before, visitor_limit=min(3, before.visitor_limit + more))
        match offer:
            case "gift":
                changed = replace(more_each, stock=limit)
            case "lamp":
                changed = replace(more_each, stock=limit, budget=budget)
            case _:
                changed = replace(more_each, day_limit=limit)
        self._publish(offer, changed)

    @precondition(lambda self: self.busy)
    @rule(offer=OFFER)
    def close_an_offer_or_open_it(self, offer: str) -> None:
        before = self.book.terms[offer]
        self._publish(offer, replace(before, closed=not before.closed))

    @precondition(lambda self: self.busy)
    @rule(which=st.integers(0, 20))
    def roll_back(self, which: int) -> None:
        revision = sorted(self.book.revisions)[which % len(self.book.revisions)]
        self.busy = False
        pointer = self.product.roll_back(revision, self.at)
        assert self.book.publish(self.book.back_to(revision), self.at) is (pointer is not None)
        if pointer is not None:
            self.book.revisions[pointer.revision] = self.book.terms

    @precondition(lambda self: self.busy)
    @rule(what=st.sampled_from(["*", *STANDS, *OFFERS]))
    def pause_or_resume(self, what: str) -> None:
        self.busy = False
        self.book.paused ^= {what}
        self.product.live(self.book.paused, self.book.revoked)

    @precondition(lambda self: self.last and self.busy)
    @rule()
    def revoke(self) -> None:
        assert self.last is not None
        self.busy = False
        self.book.revoked.add(self.last)
        self.last = None
        self.product.live(self.book.paused, self.book.revoked)

    # --- time and figures -----------------------------------------------------------------------
    @precondition(lambda self: self.at < CLOSED and self.busy)
    @rule(minutes=st.sampled_from([1, 14, 16, 70, 300]))
    def wait(self, minutes: int) -> None:
        self.busy = False
        self.at += timedelta(minutes=minutes)

    @precondition(lambda self: self.busy)
    @rule(anew=st.booleans())
    def look_at_the_figures(self, *, anew: bool) -> None:
        self.busy = False
        if anew:
            self._rebuild()
        audit.figures_agree(self.book, self.house)

    # --- always ---------------------------------------------------------------------------------
    @invariant()
    def the_tables_agree_with_the_book(self) -> None:
        rows = self.house.stored()
        audit.limits_agree(self.book, rows)
        audit.vouchers_agree(self.book, self.product, rows)

    def teardown(self) -> None:
        audit.figures_agree(self.book, self.house)

    # --- words ----------------------------------------------------------------------------------
    def _claim(self, visitor: str, stand: str, offer: str, ordinal: int) -> None:
        said = self.product.claim(visitor, stand, offer, ordinal, self.at)
        assert said == self.book.claim(visitor, stand, offer, ordinal, self.at)
        self.busy = True
        self.said.add(said)
        if said in {"made", "again"}:
            self.last = self.book.name(visitor, stand, offer, ordinal)

    def _redeem(
        self, device: Device, name: Name, nonce: str, total: int | None, *, typed: bool
    ) -> str:
        said = self.product.redeem(device, name, nonce, total, self.at, typed=typed)
        assert said == self.book.redeem(device, name, nonce, total, self.at)
        self.busy = True
        self.said.add(said[0])
        return said[0]

    def _reverse(self, device: Device, name: Name, number: int, nonce: str) -> None:
        number = min(number, 8)  # no redemption has a higher number
        self.busy = True
        said = self.product.reverse(device, name, number, nonce, self.at)
        assert said == self.book.reverse(device, name, number, nonce, self.at)
        self.said.add(said[0])

    def _publish(self, offer: str, changed: Terms) -> None:
        terms = self.book.terms | {offer: changed}
        self.busy = False
        pointer = self.product.publish(terms, self.shards, self.at)
        assert self.book.publish(terms, self.at) is (pointer is not None)
        self.said.add("published" if pointer else "limit_below_use")
        if pointer is not None:
            self.book.revisions[pointer.revision] = terms

    def _rebuild(self) -> None:
        begun = {CAMPAIGN: rebuilding.begin(generations, CAMPAIGN)}
        for segment in range(rebuilding.SEGMENTS):
            list(rebuilding.count(generations, begun, segment))
        now = datetime.now(UTC)  # the time of the stream's records, which is moto's
        rebuilding.switch(generations, CAMPAIGN, begun[CAMPAIGN], now=now)

    def _uses(self, name: Name) -> list[Use]:
        return self.book.papers[name].uses
