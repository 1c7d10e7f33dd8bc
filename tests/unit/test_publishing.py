"""Publishing changes limits while they are in use, and may die at any step."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from fakes import Catalog, Crashed, Fate, Fragile, Ledger
from made import FIVE_OFF, ISTANBUL, NOW, campaign, offer

from chalicelib.domain import trail
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.counter import UNLIMITED, Counter, CounterId, CounterKind
from chalicelib.domain.errors import NotFound, TryAgain
from chalicelib.domain.limits import Change, LimitId, counters_of
from chalicelib.domain.member import Scope
from chalicelib.domain.offer import Offer, Stock
from chalicelib.domain.pointer import Pointer
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.trail import Entry
from chalicelib.usecases import publishing
from chalicelib.usecases.publishing import Faulty

STOCK, DAY, BUDGET = CounterKind.STOCK, CounterKind.DAY, CounterKind.BUDGET
TODAY = "2026-05-20"


@dataclass
class Desk:
    """Marketing's desk: a catalog and a ledger, and a process that may die."""

    catalog: Catalog = field(default_factory=Catalog)
    ledger: Ledger = field(default_factory=Ledger)

    def publish(
        self, document: Campaign, *, dies_after: int | None = None, entry: Entry | None = None
    ) -> Any:
        version = self.catalog.save(document)
        fate = Fate(10**6 if dies_after is None else dies_after)
        return publishing.publish(
            Fragile(self.catalog, fate),
            Fragile(self.ledger, fate),
            "festival",
            draft_version=version,
            now=NOW,
            entry=entry,
        )

    def roll_back(self, revision: int, entry: Entry | None = None) -> Any:
        return publishing.roll_back(
            self.catalog, self.ledger, "festival", revision=revision, now=NOW, entry=entry
        )

    def take(self, counter_id: CounterId, amount: int = 1) -> None:
        assert self.ledger._take(counter_id, amount)

    def total(self, kind: CounterKind, offer_number: int = 1, popup_number: int = 1) -> Counter:
        """Return all shards of a limit as one counter."""
        place = (kind, offer_number, popup_number)
        found = [
            counter
            for c, counter in self.ledger.counters.items()
            if (c.kind, c.offer_number, c.popup_number) == place
            and c.part in {"", TODAY, *map(str, range(64))}
        ]
        return Counter(sum(c.cap for c in found), sum(c.left for c in found), 0)


def one_stand(*offers: Offer, **facts: Any) -> Campaign:
    return campaign(*offers, popups=(ISTANBUL,), **facts)


def stocked(units: int, shards: int = 1, **facts: Any) -> Campaign:
    return one_stand(offer(stock=Stock(units=units, shards=shards), **facts))


def stock_shard(shard: int = 0) -> CounterId:
    return CounterId(STOCK, 7, 1, 1, str(shard))


# --- what is published ----------------------------------------------------------------------------
def test_a_first_publish_makes_the_counters_and_goes_live() -> None:
    desk = Desk()
    assert desk.publish(stocked(7, 2)) == Pointer(1, 1)
    assert desk.catalog.live == {"festival": Pointer(1, 1)}
    assert desk.total(STOCK) == Counter(7, 7, 0)


def test_a_draft_that_does_not_exist_is_not_found() -> None:
    desk = Desk()
    with pytest.raises(NotFound):
        publishing.publish(desk.catalog, desk.ledger, "festival", draft_version=1, now=NOW)


def test_a_draft_that_was_edited_meanwhile_is_not_published() -> None:
    desk = Desk()
    desk.catalog.save(stocked(7))
    desk.catalog.save(stocked(8))
    outcome = publishing.publish(desk.catalog, desk.ledger, "festival", draft_version=1, now=NOW)
    assert outcome == Refusal(Reason.EDITED_MEANWHILE, {"draft_version": "2"})
    assert not desk.catalog.live


def test_a_faulty_document_changes_nothing() -> None:
    desk = Desk()
    outcome = desk.publish(one_stand(offer(popup_ids=("nowhere",))))
    assert isinstance(outcome, Faulty)
    assert "/offers/0/popup_ids/0" in {fault.pointer for fault in outcome.faults}
    assert not desk.catalog.frozen
    assert not desk.ledger.counters


def test_a_broken_promise_changes_nothing() -> None:
    desk = Desk()
    desk.publish(stocked(7))
    before = dict(desk.ledger.counters)
    assert isinstance(desk.publish(one_stand(offer(benefit=FIVE_OFF))), Faulty)
    assert desk.ledger.counters == before
    assert desk.catalog.live["festival"] == Pointer(1, 1)


