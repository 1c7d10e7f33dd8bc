"""Estimates in the reader's words, as the wording rules of docs/method.md allow."""

from collections.abc import Sequence
from functools import lru_cache

from babel.numbers import format_decimal, format_percent

from chalicelib.domain import delivery_display
from chalicelib.domain.delivery import Comparison, Range
from chalicelib.domain.delivery_display import Figure, ShownPercent, ShownRange
from chalicelib.domain.delivery_inputs import Trip
from chalicelib.usecases import choosing
from chalicelib.usecases.choosing import Way, Ways
from chalicelib.web import delivery_names
from chalicelib.web.languages import catalogue, comma

_ONE_PLACE = "#,##0.0"  # 2.0 kg has two digits, as docs/method.md shows figures


def estimate(grams: Range, language: str) -> str:
    """Say: about 600 g CO2e (range 480 g to 690 g)."""
    _ = catalogue(language).gettext
    return _ranged(
        delivery_display.shown(grams),
        _("about {central} CO2e (range {low} to {high})"),
        _("{central} CO2e"),
        language,
    )


def against(way: Way, offered: Ways, language: str) -> str:
    """Say how an option stands to the baseline, which the sentence names."""
    _ = catalogue(language).gettext
    told = offered.baseline
    if told is None:
        return _("Not compared: there is no baseline for this market.")
    if way.option.code == told.option_code:
        return _("The baseline: what the other ways are compared with")
    return verdict(way.comparison, delivery_names.phrase(told.option, language), language)


def verdict(comparison: Comparison, baseline: str, language: str) -> str:
    """Say how an estimate stands to a baseline of that name."""
    _ = catalogue(language).gettext
    shown = delivery_display.shown_comparison(comparison)
    if shown.amount is None:
        return _("No clear difference, compared with {baseline}").format(baseline=baseline)
    lower = shown.verdict == "lower"
    ranged = (
        _("About {central} less (range {low} to {high}), compared with {baseline}")
        if lower
        else _("About {central} more (range {low} to {high}), compared with {baseline}")
    )
    bound = (
        _("Lower by {central}, compared with {baseline}")
        if lower
        else _("Higher by {central}, compared with {baseline}")
    )
    words = _ranged(shown.amount, ranged, bound, language, baseline=baseline)
    share = percent(shown.percent, language) if shown.percent else ""
    return f"{words}{comma(language)}{share}" if share else words


def percent(shown: ShownPercent, language: str) -> str:
    """Say a share with its ends: about 30% (range 15% to 40%)."""
    _ = catalogue(language).gettext
    central, low, high = (
        format_percent(end / 100, locale=language) for end in (shown.central, shown.low, shown.high)
    )
    return _("about {central} (range {low} to {high})").format(central=central, low=low, high=high)


def conditions(way: Way, trip: Trip, language: str) -> Sequence[str]:
    """Return what the figure of a collected order rests on: the visitor's own trip."""
    if way.option.kind == "home":
        return ()
    _ = catalogue(language).gettext
    if trip.coming_anyway is True:
        return (_("This counts no trip: you walk, or come anyway."),)
    if trip.coming_anyway is False:
        said = _("This counts a special trip by car, {km} km each way.")
        km = trip.one_way_km if trip.one_way_km is not None else choosing.SPECIAL_TRIP_KM
        return (said.format(km=number(km, language)),)
    told = {
        "walk_or_coming_anyway": _("If you walk or come anyway: {estimate}"),
        "special_car_trip": _("With a special trip by car: {estimate}"),
    }
    return tuple(
        told[variant.name].format(estimate=estimate(variant.total, language))
        for variant in way.comparison.estimate.variants
    )


def _ranged(shown: ShownRange, ranged: str, bound: str, language: str, **more: str) -> str:
    central = figure(shown.central, language)
    if shown.low is None or shown.high is None:
        return bound.format(central=central, **more)
    low, high = figure(shown.low, language), figure(shown.high, language)
    return ranged.format(central=central, low=low, high=high, **more)


@lru_cache(maxsize=4096)
def figure(amount: Figure, language: str) -> str:
    """Write one rounded amount with its unit."""
    _ = catalogue(language).gettext
    unit = _("{number} kg") if amount.unit == "kg" else _("{number} g")
    places = _ONE_PLACE if amount.number.as_tuple().exponent else None
    written = unit.format(number=format_decimal(amount.number, places, locale=language))
    return _("less than {amount}").format(amount=written) if amount.less_than else written


def number(amount: float, language: str) -> str:
    return str(format_decimal(amount, locale=language))


def mass(grams: float, language: str) -> str:
    """Write a mass in kilograms, as it is."""
    _ = catalogue(language).gettext
    return _("{number} kg").format(number=format_decimal(grams / 1000, locale=language))
