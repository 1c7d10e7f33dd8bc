"""Every change is counted exactly once, however often the stream brings it."""

from collections import Counter
from dataclasses import replace

import pytest
from fake_insights import Insights
from fakes import Crashed, Fate, Fragile
from hypothesis import given
from hypothesis import strategies as st
from made import change

from chalicelib.domain import insight
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.generation import Run
from chalicelib.domain.insight import Change, Tally, VoucherImage
from chalicelib.domain.voucher import State
from chalicelib.usecases import projecting

CLAIMED = VoucherImage(
    campaign_id="festival",
    popup_id="istanbul",
    offer_id="lantern",
    merchant_id=None,
    claimed_hour="2026-05-20T15",
    state=State.ISSUED,
)
USED = replace(CLAIMED, state=State.REDEEMED, uses=1, used_popup_id="ankara", discount_minor=5)
STATES = [CLAIMED, USED, replace(CLAIMED, state=State.REVERSED, uses=1), replace(USED, uses=2)]
TOTAL = Tally("festival", "TOTAL", "claimed")


def claims(first: int, last: int) -> list[Change]:
    """Return claims, each at a stand of its own, so that a run holds 29 of them."""
    return [
        change(str(n), None, replace(CLAIMED, popup_id=f"stand-{n}", offer_id=f"offer-{n}"))
        for n in range(first, last + 1)
    ]


def test_a_batch_is_counted() -> None:
    insights = Insights()
    assert projecting.project(insights, "shard", claims(1, 100)) == 100
    assert insights.of(0)[TOTAL] == 100
    assert insights.checkpoint("shard") == "100".zfill(40)


def test_an_empty_batch_is_nothing() -> None:
    assert projecting.project(Insights(), "shard", []) == 0


@given(st.lists(st.tuples(st.integers(1, 120), st.integers(0, 60)), max_size=8))
def test_batches_that_come_again_count_once(batches: list[tuple[int, int]]) -> None:
    """The stream may bring a batch again, or a part of it, or it with more behind."""
    insights, reached = Insights(), 0
    for first, length in batches:
        start = min(first, reached + 1)
        projecting.project(insights, "shard", claims(start, start + length))
        reached = max(reached, start + length)
    assert insights.of(0).get(TOTAL, 0) == reached


SHARDS = ("one", "two", "three")
BATCHES = st.tuples(st.sampled_from(SHARDS), st.integers(0, 4), st.integers(1, 7))


@given(st.data(), st.lists(BATCHES, max_size=20))
def test_shards_in_any_order_with_batches_cut_anew_give_the_fold_of_what_is_there(
    data: st.DataObject, batches: list[tuple[str, int, int]]
) -> None:
    """Within a shard records come in order; a batch may come again, longer or shorter."""
    shards = {shard: data.draw(lives(shard), label=shard) for shard in SHARDS}
    insights, reached = Insights(), dict.fromkeys(shards, 0)
    for shard, again, length in [*batches, *((shard, 1, 99) for shard in SHARDS)]:
        start = max(0, reached[shard] - again)
        batch = shards[shard][start : start + length]
        projecting.project(insights, shard, batch)
        reached[shard] = max(reached[shard], start + len(batch))
    last = {one.item: one.new for changes in shards.values() for one in changes}
    total = Counter[Tally]()
    for image in last.values():
        total.update(insight.contribution(image) if image else {})
    assert insights.of(0) == {tally: n for tally, n in total.items() if n}


@st.composite
def lives(draw: st.DrawFn, shard: str) -> list[Change]:
    """Return the records of a shard: items of it that are claimed, used, given back, removed."""
    now: dict[str, tuple[int, VoucherImage | None]] = {}
    changes = []
    for sequence, number in enumerate(draw(st.lists(st.integers(0, 3), max_size=12))):
        item = f"{shard}-{number}"
        ver, old = now.get(item, (0, None))
        new = draw(st.sampled_from([*STATES, None])) if old else CLAIMED
        now[item] = ver + 1, new
        changes.append(change(str(sequence + 1), old, new, item=item, ver=ver + 1))
    return changes


@pytest.mark.parametrize("counters", [150, 400])
def test_a_batch_that_touches_many_counters_and_is_killed_between_runs_counts_once(
    counters: int,
) -> None:
    batch = claims(1, counters // 3 + 1)
    deaths = 0
    while True:
        insights = Insights()
        try:
            projecting.project(Fragile(insights, Fate(deaths)), "shard", batch)
        except Crashed:
            projecting.project(insights, "shard", batch)
            deaths += 1
        else:
            break
        assert len(insights.figures) >= counters
        assert insights.of(0)[TOTAL] == len(batch)
    assert deaths > 3


def test_shards_have_checkpoints_of_their_own() -> None:
    insights = Insights()
    projecting.project(insights, "one", claims(1, 5))
    projecting.project(insights, "two", claims(1, 5))
    assert insights.of(0)[TOTAL] == 10


def test_a_batch_that_another_overtakes_again_and_again_is_brought_again() -> None:
    class Overtaken(Insights):
        """Another projector of the same shard wins every time, one record ahead."""

        def apply(self, shard_id: str, run: Run) -> bool:
            self.checkpoints[shard_id] = self.padded(run.first)
            return False

    with pytest.raises(TryAgain):
        projecting.project(Overtaken(), "shard", claims(1, 100))
