"""Grams of CO2e of one delivery, with their range, and what they say against a baseline.

Estimates, never certified figures. Method, sources and wording: docs/method.md.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from chalicelib.domain.delivery_inputs import (
    HOME_VAN_DIESEL,
    ROAD,
    Baseline,
    ImpossibleInputError,
    LineHaul,
    Option,
    Parcel,
    Shipment,
    Trip,
    great_circle_km,
    market_default,
    stand_options,
)
from chalicelib.domain.delivery_legs import (
    AIR_LONG_FROM_KM,
    NO_EMISSION,
    TRANSPORT,
    Leg,
    delivery_legs,
    gross_t,
    trip_leg,
)
from chalicelib.domain.delivery_quality import Quality, quality
from chalicelib.domain.emission_factors import WORLD, Factors

__all__ = [
    "HOME_VAN_DIESEL",
    "METHOD_ID",
    "METHOD_VERSION",
    "NOT_COUNTED",
    "Baseline",
    "Comparison",
    "Estimate",
    "ImpossibleInputError",
    "Leg",
    "LineHaul",
    "Option",
    "Parcel",
    "Quality",
    "Range",
    "Shipment",
    "Trip",
    "Variant",
    "centigrams",
    "compare",
    "estimate",
    "great_circle_km",
    "judge",
    "market_default",
    "stand_options",
]

METHOD_ID: Final = "parcel-co2e"
METHOD_VERSION: Final = "1.0.0"
NOT_COUNTED: Final = ("returns", "vehicle_manufacture", "locker_electricity", "rider_food")

POINT_G: Final = 25
MOST_POINTS: Final = 20
VOLUMETRIC_FROM: Final = 3
AIR_L_PER_KG: Final = 6.0
ROAD_L_PER_KG: Final = 3.0
BILLED_BY_VOLUME: Final = ROAD | {"air"}
VARIANTS: Final = ("walk_or_coming_anyway", "special_car_trip")

Verdict = Literal["lower", "higher", "no_clear_difference", "unknown"]
Notice = Literal[
    "NO_FACTOR_FOR_COUNTRY",
    "TRIP_UNKNOWN",
    "VOLUMETRIC_SENSITIVE",
    "AIR_SHORT_PROXY",
    "BASELINE_MISSING",
]


@dataclass(frozen=True, slots=True)
class Range:
    """Grams of CO2e with both ends of what they may be."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Swings:
    """By factor: what the total changes by when that factor is at its low, and at its high."""

    low: Mapping[str, float]
    high: Mapping[str, float]


NO_SWINGS: Final = Swings({}, {})


@dataclass(frozen=True, slots=True)
class Variant:
    """The total under one answer to the question that the visitor left open."""

    name: str
    trip_g: float
    total: Range


@dataclass(frozen=True, slots=True)
class Estimate:
    """What one option emits. Shoppers see `total`; `transport_wtw` is never added to it."""

    total: Range
    transport_wtw: Range
    legs: tuple[Leg, ...]
    quality: Quality
    non_co2_air: float | None = None
    volumetric_total: float | None = None
    variants: tuple[Variant, ...] = ()
    warnings: tuple[Notice, ...] = ()
    swings: Swings = field(repr=False, hash=False, kw_only=True)

    def grams(self, leg: str) -> float:
        """Return the sum of the legs of that name."""
        return sum([each.grams for each in self.legs if each.leg == leg])


@dataclass(frozen=True, slots=True)
class Comparison:
    """An estimate beside its baseline; without one nothing is claimed and nothing earned."""

    estimate: Estimate
    baseline: Estimate | None
    saving: Range | None
    verdict: Verdict
    points: int
    warnings: tuple[Notice, ...] = ()


def estimate(shipment: Shipment, option: Option, factors: Factors) -> Estimate:
    """Estimate one option for one order; the same input always gives the same figures."""
    way = tuple(delivery_legs(shipment, option, factors))
    home = option.kind == "home"
    trip = () if home else (trip_leg(shipment.trip, shipment.orders_together, factors),)
    legs = (*way, *trip)
    moved = [leg for leg in way if leg.leg in TRANSPORT]
    moved_swings = _swings(moved)
    way_swings = _swings([leg for leg in way if leg.leg not in TRANSPORT], moved_swings)
    swings = _swings(trip, way_swings)
    total = _emitted(legs, swings)
    volumetric = _volumetric_total(shipment, way, total.value, factors)
    return Estimate(
        total=total,
        transport_wtw=_emitted(moved, moved_swings),
        legs=legs,
        quality=quality(legs, country=shipment.country, year=shipment.year),
        non_co2_air=_non_co2_air(shipment, factors),
        volumetric_total=volumetric,
        variants=() if home else tuple(_variants(shipment, way, way_swings, factors)),
        warnings=tuple(_warnings(shipment, swings, home=home, volumetric=volumetric)),
        swings=swings,
    )


