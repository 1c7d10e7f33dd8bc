"""What chosen deliveries add up to: exact sums that never mix methods or baselines."""

from collections import Counter
from collections.abc import Mapping

import pytest

from chalicelib.domain import delivery_report
from chalicelib.domain.choice import CentigramRange
from chalicelib.domain.delivery import Verdict
from chalicelib.domain.delivery_report import By, Line

TOTAL = CentigramRange(value=60_000, low=48_000, high=69_000)
SAVING = CentigramRange(value=9_000, low=-500, high=11_000)


def rows(*choices: Mapping[str, str], verdict: Verdict = "lower") -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for choice in choices:
        facts = {"method": "1", "baseline": "tr/1", "popup_id": "istanbul", "option": "locker"}
        told = {**facts, **choice}
        row = delivery_report.row_of(
            method=told["method"],
            baseline=told["baseline"],
            popup_id=told["popup_id"],
            merchant_id=told.get("merchant_id"),
            option=told["option"],
        )
        saving = None if verdict == "unknown" else SAVING
        found.setdefault(row, Counter()).update(delivery_report.columns(verdict, TOTAL, saving))
    return found


def names(lines: tuple[Line, ...]) -> list[tuple[str, int]]:
    return [(line.name, line.chosen) for line in lines]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("campaign", [("", 3)]),
        ("city", [("izmir", 1), ("istanbul", 2)]),
        ("merchant", [("-", 1), ("cam-fener", 2)]),
        ("option", [("bike", 1), ("locker", 2)]),
    ],
)
def test_the_same_choices_add_up_along_each_name(by: By, expected: list[tuple[str, int]]) -> None:
    found = rows(
        {"merchant_id": "cam-fener"},
        {"merchant_id": "cam-fener", "popup_id": "izmir"},
        {"option": "bike"},
    )
    lines = delivery_report.report(found, by)
    assert sorted(names(lines)) == sorted(expected)
    assert sum(line.total.value for line in lines) == 3 * TOTAL.value
    assert sum(line.saving.low for line in lines) == 3 * SAVING.low
    assert sum(line.total.high for line in lines) == 3 * TOTAL.high


def test_a_merchant_gets_the_choices_of_its_own_offers() -> None:
    found = rows({"merchant_id": "cam-fener"}, {"merchant_id": "bakir"}, {})
    lines = delivery_report.report(found, "merchant", {"cam-fener"})
    assert names(lines) == [("cam-fener", 1)]
    assert delivery_report.report(found, "campaign", frozenset()) == ()


def test_a_manager_gets_the_choices_made_at_its_own_stands() -> None:
    found = rows({"popup_id": "milan"}, {"popup_id": "madrid"}, {})
    lines = delivery_report.report(found, "city", popup_ids={"milan", "rome"})
    assert names(lines) == [("milan", 1)]
    assert delivery_report.report(found, "campaign", popup_ids=frozenset()) == ()


def test_methods_and_baselines_are_never_added_up() -> None:
    found = rows({}, {"method": "2"}, {"baseline": "tr/2"})
    lines = delivery_report.report(found, "campaign")
    assert [(line.method, line.baseline) for line in lines] == [
        ("1", "tr/1"),
        ("1", "tr/2"),
        ("2", "tr/1"),
    ]
    assert all(line.total == TOTAL for line in lines)


def test_the_share_without_a_clear_difference_is_of_those_compared() -> None:
    clear, unclear = rows({}), rows({}, verdict="no_clear_difference")
    (row,) = clear
    (line,) = delivery_report.report({row: clear[row] + unclear[row]}, "campaign")
    assert (line.compared, line.no_clear_difference, line.unclear_share) == (2, 1, 0.5)


def test_what_was_compared_with_nothing_saves_nothing() -> None:
    (line,) = delivery_report.report(rows({}, verdict="unknown"), "campaign")
    assert (line.chosen, line.compared, line.unclear_share) == (1, 0, None)
    assert line.saving == CentigramRange(value=0, low=0, high=0)


def test_a_choice_that_was_changed_leaves_no_line() -> None:
    (row,) = rows({})
    assert delivery_report.report({row: {"chosen": 0, "cg": 0}}, "campaign") == ()