def test_the_same_document_again_is_a_new_epoch_of_the_same_revision() -> None:
    desk = Desk()
    desk.publish(stocked(7))
    assert desk.publish(stocked(7)) == Pointer(1, 2)


# --- raising and lowering -------------------------------------------------------------------------
@pytest.mark.parametrize("units", [3, 4, 7, 50])
def test_a_limit_is_raised_and_lowered_around_its_use(units: int) -> None:
    desk = Desk()
    desk.publish(stocked(7, 2))
    for shard in (0, 0, 1):
        desk.take(stock_shard(shard))
    assert desk.publish(stocked(units, 2)) == Pointer(1 if units == 7 else 2, 2)
    assert desk.total(STOCK) == Counter(units, units - 3, 0)


def test_a_limit_below_its_use_leaves_everything_as_it_was() -> None:
    desk = Desk()
    before = one_stand(
        offer("one", 1, stock=Stock(units=9)),
        offer("two", 2, stock=Stock(units=9)),
        offer("three", 3, benefit=FIVE_OFF, budget_minor=900),
    )
    desk.publish(before)
    for _ in range(5):
        desk.take(CounterId(STOCK, 7, 2, 1, "0"))
    counters = dict(desk.ledger.counters)
    after = one_stand(
        offer("one", 1, stock=Stock(units=2)),
        offer("two", 2, stock=Stock(units=4)),
        offer("three", 3, benefit=FIVE_OFF, budget_minor=100),
    )
    assert desk.publish(after) == Refusal(
        Reason.LIMIT_BELOW_USE, {"offer_id": "two", "setting": "stock", "popup_id": "istanbul"}
    )
    assert desk.ledger.counters == counters
    assert desk.catalog.live["festival"] == Pointer(1, 1)


def test_a_draft_is_told_beforehand_which_limit_is_below_its_use() -> None:
    desk = Desk()
    assert publishing.below_use(desk.catalog, desk.ledger, stocked(5), now=NOW) is None
    desk.publish(stocked(5))
    desk.take(CounterId(STOCK, 7, 1, 1, "0"), 4)
    before = dict(desk.ledger.counters)
    assert publishing.below_use(desk.catalog, desk.ledger, stocked(4), now=NOW) is None
    refused = publishing.below_use(desk.catalog, desk.ledger, stocked(3), now=NOW)
    assert refused is not None
    assert refused.reason is Reason.LIMIT_BELOW_USE
    assert desk.ledger.counters == before


def test_a_budget_below_its_use_names_no_stand() -> None:
    desk = Desk()
    desk.publish(one_stand(offer(benefit=FIVE_OFF, budget_minor=900)))
    desk.take(CounterId(BUDGET, 7, 1), 500)
    refused = desk.publish(one_stand(offer(benefit=FIVE_OFF, budget_minor=499)))
    assert refused == Refusal(Reason.LIMIT_BELOW_USE, {"offer_id": "lantern", "setting": "budget"})


def test_more_shards_share_a_limit_and_its_use() -> None:
    desk = Desk()
    desk.publish(stocked(7))
    desk.take(stock_shard())
    desk.publish(stocked(9, 4))
    assert desk.total(STOCK) == Counter(9, 8, 0)
    assert stock_shard(3) in desk.ledger.counters


def test_the_existing_days_follow_a_changed_day_limit_whenever_they_were_made() -> None:
    desk = Desk()
    desk.publish(one_stand(offer(day_limit=4)))
    desk.take(CounterId(DAY, 7, 1, 1, TODAY), 2)
    late = CounterId(DAY, 7, 1, 1, "2026-05-29")
    past = CounterId(DAY, 7, 1, 1, "2026-05-10")
    desk.ledger.counters |= {late: Counter(4, 3, 1), past: Counter(4, 0, 1)}
    desk.publish(one_stand(offer(day_limit=6)))
    assert desk.ledger.counters[CounterId(DAY, 7, 1, 1, TODAY)] == Counter(6, 4, 2)
    assert desk.ledger.counters[late] == Counter(6, 5, 2)
    assert desk.ledger.counters[past] == Counter(4, 0, 1)


