"""A rebuild in the tables: heads, versions and rows move together, or not at all."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from fakes import Crashed
from house import House
from made import NOW, change, plan, voucher

from chalicelib.domain.generation import GONE, Entry, Head, Mark, Run
from chalicelib.domain.insight import Change, Tally, VoucherImage
from chalicelib.domain.voucher import State, symbols_of
from chalicelib.store import engine, generations, insights, keys, tables, used, uses, vouchers
from chalicelib.usecases import projecting, rebuilding

TOTAL = Tally("festival", "TOTAL", "claimed")
ENTRY = Entry("festival", 1, "V#1#V")
BEGUN = Head(building=1, turn=1)
ONE = Run(
    first="1",
    last="2",
    deltas={(0, TOTAL): 1, (1, TOTAL): 2},
    turns={"festival": 1},
    marks={ENTRY: Mark(None, 4)},
)


pytestmark = pytest.mark.usefixtures("empty")


@pytest.fixture
def empty(house: House) -> House:
    """Return the house without anything in its tables."""
    house.empty()
    return house


def totals() -> list[int]:
    """Return what both generations have counted."""
    found = [insights.figures("festival", number) for number in (0, 1)]
    return [figures.get("TOTAL", {}).get("claimed", 0) for figures in found]


def test_a_head_is_turned_once_in_all_lanes() -> None:
    assert generations.head("festival") == Head()
    assert generations.turn("festival", Head(), BEGUN)
    assert not generations.turn("festival", Head(), BEGUN)
    shards = [f"shard-{n}" for n in range(40)]
    assert {insights.heads(shard, ["festival"])["festival"] for shard in shards} == {BEGUN}
    switched = BEGUN.switched(datetime(2026, 5, 20, 12, tzinfo=UTC))
    assert generations.turn("festival", BEGUN, switched)
    assert generations.head("festival") == switched
    assert insights.heads("shard", ["festival", "other"])["other"] == Head()


def test_a_run_is_written_under_the_turn_and_the_versions_that_it_was_planned_from() -> None:
    assert not insights.apply("shard", ONE)
    generations.turn("festival", Head(), BEGUN)
    assert insights.apply("shard", ONE)
    assert insights.counted([ENTRY, replace(ENTRY, item="other")]) == {ENTRY: 4}
    later = replace(ONE, first="3", last="3")
    assert not insights.apply("shard", later)
    assert not insights.apply("shard", replace(later, marks={ENTRY: Mark(3, 5)}))
    assert totals() == [1, 2]
    assert insights.apply("shard", replace(later, marks={ENTRY: Mark(4, GONE)}))
    assert insights.counted([ENTRY]) == {ENTRY: GONE}
    assert totals() == [2, 4]
    assert insights.checkpoint("shard") == insights.padded("3")


def test_a_part_of_the_scan_is_written_likewise_and_moves_no_checkpoint() -> None:
    assert not generations.add(9, ONE)
    generations.turn("festival", Head(), BEGUN)
    assert generations.add(9, ONE)
    assert not generations.add(9, ONE)
    assert totals() == [1, 2]
    assert insights.checkpoint("shard") == ""


def test_a_generation_is_swept_with_its_hours_and_no_other() -> None:
    generations.turn("festival", Head(), BEGUN)
    hours = [Tally("festival", f"HOUR#istanbul#2026-05-20T{n:02}", "claimed") for n in range(60)]
    insights.apply("shard", replace(ONE, deltas={(1, tally): 1 for tally in hours}))
    insights.apply("shard", replace(ONE, first="3", last="3", marks={}))
    generations.sweep("festival", 1)
    assert insights.figures("festival", 1) == insights.hours("festival", 1) == {}
    assert totals()[0] == 1


def test_the_scan_sees_what_has_figures_with_its_version() -> None:
    vouchers.claim(voucher(), token="claim")
    uses.use(plan())
    counter = tables.CounterItem("C#x", "C", ver=1, updated_at=NOW, cap=1, left=1, epoch=1)
    engine.put(counter)
    seen = [one for n in range(3) for page in generations.items(n, 3) for one in page]
    (found,) = {one.item: one for one in seen}.values()
    assert (found.item, found.ver) == (f"V#{voucher().voucher_id}#V", 2)
    assert isinstance(found.new, VoucherImage)
    assert found.new.state is State.REDEEMED


def test_a_rebuild_is_read_when_it_is_whole(house: House) -> None:
    for number in range(60):
        vouchers.claim(voucher(voucher_id=symbols_of(number)), token=f"claim-{number}")
    house.project()
    row = keys.tally_row("festival", 0, 0, "TOTAL")
    house.put("insights", {**engine.key(row), "claimed": {"N": "7"}})  # a wrong figure
    begun = {"festival": rebuilding.begin(generations, "festival")}
    for segment in range(rebuilding.SEGMENTS):
        list(rebuilding.count(generations, begun, segment))
    uses.use(plan(voucher_id=symbols_of(5)))
    assert house.project() > 0
    assert insights.figures("festival")["TOTAL"]["claimed"] != 60
    rebuilding.switch(generations, "festival", begun["festival"], now=NOW)
    right = insights.figures("festival")["TOTAL"]
    assert (right["claimed"], right["redeemed"]) == (60, 1)
    assert insights.hours("festival")["HOUR#istanbul#2026-05-20T15"]["redeemed"] == 1


def test_a_rebuild_makes_the_lists_of_used_vouchers_anew(house: House) -> None:
    for number in range(3):
        vouchers.claim(voucher(voucher_id=symbols_of(number)), token=f"claim-{number}")
        uses.use(plan(voucher_id=symbols_of(number)))
    house.project()
    before = used.delta("festival", "istanbul", None)
    begun = {"festival": rebuilding.begin(generations, "festival")}
    for segment in range(rebuilding.SEGMENTS):
        list(rebuilding.count(generations, begun, segment))
    rebuilding.switch(generations, "festival", begun["festival"], now=NOW)
    after = used.delta("festival", "istanbul", before.cursor)
    assert after.reset
    assert marks(after.marks) == marks(before.marks)
    assert len(marks(after.marks)) == 3
    generations.sweep("festival", 0)
    parts = {item["pk"]["S"] for item in house.items("insights") if item["pk"]["S"][:4] == "USED"}
    assert parts == {"USED#festival#1#istanbul"}


def marks(joined: bytes) -> set[bytes]:
    return {joined[start : start + 8] for start in range(0, len(joined), 8)}


def test_a_long_list_comes_page_by_page_with_cursors_that_an_address_takes() -> None:
    for number in range(3):
        mark = bytes([number]) * used.PAGE_BYTES
        run = replace(ONE, first=f"V#{number}#V", turns={}, deltas={}, marks={})
        run = replace(run, used={(0, "festival", "istanbul"): (mark,)})
        assert generations.add(0, run)
    found, cursor, more = b"", "", True
    while more:
        page = used.delta("festival", "istanbul", cursor)
        found, cursor, more = found + page.marks, page.cursor, page.more
        assert re.fullmatch(r"[A-Za-z0-9.:~]+", cursor)
    assert {found[at] for at in range(0, len(found), used.PAGE_BYTES)} == {0, 1, 2}
    assert len(found) == 3 * used.PAGE_BYTES


# --- a batch of many counters, killed between its runs --------------------------------------------
def batch_of(stands: int) -> list[Change]:
    """Return claims at stands of their own: three rows a stand, and those that all share."""
    image = VoucherImage(
        campaign_id="festival",
        popup_id="",
        offer_id="",
        merchant_id=None,
        claimed_hour="2026-05-20T15",
        state=State.ISSUED,
    )
    stood = [replace(image, popup_id=f"stand-{n}", offer_id=f"offer-{n}") for n in range(stands)]
    return [change(f"{n:05}", None, image) for n, image in enumerate(stood)]


@contextmanager
def dying(transactions: int, *, written: bool) -> Iterator[None]:
    """Let the process die at a transaction, before it is sent or after it is written."""
    left = iter(range(transactions))

    def die(**_: Any) -> None:
        if next(left, None) is None:
            raise Crashed

    when = "after-call" if written else "before-call"
    events, name = engine.client().meta.events, f"{when}.dynamodb.TransactWriteItems"
    events.register_first(name, die)
    try:
        yield
    finally:
        events.unregister(name, die)


@pytest.mark.parametrize("written", [False, True])
@pytest.mark.parametrize("building", [False, True])
def test_a_batch_of_150_counters_that_is_killed_between_runs_is_counted_once(
    house: House, *, building: bool, written: bool
) -> None:
    stands = 25 if building else 50  # a rebuild has its own row beside each
    batch = batch_of(stands)
    deaths = 0
    while True:
        house.empty()
        if building:
            generations.turn("festival", Head(), BEGUN)
        try:
            with dying(deaths, written=written):
                projecting.project(insights, "shard", batch)
        except Crashed:
            deaths += 1
        else:
            break
        projecting.project(insights, "shard", batch)
        for number in [0, 1] if building else [0]:
            figures = insights.figures("festival", number) | insights.hours("festival", number)
            assert len(figures) == 1 + 3 * stands
            assert sum(row["claimed"] for row in figures.values()) == 4 * stands
            assert figures["TOTAL"]["claimed"] == stands
    assert deaths > 1
