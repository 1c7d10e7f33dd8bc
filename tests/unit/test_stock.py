"""What came, broke and was counted changes a stock, never below what was claimed of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import limits, stock
from chalicelib.domain.counter import Counter, CounterId, CounterKind
from chalicelib.domain.stock import Kind, Shards, Short

UNITS = st.integers(0, 20)
SHARDS = st.lists(st.tuples(UNITS, UNITS, st.integers(-20, 20)), min_size=1, max_size=5)


def shard(part: int) -> CounterId:
    return CounterId(CounterKind.STOCK, 7, 1, 1, str(part))


def shards(*counters: Counter) -> Shards:
    return [(shard(part), counter) for part, counter in enumerate(counters)]


@pytest.mark.parametrize(
    ("kind", "change"), [(Kind.RECEIVED, 4), (Kind.DAMAGED, -4), (Kind.COUNTED, -6)]
)
def test_each_kind_has_its_change(kind: Kind, change: int) -> None:
    assert stock.change_of(kind, 4, 10) == change


def test_in_hand_is_what_was_published_and_moved_less_what_was_handed_over() -> None:
    held = shards(Counter(10, 3, 1, adj=5), Counter(10, 10, 1, adj=-2))
    assert stock.in_hand(held, 6) == 17


def test_what_is_promised_is_not_taken() -> None:
    held = shards(Counter(10, 2, 1), Counter(10, 1, 1))
    assert stock.plan(held, -4) == Short(wanted=4, free=3)
    taken = stock.plan(held, -3)
    assert not isinstance(taken, Short)
    assert [change.delta for change in taken] == [-2, -1]


@given(found=SHARDS, units=st.integers(-60, 60))
def test_a_plan_moves_so_many_units_and_leaves_no_shard_below_nothing(
    found: list[tuple[int, int, int]], units: int
) -> None:
    held = shards(*(Counter(cap, left, 1, adj=adj) for cap, left, adj in found))
    planned = stock.plan(held, units)
    free = sum(counter.left for _, counter in held)
    if isinstance(planned, Short):
        assert planned == Short(-units, free)
        assert free + units < 0
        return
    assert sum(change.delta for change in planned) == units
    assert [change.counter for change in planned] == [counter_id for counter_id, _ in held]
    assert all(change.old is not None and change.old.left + change.delta >= 0 for change in planned)


@given(found=SHARDS, units=st.integers(0, 40))
def test_a_publish_asks_the_use_and_what_was_moved_alike(
    found: list[tuple[int, int, int]], units: int
) -> None:
    """A limit may fall as long as what is left allows, whatever made it so."""
    held = [
        (shard(part), Counter(cap, left, 1, adj=adj)) for part, (cap, left, adj) in enumerate(found)
    ]
    planned = limits.spread(held, (units, *[0] * (len(held) - 1)))
    caps, left = sum(cap for cap, _, _ in found), sum(left for _, left, _ in found)
    assert (planned is None) is (left + units - caps < 0)
