"""What goes into one transaction, and which generation counts what of a change."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from happening import ISSUED as CLAIMED
from made import NOW, change

from chalicelib.domain import generation, insight
from chalicelib.domain.generation import GONE, SETTLING, Entry, Head, Mark, Run
from chalicelib.domain.insight import Change, Tally, VoucherImage
from chalicelib.domain.voucher import State

USED = replace(CLAIMED, state=State.REDEEMED, uses=1, used_popup_id="ankara")
TOTAL = Tally("festival", "TOTAL", "claimed")
QUIET = {"festival": Head()}
BUILDING = {"festival": Head(building=1, turn=1)}
ENTRY = Entry("festival", 1, "item")


def spread_over(stands: int) -> list[Change]:
    """Return claims, each at a stand of its own."""
    return [
        change(str(n), None, replace(CLAIMED, popup_id=f"stand-{n}", offer_id=f"offer-{n}"))
        for n in range(stands)
    ]


def followed(one: Change, counted: int | None) -> Run:
    """Return what a change of `item` adds while generation 1 is built beside 0."""
    known = {} if counted is None else {ENTRY: counted}
    (run,) = generation.runs([replace(one, item="item")], BUILDING, known)
    return run


def deltas_of(run: Run, number: int) -> dict[Tally, int]:
    return {tally: delta for (which, tally), delta in run.deltas.items() if which == number}


# --- runs -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("heads", [QUIET, BUILDING])
def test_a_run_touches_no_more_than_ninety_nine_items(heads: dict[str, Head]) -> None:
    found = list(generation.runs(spread_over(100), heads, {}))
    assert len(found) > 1
    assert max(run.actions for run in found) <= 99
    assert [found[0].first, found[-1].last] == ["0", "99"]
    total = Counter[tuple[int, Tally]]()
    for run in found:
        total.update(run.deltas)
    assert {which: n for (which, tally), n in total.items() if tally == TOTAL} == {
        number: 100 for number, _ in heads["festival"].written(NOW)
    }


def test_no_changes_make_no_run() -> None:
    assert list(generation.runs([], QUIET, {})) == []


def test_a_small_batch_is_one_run() -> None:
    (run,) = generation.runs(spread_over(3), QUIET, {})
    assert (run.first, run.last) == ("0", "2")
    assert (run.deltas[0, TOTAL], run.turns, run.marks) == (3, {"festival": 0}, {})


def test_what_has_no_figures_moves_the_checkpoint_alone() -> None:
    (run,) = generation.runs([change("7", None, None)], {}, {})
    assert (run.first, run.last, run.actions) == ("7", "7", 0)


# --- heads ----------------------------------------------------------------------------------------
def test_a_rebuild_begins_a_generation_of_its_own_and_is_read_when_it_is_whole() -> None:
    begun = Head().begun()
    assert (begun.live, begun.building, begun.turn) == (0, 1, 1)
    again = begun.begun()
    assert (again.live, again.building, again.turn) == (0, 2, 2)
    switched = again.switched(NOW)
    assert (switched.live, switched.building, switched.turn) == (2, None, 3)
    assert switched.begun().building == 3


def test_a_change_goes_to_the_generation_that_is_read_and_item_by_item_to_the_one_built() -> None:
    assert list(Head().written(NOW)) == [(0, False)]
    assert list(Head(building=1).written(NOW)) == [(0, False), (1, True)]


def test_after_a_switch_items_are_followed_until_the_clocks_have_passed_it() -> None:
    head = Head(live=1, switched_at=NOW)
    assert list(head.written(NOW + SETTLING)) == [(1, True)]
    assert list(head.written(NOW + SETTLING + timedelta(seconds=1))) == [(1, False)]


def test_versions_are_looked_up_only_where_items_are_followed() -> None:
    changes = [*spread_over(2), change("9", None, None)]
    assert generation.entries(changes, QUIET) == set()
    assert generation.entries(changes, BUILDING) == {
        Entry("festival", 1, "item-0"),
        Entry("festival", 1, "item-1"),
    }


# --- items ----------------------------------------------------------------------------------------
def test_an_item_that_the_scan_has_not_met_is_counted_whole() -> None:
    run = followed(change("1", CLAIMED, USED, ver=2), None)
    assert deltas_of(run, 0) == insight.difference(CLAIMED, USED)
    assert deltas_of(run, 1) == insight.contribution(USED)
    assert run.marks == {ENTRY: Mark(None, 2)}


@pytest.mark.parametrize("counted", [2, 3])
def test_what_the_scan_has_counted_is_left_out(counted: int) -> None:
    run = followed(change("1", CLAIMED, USED, ver=2), counted)
    assert deltas_of(run, 0) == insight.difference(CLAIMED, USED)
    assert (deltas_of(run, 1), run.marks) == ({}, {})


def test_what_came_after_the_scan_is_followed() -> None:
    run = followed(change("1", CLAIMED, USED, ver=2), 1)
    assert deltas_of(run, 1) == deltas_of(run, 0) == insight.difference(CLAIMED, USED)
    assert run.marks == {ENTRY: Mark(1, 2)}


def test_an_item_that_goes_before_the_scan_meets_it_cannot_be_counted_by_it() -> None:
    run = followed(change("1", CLAIMED, None, ver=2), None)
    assert deltas_of(run, 1) == {}
    assert run.marks == {ENTRY: Mark(None, GONE)}


def test_two_changes_of_an_item_in_one_run_move_its_version_once() -> None:
    changes = [
        change("1", None, CLAIMED, item="item", ver=1),
        change("2", CLAIMED, USED, item="item", ver=2),
    ]
    (run,) = generation.runs(changes, BUILDING, {})
    assert run.marks == {ENTRY: Mark(None, 2)}
    assert {t: n for t, n in deltas_of(run, 1).items() if n} == insight.contribution(USED)


def test_a_scan_counts_an_item_as_it_is_if_it_was_not_met() -> None:
    seen = {ENTRY: change("", None, USED, item="item", ver=2)}
    (run,) = generation.census(seen, BUILDING)
    assert deltas_of(run, 1) == insight.contribution(USED)
    assert deltas_of(run, 0) == {}
    assert (run.turns, run.marks) == ({"festival": 1}, {ENTRY: Mark(None, 2)})


# --- lists of used vouchers -----------------------------------------------------------------------
def marked(mark: bytes) -> VoucherImage:
    return replace(USED, mark=mark)


def test_what_is_used_joins_the_lists_of_its_run_in_order() -> None:
    changes = [change("1", CLAIMED, marked(b"a")), change("2", CLAIMED, marked(b"b"))]
    (run,) = generation.runs(changes, QUIET, {})
    assert run.used == {
        (0, "festival", "ankara"): (b"a", b"b"),
        (0, "festival", "istanbul"): (b"a", b"b"),
    }
    assert run.actions == len({t.row for _, t in run.deltas}) + len(run.turns) + 2


def test_a_rebuild_lists_what_it_meets_used_and_the_stream_what_comes_after() -> None:
    late = followed(replace(change("1", CLAIMED, marked(b"a")), ver=2), counted=1)
    assert set(late.used) == {(n, "festival", p) for n in (0, 1) for p in ("ankara", "istanbul")}
    seen = {ENTRY: change("1", None, marked(b"a"))}
    (run,) = generation.census(seen, BUILDING)
    assert set(run.used) == {(1, "festival", "ankara"), (1, "festival", "istanbul")}