def compare(
    shipment: Shipment, option: Option, baseline: Option | None, factors: Factors
) -> Comparison:
    """Estimate an option and its baseline for the same order and judge the difference."""
    against = None if baseline is None else estimate(shipment, baseline, factors)
    return judge(estimate(shipment, option, factors), against)


def judge(option: Estimate, baseline: Estimate | None) -> Comparison:
    """Judge two estimates. What both rest on cancels, for the difference itself is varied."""
    if baseline is None:
        return Comparison(option, None, None, "unknown", 0, ("BASELINE_MISSING",))
    apart = Swings(
        low=_apart(baseline.swings.low, option.swings.low),
        high=_apart(baseline.swings.high, option.swings.high),
    )
    saving = _spread(baseline.total.value - option.total.value, apart)
    verdict = _verdict(saving)
    points = min(MOST_POINTS, int(saving.low // POINT_G)) if verdict == "lower" else 0
    return Comparison(option, baseline, saving, verdict, points)


def centigrams(grams: float) -> int:
    """Return grams as they are stored: integers of 0.01 g."""
    return round(grams * 100)


def _verdict(saving: Range) -> Verdict:
    if saving.low > 0:
        return "lower"
    return "higher" if saving.high < 0 else "no_clear_difference"


def _swings(legs: Iterable[Leg], others: Swings = NO_SWINGS) -> Swings:
    """Add up, factor by factor, what legs and the legs before them change by."""
    low, high = dict(others.low), dict(others.high)
    for leg in legs:
        for grams, factors in leg.products:
            for factor in factors:
                name = factor.id
                low[name] = low.get(name, 0.0) + grams * factor.fall
                high[name] = high.get(name, 0.0) + grams * factor.rise
    return Swings(low, high)


def _spread(value: float, swings: Swings) -> Range:
    """Add what moves the value down as root of squares, and apart from it what moves it up."""
    steps = [*swings.low.values(), *swings.high.values()]
    down = math.fsum([step * step for step in steps if step < 0])  # fsum: no order matters
    up = math.fsum([step * step for step in steps if step > 0])
    return Range(value, value - math.sqrt(down), value + math.sqrt(up))


def _emitted(legs: Iterable[Leg], swings: Swings) -> Range:
    spread = _spread(sum([leg.grams for leg in legs]), swings)
    return spread if spread.low >= 0 else Range(spread.value, 0.0, spread.high)


def _apart(baseline: Mapping[str, float], option: Mapping[str, float]) -> dict[str, float]:
    names = baseline.keys() | option.keys()
    return {name: baseline.get(name, 0.0) - option.get(name, 0.0) for name in names}


def _non_co2_air(shipment: Shipment, factors: Factors) -> float | None:
    """Return what flying warms beyond its CO2e: a second line, in no total."""
    flown = [stretch.km for stretch in shipment.line_haul if stretch.mode == "air"]
    if not flown:
        return None
    beyond = factors["lh_air_long"].value - factors["lh_air_long_noRF"].value
    return sum(flown) * gross_t(shipment, factors) * beyond


def _volumetric_total(
    shipment: Shipment, legs: Iterable[Leg], total: float, factors: Factors
) -> float | None:
    """Return the total by billed mass where a parcel is so light for its size that it matters."""
    litres_per_kg = shipment.parcel.volume_cm3 / 1e6 / gross_t(shipment, factors)
    extra = 0.0
    for leg in legs:
        share = AIR_L_PER_KG if leg.mode == "air" else ROAD_L_PER_KG
        bulky = litres_per_kg / share
        if leg.leg == "linehaul" and leg.mode in BILLED_BY_VOLUME and bulky > VOLUMETRIC_FROM:
            extra += leg.grams * (bulky - 1)
    return total + extra if extra else None


def _trip_is_open(trip: Trip) -> bool:
    return trip.coming_anyway is None and trip.mode not in NO_EMISSION


def _variants(
    shipment: Shipment, way: tuple[Leg, ...], swings: Swings, factors: Factors
) -> Iterator[Variant]:
    """Yield both answers to an open question, so that nobody sees the flattering one alone."""
    if not _trip_is_open(shipment.trip):
        return
    special = Trip(one_way_km=shipment.trip.one_way_km, mode="car", coming_anyway=False)
    for name, trip in zip(VARIANTS, (Trip(coming_anyway=True), special), strict=True):
        leg = trip_leg(trip, shipment.orders_together, factors)
        yield Variant(name, leg.grams, _emitted((*way, leg), _swings((leg,), swings)))


def _warnings(
    shipment: Shipment, swings: Swings, *, home: bool, volumetric: float | None
) -> Iterator[Notice]:
    if WORLD in swings.low:
        yield "NO_FACTOR_FOR_COUNTRY"
    if not home and _trip_is_open(shipment.trip):
        yield "TRIP_UNKNOWN"
    if volumetric is not None:
        yield "VOLUMETRIC_SENSITIVE"
    if any(way.mode == "air" and way.km < AIR_LONG_FROM_KM for way in shipment.line_haul):
        yield "AIR_SHORT_PROXY"
