"""Estimates in the reader's words, as the wording rules of docs/method.md allow."""

from babel.numbers import format_decimal

from chalicelib.domain import delivery_display
from chalicelib.domain.delivery import Comparison, Range
from chalicelib.domain.delivery_display import Figure, ShownRange
from chalicelib.web.languages import catalogue


def estimate(grams: Range, language: str) -> str:
    """Say: about 600 g CO2e (range 480 g to 690 g)."""
    _ = catalogue(language).gettext
    return _ranged(
        delivery_display.shown(grams),
        _("about {central} CO2e (range {low} to {high})"),
        _("{central} CO2e"),
        language,
    )


def verdict(comparison: Comparison, language: str) -> str:
    """Say how an option stands to the baseline, which the sentence names."""
    _ = catalogue(language).gettext
    shown = delivery_display.shown_comparison(comparison)
    if shown.amount is None:
        return _("No clear difference from standard home delivery by diesel van")
    less = _(
        "About {central} less (range {low} to {high}) than standard home delivery by diesel van"
    )
    more = _(
        "About {central} more (range {low} to {high}) than standard home delivery by diesel van"
    )
    ranged = less if shown.verdict == "lower" else more
    bound_less = _("Lower by {central} than standard home delivery by diesel van")
    bound_more = _("Higher by {central} than standard home delivery by diesel van")
    bound = bound_less if shown.verdict == "lower" else bound_more
    return _ranged(shown.amount, ranged, bound, language)


def _ranged(shown: ShownRange, ranged: str, bound: str, language: str) -> str:
    central = figure(shown.central, language)
    if shown.low is None or shown.high is None:
        return bound.format(central=central)
    low, high = figure(shown.low, language), figure(shown.high, language)
    return ranged.format(central=central, low=low, high=high)


def figure(amount: Figure, language: str) -> str:
    """Write one rounded amount with its unit."""
    _ = catalogue(language).gettext
    unit = _("{number} kg") if amount.unit == "kg" else _("{number} g")
    written = unit.format(number=format_decimal(amount.number, locale=language))
    return _("less than {amount}").format(amount=written) if amount.less_than else written


def mass(grams: float, language: str) -> str:
    """Write a mass in kilograms, as it is."""
    _ = catalogue(language).gettext
    return _("{number} kg").format(number=format_decimal(grams / 1000, locale=language))
