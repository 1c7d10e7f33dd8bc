"""Figures that are counted anew while everything goes on are those of the ledger, always."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import chain

import pytest
from fake_insights import Insights
from fakes import Crashed, Fate, Fragile
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from made import NOW, change

from chalicelib.domain import insight
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.generation import Entry, Head, Run
from chalicelib.domain.insight import Change, Image, Tally, VoucherImage
from chalicelib.domain.voucher import State
from chalicelib.usecases import projecting, rebuilding

CLAIMED = VoucherImage(
    campaign_id="festival",
    popup_id="istanbul",
    offer_id="lantern",
    merchant_id=None,
    claimed_hour="2026-05-20T15",
    state=State.ISSUED,
)
USED = replace(CLAIMED, state=State.REDEEMED, uses=1, used_popup_id="ankara")
LIFE = (CLAIMED, USED, replace(CLAIMED, state=State.REVERSED, uses=1), replace(USED, uses=2))
ITEMS = [f"V#{number}#V" for number in range(8)]
SHARDS = ("one", "two", "three")


class Busy(Insights):
    """Somebody else acts between the look at versions and the write: once, what is set."""

    meanwhile: Callable[[], None] | None = None

    def counted(self, entries: object) -> dict[Entry, int]:
        found = super().counted(entries)  # type: ignore[arg-type]
        act, self.meanwhile = self.meanwhile, None
        if act:
            act()
        return found


def sum_of(ledger: dict[str, Change]) -> dict[Tally, int]:
    """Count the ledger as it is."""
    total = Counter[Tally]()
    for item in ledger.values():
        assert item.new is not None
        total.update(insight.contribution(item.new))
    return dict(total)


class World:
    """A ledger with its stream in three shards, a projector each, and one rebuild at a time."""

    def __init__(self) -> None:
        self.insights = Busy()
        self.at = NOW
        self.streams: dict[str, list[Change]] = {shard: [] for shard in SHARDS}
        self.reached = dict.fromkeys(SHARDS, 0)
        self.written = 0
        self.begun: dict[str, Head] = {}
        self.parts: list[Iterator[int]] = []

    def write(self, item: str, image: Image | None) -> None:
        """Write or remove an item; its shard learns of it."""
        before = self.insights.ledger.pop(item, None)
        if before is None and image is None:
            return
        self.written += 1
        facts = {
            "item": item,
            "ver": 1 + (before.ver if before else 0),
            "written_at": self.at,
        }
        old = before.new if before else None
        shard = SHARDS[ITEMS.index(item) % len(SHARDS)]
        self.streams[shard].append(change(str(self.written), old, image, **facts))
        if image is not None:
            self.insights.ledger[item] = change("", None, image, **facts)

    def live_through(self, item: str) -> None:
        """Let an item take the next step of its life."""
        before = self.insights.ledger.get(item)
        self.write(item, LIFE[min(before.ver if before else 0, len(LIFE) - 1)])

    def bring(self, shard: str, again: int, length: int) -> None:
        """Bring a batch of a shard, some of which the projector had before."""
        start = max(0, self.reached[shard] - again)
        batch = self.streams[shard][start : start + length]
        projecting.project(self.insights, shard, batch)
        self.reached[shard] = max(self.reached[shard], start + len(batch))

    def begin(self) -> None:
        self.begun = {"festival": rebuilding.begin(self.insights, "festival")}
        self.parts = [
            rebuilding.count(self.insights, self.begun, segment)
            for segment in range(rebuilding.SEGMENTS)
        ]

    def count(self) -> None:
        """Count one page more."""
        if self.parts and next(self.parts[0], None) is None:
            self.parts.pop(0)

    def switch(self) -> None:
        rebuilding.switch(self.insights, "festival", self.begun["festival"], now=self.at)
        self.begun = {}

    def settle(self) -> None:
        """Bring everything; then every figure is the ledger's."""
        for shard in SHARDS:
            self.bring(shard, 0, len(self.streams[shard]))
        head = self.insights.head("festival")
        assert self.insights.of(head.live) == sum_of(self.insights.ledger)
        if self.begun and not self.parts:
            assert head.building is not None
            assert self.insights.of(head.building) == sum_of(self.insights.ledger)


class Rebuilds(RuleBasedStateMachine):
    """Writes, batches that come again, and a rebuild that is given up at any step."""

    def __init__(self) -> None:
        super().__init__()
        self.world = lived_in()

    @rule(item=st.sampled_from(ITEMS))
    def live_through(self, item: str) -> None:
        self.world.live_through(item)

    @rule(item=st.sampled_from(ITEMS))
    def remove(self, item: str) -> None:
        """Nothing of the product removes an item; whoever does by hand makes none anew."""
        ledger = self.world.insights.ledger
        if item in ledger and len(ledger) > 5:
            self.world.write(item, None)

    @rule(shard=st.sampled_from(SHARDS), again=st.integers(0, 3), length=st.integers(1, 6))
    def bring(self, shard: str, again: int, length: int) -> None:
        self.world.bring(shard, again, length)

    @rule(minutes=st.sampled_from([1, 50, 90]))
    def wait(self, minutes: int) -> None:
        self.world.at += timedelta(minutes=minutes)

    @rule()
    def begin(self) -> None:
        self.world.begin()

    @rule()
    def count(self) -> None:
        self.world.count()

    @rule()
    def count_the_rest(self) -> None:
        while self.world.parts:
            self.world.count()

    @rule(shard=st.sampled_from(SHARDS))
    def count_while_a_batch_comes(self, shard: str) -> None:
        self.world.insights.meanwhile = lambda: self.world.bring(shard, 0, 4)
        self.world.count()
        self.world.insights.meanwhile = None

    @rule(shard=st.sampled_from(SHARDS), begins=st.booleans())
    def bring_while_the_rebuild_goes_on(self, shard: str, *, begins: bool) -> None:
        self.world.insights.meanwhile = self.world.begin if begins else self.world.count
        self.world.bring(shard, 1, 5)
        self.world.insights.meanwhile = None

    @precondition(lambda self: self.world.begun and not self.world.parts)
    @rule()
    def switch(self) -> None:
        self.world.switch()

    @rule()
    def settle(self) -> None:
        self.world.settle()

    def teardown(self) -> None:
        self.world.settle()


