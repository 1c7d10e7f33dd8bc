"""Visitors, staff, marketing and the clock do what they like; product and book say the same."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from house import House
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from model import audit
from model.book import Book, Name
from model.facts import CAMPAIGN, DEVICES, FIRST, OFFERS, STANDS, Device, Terms
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
        self.book, self.product = Book(), Product(self.house)
        self.shards = 2
        self.last: Name | None = None

    @initialize(at=st.sampled_from(MORNINGS))
    def open(self, at: datetime) -> None:
        self.at = at
        assert self.product.publish(dict(FIRST), self.shards, at)

    # --- visitors -------------------------------------------------------------------------------
    @rule(visitor=VISITORS, stand=STAND, offer=OFFER, ordinal=st.integers(1, 3))
    def claim(self, visitor: str, stand: str, offer: str, ordinal: int) -> None:
        said = self.product.claim(visitor, stand, offer, ordinal, self.at)
        assert said == self.book.claim(visitor, stand, offer, ordinal, self.at)
        if said in {"made", "again"}:
            self.last = self.book.name(visitor, stand, offer, ordinal)

    # --- staff ----------------------------------------------------------------------------------
    @precondition(lambda self: self.book.papers)
    @rule(device=DEVICE, which=st.integers(0, 20), nonce=NONCE, total=TOTALS, typed=st.booleans())
    def redeem(
        self, device: Device, which: int, nonce: str, total: int | None, *, typed: bool
    ) -> None:
        self._redeem(device, self._some(which), nonce, total, typed=typed)

    @precondition(lambda self: self.last)
    @rule(nonce=NONCE, device=DEVICE)
    def redeem_the_last_voucher(self, nonce: str, device: Device) -> None:
        assert self.last is not None
        self._redeem(device, self.last, nonce, 9000, typed=False)

    @precondition(lambda self: self.book.papers)
    @rule(device=DEVICE, which=st.integers(0, 20), number=st.integers(1, 8), nonce=NONCE)
    def reverse(self, device: Device, which: int, number: int, nonce: str) -> None:
        self._reverse(device, self._some(which), number, nonce)

    @precondition(lambda self: self._in_use())
    @rule(device=DEVICE, which=st.integers(0, 20), nonce=NONCE, own=st.booleans())
    def reverse_what_stands(self, device: Device, which: int, nonce: str, *, own: bool) -> None:
        names = self._in_use()
        name = names[which % len(names)]
        uses = self.book.papers[name].uses
        self._reverse(uses[-1].device if own else device, name, len(uses), nonce)

    @precondition(lambda self: self.last)
    @rule(device=DEVICE)
    def use_and_return_to_the_eighth_use(self, device: Device) -> None:
        assert self.last is not None
        for number in range(1, 10):
            self._redeem(device, self.last, f"eighth-{number}", 300, typed=True)
            self._reverse(device, self.last, number, f"eighth-{number}")

    # --- marketing ------------------------------------------------------------------------------
    @rule(stock=LIMIT, day_limit=LIMIT, budget=st.sampled_from([None, 300, 900, 2000]))
    def publish(self, stock: int | None, day_limit: int | None, budget: int | None) -> None:
        terms = self.book.terms
        self._publish(
            {
                "gift": replace(terms["gift"], stock=stock),
                "lamp": replace(terms["lamp"], stock=stock, budget=budget),
                "tea": replace(terms["tea"], day_limit=day_limit),
            }
        )

    @rule(offer=OFFER, closed=st.booleans())
    def close_or_open(self, offer: str, *, closed: bool) -> None:
        self._publish(self.book.terms | {offer: replace(self.book.terms[offer], closed=closed)})

    @rule(offer=OFFER)
    def give_visitors_one_more(self, offer: str) -> None:
        terms = self.book.terms[offer]
        more = replace(terms, visitor_limit=min(3, terms.visitor_limit + 1))
        self._publish(self.book.terms | {offer: more})

    @precondition(lambda self: self.shards < 4)
    @rule()
    def cut_the_stock_finer(self) -> None:
        self.shards += 1
        self._publish(self.book.terms)

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
        self.product.live(self.book.paused, self.book.revoked)

    @precondition(lambda self: self.last)
    @rule()
    def revoke(self) -> None:
        assert self.last is not None
        self.book.revoked.add(self.last)
        self.product.live(self.book.paused, self.book.revoked)

    # --- time and figures -----------------------------------------------------------------------
    @rule(minutes=st.sampled_from([1, 14, 15, 16, 70, 300]))
    def wait(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)

    @rule()
    def project(self) -> None:
        audit.figures_agree(self.book, self.house)

    @rule()
    def rebuild(self) -> None:
        begun = {CAMPAIGN: rebuilding.begin(generations, CAMPAIGN)}
        for segment in range(rebuilding.SEGMENTS):
            list(rebuilding.count(generations, begun, segment))
        now = datetime.now(UTC)  # the time of the stream's records, which is moto's
        rebuilding.switch(generations, CAMPAIGN, begun[CAMPAIGN], now=now)

    # --- always ---------------------------------------------------------------------------------
    @invariant()
    def the_tables_agree_with_the_book(self) -> None:
        rows = self.house.items()
        audit.limits_agree(self.book, rows)
        audit.vouchers_agree(self.book, self.product, rows)

    def teardown(self) -> None:
        audit.figures_agree(self.book, self.house)

    # --- words ----------------------------------------------------------------------------------
    def _redeem(
        self, device: Device, name: Name, nonce: str, total: int | None, *, typed: bool
    ) -> None:
        said = self.product.redeem(device, name, nonce, total, self.at, typed=typed)
        assert said == self.book.redeem(device, name, nonce, total, self.at)

    def _reverse(self, device: Device, name: Name, number: int, nonce: str) -> None:
        number = min(number, 8)  # no redemption has a higher number
        said = self.product.reverse(device, name, number, nonce, self.at)
        assert said == self.book.reverse(device, name, number, nonce, self.at)

    def _publish(self, terms: dict[str, Terms]) -> None:
        pointer = self.product.publish(terms, self.shards, self.at)
        assert self.book.publish(terms, self.at) is (pointer is not None)
        if pointer is not None:
            self.book.revisions[pointer.revision] = terms

    def _some(self, which: int) -> Name:
        names = sorted(self.book.papers)
        return names[which % len(names)]

    def _in_use(self) -> list[Name]:
        return sorted(name for name, paper in self.book.papers.items() if paper.in_use)
