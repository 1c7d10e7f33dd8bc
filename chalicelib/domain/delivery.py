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
from chalicelib.domain.emission_factors import WORLD, Factor, Factors

__all__ = [
    "HOME_VAN_DIESEL",
    "METHOD_ID",
    "METHOD_NAME",
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
METHOD_NAME: Final = f"{METHOD_ID}/{METHOD_VERSION}"  # beside every figure that is shown
NOT_COUNTED: Final = ("returns", "vehicle_manufacture", "locker_electricity", "rider_food")

POINT_G: Final = 25
MOST_POINTS: Final = 20
VOLUMETRIC_FROM: Final = 3
AIR_L_PER_KG: Final = 6.0
ROAD_L_PER_KG: Final = 3.0
BILLED_BY_VOLUME: Final = ROAD | {"air"}
VARIANTS: Final = ("walk_or_coming_anyway", "special_car_trip")

# By factor: the grams that are proportional to it, so that it moves them by its relative steps.
Shares = Mapping[Factor, float]
NO_SHARES: Final[Shares] = {}

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
    shares: Shares = field(repr=False, hash=False, kw_only=True)

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
    moved_shares = _shares(moved)
    way_shares = _shares([leg for leg in way if leg.leg not in TRANSPORT], moved_shares)
    shares = _shares(trip, way_shares)
    total = _emitted(legs, shares)
    volumetric = _volumetric_total(shipment, way, total.value, factors)
    return Estimate(
        total=total,
        transport_wtw=_emitted(moved, moved_shares),
        legs=legs,
        quality=quality(legs, country=shipment.country, year=shipment.year),
        non_co2_air=_non_co2_air(shipment, factors),
        volumetric_total=volumetric,
        variants=() if home else tuple(_variants(shipment, way, way_shares, factors)),
        warnings=tuple(_warnings(shipment, factors, home=home, volumetric=volumetric)),
        shares=shares,
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
    apart = _apart(baseline.shares, option.shares)
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


def _shares(legs: Iterable[Leg], others: Shares = NO_SHARES) -> Shares:
    """Add up, factor by factor, what of legs and of the legs before them varies with it."""
    shares = dict(others)
    for leg in legs:
        for grams, factors in leg.products:
            for factor in factors:
                if factor.varies:
                    shares[factor] = shares.get(factor, 0.0) + grams
    return shares


def _spread(value: float, shares: Shares) -> Range:
    """Add what moves the value down as root of squares, and apart from it what moves it up."""
    down, up = [], []
    for factor, grams in shares.items():
        fall, rise = grams * factor.fall, grams * factor.rise
        if grams < 0:  # less of what the other option has
            fall, rise = rise, fall
        down.append(fall * fall)
        up.append(rise * rise)
    fsum = math.fsum  # no order matters
    return Range(value, value - math.sqrt(fsum(down)), value + math.sqrt(fsum(up)))


def _emitted(legs: Iterable[Leg], shares: Shares) -> Range:
    spread = _spread(sum([leg.grams for leg in legs]), shares)
    return spread if spread.low >= 0 else Range(spread.value, 0.0, spread.high)


def _apart(baseline: Shares, option: Shares) -> Shares:
    factors = baseline.keys() | option.keys()
    return {factor: baseline.get(factor, 0.0) - option.get(factor, 0.0) for factor in factors}


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
    shipment: Shipment, way: tuple[Leg, ...], shares: Shares, factors: Factors
) -> Iterator[Variant]:
    """Yield both answers to an open question, so that nobody sees the flattering one alone."""
    if not _trip_is_open(shipment.trip):
        return
    special = Trip(one_way_km=shipment.trip.one_way_km, mode="car", coming_anyway=False)
    for name, trip in zip(VARIANTS, (Trip(coming_anyway=True), special), strict=True):
        leg = trip_leg(trip, shipment.orders_together, factors)
        yield Variant(name, leg.grams, _emitted((*way, leg), _shares((leg,), shares)))


def _warnings(
    shipment: Shipment, factors: Factors, *, home: bool, volumetric: float | None
) -> Iterator[Notice]:
    if factors.grid(shipment.country).id == WORLD:
        yield "NO_FACTOR_FOR_COUNTRY"
    if not home and _trip_is_open(shipment.trip):
        yield "TRIP_UNKNOWN"
    if volumetric is not None:
        yield "VOLUMETRIC_SENSITIVE"
    if any(way.mode == "air" and way.km < AIR_LONG_FROM_KM for way in shipment.line_haul):
        yield "AIR_SHORT_PROXY"