TestRebuilds = Rebuilds.TestCase
TestRebuilds.settings = settings(max_examples=50, stateful_step_count=40)


def lived_in() -> World:
    """Return a world with items in every step of their lives, half of them projected."""
    world = World()
    for number, item in enumerate(ITEMS):
        for _ in range(1 + number % 4):
            world.live_through(item)
    world.bring("one", 0, 4)
    return world


def rebuilt(world: World, store: rebuilding.Generations) -> None:
    begun = {"festival": rebuilding.begin(store, "festival")}
    for segment in range(rebuilding.SEGMENTS):
        for _ in rebuilding.count(store, begun, segment):
            world.live_through(ITEMS[segment])
    rebuilding.switch(store, "festival", begun["festival"], now=world.at)


def test_a_rebuild_that_dies_anywhere_leaves_what_is_read_and_the_next_one_is_right() -> None:
    calls = 0
    while True:
        world = lived_in()
        try:
            rebuilt(world, Fragile(world.insights, Fate(calls)))
        except Crashed:
            assert world.insights.head("festival").live == 0
        else:
            break
        world.settle()
        rebuilt(world, world.insights)
        world.settle()
        assert world.insights.head("festival").live > 0
        calls += 1
    assert calls > 20


def test_generations_that_nobody_reads_are_swept_away() -> None:
    world = lived_in()
    for _ in range(3):
        rebuilt(world, world.insights)
        world.settle()
    assert {number for number, _ in world.insights.figures} == {2, 3}


def test_a_wrong_figure_is_right_again() -> None:
    world = lived_in()
    world.settle()
    world.insights.figures[0, Tally("festival", "TOTAL", "claimed")] += 7
    rebuilt(world, world.insights)
    world.settle()


def test_other_campaigns_are_not_counted() -> None:
    world = lived_in()
    world.write(ITEMS[0], None)
    world.write(ITEMS[0], replace(CLAIMED, campaign_id="another"))
    begun = {"festival": rebuilding.begin(world.insights, "festival")}
    counted = [
        items
        for segment in range(rebuilding.SEGMENTS)
        for items in rebuilding.count(world.insights, begun, segment)
    ]
    assert sum(counted) == len(ITEMS) - 1
    assert {t.campaign_id for t in world.insights.of(1)} == {"festival"}


def test_an_overtaken_rebuild_counts_and_switches_no_more() -> None:
    world = lived_in()
    first = {"festival": rebuilding.begin(world.insights, "festival")}
    rebuilding.begin(world.insights, "festival")
    parts = [rebuilding.count(world.insights, first, n) for n in range(rebuilding.SEGMENTS)]
    with pytest.raises(TryAgain, match="another rebuild"):
        list(chain.from_iterable(parts))
    with pytest.raises(TryAgain, match="another rebuild"):
        rebuilding.switch(world.insights, "festival", first["festival"], now=NOW)
    assert world.insights.head("festival").building == 2


def test_a_rebuild_does_not_begin_over_one_that_begins() -> None:
    class Late(Insights):
        """Another rebuild begins between the look and the write."""

        def turn(self, campaign_id: str, old: Head, new: Head) -> bool:
            self.current[campaign_id] = old.begun()
            return super().turn(campaign_id, old, new)

    with pytest.raises(TryAgain, match="another rebuild"):
        rebuilding.begin(Late(), "festival")


class Silent(Busy):
    """A table that says nothing for a while; what it was told is written, or not."""

    silences = 0
    written = False

    def add(self, segment: int, run: Run) -> bool:
        if self.silences:
            self.silences -= 1
            if self.written:
                super().add(segment, run)
            raise TryAgain("silent")
        return super().add(segment, run)


@pytest.mark.parametrize("written", [False, True])
def test_a_part_whose_answer_is_lost_is_counted_once(*, written: bool) -> None:
    world = lived_in()
    silent = Silent(ledger=world.insights.ledger)
    silent.silences, silent.written = 3, written
    world.insights = silent
    rebuilt(world, silent)
    world.settle()


def test_tables_that_stay_silent_are_tried_again_later() -> None:
    world = lived_in()
    silent = Silent(ledger=world.insights.ledger)
    silent.silences = 10**6
    with pytest.raises(TryAgain, match="busy"):
        rebuilt(world, silent)