def test_a_removed_limit_does_not_bind_and_comes_back_exactly() -> None:
    desk = Desk()
    desk.publish(stocked(7))
    desk.take(stock_shard(), 2)
    desk.publish(one_stand(offer()))
    assert desk.total(STOCK) == Counter(UNLIMITED, UNLIMITED - 2, 0)
    desk.publish(stocked(5))
    assert desk.total(STOCK) == Counter(5, 3, 0)


def test_an_expected_peak_makes_shards_and_a_lower_one_takes_none_away() -> None:
    desk = Desk()
    for peak in (330, 10):
        desk.publish(one_stand(offer(stock=Stock(units=900, peak_per_second=peak))))
        assert [offer.stock and offer.stock.shards for offer in desk.catalog.frozen[-1].offers] == [
            7
        ]
    assert desk.total(STOCK).left == 900


def test_a_stock_that_comes_back_with_fewer_shards_counts_them_all() -> None:
    desk = Desk()
    desk.publish(stocked(8, 4))
    for shard in range(4):
        desk.take(stock_shard(shard), 2)
    desk.publish(one_stand(offer()))
    desk.publish(stocked(9, 2))
    assert desk.total(STOCK) == Counter(9, 1, 0)
    live = desk.catalog.frozen[desk.catalog.live["festival"].revision - 1]
    assert live.offer["lantern"].stock == Stock(units=9, shards=4)


def test_many_limits_fit_into_transactions_of_a_hundred() -> None:
    desk = Desk()
    offers = [offer(f"offer-{n}", n, stock=Stock(units=64, shards=64)) for n in range(1, 6)]
    assert desk.publish(one_stand(*offers)) == Pointer(1, 1)
    assert len(desk.ledger.counters) == 5 * 64


# --- the way back ---------------------------------------------------------------------------------
def test_a_way_back_is_a_new_epoch_with_later_offers_closed() -> None:
    desk = Desk()
    desk.publish(stocked(7))
    desk.publish(one_stand(offer(stock=Stock(units=9)), offer("later", 2)))
    assert desk.roll_back(1) == Pointer(3, 3)
    live = desk.catalog.frozen[2]
    assert [(o.offer_id, o.closed) for o in live.offers] == [("lantern", False), ("later", True)]
    assert desk.total(STOCK) == Counter(7, 7, 0)


def test_a_way_back_below_its_use_is_refused() -> None:
    desk = Desk()
    desk.publish(stocked(2))
    desk.publish(stocked(9))
    desk.take(stock_shard(), 3)
    refused = desk.roll_back(1)
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.LIMIT_BELOW_USE
    assert desk.catalog.live["festival"] == Pointer(2, 2)


def test_a_way_back_to_what_is_live_is_a_new_epoch() -> None:
    desk = Desk()
    desk.publish(stocked(7))
    assert desk.roll_back(1) == Pointer(1, 2)


def test_a_way_back_keeps_the_shards_even_where_they_outnumber_the_units() -> None:
    desk = Desk()
    desk.publish(stocked(1, 1))
    desk.publish(stocked(9, 4))
    assert desk.roll_back(1) == Pointer(3, 3)
    assert sum(desk.ledger.counters[stock_shard(shard)].left for shard in range(4)) == 1


def test_a_way_back_passes_the_rules_of_today() -> None:
    desk = Desk()
    desk.publish(stocked(7))
    older = desk.catalog.freeze(replace(stocked(7), languages=()), now=NOW)
    assert isinstance(desk.roll_back(older), Faulty)
    assert desk.catalog.live["festival"] == Pointer(1, 1)


@pytest.mark.parametrize("published", [True, False])
def test_a_way_back_to_nowhere_is_not_found(published: bool) -> None:  # noqa: FBT001
    desk = Desk()
    if published:
        desk.publish(stocked(7))
    with pytest.raises(NotFound):
        desk.roll_back(9)


# --- while visitors claim -------------------------------------------------------------------------
class Busy(Ledger):
    """Visitors take units of a shard between the plan and the write, once."""

    rush: tuple[CounterId, int] | None = None

    def change(self, changes: Sequence[Change], **facts: Any) -> bool:
        if self.rush:
            assert self._take(*self.rush)
            self.rush = None
        return super().change(changes, **facts)


def test_a_limit_that_is_used_meanwhile_is_planned_again() -> None:
    busy = Busy()
    desk = Desk(ledger=busy)
    desk.publish(stocked(12, 2))
    busy.rush = (stock_shard(0), 5)
    assert desk.publish(stocked(8, 2)) == Pointer(2, 2)
    assert desk.total(STOCK) == Counter(8, 3, 0)
    assert desk.ledger.counters[stock_shard(0)].left == 0


