"""Every change is counted exactly once, however often the stream brings it."""

from dataclasses import replace

import pytest
from fakes import Insights
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import TryAgain
from chalicelib.domain.insight import Change, Run, Tally, VoucherImage
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
TOTAL = Tally("festival", "TOTAL", "claimed")


def claims(first: int, last: int) -> list[Change]:
    """Return claims, each at a stand of its own, so that a run holds 29 of them."""
    return [
        Change(str(n), None, replace(CLAIMED, popup_id=f"stand-{n}", offer_id=f"offer-{n}"))
        for n in range(first, last + 1)
    ]


def test_a_batch_is_counted() -> None:
    insights = Insights()
    assert projecting.project(insights, "shard", claims(1, 100)) == 100
    assert insights.figures[TOTAL] == 100
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
    assert insights.figures.get(TOTAL, 0) == reached


def test_shards_have_checkpoints_of_their_own() -> None:
    insights = Insights()
    projecting.project(insights, "one", claims(1, 5))
    projecting.project(insights, "two", claims(1, 5))
    assert insights.figures[TOTAL] == 10


def test_a_batch_that_another_overtakes_again_and_again_is_brought_again() -> None:
    class Overtaken(Insights):
        """Another projector of the same shard wins every time, one record ahead."""

        def apply(self, shard_id: str, run: Run) -> bool:
            self.checkpoints[shard_id] = self.padded(run.first)
            return False

    with pytest.raises(TryAgain):
        projecting.project(Overtaken(), "shard", claims(1, 100))
