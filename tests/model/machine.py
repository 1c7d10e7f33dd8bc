"""Visitors, staff, marketing and the clock do what they like; product and book say the same."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from house import House
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from model import audit
from model.book import Book
from model.facts import CAMPAIGN, DEVICES, FIRST, OFFERS, STANDS, Device, Terms
from model.paper import Name
from model.product import Product

from chalicelib.store import generations
from chalicelib.usecases import rebuilding

VISITORS = st.sampled_from(["ada", "bora", "cem"])
STAND = st.sampled_from(sorted(STANDS))
OFFER = st.sampled_from(sorted(OFFERS))
DEVICE = st.sampled_from(DEVICES)
NONCE = st.sampled_from(["nonce-0001", "nonce-0002", "nonce-0003"])
TOTALS = st.sampled_from([None, 0, 300, 9000])
LIMIT = st.sampled_from([None, 1, 2, 3, 5])
BUDGET = st.sampled_from([None, 300, 900, 2000])
WISHES = st.tuples(VISITORS, STAND, OFFER, st.integers(1, 3))
SCANS = st.tuples(DEVICE, st.integers(0, 20), NONCE, TOTALS)
RETURNS = st.tuples(DEVICE, st.integers(0, 20), st.integers(1, 8), NONCE)
# The reveal is over in Van alone; the first day; an hour before midnight in Van, on the last day.
MORNINGS = [
    datetime(2026, 5, 19, 16, 30, tzinfo=UTC),
    datetime(2026, 5, 20, 12, tzinfo=UTC),
    datetime(2026, 5, 20, 18, 50, tzinfo=UTC),
    datetime(2026, 5, 21, 19, tzinfo=UTC),
]


class Festival(RuleBasedStateMachine):
    """Each rule asks both and compares the answers; the invariants compare what is left."""

    house: House  # set by the test

    def __init__(self) -> None:
        super().__init__()
        self.house.empty()
        self.book, self.product = Book(), Product()
        self.shards = 2
        self.last: Name | None = None

    @initialize(at=st.sampled_from(MORNINGS))
    def open(self, at: datetime) -> None:
        self.at = at
        assert self.product.publish(dict(FIRST), self.shards, at)

    # --- visitors -------------------------------------------------------------------------------
    @rule(wishes=st.lists(WISHES, min_size=1, max_size=5))
    def visitors_come(self, wishes: list[tuple[str, str, str, int]]) -> None:
        for visitor, stand, offer, ordinal in wishes:
            said = self.product.claim(visitor, stand, offer, ordinal, self.at)
            assert said == self.book.claim(visitor, stand, offer, ordinal, self.at)
            if said in {"made", "again"}:
                self.last = self.book.name(visitor, stand, offer, ordinal)

    # --- staff ----------------------------------------------------------------------------------
    @precondition(lambda self: self.book.papers)
    @rule(scans=st.lists(SCANS, min_size=1, max_size=5), typed=st.booleans())
    def staff_scan(self, scans: list[tuple[Device, int, str, int | None]], *, typed: bool) -> None:
        for device, which, nonce, total in scans:
            self._redeem(device, self._some(which), nonce, total, typed=typed)

    @precondition(lambda self: self.last)
    @rule(nonce=NONCE, device=DEVICE, again=st.booleans())
    def staff_scan_the_last_voucher(self, nonce: str, device: Device, *, again: bool) -> None:
        assert self.last is not None
        for _ in range(1 + again):
            self._redeem(device, self.last, nonce, 9000, typed=False)

    @precondition(lambda self: self.book.papers)
    @rule(returns=st.lists(RETURNS, min_size=1, max_size=4))
    def staff_give_back(self, returns: list[tuple[Device, int, int, str]]) -> None:
        for device, which, number, nonce in returns:
            self._reverse(device, self._some(which), number, nonce)

    @precondition(lambda self: self._in_use())
    @rule(device=DEVICE, which=st.integers(0, 20), nonce=NONCE, own=st.booleans())
    def staff_give_back_what_stands(
        self, device: Device, which: int, nonce: str, *, own: bool
    ) -> None:
        names = self._in_use()
        name = names[which % len(names)]
        uses = self.book.papers[name].uses
        for by in (uses[-1].device if own else device, device):
            self._reverse(by, name, len(uses), nonce)

    @precondition(lambda self: self._in_use())
    @rule(which=st.integers(0, 20), nonce=NONCE, seconds=st.integers(0, 1))
    def staff_give_back_at_the_last_moment(self, which: int, nonce: str, seconds: int) -> None:
        names = self._in_use()
        name = names[which % len(names)]
        uses = self.book.papers[name].uses
        self.at = max(self.at, uses[-1].at + timedelta(minutes=15, seconds=seconds))
        self._reverse(uses[-1].device, name, len(uses), nonce)

    @precondition(lambda self: self.last)
    @rule(device=DEVICE)
    def staff_use_and_give_back_to_the_eighth_use(self, device: Device) -> None:
        assert self.last is not None
        for number in range(1, 10):
            self._redeem(device, self.last, f"eighth-{number}", 300, typed=True)
            self._reverse(device, self.last, number, f"eighth-{number}")

    # --- marketing ------------------------------------------------------------------------------
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

    @rule(offer=OFFER)
    def close_an_offer_or_open_it(self, offer: str) -> None:
        before = self.book.terms[offer]
        self._publish(offer, replace(before, closed=not before.closed))

    @rule(which=st.integers(0, 20))
    def roll_back(self, which: int) -> None:
        revision = sorted(self.book.revisions)[which % len(self.book.revisions)]
        pointer = self.product.roll_back(revision, self.at)
        assert self.book.publish(self.book.back_to(revision), self.at) is (pointer is not None)
        if pointer is not None:
            self.book.revisions[pointer.revision] = self.book.terms

    @rule(what=st.sampled_from(["*", *STANDS, *OFFERS]))
    def pause_or_resume(self, what: str) -> None:
        self.book.paused ^= {what}
        self.product.pause(self.book.paused)

    # --- time and figures -----------------------------------------------------------------------
    @rule(minutes=st.sampled_from([1, 14, 15, 16, 70, 300]))
    def wait(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)

    @rule(anew=st.booleans())
    def look_at_the_figures(self, *, anew: bool) -> None:
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
    def _redeem(
        self, device: Device, name: Name, nonce: str, total: int | None, *, typed: bool
    ) -> None:
        shown = None if typed else self.product.show(name, self.at)
        scan = self.product.scan(device, name, nonce, total, self.at, shown=shown)
        said = self.product.redeem(scan)
        assert said == self.book.redeem(device, name, nonce, total, self.at, shown=shown)

    def _reverse(self, device: Device, name: Name, number: int, nonce: str) -> None:
        number = min(number, 8)  # no redemption has a higher number
        said = self.product.reverse(device, name, number, nonce, self.at)
        assert said == self.book.reverse(device, name, number, nonce, self.at)

    def _publish(self, offer: str, changed: Terms) -> None:
        terms = self.book.terms | {offer: changed}
        pointer = self.product.publish(terms, self.shards, self.at)
        assert self.book.publish(terms, self.at) is (pointer is not None)
        if pointer is not None:
            self.book.revisions[pointer.revision] = terms

    def _rebuild(self) -> None:
        begun = {CAMPAIGN: rebuilding.begin(generations, CAMPAIGN)}
        for segment in range(rebuilding.SEGMENTS):
            list(rebuilding.count(generations, begun, segment))
        now = datetime.now(UTC)  # the time of the stream's records
        rebuilding.switch(generations, CAMPAIGN, begun[CAMPAIGN], now=now)

    def _some(self, which: int) -> Name:
        names = sorted(self.book.papers)
        return names[which % len(names)]

    def _in_use(self) -> list[Name]:
        return sorted(name for name, paper in self.book.papers.items() if paper.in_use)
