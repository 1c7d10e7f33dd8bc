"""Ways of delivery side by side: one scale, the worst included, the condition beside the figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.domain import delivery
from chalicelib.domain.campaign import StandOption
from chalicelib.domain.choice import Choice
from chalicelib.domain.delivery import Estimate, Range
from chalicelib.domain.popup import Popup
from chalicelib.usecases import choosing
from chalicelib.usecases.choosing import Way, Ways
from chalicelib.web import benefits, delivery_words
from chalicelib.web.languages import catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class WayView:
    """One way as the page shows it. `data` says how the figure was made (rule D01)."""

    code: str
    label: str
    price: str
    total: Range
    words: str
    verdict: str
    conditions: Sequence[str]
    points: int
    data: Mapping[str, str]
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryView:
    """The list of ways; all bars end at `scale`, the dashed line is at `baseline`."""

    ways: Sequence[WayView]
    scale: float
    baseline: Range
    baseline_words: str
    coming_anyway: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceView:
    """The choice that stands; `current` is False where its method or baseline is outdated."""

    label: str
    total: Range
    words: str
    points: int
    current: bool
    data: Mapping[str, str]


def delivery_view(ways: Ways, popup: Popup, chosen: Choice | None, language: str) -> DeliveryView:
    """Return all ways in the order of the campaign, none of them put forward."""
    baseline = _baseline(ways)
    totals = [way.comparison.estimate.total.high for way in ways.ways]
    return DeliveryView(
        ways=[_way(way, ways, popup, chosen, language) for way in ways.ways],
        scale=max([*totals, baseline.high]) * 1.02,
        baseline=baseline,
        baseline_words=delivery_words.estimate(baseline, language),
        coming_anyway=ways.coming_anyway,
    )


def choice_view(choice: Choice, ways: Ways, language: str) -> ChoiceView:
    """Return the kept choice with the figures of the day on which it was made."""
    centigrams = (choice.centigrams, choice.low_centigrams, choice.high_centigrams)
    total = Range(*(grams / 100 for grams in centigrams))
    baseline = f"{ways.baseline.baseline_id}/{ways.baseline.version}"
    kept = next((way for way in ways.ways if way.option.code == choice.option), ways.ways[0])
    return ChoiceView(
        label=label(choice.option, language),
        total=total,
        words=delivery_words.estimate(total, language),
        points=choice.points,
        current=(choice.method, choice.baseline) == (delivery.METHOD_VERSION, baseline),
        data=_data(choice.method, choice.baseline, kept.comparison.estimate),
    )


def label(code: str, language: str) -> str:
    """Name a way of delivery."""
    _ = catalogue(language).gettext
    known = {
        "home_van_diesel": _("Home, by diesel van"),
        "home_van_electric": _("Home, by electric van"),
        "locker": _("Parcel locker"),
        "popup_collect": _("Collect at the stand"),
    }
    return known.get(code, code)


def _way(way: Way, ways: Ways, popup: Popup, chosen: Choice | None, language: str) -> WayView:
    _, estimate = catalogue(language).gettext, way.comparison.estimate
    is_baseline = way.option.code == ways.baseline.option_code
    versions = delivery.METHOD_VERSION, f"{ways.baseline.baseline_id}/{ways.baseline.version}"
    return WayView(
        code=way.option.code,
        label=label(way.option.code, language),
        price=_price(way.option, popup, language),
        total=estimate.total,
        words=delivery_words.estimate(estimate.total, language),
        verdict=_("The baseline: what the other ways are compared with")
        if is_baseline
        else delivery_words.verdict(way.comparison, language),
        conditions=_conditions(way, ways.coming_anyway, language),
        points=way.comparison.points,
        data=_data(*versions, estimate),
        chosen=chosen is not None and chosen.option == way.option.code,
    )


def _conditions(way: Way, coming_anyway: bool | None, language: str) -> Sequence[str]:  # noqa: FBT001 - the answer itself
    """Return what the figure of a collected order rests on: the visitor's own trip."""
    if way.option.kind == "home":
        return ()
    _, estimate = catalogue(language).gettext, way.comparison.estimate
    if coming_anyway is True:
        return (_("This counts no trip: you walk, or come anyway."),)
    if coming_anyway is False:
        trip = _("This counts a special trip by car, {km} km each way.")
        return (trip.format(km=choosing.SPECIAL_TRIP_KM),)
    said = {
        "walk_or_coming_anyway": _("If you walk or come anyway: {estimate}"),
        "special_car_trip": _("With a special trip by car: {estimate}"),
    }
    return tuple(
        said[variant.name].format(estimate=delivery_words.estimate(variant.total, language))
        for variant in estimate.variants
    )


def _price(option: StandOption, popup: Popup, language: str) -> str:
    """Return the price where it is known; none is no promise."""
    _, minor = catalogue(language).gettext, option.price_minor.get(popup.currency)
    if minor is None:
        return ""
    return benefits.short_money(minor, popup.currency, language) if minor else _("No charge")


def _baseline(ways: Ways) -> Range:
    against = ways.ways[0].comparison.baseline
    return against.total if against else ways.ways[0].comparison.estimate.total


def _data(method: str, baseline: str, estimate: Estimate) -> Mapping[str, str]:
    return {
        "data-method": f"{delivery.METHOD_ID}/{method}",
        "data-baseline": baseline,
        "data-quality": estimate.quality.letter,
    }
