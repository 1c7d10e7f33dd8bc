"""Ways of delivery side by side: one scale, the worst included, the condition beside the figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from chalicelib.domain import delivery as calculator
from chalicelib.domain.campaign import Campaign, StandOption
from chalicelib.domain.choice import Choice
from chalicelib.domain.delivery import Estimate, Range
from chalicelib.domain.live import Published
from chalicelib.domain.popup import Popup
from chalicelib.usecases import choosing
from chalicelib.usecases.choosing import Way, Ways
from chalicelib.web import benefits, delivery, delivery_words, render
from chalicelib.web.context import context
from chalicelib.web.languages import catalogue

_ROOM = 1.02  # right of the longest bar


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

    code: str
    label: str
    total: Range
    words: str
    points: int
    current: bool
    data: Mapping[str, str]


_MOST_LISTED = 500
_drawn: dict[int, tuple[DeliveryView, dict[str | None, Markup]]] = {}  # by the list's identity
_listed: dict[tuple[str, str, bool | None, int], tuple[Campaign, DeliveryView]] = {}


def delivery_view(
    published: Published, popup: Popup, language: str, *, coming_anyway: bool | None
) -> DeliveryView:
    """Return all ways in the order of the campaign, none of them put forward.

    A list is the same for every visitor, so it is kept for as long as its campaign is live.
    """
    year = popup.local_day(context.now()).year
    key = (popup.popup_id, language, coming_anyway, year)
    campaign, listed = _listed.get(key, (None, None))
    if listed is None or campaign is not published.campaign:
        if len(_listed) >= _MOST_LISTED:
            _listed.clear()
        ways = delivery.ways_of(published, popup, coming_anyway=coming_anyway)
        listed = _list(ways, popup, language)
        _listed[key] = (published.campaign, listed)
    return listed


def drawn_ways(listed: DeliveryView, language: str, chosen: str | None) -> Markup:
    """Return the ways as the ticket shows them: drawn once for a list, not once a visitor."""
    if len(_drawn) >= _MOST_LISTED:
        _drawn.clear()
    drawn = _drawn.setdefault(id(listed), (listed, {}))[1]
    if chosen not in drawn:
        drawn[chosen] = render.fragment(
            "visitor/ways.html", language, delivery=listed, chosen=chosen
        )
    return drawn[chosen]


def choice_view(choice: Choice, listed: DeliveryView, language: str) -> ChoiceView:
    """Return the kept choice with the figures of the day on which it was made."""
    centigrams = (choice.centigrams, choice.low_centigrams, choice.high_centigrams)
    total = Range(*(grams / 100 for grams in centigrams))
    way = next((way for way in listed.ways if way.code == choice.option), listed.ways[0])
    data = {
        "data-method": f"{calculator.METHOD_ID}/{choice.method}",
        "data-baseline": choice.baseline,
    }
    return ChoiceView(
        code=choice.option,
        label=label(choice.option, language),
        total=total,
        words=delivery_words.estimate(total, language),
        points=choice.points,
        current=data.items() <= way.data.items(),
        data=dict(way.data) | data,
    )


def _list(ways: Ways, popup: Popup, language: str) -> DeliveryView:
    baseline = _baseline(ways)
    shown = [way.comparison.estimate for way in ways.ways]
    highs = [estimate.total.high for estimate in shown]
    highs += [variant.total.high for estimate in shown for variant in estimate.variants]
    return DeliveryView(
        ways=[_way(way, ways, popup, language) for way in ways.ways],
        scale=max([*highs, baseline.high]) * _ROOM,
        baseline=baseline,
        baseline_words=delivery_words.estimate(baseline, language),
        coming_anyway=ways.coming_anyway,
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


def _way(way: Way, ways: Ways, popup: Popup, language: str) -> WayView:
    _, estimate = catalogue(language).gettext, way.comparison.estimate
    is_baseline = way.option.code == ways.baseline.option_code
    versions = calculator.METHOD_VERSION, f"{ways.baseline.baseline_id}/{ways.baseline.version}"
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
        "data-method": f"{calculator.METHOD_ID}/{method}",
        "data-baseline": baseline,
        "data-quality": estimate.quality.letter,
    }
