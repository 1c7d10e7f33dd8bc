"""The legs of one delivery, each a sum of products of factors (docs/method.md, "Legs").

No factor occurs twice in a product, so the effect of setting it to an end of its range is the
product times the factor's relative step: nothing is ever computed twice.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from chalicelib.domain.delivery_inputs import COLLECTION, ROAD, LineHaul, Option, Shipment, Trip
from chalicelib.domain.emission_factors import WORLD, Factor, Factors

LegName = Literal["packaging", "linehaul", "hubs", "lastmile", "feeder", "trip"]
TRANSPORT: Final = frozenset[str]({"linehaul", "hubs", "lastmile", "feeder"})

AIR_LONG_FROM_KM: Final = 3700  # below it the long-haul factor is a stand-in
UNKNOWN_TRIP_KM: Final = 3.5
NO_EMISSION: Final = frozenset[str | None]({"walk", "bike"})
MATERIAL_FACTOR: Final = {
    "board_box": "pk_board",
    "film_mailer": "pk_film_ldpe",
    "paper_mailer": "pk_paper",
}
MODE_FACTOR: Final = {
    "road": "lh_road_parcel",
    "road_hgv": "lh_road_hgv_avg",
    "road_artic": "lh_road_hgv_artic33",
    "air": "lh_air_long_noRF",
    "rail": "lh_rail",
    "sea": "lh_sea_container",
    "sea_roro": "lh_sea_roro",
    "sea_ropax": "lh_sea_ropax",
}
VEHICLE_FACTOR: Final = {
    "van_diesel": "lm_van_diesel_km",
    "van_petrol": "lm_van_petrol_km",
    "van_cng": "lm_van_cng_km",
    "van_bev": "lm_van_bev_kwh_km",
    "cargo_bike": "lm_cargobike_kwh_km",
}
ELECTRIC: Final = frozenset[str]({"van_bev", "cargo_bike"})
TRIP_FACTOR: Final = {
    "car": "ct_car_km",
    "car_bev": "ct_car_bev_km_gb",
    "bus": "ct_bus_pkm_gb",
    "tram": "ct_tram_pkm",
    "metro": "ct_metro_pkm",
    "moto": "ct_moto_km",
    "ebike": "ct_ebike_km",
}
MIX: Final = {"car": "car", "moto": "moto", "public": "bus", "small_electric": "ebike"}
MIX_CLASSES: Final = ((2, "lt2"), (5, "lt5"), (15, "lt15"), (30, "lt30"), (math.inf, "ge30"))


class Product(NamedTuple):
    """Grams, and the factors that they are proportional to."""

    grams: float
    factors: tuple[Factor, ...]


@dataclass(frozen=True, slots=True)
class Leg:
    """One part of the way; `proxy` says that a factor stands in for another thing."""

    leg: LegName
    products: tuple[Product, ...] = field(repr=False)
    mode: str | None = None
    km: float | None = None
    count: int | None = None
    vehicle: str | None = None
    proxy: bool = False
    measured: bool = False
    grams: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "grams", sum([grams for grams, _ in self.products], 0.0))


def product(amount: float, *factors: Factor) -> Product:
    """Multiply an amount by its factors and remember them."""
    for factor in factors:
        amount *= factor.value
    return Product(amount, factors)


def extra_attempts(fail_rate: float) -> float:
    """Return what failed deliveries add to a stop: 9 % at 10 % failures, 75 % at 50 %."""
    return 0.9 * fail_rate if fail_rate <= 0.10 else 0.09 + (fail_rate - 0.10) * 1.65


def attempts(fail_rate: float) -> float:
    """Return how many stops' worth of driving one delivered order takes."""
    return 1 + extra_attempts(fail_rate)


def pack_mass_g(shipment: Shipment, factors: Factors) -> float:
    """Return one order's share of its packaging, weighed or by the formula of the box."""
    parcel, k = shipment.parcel, shipment.orders_together
    if parcel.pack_g is not None:
        return parcel.pack_g / k
    if parcel.packaging != "board_box":
        return 0.0
    board = factors["pk_board_gsm"].value * factors["pk_box_area_coef"].value
    return board * _sphere_cm2(parcel.volume_cm3 * k) / k


def gross_t(shipment: Shipment, factors: Factors) -> float:
    """Return goods and packaging of one order in tonnes."""
    return (shipment.parcel.goods_mass_g + pack_mass_g(shipment, factors)) / 1e6


def delivery_legs(shipment: Shipment, option: Option, factors: Factors) -> Iterator[Leg]:
    """Yield every leg from the gate to the visitor, except the visitor's own trip."""
    yield _packaging(shipment, factors)
    tonnes = gross_t(shipment, factors)
    for stretch in shipment.line_haul:
        yield _line_haul(stretch, tonnes, factors)
    yield _hubs(shipment, factors)
    yield _last_mile(shipment, option, factors)
    if option.kind == "home" and option.vehicle == "cargo_bike":
        yield _feeder(shipment, option, factors)


def trip_leg(trip: Trip, orders_together: int, factors: Factors) -> Leg:
    """Return the visitor's trip; a trip that may not be for the order counts by half, 0 to 1."""
    km = UNKNOWN_TRIP_KM if trip.one_way_km is None else trip.one_way_km
    if trip.coming_anyway or trip.mode in NO_EMISSION:
        return Leg("trip", (), mode=trip.mode, km=km)
    unsure = () if trip.coming_anyway is False else (factors["ct_dedicated_share"],)
    driven = 2 * km / orders_together
    rows = _usual_mix(km, factors) if trip.mode is None else ((factors[TRIP_FACTOR[trip.mode]],),)
    products = tuple([product(driven, *row, *unsure) for row in rows])
    return Leg("trip", products, mode=trip.mode, km=km, proxy=trip.mode is None)


