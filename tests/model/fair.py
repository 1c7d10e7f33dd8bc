"""The festival with its shops, holds and sweeper: more of what people do, on the same book."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from model import gifts, holds, mints, orders, revocations, stock
from model.facts import DEVICES, OFFERS, SHOPS, Device
from model.machine import DEVICE, NONCE, OFFER, STAND, TOTALS, VISITORS, Festival
from model.paper import Link, Name
from model.press import Print

from chalicelib.domain.stock import Kind
from chalicelib.usecases import holding

SHOP = st.sampled_from(SHOPS)
WHICH = st.integers(0, 20)
ORDER = st.sampled_from([None, "order-1", "order-2"])
SECONDS = st.sampled_from([None, 60, 600, 900])
BUYS = st.tuples(SHOP, WHICH, NONCE, TOTALS, ORDER, SECONDS)


class Fair(Festival):
    """Each rule tries first what it then does: `simulate` says the same and changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.orders = 0
        self.sweeper = holds.Ledger(self.house)
        self.gifts = gifts.Gifts(self.product)
        self.shelf = stock.Shelf()
        self.prints: list[tuple[Name, Print]] = []

    # --- shops ----------------------------------------------------------------------------------
    @precondition(lambda self: self.book.papers)
    @rule(buys=st.lists(BUYS, min_size=1, max_size=4), stale=st.sampled_from([False, False, True]))
    def shops_use_and_hold(
        self,
        buys: list[tuple[Device, int, str, int | None, str | None, int | None]],
        *,
        stale: bool,
    ) -> None:
        for shop, which, nonce, total, order, seconds in buys:
            self._use(shop, self._some(which), nonce, total, order, seconds, stale=stale)

    @precondition(lambda self: self._held())
    @rule(which=WHICH, other=st.sampled_from([*SHOPS, None]), early=st.booleans())
    def a_shop_settles_its_hold(self, which: int, other: Device | None, *, early: bool) -> None:
        name = self._held()[which % len(self._held())]
        use = self.book.papers[name].uses[-1]
        shop, number = other or use.device, len(self.book.papers[name].uses)
        for confirms in (early, early, not early):
            self._settle(shop, name, number, confirms=confirms)

    @precondition(lambda self: self._shopped())
    @rule(which=WHICH, number=st.integers(1, 3), shop=SHOP, confirms=st.booleans(), nonce=NONCE)
    def a_shop_comes_back(
        self, which: int, number: int, shop: Device, nonce: str, *, confirms: bool
    ) -> None:
        name = self._shopped()[which % len(self._shopped())]
        self._settle(shop, name, number, confirms=confirms)
        self._reverse(shop, name, number, nonce)

    @precondition(lambda self: self._held())
    @rule(which=WHICH, seconds=st.integers(-1, 0), by=st.sampled_from([*SHOPS, *DEVICES]))
    def an_orders_hold_ends(self, which: int, seconds: int, by: Device) -> None:
        name = self._held()[which % len(self._held())]
        until = self.book.papers[name].uses[-1].until
        self.at = max(self.at, (until or self.at) + timedelta(seconds=seconds))
        self._use(by, name, "after-hold", 9000, "order-1", None)

    @precondition(lambda self: len(self.book.papers) > 1)
    @rule(
        by=st.sampled_from([*SHOPS, *DEVICES]),
        which=st.lists(WHICH, min_size=2, max_size=2),
        total=st.sampled_from([300, 700, 9000]),
        every=st.booleans(),
    )
    def an_order_comes(self, by: Device, which: list[int], total: int, *, every: bool) -> None:
        self.the_sweeper_comes()  # a hold that is over would be noticed by some orders only
        self.orders += 1
        names = sorted({self._some(number) for number in which})
        lines = [(name, f"order-{self.orders}-{line}") for line, name in enumerate(names)]
        found = orders.order_really(self.product, by, lines, total, self.at, every=every)
        if not every:
            assert found == orders.order(self.book, by, lines, total, self.at)
            return
        self.book, wanted = orders.all_or_none(self.book, by, lines, total, self.at)
        allowed = [
            {None, line} | orders.against_its_group(names, n) for n, line in enumerate(wanted)
        ]
        assert all(each in may for each, may in zip(found, allowed, strict=True))
        assert all(each is not None and each[1] for each in found) is all(n for _, n in wanted)

    # --- the sweeper ----------------------------------------------------------------------------
    @rule()
    def the_sweeper_comes(self) -> None:
        self.at = self.at.replace(second=30)
        assert self.sweeper.sweep(self.at) == holds.sweep(self.book, self.at)

    @precondition(lambda self: self._claims_that_end())
    @rule(which=WHICH)
    def a_claim_ends_and_comes_again(self, which: int) -> None:
        name = self._claims_that_end()[which % len(self._claims_that_end())]
        paper = self.book.papers[name]
        self.at = max(self.at, (paper.hold_until or self.at) + timedelta(minutes=1))
        self.the_sweeper_comes()
        visitor, offer, stand, ordinal = name
        self.visitors_come([(visitor, stand, offer, ordinal)])

    # --- links and withdrawals ------------------------------------------------------------------
    @precondition(lambda self: self.book.papers)
    @rule(which=WHICH, moves=st.booleans(), to=st.lists(VISITORS, max_size=2))
    def a_voucher_is_passed_on(self, which: int, to: list[str], *, moves: bool) -> None:
        name = self._some(which)
        if not self.book.papers[name].writes:
            return  # a card that was never shown has no item
        moves = moves or self.book.papers[name].minted
        how, rule_of_it = (
            (self.gifts.reissue, gifts.reissue) if moves else (self.gifts.give, gifts.give)
        )
        assert how(name, self.at) == rule_of_it(self.book, name, self.at)
        for visitor in to:
            self._accept(visitor, self.book.papers[name].link)

    @precondition(lambda self: self.book.links)
    @rule(which=WHICH, visitor=VISITORS)
    def a_link_is_opened(self, which: int, visitor: str) -> None:
        self._accept(visitor, sorted(self.book.links)[which % len(self.book.links)])

    @precondition(lambda self: self.book.papers)
    @rule(which=WHICH, seldom=st.integers(0, 2))
    def a_voucher_is_withdrawn(self, which: int, seldom: int) -> None:
        if not seldom:
            name = self._some(which)
            said = revocations.revoke_really(self.product, name, self.at)
            assert said == revocations.revoke(self.book, name, self.at)

    # --- cards ----------------------------------------------------------------------------------
    @rule(offer=OFFER, stand=STAND, count=st.integers(1, 3), used=st.booleans(), by=DEVICE)
    def marketing_mints(
        self, offer: str, stand: str, count: int, by: Device, *, used: bool
    ) -> None:
        said = mints.mint_really(self.product, offer, stand, count, self.at)
        assert said == mints.mint_some(self.book, offer, stand, count, self.at)
        if said == "made":
            self.last = mints.names(self.book.batches, offer, stand, count)[0]
            if used:
                self._use(by, self.last, "card-0001", 9000, None, None)

    @precondition(lambda self: self.book.batches)
    @rule(which=WHICH, serials=st.sampled_from([None, (1, 1)]))
    def cards_are_withdrawn(self, which: int, serials: tuple[int, int] | None) -> None:
        batch = 1 + which % self.book.batches
        mints.withdraw_really(self.product, batch, serials)
        mints.withdraw(self.book, batch, serials)

    # --- stock in hand --------------------------------------------------------------------------
    @rule(
        offer=st.sampled_from(["gift", "lamp"]),
        stand=STAND,
        kind=st.sampled_from(Kind),
        number=st.integers(0, 6),
        form=st.integers(1, 5),
    )
    def a_manager_books(self, offer: str, stand: str, kind: Kind, number: int, form: int) -> None:
        if self.book.terms[offer].stock is None or stand not in OFFERS[offer].stands:
            return
        name = f"form-{form}-{self.book.stock(offer, stand)[2]}"
        handed = stock.given(self.book, offer, stand)
        said = stock.book_really(self.product, offer, stand, kind, number, name, handed, self.at)
        wanted = self.shelf.book(self.book, offer, stand, kind, number, name)
        assert wanted in {said, "again"}

    # --- keys -----------------------------------------------------------------------------------
    @precondition(lambda self: self.book.papers)
    @rule(which=st.lists(WHICH, min_size=1, max_size=3))
    def codes_are_printed(self, which: list[int]) -> None:
        for number in which:
            name = self._some(number)
            shown = self.product.show(name, self.at)
            minted = self.book.papers[name].minted
            assert minted or shown.key_id not in self.book.withdrawn_keys
            self.prints.append((name, shown))

    @precondition(lambda self: self.prints)
    @rule(which=WHICH, by=st.sampled_from([*SHOPS, *DEVICES]), nonce=NONCE, total=TOTALS)
    def an_old_print_is_shown(self, which: int, by: Device, nonce: str, total: int | None) -> None:
        name, shown = self.prints[which % len(self.prints)]
        self._use(by, name, nonce, total, None, None, old=shown)

    @rule(withdrawn=st.sampled_from([None, None, 0, 1]))
    def keys_change(self, withdrawn: int | None) -> None:
        self.product.press.rotate(self.at)
        if withdrawn is not None:  # the key before, or the first: never the newest
            key_id = 1 if withdrawn else self.product.press.newest - 1
            self.product.withdraw_key(key_id)
            self.book.withdrawn_keys.add(key_id)

    # --- words ----------------------------------------------------------------------------------
    def _use(
        self,
        by: Device,
        name: Name,
        nonce: str,
        total: int | None,
        order: str | None,
        seconds: int | None,
        *,
        stale: bool = False,
        old: Print | None = None,
    ) -> None:
        older = 1 if stale and self.book.papers[name].generation > 0 else 0
        shown = self.product.show(name, self.at, older=older) if older else old
        held = seconds if by.online else None
        scan = self.product.scan(
            by,
            name,
            nonce,
            total,
            self.at,
            shown=shown,
            order=order,
            seconds=held,
        )
        tried = self.product.simulate(scan)
        said = self.product.redeem(scan)
        assert tried == (None if said[0] in {"made", "again"} else said[0])
        assert said == self.book.redeem(
            by, name, nonce, total, self.at, order=order, seconds=held, shown=shown
        )

    def _settle(self, shop: Device, name: Name, number: int, *, confirms: bool) -> None:
        how, rule_of_it = (
            (holding.confirm, holds.confirm) if confirms else (holding.release, holds.release)
        )
        said = holds.settle(self.product, how, shop, name, number, self.at)
        assert said == rule_of_it(self.book, shop, name, number, self.at)

    def _accept(self, visitor: str, link: Link | None) -> None:
        if link is not None:
            heir: Name = (f"heir-{len(self.book.papers)}", *link[0][1:])
            said = self.gifts.accept(visitor, link, heir, self.at)
            assert said == gifts.accept(self.book, visitor, link, self.at)

    def _held(self) -> list[Name]:
        return sorted(name for name, paper in self.book.papers.items() if paper.held)

    def _shopped(self) -> list[Name]:
        papers = self.book.papers.items()
        return sorted(n for n, paper in papers if any(u.device.online for u in paper.uses))

    def _claims_that_end(self) -> list[Name]:
        return sorted(n for n, p in self.book.papers.items() if p.hold_until and not p.passed_on)
