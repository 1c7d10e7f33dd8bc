"""Which counters a campaign needs, and how a changed limit is spread over its shards."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import ISTANBUL, NOW, campaign, offer

from chalicelib.domain import limits as rules
from chalicelib.domain.counter import UNLIMITED, Counter, CounterId, CounterKind
from chalicelib.domain.limits import Change, LimitId
from chalicelib.domain.offer import Scope, Stock

STOCK, DAY, BUDGET = CounterKind.STOCK, CounterKind.DAY, CounterKind.BUDGET


def test_an_offer_without_limits_needs_no_counter() -> None:
    assert rules.limits(campaign(), NOW) == {}


def test_stock_is_counted_a_stand_or_once() -> None:
    each = offer("each", 1, stock=Stock(units=5, shards=2), popup_ids=("istanbul", "madrid"))
    whole = offer("whole", 2, stock=Stock(units=9, per=Scope.CAMPAIGN))
    assert rules.limits(campaign(each, whole), NOW) == {
        LimitId(STOCK, 1, 1): (3, 2),
        LimitId(STOCK, 1, 3): (3, 2),
        LimitId(STOCK, 2): (9,),
    }


def test_days_are_made_ahead_on_each_stands_own_calendar() -> None:
    late = datetime(2026, 5, 20, 21, 30, tzinfo=UTC)  # 21 May in Istanbul, the 20th in Madrid
    found = rules.limits(campaign(offer(day_limit=4)), late)
    assert [limit.day for limit in found if limit.popup_number == 1] == [
        "2026-05-21",
        "2026-05-22",
        "2026-05-23",
    ]
    assert [limit.day for limit in found if limit.popup_number == 3] == [
        "2026-05-20",
        "2026-05-21",
        "2026-05-22",
    ]
    assert set(found.values()) == {(4,)}


def test_a_budget_is_one_counter() -> None:
    assert rules.limits(campaign(offer(budget_minor=500)), NOW) == {LimitId(BUDGET, 1): (500,)}
    assert rules.counters_of(7, LimitId(BUDGET, 1), 1) == [CounterId(BUDGET, 7, 1)]


def test_a_limit_names_its_counters() -> None:
    day = LimitId(DAY, 1, 2, "2026-05-20")
    assert rules.counters_of(7, LimitId(STOCK, 1, 2), 2) == [
        CounterId(STOCK, 7, 1, 2, "0"),
        CounterId(STOCK, 7, 1, 2, "1"),
    ]
    assert rules.counters_of(7, day, 1) == [CounterId(DAY, 7, 1, 2, "2026-05-20")]


def test_a_removed_limit_never_binds_but_counts_on() -> None:
    old = {
        LimitId(STOCK, 1, 1): (3, 2),
        LimitId(BUDGET, 1): (500,),
        LimitId(DAY, 1, 1, "2026-05-20"): (4,),
    }
    assert rules.removed(old, {LimitId(BUDGET, 1): (900,)}) == {
        LimitId(STOCK, 1, 1): (UNLIMITED, 0)
    }


def test_new_counters_start_with_their_share() -> None:
    ids = rules.counters_of(7, LimitId(STOCK, 1, 1), 2)
    assert rules.spread([(c, None) for c in ids], (3, 2)) == [
        Change(ids[0], None, 3),
        Change(ids[1], None, 2),
    ]


COUNTERS = st.builds(
    lambda cap, used: Counter(cap, cap - min(cap, used), 1),
    st.integers(0, 50),
    st.integers(0, 50),
)


@given(st.lists(st.none() | COUNTERS, min_size=1, max_size=8), st.integers(0, 400))
def test_a_spread_keeps_the_total_and_takes_nothing_that_was_given(
    olds: list[Counter | None], units: int
) -> None:
    ids = rules.counters_of(7, LimitId(STOCK, 1, 1), len(olds))
    found = list(zip(ids, olds, strict=True))
    caps = Stock(units=units, shards=len(olds)).caps()
    used = sum(old.used for old in olds if old)
    plan = rules.spread(found, caps)
    if plan is None:
        assert units < used
        return
    after = {c: old for c, old in found if old is not None}
    for change in plan:
        before = after.get(change.counter, Counter(0, 0, 0))
        assert change.old == dict(found)[change.counter]
        left = before.left + change.delta
        assert left >= 0
        after[change.counter] = Counter(before.cap + change.delta, left, 2)
    assert set(after) == set(ids)
    assert sum(counter.cap for counter in after.values()) == units
    assert sum(counter.used for counter in after.values()) == used


@given(st.lists(COUNTERS, min_size=1, max_size=8))
def test_an_unchanged_limit_changes_nothing(olds: list[Counter]) -> None:
    ids = rules.counters_of(7, LimitId(STOCK, 1, 1), len(olds))
    caps = Stock(units=sum(old.cap for old in olds), shards=len(olds)).caps()
    assert rules.spread(list(zip(ids, olds, strict=True)), caps) == []


@pytest.mark.parametrize(("units", "lower"), [(9, True), (10, False), (11, False)])
def test_a_lowered_limit_is_told_by_its_total(units: int, lower: bool) -> None:  # noqa: FBT001
    ids = rules.counters_of(7, LimitId(STOCK, 1, 1), 3)
    found = [(ids[0], Counter(5, 0, 1)), (ids[1], Counter(5, 5, 1)), (ids[2], None)]
    assert rules.is_lower(found, Stock(units=units, shards=3).caps()) is lower


def test_a_stock_that_comes_back_names_every_shard_it_may_have_had() -> None:
    gone, back = campaign(offer()), campaign(offer(stock=Stock(units=4)))
    ((which, counter_ids),) = rules.came_back(gone, back)
    assert which.offer_id == "lantern"
    assert len(counter_ids) == 4 * 64
    assert list(rules.came_back(back, back)) == []
    assert list(rules.came_back(campaign(offer("other", 2)), back)) == []


def test_what_is_used_is_what_is_not_left() -> None:
    assert Counter(cap=10, left=3, epoch=1).used == 7


def test_the_next_days_are_the_stands_own() -> None:
    days = rules.days_ahead(ISTANBUL, datetime(2026, 5, 30, 22, 0, tzinfo=UTC))
    assert [day.isoformat() for day in days] == ["2026-05-31", "2026-06-01", "2026-06-02"]