def _sphere_cm2(volume_cm3: float) -> float:
    radius_cm = math.cbrt(3 * volume_cm3 / (4 * math.pi))
    return 4 * math.pi * radius_cm**2


def _packaging(shipment: Shipment, factors: Factors) -> Leg:
    parcel, k = shipment.parcel, shipment.orders_together
    if parcel.packaging == "board_box" and parcel.pack_g is None:
        box = (factors["pk_board_gsm"], factors["pk_box_area_coef"], factors["pk_board"])
        surface = product(_sphere_cm2(parcel.volume_cm3 * k) / k, *box)
        return Leg("packaging", (surface,), proxy=True)  # a sphere stands in for the box
    if parcel.packaging not in MATERIAL_FACTOR:
        return Leg("packaging", ())
    material = factors[MATERIAL_FACTOR[parcel.packaging]]
    return Leg("packaging", (product(pack_mass_g(shipment, factors), material),))


def _line_haul(stretch: LineHaul, tonnes: float, factors: Factors) -> Leg:
    chain = [factors[MODE_FACTOR[stretch.mode]]]
    if stretch.mode in ROAD and stretch.km_basis == "planned":
        chain.append(factors["lh_road_distance_correction"])
    if stretch.mode in ROAD and stretch.km_basis == "gcd":
        chain.append(factors["lh_gcd_to_road"])
    short_flight = stretch.mode == "air" and stretch.km < AIR_LONG_FROM_KM
    moved = product(stretch.km * tonnes, *chain)
    return Leg("linehaul", (moved,), mode=stretch.mode, km=stretch.km, proxy=short_flight)


def _electricity(country: str, factors: Factors) -> tuple[Factor, Factor]:
    return factors.grid(country), factors["grid_td_loss"]


def _hubs(shipment: Shipment, factors: Factors) -> Leg:
    share = shipment.hubs / shipment.orders_together
    grid, loss = _electricity(shipment.country, factors)
    power = product(share, factors["hub_kwh"], grid, loss)
    heat = product(share, factors["hub_gas_g"])
    return Leg("hubs", (power, heat), count=shipment.hubs, proxy=grid.id == WORLD)


def _per_km(vehicle: str, country: str, factors: Factors) -> tuple[Factor, ...]:
    drive = factors[VEHICLE_FACTOR[vehicle]]
    return (drive, *_electricity(country, factors)) if vehicle in ELECTRIC else (drive,)


def _last_mile(shipment: Shipment, option: Option, factors: Factors) -> Leg:
    km, activity, measured = _activity(option, factors)
    drive = _per_km(option.vehicle, shipment.country, factors)
    haste = () if option.kind in COLLECTION else _haste(option, factors)
    driven = product(km / shipment.orders_together, *activity, *drive, *haste)
    world = option.vehicle in ELECTRIC and drive[1].id == WORLD
    relay = option.kind == "relay" and not measured  # judged by the figure of lockers
    proxy = world or relay
    return Leg("lastmile", (driven,), vehicle=option.vehicle, proxy=proxy, measured=measured)


def _activity(option: Option, factors: Factors) -> tuple[float, tuple[Factor, ...], bool]:
    """Return the kilometres of one parcel, the defaults that multiply them, and if measured."""
    if option.kind in COLLECTION:
        return option.bulk_km_per_parcel(), (), True
    if option.kind != "home":
        return _measured_or(option.locker_km_per_parcel, factors["lm_locker_km_per_parcel"])
    km, stops, measured = _measured_or(option.km_per_stop, factors["lm_km_per_stop"])
    if option.fail_rate is not None:
        return km * attempts(option.fail_rate), stops, measured
    return km, (*stops, _attempts_of(factors)), measured


@lru_cache(maxsize=4)
def _attempts_of(factors: Factors) -> Factor:
    """Return the default rate of failures as the attempts that it takes, one a table."""
    return factors["lm_fail_rate"].mapped(attempts)


def _measured_or(measured: float | None, default: Factor) -> tuple[float, tuple[Factor, ...], bool]:
    return (1.0, (default,), False) if measured is None else (measured, (), True)


def _haste(option: Option, factors: Factors) -> tuple[Factor, ...]:
    return () if option.speed == "standard" else (factors[f"speed_{option.speed}"],)


def _feeder(shipment: Shipment, option: Option, factors: Factors) -> Leg:
    km, default, measured = _measured_or(
        option.feeder_km_per_parcel, factors["lm_microhub_feeder_km"]
    )
    driven = product(km / shipment.orders_together, *default, factors["lm_van_diesel_km"])
    return Leg("feeder", (driven,), vehicle="van_diesel", measured=measured)


def _usual_mix(km: float, factors: Factors) -> tuple[tuple[Factor, ...], ...]:
    """Return the factors of the mix of modes that is usual at that distance, a row a mode."""
    return _mix(next(name for below, name in MIX_CLASSES if km < below), factors)


@lru_cache(maxsize=16)
def _mix(distance: str, factors: Factors) -> tuple[tuple[Factor, ...], ...]:
    return tuple(
        (factors[f"ct_mix_{distance}_{share}"], factors[TRIP_FACTOR[mode]])
        for share, mode in MIX.items()
    )
