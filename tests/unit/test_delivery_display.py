"""Rounding: outward, two figures, and nothing shown that is not proven."""

from decimal import Decimal
from typing import Any

import pytest
from golden.worked import CASES, GOLDEN, comparison_of, estimate_of

from chalicelib.domain.delivery import (
    Comparison,
    Estimate,
    Leg,
    Range,
    centigrams,
    judge,
)
from chalicelib.domain.delivery_display import (
    Figure,
    ShownPercent,
    ShownRange,
    english,
    english_comparison,
    shown,
    shown_comparison,
    shown_leg,
)
from chalicelib.domain.delivery_legs import Product


@pytest.mark.parametrize("name", CASES)
def test_a_worked_example_reads_as_agreed(name: str) -> None:
    assert english(estimate_of(name).total) == CASES[name]["shown"]


@pytest.mark.parametrize("name", [name for name in CASES if name != GOLDEN["baseline"]])
def test_a_comparison_reads_as_agreed(name: str) -> None:
    words = english_comparison(comparison_of(name), baseline=GOLDEN["baseline_in_words"])

    assert words == CASES[name]["shown_against"]


@pytest.mark.parametrize(
    ("grams", "words"),
    [
        ((745, 741, 741), "about 750 g CO2e (range 740 g to 750 g)"),
        ((744.99, 740, 740), "about 740 g CO2e (range 740 g to 740 g)"),
        ((994.99, 990, 991), "about 990 g CO2e (range 990 g to 1.0 kg)"),
        ((995, 999.99, 1000), "about 1.0 kg CO2e (range 990 g to 1.0 kg)"),
        ((1049.99, 1050, 1050.01), "about 1.0 kg CO2e (range 1.0 kg to 1.1 kg)"),
        ((9950, 9999, 9900.01), "about 10 kg CO2e (range 9.9 kg to 10 kg)"),
        ((12_500, 12_999, 12_001), "about 13 kg CO2e (range 12 kg to 13 kg)"),
        ((125_000, 129_000, 121_000), "about 130 kg CO2e (range 120 kg to 130 kg)"),
        ((99.5, 99.9, 99.1), "about 100 g CO2e (range 99 g to 100 g)"),
        ((9.5, 9.9, 10), "about 10 g CO2e (range 9 g to 10 g)"),
        ((4, 0.9, 10.01), "about 4 g CO2e (range 0 g to 11 g)"),
        ((0.4, 0, 12), "less than 1 g CO2e (range 0 g to 12 g)"),
        ((4, 0, 9.99), "less than 10 g CO2e"),
        ((0, 0, 0), "less than 10 g CO2e"),
    ],
)
def test_grams_are_rounded_outward(grams: tuple[float, float, float], words: str) -> None:
    assert english(Range(*grams)) == words


def test_noise_behind_the_hundredth_does_not_move_an_end() -> None:
    assert shown(Range(750, 530 - 1e-9, 920 + 1e-9)) == shown(Range(750, 530, 920))


def test_figures_are_data_for_any_language() -> None:
    assert shown(Range(1310, 820, 1774.81)) == ShownRange(
        central=Figure(Decimal("1.3"), "kg"),
        low=Figure(Decimal(820), "g"),
        high=Figure(Decimal("1.8"), "kg"),
    )


@pytest.mark.parametrize(
    ("grams", "figure"),
    [
        (352.69, Figure(Decimal(350), "g")),
        (0.49, Figure(Decimal(1), "g", less_than=True)),
        (0.001, Figure(Decimal(1), "g", less_than=True)),
        (0.5, Figure(Decimal(1), "g")),
        (0.0, Figure(Decimal(0), "g")),
    ],
)
def test_what_a_motor_moved_is_never_nothing(grams: float, figure: Figure) -> None:
    assert shown_leg(Leg("lastmile", (Product(grams, ()),))) == figure


def compared(*, saving: Range, baseline: Range, verdict: Any) -> Comparison:
    """Return a comparison with figures of our own making."""
    real = comparison_of("G2")
    assert real.baseline is not None
    against = Estimate(
        total=baseline,
        transport_wtw=baseline,
        legs=(),
        quality=real.baseline.quality,
        shares=real.baseline.shares,
    )
    return Comparison(real.estimate, against, saving, verdict, 0)


@pytest.mark.parametrize(
    ("saving", "percent"),
    [
        (Range(200, 102, 278), ShownPercent(20, 10, 30)),
        (Range(225, 50, 300), ShownPercent(25, 5, 30)),
        (Range(224.9, 50, 300.1), ShownPercent(20, 5, 35)),
        (Range(200, 49.9, 300), None),
        (Range(900, 800, 1200), ShownPercent(90, 80, 100)),
    ],
)
def test_percentages_go_by_steps_of_five(saving: Range, percent: ShownPercent | None) -> None:
    found = compared(saving=saving, baseline=Range(1000, 800, 1300), verdict="lower")

    assert shown_comparison(found).percent == percent


def test_without_a_clear_difference_no_saving_is_shown() -> None:
    view = shown_comparison(comparison_of("G3"))

    assert view.verdict == "no_clear_difference"
    assert (view.amount, view.percent) == (None, None)
    assert view.baseline == shown(estimate_of("G1").total)


def test_what_is_higher_has_no_percentage() -> None:
    view = shown_comparison(comparison_of("G5"))

    assert view.percent is None
    assert view.amount is not None
    assert view.amount.central == Figure(Decimal("1.3"), "kg")


def test_without_a_baseline_only_the_total_is_shown() -> None:
    view = shown_comparison(judge(estimate_of("G1"), None))

    assert (view.verdict, view.baseline, view.amount) == ("unknown", None, None)
    words = english_comparison(judge(estimate_of("G1"), None), baseline="anything")
    assert words == "about 750 g CO2e (range 530 g to 920 g); not compared"


@pytest.mark.parametrize(("grams", "stored"), [(747.314, 747_31), (0.005001, 1), (-1.01, -101)])
def test_grams_are_stored_as_hundredths(grams: float, stored: int) -> None:
    assert centigrams(grams) == stored
