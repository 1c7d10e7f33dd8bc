"""The live board: what each city or offer gave out, took in and has left."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from made import NOW, campaign, offer

from chalicelib.domain import board as boards
from chalicelib.domain.board import Board, Gear, Line, Reading
from chalicelib.domain.counter import Counter, CounterId, CounterKind
from chalicelib.domain.device import Device, Profile, Seen
from chalicelib.domain.offer import Scope, Stock
from chalicelib.domain.source import Source

EACH = offer("each", 1, stock=Stock(units=5, shards=2), popup_ids=("istanbul", "madrid"))
WHOLE = offer("whole", 2, stock=Stock(units=9, per=Scope.CAMPAIGN))
FREE, GONE = offer("free", 3), offer("gone", 4, stock=Stock(units=7), closed=True)
FESTIVAL = campaign(EACH, WHOLE, FREE, GONE)
FIGURES: Mapping[str, Mapping[str, int]] = {
    "POPUP#istanbul": {"claimed": 4, "redeemed": 1},
    "POPUP#madrid": {"claimed": 2, "redeemed": 3},
    "OFFER#each": {"claimed": 5, "redeemed": 4},
    "OFFER#free": {"claimed": 1},
}
GEAR = {"istanbul": Gear(devices=2, silent=1, waiting=3), "madrid": Gear(devices=1)}
ALL_GEAR = Gear(devices=3, silent=1, waiting=3)


def reading() -> Reading:
    """Return a reading in which each counter has two units left."""
    found = {one: Counter(cap=3, left=2, epoch=1) for one in boards.counters(FESTIVAL)}
    return Reading(at=NOW, figures=FIGURES, left=boards.left(found), gear=GEAR)


def by_city(**facts: frozenset[str]) -> Board:
    return boards.by_city(FESTIVAL, reading(), **facts)


def test_counters_are_those_of_limits_that_can_still_be_claimed() -> None:
    assert boards.counters(FESTIVAL) == [
        CounterId(CounterKind.STOCK, 7, 1, 1, "0"),
        CounterId(CounterKind.STOCK, 7, 1, 1, "1"),
        CounterId(CounterKind.STOCK, 7, 1, 3, "0"),
        CounterId(CounterKind.STOCK, 7, 1, 3, "1"),
        CounterId(CounterKind.STOCK, 7, 2, 0, "0"),
    ]


def test_a_city_has_its_own_counts_and_the_stock_of_its_own_limits() -> None:
    lines = {line.key: line for line in by_city().lines}
    assert lines["istanbul"] == Line(
        key="istanbul", name="Istanbul", claimed=4, redeemed=1, stock=4, gear=GEAR["istanbul"]
    )
    assert lines["ankara"] == Line(key="ankara", name="Ankara", gear=Gear())
    assert (lines["istanbul"].rate, lines["madrid"].rate) == (0.25, 1.5)
    assert lines["ankara"].rate is None


def test_the_total_is_the_sum_of_the_cities_and_of_what_they_share() -> None:
    board = by_city()
    assert board.shared == Line(key="", name="", stock=2)
    assert board.total == Line(key="", name="", claimed=6, redeemed=4, stock=10, gear=ALL_GEAR)


def test_what_prints_led_to_is_part_of_what_was_claimed_and_adds_up() -> None:
    figures = {
        **FIGURES,
        "POPUP#istanbul": {"claimed": 4, "claimed_poster": 2, "claimed_card": 1},
        "POPUP#madrid": {"claimed": 2, "claimed_poster": 2},
        "OFFER#each": {"claimed": 5, "claimed_poster": 3, "claimed_card": 1},
    }
    board = boards.by_city(FESTIVAL, replace(reading(), figures=figures))
    told = {line.key: (dict(line.by_print), line.otherwise) for line in board.lines}
    assert told["istanbul"] == ({Source.POSTER: 2, Source.CARD: 1}, 1)
    assert told["madrid"] == ({Source.POSTER: 2}, 0)
    assert told["ankara"] == ({}, 0)
    total = board.total
    assert (dict(total.by_print), total.otherwise) == ({Source.POSTER: 4, Source.CARD: 1}, 1)
    assert sum(total.by_print.values()) + total.otherwise == total.claimed
    mine = boards.by_offer(FESTIVAL, replace(reading(), figures=figures), {"each": "A lamp"})
    assert mine.total.by_print == {Source.POSTER: 3, Source.CARD: 1}


def test_a_manager_has_the_own_stands_alone_and_nothing_that_others_share() -> None:
    board = by_city(popup_ids=frozenset({"ankara", "madrid"}))
    assert [line.key for line in board.lines] == ["ankara", "madrid"]
    assert board.shared is None
    assert board.total == Line(key="", name="", claimed=2, redeemed=3, stock=4, gear=GEAR["madrid"])


def test_without_limits_there_is_no_stock() -> None:
    board = boards.by_city(campaign(FREE), replace(reading(), left={}))
    assert board.shared is None
    assert board.total.stock is None


def test_a_merchant_has_a_line_for_each_own_offer_with_its_stock_at_all_stands() -> None:
    titles = {"each": "A lamp", "free": "A glass"}
    board = boards.by_offer(FESTIVAL, reading(), titles)
    assert board.lines == (
        Line(key="each", name="A lamp", claimed=5, redeemed=4, stock=8),
        Line(key="free", name="A glass", claimed=1),
    )
    assert board.total == Line(key="", name="", claimed=6, redeemed=4, stock=8)


@pytest.mark.parametrize(
    ("column", "way", "keys"),
    [
        ("name", "up", ["ankara", "istanbul", "istanbul-kadikoy", "madrid"]),
        ("name", "down", ["madrid", "istanbul", "istanbul-kadikoy", "ankara"]),
        ("claimed", "down", ["istanbul", "madrid", "ankara", "istanbul-kadikoy"]),
        ("redeemed", "up", ["ankara", "istanbul-kadikoy", "istanbul", "madrid"]),
        ("rate", "down", ["madrid", "istanbul", "ankara", "istanbul-kadikoy"]),
        ("rate", "up", ["istanbul", "madrid", "ankara", "istanbul-kadikoy"]),
        ("stock", "up", ["istanbul", "madrid", "ankara", "istanbul-kadikoy"]),
        ("devices", "down", ["istanbul", "madrid", "ankara", "istanbul-kadikoy"]),
        ("backlog", "up", ["ankara", "istanbul-kadikoy", "madrid", "istanbul"]),
    ],
)
def test_lines_are_sorted_by_a_column_equal_ones_by_name_those_without_a_value_last(
    column: boards.Column, way: str, keys: list[str]
) -> None:
    assert [line.key for line in by_city().ordered(column, down=way == "down")] == keys


def seen(device_id: str, popup_id: str, minutes_ago: int, waiting: int | None) -> Seen:
    device = Device(
        device_id=device_id,
        popup_id=popup_id,
        campaign_id="festival",
        profile=Profile.STEWARD,
        name=device_id,
        thumbprint="thumb",
        enrolled_at=NOW,
    )
    return Seen(device=device, last_seen=NOW - timedelta(minutes=minutes_ago), waiting=waiting)


def test_devices_are_counted_by_stand_without_those_that_are_shut_out() -> None:
    heard = [
        seen("one", "istanbul", 15, None),
        seen("two", "istanbul", 16, 3),
        seen("lost", "istanbul", 500, 90),
        seen("three", "madrid", 0, 0),
    ]
    assert boards.gear(heard, {"lost"}, NOW) == GEAR