def test_use_that_overtakes_a_lowered_limit_ends_as_a_way_back() -> None:
    busy = Busy()
    desk = Desk(ledger=busy)
    desk.publish(stocked(9))
    desk.take(stock_shard(), 3)
    busy.rush = (stock_shard(), 2)
    refused = desk.publish(stocked(4))
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.LIMIT_BELOW_USE
    assert desk.catalog.live["festival"] == Pointer(1, 3)
    assert desk.total(STOCK) == Counter(9, 4, 0)
    assert desk.catalog.record is not None
    assert desk.catalog.record.done


class Rushed(Ledger):
    """Visitors rush for one offer once its limit is about to be lowered."""

    rush_for = 0

    def change(self, changes: Sequence[Change], **facts: Any) -> bool:
        if self.rush_for and any(c.counter.offer_number == self.rush_for for c in changes):
            for counter_id in list(self.counters):
                if counter_id.offer_number == self.rush_for:
                    self._take(counter_id, self.counters[counter_id].left)
            self.rush_for = 0
        return super().change(changes, **facts)


def two_limits(units: int) -> Campaign:
    # 60 shards each: the two limits do not fit into one transaction
    return one_stand(*(offer(f"offer-{n}", n, stock=Stock(units=units, shards=60)) for n in (1, 2)))


def test_a_publish_that_lowered_others_before_restores_them() -> None:
    ledger = Rushed()
    desk = Desk(ledger=ledger)
    desk.publish(two_limits(120))
    ledger.rush_for = 2
    refused = desk.publish(two_limits(60))
    assert isinstance(refused, Refusal)
    assert refused.facts["offer_id"] == "offer-2"
    assert desk.catalog.live["festival"] == Pointer(1, 3)
    assert desk.total(STOCK, 1) == Counter(120, 120, 0)
    assert desk.total(STOCK, 2) == Counter(120, 0, 0)


def test_a_way_back_lifts_the_limit_that_was_made_on_the_way_forth() -> None:
    ledger = Rushed()
    desk = Desk(ledger=ledger)
    second = two_limits(120).offers[1]
    desk.publish(one_stand(offer("offer-1", 1), second))
    ledger.rush_for = 2
    assert isinstance(desk.publish(two_limits(60)), Refusal)
    assert desk.total(STOCK, 1) == Counter(UNLIMITED, UNLIMITED, 0)
    assert desk.total(STOCK, 2) == Counter(120, 0, 0)


def test_a_way_back_makes_no_counter_that_the_way_forth_did_not_make() -> None:
    busy = Busy()
    desk = Desk(ledger=busy)
    desk.publish(one_stand(offer("old", 1, stock=Stock(units=9)), offer("new", 2)))
    busy.rush = (stock_shard(), 6)
    forth = one_stand(
        offer("old", 1, stock=Stock(units=4)), offer("new", 2, stock=Stock(units=5, shards=2))
    )
    assert isinstance(desk.publish(forth), Refusal)
    assert list(desk.ledger.counters) == [stock_shard()]
    assert desk.total(STOCK, 1) == Counter(9, 3, 0)


def test_a_crash_on_the_way_back_is_finished_by_the_next_publish() -> None:
    survived = False
    for calls in range(60):
        ledger = Rushed()
        desk = Desk(ledger=ledger)
        desk.publish(two_limits(120))
        ledger.rush_for = 2
        try:
            desk.publish(two_limits(60), dies_after=calls)
            survived = True
        except Crashed:
            pass
        assert desk.total(STOCK, 1).cap <= 120
        ledger.rush_for = 0
        outcome = desk.publish(two_limits(130))
        assert isinstance(outcome, Pointer), f"dead after {calls} calls: {outcome}"
        assert desk.total(STOCK, 1).cap == desk.total(STOCK, 2).cap == 130
        if survived:
            return
    pytest.fail("the publish never came to its end")


def test_a_first_publish_that_fails_leaves_no_open_record() -> None:
    desk = Desk()
    ids = counters_of(7, LimitId(STOCK, 1, 1), 1)

    class Stubborn(Ledger):
        """A counter that appears used up as soon as it is written."""

        def change(self, *_: Any, **__: Any) -> bool:
            self.counters[ids[0]] = Counter(9, 0, 0)
            return False

    desk.ledger = Stubborn()
    refused = desk.publish(stocked(5))
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.LIMIT_BELOW_USE
    assert not desk.catalog.live
    assert desk.catalog.record is not None
    assert desk.catalog.record.done
    desk.ledger = Ledger()
    assert desk.publish(stocked(5)) == Pointer(1, 2)


