"""Examples worked by hand, one leg at a time, and the figures of ADEME beside ours.

Two kilograms without packaging and without hubs, collected from a place that is filled without a
drive by somebody who was coming anyway: what is left is the leg that the example is about.
"""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.delivery import (
    Estimate,
    LineHaul,
    Option,
    Parcel,
    Shipment,
    Trip,
    estimate,
)
from chalicelib.factors import shipped_factors

FACTORS = shipped_factors()
BARE = Shipment(
    parcel=Parcel(goods_mass_g=2000, volume_cm3=4000, packaging="none"),
    country="TR",
    year=2026,
    hubs=0,
    trip=Trip(coming_anyway=True),
)
HERE = Option(kind="popup_collect", vehicle="van_diesel", bulk_km=0, bulk_parcels=1)


def of(option: Option = HERE, **changes: Any) -> Estimate:
    return estimate(replace(BARE, **changes), option, FACTORS)


def haul(mode: Any, km: float, basis: Any = "driven") -> dict[str, Any]:
    return {"line_haul": (LineHaul(mode=mode, km=km, km_basis=basis),)}


def home(**measured: Any) -> Option:
    facts: dict[str, Any] = {"kind": "home", "vehicle": "van_diesel", "fail_rate": 0.0}
    return Option(**(facts | measured))


# (name, estimate, leg, grams by hand)
EXAMPLES = [
    # 34.7 g/tkm · 0.002 t · 1000 km = 69.40
    ("rail", of(**haul("rail", 1000)), "linehaul", 69.40),
    # 19.77 · 0.002 · 5000 = 197.70; the sea takes kilometres as they are
    ("sea", of(**haul("sea", 5000, "planned")), "linehaul", 197.70),
    # 240.8 · 0.002 · 100 = 48.16; planned road kilometres · 1.05 = 50.568
    ("planned road", of(**haul("road", 100, "planned")), "linehaul", 50.57),
    # 240.8 · 0.002 · 200 = 96.32; a great circle · 1.3 = 125.216
    ("great circle", of(**haul("road", 200, "gcd")), "linehaul", 125.22),
    # 95.02 · 0.002 · 300 = 57.012
    ("articulated lorry", of(**haul("road_artic", 300)), "linehaul", 57.01),
    # 666.46 · 0.002 · 4000 = 5331.68
    ("flight", of(**haul("air", 4000)), "linehaul", 5331.68),
    # 0.012 kWh · 469.7 g/kWh · 1.095 = 6.171858; + 1.679 gas = 7.850858; · 3 = 23.552574
    ("three hubs in Türkiye", of(hubs=3), "hubs", 23.55),
    # 0.8 km · 316.89 g/km = 253.512; 20 % fail: 1 + 0.09 + 0.10 · 1.65 = 1.255; 318.15756
    ("a fifth fails", of(home(km_per_stop=0.8, fail_rate=0.2)), "lastmile", 318.16),
    # 1 km · 316.89 · 1.11 = 351.7479
    ("fast", of(home(km_per_stop=1.0, speed="fast")), "lastmile", 351.75),
    # 0.5 km · 0.0517 kWh/km · 44.18 g/kWh · 1.095 = 1.2505
    (
        "cargo bike in France",
        of(home(vehicle="cargo_bike", km_per_stop=0.5, feeder_km_per_parcel=0.2), country="FR"),
        "lastmile",
        1.25,
    ),
    # 0.2 km · 316.89 = 63.378
    (
        "its feeder",
        of(home(vehicle="cargo_bike", km_per_stop=0.5, feeder_km_per_parcel=0.2), country="FR"),
        "feeder",
        63.38,
    ),
    # 2 · 4 km · 130.34 g/pkm = 1042.72
    ("bus", of(trip=Trip(one_way_km=4, mode="bus", coming_anyway=False)), "trip", 1042.72),
    # a film mailer of 20 g for two orders: 20 / 2 · 2.9651 = 29.651
    (
        "mailer",
        of(
            parcel=Parcel(goods_mass_g=2000, volume_cm3=4000, packaging="film_mailer", pack_g=20),
            orders_together=2,
        ),
        "packaging",
        29.65,
    ),
]


@pytest.mark.parametrize(
    ("found", "leg", "grams"), [one[1:] for one in EXAMPLES], ids=[one[0] for one in EXAMPLES]
)
def test_an_example_worked_by_hand_agrees(found: Estimate, leg: str, grams: float) -> None:
    assert round(found.grams(leg), 2) == grams


def test_one_factor_alone_gives_its_own_range() -> None:
    # 24.29 · 2 = 48.58 and 45.11 · 2 = 90.22
    total = of(**haul("rail", 1000)).total
    assert (round(total.low, 2), round(total.high, 2)) == (48.58, 90.22)


def test_what_flying_warms_beyond_its_co2e_is_a_second_line() -> None:
    # 4000 km · 0.002 t · (1034.55 − 666.46) = 2944.72
    beyond = of(**haul("air", 4000)).non_co2_air
    assert beyond is not None
    assert round(beyond, 2) == 2944.72


def test_the_published_transport_figure_of_ademe_is_the_sum_of_its_legs() -> None:
    # 1 kg: lorry 400 km and 123 km by 345.472 g/tkm, van 70 km by 1498.21 g/tkm; 285.55 in all,
    # published as 285.556: the factors of the table are rounded.
    lorry = FACTORS.rows["lh_road_parcel_ademe15"].value / 1000
    van = FACTORS.rows["lm_van_tkm_ademe"].value / 1000
    legs = [400 * lorry, 123 * lorry, 70 * van]
    assert [round(leg, 2) for leg in legs] == [138.19, 42.49, 104.87]
    assert abs(sum(legs) - 285.556) < 0.01


def test_our_lorry_lies_within_ademes_and_the_national_mean() -> None:
    # 240.8 · 0.001 · 523 = 125.94 of ours, 180.68 of ADEME, 65.49 by the mean of all lorries
    ours = FACTORS["lh_road_parcel"]
    assert ours.low == FACTORS["lh_road_hgv_avg"].value
    assert ours.low < ours.value < FACTORS.rows["lh_road_parcel_ademe15"].value
