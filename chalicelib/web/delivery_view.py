"""Ways of delivery side by side: one scale, the worst included, the condition beside the figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from babel.dates import format_interval
from markupsafe import Markup

from chalicelib.domain import delivery as calculator
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.choice import Choice
from chalicelib.domain.delivery import Estimate, Range
from chalicelib.domain.delivery_inputs import Trip
from chalicelib.domain.delivery_plan import StandOption
from chalicelib.domain.live import Published
from chalicelib.domain.popup import Popup
from chalicelib.usecases.choosing import SPECIAL_TRIP_KM, Asked, Way, Ways
from chalicelib.web import (
    benefits,
    delivery,
    delivery_documents,
    delivery_names,
    delivery_words,
    render,
)
from chalicelib.web.kept import Kept
from chalicelib.web.languages import DAY_FIRST, catalogue, comma

_ROOM = 1.02  # right of the longest bar


@dataclass(frozen=True, slots=True, kw_only=True)
class WayView:
    """One way as the page shows it. `data` says how the figure was made (rule D01)."""

    code: str
    kind: str
    label: str
    price: str
    minor: int | None
    carrier: str
    arrives: str
    total: Range
    words: str
    verdict: str
    verdict_words: str
    conditions: Sequence[str]
    measured: str
    points: int
    data: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryView:
    """The list of ways; all bars end at `scale`, the dashed line is at `baseline`.

    `drawn` keeps the list as the ticket shows it, by the way that is ticked: nothing else of it
    differs from visitor to visitor.
    """

    ways: Sequence[WayView]
    scale: float
    baseline: Range | None
    baseline_words: str
    coming_anyway: bool | None
    km: float
    drawn: dict[str | None, Markup] = field(default_factory=dict, repr=False, compare=False)


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
_listed = Kept[DeliveryView](_MOST_LISTED)


def delivery_view(published: Published, popup: Popup, language: str, *, trip: Trip) -> DeliveryView:
    """Return all ways, none of them put forward.

    A list is the same for every visitor, so it is kept for as long as its campaign is live.
    """
    key = (popup.popup_id, language, trip, delivery.day_of(popup))
    return _listed.of(
        published.campaign,
        key,
        lambda: _list(delivery.ways_of(published, popup, Asked(trip=trip)), popup, language),
    )


def drawn_ways(listed: DeliveryView, language: str, chosen: str | None) -> Markup:
    """Return the ways as the ticket shows them; a way that is gone ticks nothing."""
    ticked = chosen if any(way.code == chosen for way in listed.ways) else None
    if ticked not in listed.drawn:
        listed.drawn[ticked] = render.fragment(
            "visitor/ways.html", language, delivery=listed, chosen=ticked
        )
    return listed.drawn[ticked]


def choice_view(
    choice: Choice, campaign: Campaign, listed: DeliveryView, language: str
) -> ChoiceView:
    """Return the kept choice with the figures of the day on which it was made."""
    total = choice.total.grams
    way = next((way for way in listed.ways if way.code == choice.option), listed.ways[0])
    data = {
        "data-method": f"{calculator.METHOD_ID}/{choice.method}",
        "data-baseline": choice.baseline,
    }
    return ChoiceView(
        code=choice.option,
        label=delivery_names.label_of(campaign.delivery, choice.option, language),
        total=total,
        words=delivery_words.estimate(total, language),
        points=choice.points,
        current=data.items() <= way.data.items(),
        data=dict(way.data) | data,
    )


def _list(ways: Ways, popup: Popup, language: str) -> DeliveryView:
    against = ways.ways[0].comparison.baseline
    shown = [way.comparison.estimate for way in ways.ways]
    highs = [estimate.total.high for estimate in shown]
    highs += [variant.total.high for estimate in shown for variant in estimate.variants]
    highs += [against.total.high] if against else []
    km = ways.trip.one_way_km
    return DeliveryView(
        ways=[_way(way, ways, popup, language) for way in ways.ways],
        scale=max(highs) * _ROOM,
        baseline=against.total if against else None,
        baseline_words=_baseline_words(ways, language),
        coming_anyway=ways.coming_anyway,
        km=SPECIAL_TRIP_KM if km is None else km,
    )


def _baseline_words(ways: Ways, language: str) -> str:
    told, against = ways.baseline, ways.ways[0].comparison.baseline
    if told is None or against is None:
        return ""
    _ = catalogue(language).gettext
    return _("The dashed line is {baseline}: {estimate}.").format(
        baseline=delivery_names.phrase(told.option, language),
        estimate=delivery_words.estimate(against.total, language),
    )


def _way(way: Way, ways: Ways, popup: Popup, language: str) -> WayView:
    estimate, option = way.comparison.estimate, way.option
    return WayView(
        code=option.code,
        kind=option.kind,
        label=delivery_names.label(option, language),
        price=_price(option, popup, language),
        minor=option.price_minor.get(popup.currency),
        carrier=option.carrier,
        arrives=_arrives(option, delivery.day_of(popup), language),
        total=estimate.total,
        words=delivery_words.estimate(estimate.total, language),
        verdict=way.comparison.verdict,
        verdict_words=delivery_words.against(way, ways, language),
        conditions=delivery_words.conditions(way, ways.trip, language),
        measured=_measured(way, language),
        points=way.comparison.points,
        data=_data(ways.versions, estimate),
    )


def _measured(way: Way, language: str) -> str:
    """Say how good the data are, and whose kilometres were measured."""
    _ = catalogue(language).gettext
    quality = _("Data quality {letter}").format(letter=way.comparison.estimate.quality.letter)
    if not way.option.measured_by:
        return quality
    who = way.option.carrier or _("the operator")
    measured = _("kilometres measured by {who}").format(who=who)
    return f"{quality}{comma(language)}{measured}"


def _price(option: StandOption, popup: Popup, language: str) -> str:
    """Return the price where it is known; none is no promise."""
    _, minor = catalogue(language).gettext, option.price_minor.get(popup.currency)
    if minor is None:
        return ""
    return benefits.short_money(minor, popup.currency, language) if minor else _("No charge")


def _arrives(option: StandOption, day: date, language: str) -> str:
    """Say between which days it arrives, where that is stated."""
    first, last = delivery_documents.days(option, day)
    locale = DAY_FIRST if language == "en" else language
    return str(format_interval(first, last, "MMMd", locale=locale)) if first and last else ""


def _data(baseline: str, estimate: Estimate) -> dict[str, Any]:
    return {
        "data-method": calculator.METHOD_NAME,
        "data-baseline": baseline,
        "data-quality": estimate.quality.letter,
    }