def test_a_limit_that_never_stands_still_is_tried_again_later() -> None:
    class Restless(Ledger):
        def change(self, *_: Any, **__: Any) -> bool:
            return False

    desk = Desk()
    desk.publish(stocked(9))
    desk.ledger = Restless(counters=desk.ledger.counters)
    with pytest.raises(TryAgain):
        desk.publish(stocked(5))


# --- what the trail says of it --------------------------------------------------------------------
def wished(request_id: str = "r-1", action: str = "published") -> Entry:
    scope = Scope(area="festival", member_id="anna", email="anna@example.org")
    return trail.entry(scope, action, "", at=NOW, request_id=request_id)


def test_a_publish_leaves_its_entry_with_revision_and_epoch() -> None:
    desk = Desk()
    desk.publish(stocked(7), entry=wished())
    desk.publish(stocked(9), entry=wished("r-2"))
    desk.roll_back(1, wished("r-3", "rolled back"))
    told = {name: (one.action, one.subject, one.after) for name, one in desk.catalog.trail.items()}
    assert told == {
        "r-1": ("published", "revision 1", {"epoch": "1"}),
        "r-2": ("published", "revision 2", {"epoch": "2"}),
        "r-3": ("rolled back", "revision 3", {"epoch": "3"}),
    }


def test_a_publish_that_crashed_after_it_went_live_gets_its_entry_from_who_finishes_it() -> None:
    for calls in range(60):
        desk = Desk()
        desk.publish(stocked(7))
        try:
            desk.publish(stocked(9), dies_after=calls, entry=wished())
        except Crashed:
            went_live = desk.catalog.live["festival"].epoch == 2
            assert desk.publish(stocked(11), entry=wished("r-2"))
            begun = "r-1" in desk.catalog.trail
            assert begun or not went_live, f"dead after {calls} calls"
            assert "r-2" in desk.catalog.trail
        else:
            assert "r-1" in desk.catalog.trail
            return
    pytest.fail("the publish never came to its end")


def test_a_publish_that_went_back_is_not_said_to_be_one() -> None:
    ledger = Rushed()
    desk = Desk(ledger=ledger)
    desk.publish(two_limits(120))
    ledger.rush_for = 2
    assert isinstance(desk.publish(two_limits(60), entry=wished()), Refusal)
    assert desk.catalog.trail == {}


# --- two at once ----------------------------------------------------------------------------------
def test_of_two_publishers_one_is_told_to_wait() -> None:
    class Crowded(Catalog):
        """Another publisher begins between the look and the write."""

        def open_publish(self, campaign_id: str, goal: Pointer, **facts: Any) -> Any:
            super().open_publish(campaign_id, goal, **facts)
            return super().open_publish(campaign_id, goal, **facts)

    desk = Desk(catalog=Crowded())
    assert desk.publish(stocked(7)) == Refusal(Reason.IN_PROGRESS)


def test_of_two_ways_back_one_is_told_to_wait() -> None:
    class Crowded(Catalog):
        """Another publisher finishes the way back first."""

        def open_publish(self, campaign_id: str, goal: Pointer, **facts: Any) -> Any:
            stands = super().open_publish(campaign_id, goal, **facts)
            if facts.get("over"):
                return super().open_publish(campaign_id, goal, **facts)
            return stands

    ledger = Rushed()
    desk = Desk(Crowded(), ledger)
    desk.publish(two_limits(120))
    ledger.rush_for = 2
    assert desk.publish(two_limits(60)) == Refusal(Reason.IN_PROGRESS)


def test_a_raise_that_is_overtaken_after_the_pointer_is_tried_again() -> None:
    class Shrinking(Ledger):
        """A counter loses its units behind everyone's back once the pointer has moved."""

        def read(self, counter_ids: Any) -> dict[CounterId, Counter]:
            found = super().read(counter_ids)
            if desk.catalog.live and desk.catalog.live["festival"].epoch == 2:
                return {c: replace(n, cap=99, left=0, epoch=1) for c, n in found.items()}
            return found

        def change(self, changes: Sequence[Change], **facts: Any) -> bool:
            if desk.catalog.live and desk.catalog.live["festival"].epoch == 2:
                return False
            return super().change(changes, **facts)

    desk = Desk(ledger=Shrinking())
    desk.publish(stocked(7))
    with pytest.raises(TryAgain):
        desk.publish(stocked(9))


