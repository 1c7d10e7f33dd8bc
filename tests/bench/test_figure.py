"""Figures beside their bars: what is printed, what is written down, and what the paper lists."""

import json
import re
from pathlib import Path

import pytest

from bench import __main__ as bench
from bench.figure import BARS, Figure, document

PAPER = (Path(__file__).parents[2] / "docs" / "performance.md").read_text()


@pytest.mark.parametrize(
    ("name", "value", "ok"),
    [
        ("redeem_cpu_ratio", 1.5, True),
        ("redeem_cpu_ratio", 1.501, False),
        ("mint_per_second", 10_000, True),
        ("mint_per_second", 9_999, False),
    ],
)
def test_a_bar_is_met_at_its_limit_and_missed_beyond(name: str, value: float, *, ok: bool) -> None:
    assert Figure(name, value).ok is ok


def test_a_line_says_the_figure_its_bar_and_the_verdict() -> None:
    assert str(Figure("estimate_ms", 0.25)).split() == (
        ["estimate_ms", "0.250", "ms", "<=", "0.2", "MISSED"]
    )
    assert str(Figure("mint_per_second", 16_241.4)).split() == (
        ["mint_per_second", "16,241", "1/s", ">=", "10,000", "ok"]
    )


def test_the_file_has_value_unit_bar_and_verdict_by_name() -> None:
    written = json.loads(document([Figure("claim_wcu", 4.0), Figure("verify_ms", 0.2)]))
    assert written == {
        "claim_wcu": {"value": 4.0, "unit": "", "bar": 4, "ok": True},
        "verify_ms": {"value": 0.2, "unit": "ms", "bar": 0.15, "ok": False},
    }


def test_every_bar_belongs_to_a_part() -> None:
    starts = [start for names in bench.PARTS for start in names.split()]
    assert [name for name in BARS if not name.startswith(tuple(starts))] == []


def test_the_paper_lists_every_bar() -> None:
    listed = re.findall(r"^\| `(\w+)` \|.*\| ([<>]=) ([\d.,]+)", PAPER, re.MULTILINE)
    assert listed == [
        (name, ">=" if bar.at_least else "<=", f"{bar.limit:,g}") for name, bar in BARS.items()
    ]
