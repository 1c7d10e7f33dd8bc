"""How figures are shown: rounded outward, as data for any language, and in English words.

Everything starts from the stored hundredths of a gram, so a kept estimate reads as on the day
it was made. Shown figures are never added up.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Final, Literal

from chalicelib.domain.delivery import Comparison, Leg, Range, Verdict, centigrams

Unit = Literal["g", "kg"]

ONE: Final = Decimal(1)
KILOGRAM: Final = Decimal(1000)
SMALL_G: Final = 10
PERCENT_STEP: Final = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """A rounded amount; `less_than` makes it a bound: "less than 10 g"."""

    number: Decimal
    unit: Unit
    less_than: bool = False


@dataclass(frozen=True, slots=True)
class ShownRange:
    """A central figure with its ends; a bound alone has no ends."""

    central: Figure
    low: Figure | None = None
    high: Figure | None = None


@dataclass(frozen=True, slots=True)
class ShownPercent:
    """A saving in percent of the baseline; it is never shown without its ends."""

    central: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class ShownComparison:
    """What may be said of an option beside its baseline. `amount` is how much lower or higher."""

    verdict: Verdict
    total: ShownRange
    baseline: ShownRange | None = None
    amount: ShownRange | None = None
    percent: ShownPercent | None = None


def shown(grams: Range) -> ShownRange:
    """Round a range: the centre half up, the low end down, the high end up."""
    if grams.high < SMALL_G:
        return ShownRange(_bound(SMALL_G))
    return ShownRange(
        central=_figure(grams.value, ROUND_HALF_UP),
        low=_plain(grams.low, ROUND_FLOOR),
        high=_plain(grams.high, ROUND_CEILING),
    )


def shown_leg(leg: Leg) -> Figure:
    """Round one leg; what a motor moved is never shown as 0."""
    return _figure(leg.grams, ROUND_HALF_UP)


def shown_comparison(comparison: Comparison) -> ShownComparison:
    """Round a comparison. Without a clear difference there is no saving to show, only totals."""
    total = shown(comparison.estimate.total)
    if comparison.baseline is None or comparison.saving is None:
        return ShownComparison("unknown", total)
    baseline, saving = comparison.baseline.total, comparison.saving
    both = ShownComparison(comparison.verdict, total, shown(baseline))
    if comparison.verdict == "no_clear_difference":
        return both
    if comparison.verdict == "higher":
        more = Range(-saving.value, -saving.high, -saving.low)
        return ShownComparison("higher", total, both.baseline, shown(more))
    percent = _percent(saving, baseline.value)
    return ShownComparison("lower", total, both.baseline, shown(saving), percent)


def english(grams: Range) -> str:
    """Say an estimate: about 750 g CO2e (range 530 g to 920 g)."""
    return _english_range(shown(grams), " CO2e")


def english_comparison(comparison: Comparison, *, baseline: str) -> str:
    """Say a comparison in one sentence that names its baseline, as the wording rules ask."""
    view = shown_comparison(comparison)
    total = _english_range(view.total, " CO2e")
    if view.baseline is None:
        return f"{total}; not compared"
    if view.amount is None:
        against = _english_range(view.baseline, " CO2e")
        return f"no clear difference: {total}, {baseline} {against}"
    word = "less" if view.verdict == "lower" else "more"
    share = f", {_english_percent(view.percent)}" if view.percent else ""
    return f"{_english_range(view.amount, f' {word}')}{share} than {baseline}"


def _figure(grams: float, rounding: str) -> Figure:
    figure = _plain(grams, rounding)
    return _bound(1) if not figure.number and grams > 0 else figure


def _plain(grams: float, rounding: str) -> Figure:
    exact = Decimal(centigrams(grams)) / 100
    step = ONE.scaleb(max(exact.adjusted() - 1, 0))  # two significant figures, whole grams below
    rounded = exact.quantize(step, rounding)
    if rounded < KILOGRAM:
        return Figure(rounded.quantize(ONE), "g")
    kilograms = rounded / KILOGRAM
    return Figure(kilograms.quantize(Decimal("0.1") if kilograms < SMALL_G else ONE), "kg")


def _bound(grams: int) -> Figure:
    return Figure(Decimal(grams), "g", less_than=True)


def _percent(saving: Range, baseline_g: float) -> ShownPercent | None:
    """Round to steps of 5, the ends outward; a low end under one step is not worth a figure."""
    low = _steps(saving.low / baseline_g, ROUND_FLOOR)
    if low < PERCENT_STEP:
        return None
    central = _steps(saving.value / baseline_g, ROUND_HALF_UP)
    return ShownPercent(central, low, min(100, _steps(saving.high / baseline_g, ROUND_CEILING)))


def _steps(share: float, rounding: str) -> int:
    in_steps = Decimal(round(share * 1e6)) / 10_000 / PERCENT_STEP
    return int(in_steps.quantize(ONE, rounding)) * PERCENT_STEP


def _english_figure(figure: Figure) -> str:
    return f"{'less than ' if figure.less_than else ''}{figure.number} {figure.unit}"


def _english_range(view: ShownRange, what: str) -> str:
    central = _english_figure(view.central)
    about = central if view.central.less_than else f"about {central}"
    if view.low is None or view.high is None:
        return f"{about}{what}"
    return f"{about}{what} (range {_english_figure(view.low)} to {_english_figure(view.high)})"


def _english_percent(percent: ShownPercent) -> str:
    return f"about {percent.central} % (range {percent.low} % to {percent.high} %)"