def test_counters_are_read_once_where_nobody_uses_them_meanwhile() -> None:
    class Counting(Ledger):
        reads = 0

        def read(self, counter_ids: Any) -> dict[CounterId, Counter]:
            self.reads += 1
            return super().read(counter_ids)

    ledger = Counting()
    desk = Desk(ledger=ledger)
    desk.publish(two_limits(120))
    assert ledger.reads == 1
    desk.publish(two_limits(60))
    desk.publish(two_limits(130))
    assert ledger.reads == 3


# --- a process that dies --------------------------------------------------------------------------
BEFORE = one_stand(
    offer("lowered", 1, stock=Stock(units=10, shards=2)),
    offer("raised", 2, benefit=FIVE_OFF, budget_minor=1000),
    offer("removed", 3, stock=Stock(units=5)),
    offer("days", 4, day_limit=5),
)
AFTER = one_stand(
    offer("lowered", 1, stock=Stock(units=6, shards=3)),
    offer("raised", 2, benefit=FIVE_OFF, budget_minor=2000),
    offer("removed", 3),
    offer("days", 4, day_limit=3),
    offer("new", 5, stock=Stock(units=8)),
)
LATER = replace(AFTER, name={"en": "The same, later"})


def used_desk() -> Desk:
    desk = Desk()
    desk.publish(BEFORE)
    desk.take(stock_shard(0), 3)
    desk.take(CounterId(BUDGET, 7, 2), 400)
    desk.take(CounterId(STOCK, 7, 3, 1, "0"), 2)
    desk.take(CounterId(DAY, 7, 4, 1, TODAY), 1)
    return desk


def totals(desk: Desk) -> dict[str, tuple[int, int]]:
    """Return cap and use of each limit."""
    found = {
        "lowered": desk.total(STOCK, 1),
        "raised": desk.total(BUDGET, 2, 0),
        "removed": desk.total(STOCK, 3),
        "days": desk.total(DAY, 4),
        "new": desk.total(STOCK, 5),
    }
    return {name: (counter.cap, counter.used) for name, counter in found.items()}


WANTED = {
    "lowered": (6, 3),
    "raised": (2000, 400),
    "removed": (UNLIMITED, 2),
    "days": (3, 1),
    "new": (8, 0),
}


def comes_back_exactly(desk: Desk) -> None:
    """Check that what a limit gave before it was removed counts when it returns."""
    assert desk.total(STOCK, 3).used == 2
    back = [replace(o, stock=Stock(units=4)) if o.number == 3 else o for o in LATER.offers]
    desk.publish(replace(LATER, offers=tuple(back)))
    assert desk.total(STOCK, 3) == Counter(4, 2, 0)


def test_a_publish_that_dies_anywhere_leaves_limits_tighter_and_is_finished_by_the_next() -> None:
    tightest = {"lowered": 10, "raised": 1000, "removed": 5, "days": 5}
    for calls in range(40):
        desk = used_desk()
        try:
            desk.publish(AFTER, dies_after=calls)
        except Crashed:
            if desk.catalog.live["festival"].revision == 1:
                caps = {name: cap for name, (cap, _) in totals(desk).items()}
                assert all(caps[name] <= cap for name, cap in tightest.items()), calls
            assert isinstance(desk.publish(LATER), Pointer)
            assert totals(desk) == WANTED, calls
            comes_back_exactly(desk)
            continue
        assert totals(desk) == WANTED
        assert calls > 10
        return
    pytest.fail("the publish never came to its end")


def test_a_publish_that_dies_twice_is_finished_all_the_same() -> None:
    for calls in range(8, 20):
        for more in range(4, 14):
            desk = used_desk()
            for dies_after, document in ((calls, AFTER), (more, LATER)):
                try:
                    desk.publish(document, dies_after=dies_after)
                except Crashed:
                    continue
            assert isinstance(desk.publish(LATER), Pointer)
            assert totals(desk) == WANTED, (calls, more)


def test_finishing_what_is_finished_changes_nothing() -> None:
    desk = used_desk()
    before = dict(desk.ledger.counters)
    publishing.finish(desk.catalog, desk.ledger, "festival", now=NOW + timedelta(days=1))
    publishing.finish(Catalog(), Ledger(), "festival", now=NOW)
    assert desk.ledger.counters == before
