"""The calculator against its worked examples, and part by part."""

import math
from dataclasses import replace
from typing import Any

import pytest
from golden.worked import CASES, GOLDEN, estimate_of

from chalicelib.domain.delivery import (
    METHOD_VERSION,
    Estimate,
    LineHaul,
    Option,
    Parcel,
    Range,
    Shipment,
    Trip,
    centigrams,
    compare,
    estimate,
    judge,
)
from chalicelib.domain.delivery_quality import letter
from chalicelib.factors import shipped_factors

FACTORS = shipped_factors()
PARCEL = Parcel(goods_mass_g=1000, volume_cm3=10_000)
ROAD = LineHaul(mode="road", km=500)
SHIPMENT = Shipment(parcel=PARCEL, country="IT", year=2026, line_haul=(ROAD,))
DIESEL = Option(kind="home", vehicle="van_diesel")
LOCKER = Option(kind="locker", vehicle="van_diesel")
COLLECT = Option(kind="popup_collect", vehicle="van_diesel", bulk_km=12, bulk_parcels=150)


def of(option: Option = DIESEL, shipment: Shipment = SHIPMENT, **changes: Any) -> Estimate:
    return estimate(replace(shipment, **changes), option, FACTORS)


def with_parcel(**changes: Any) -> Shipment:
    return replace(SHIPMENT, parcel=replace(PARCEL, **changes))


def agrees(found: Range, told: dict[str, float]) -> bool:
    ends = (found.value, found.low, found.high)
    return [centigrams(end) for end in ends] == [
        centigrams(told[end]) for end in ("value", "low", "high")
    ]


@pytest.mark.parametrize("name", CASES)
def test_a_worked_example_agrees_in_every_gram(name: str) -> None:
    case, found = CASES[name], estimate_of(name)

    assert {leg.leg for leg in found.legs} == set(case["legs"])
    assert {leg: centigrams(found.grams(leg)) for leg in case["legs"]} == {
        leg: centigrams(grams) for leg, grams in case["legs"].items()
    }
    assert agrees(found.total, case["total"])
    assert agrees(found.transport_wtw, case["transport_wtw"])


@pytest.mark.parametrize("name", [name for name in CASES if name != GOLDEN["baseline"]])
def test_a_worked_example_agrees_in_saving_verdict_and_points(name: str) -> None:
    case = CASES[name]

    found = judge(estimate_of(name), estimate_of(GOLDEN["baseline"]))

    assert found.saving is not None
    assert agrees(found.saving, case["saving"])
    assert (found.verdict, found.points) == (case["verdict"], case["points"])


def test_a_table_of_factors_that_changed_is_a_new_version_of_the_method() -> None:
    """Estimates keep the method's version alone: under one version there is one table."""
    assert (METHOD_VERSION, FACTORS.sha256) == (GOLDEN["version"], GOLDEN["factors_sha256"])


def test_the_box_agrees_with_the_independent_model() -> None:
    assert centigrams(of().grams("packaging")) == 352_69


def test_a_comparison_estimates_both_options_for_the_same_order() -> None:
    electric = Option(kind="home", vehicle="van_bev")

    found = compare(SHIPMENT, electric, DIESEL, FACTORS)

    assert found == judge(of(electric), of(DIESEL))
    assert found.verdict == "lower"


def test_without_a_baseline_nothing_is_claimed() -> None:
    found = compare(SHIPMENT, LOCKER, None, FACTORS)

    assert (found.saving, found.verdict, found.points) == (None, "unknown", 0)
    assert found.warnings == ("BASELINE_MISSING",)


def test_points_end_at_twenty() -> None:
    flown = replace(SHIPMENT, line_haul=(LineHaul(mode="air", km=9000),))

    assert judge(of(), of(shipment=flown)).points == 20


# --- legs ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("packaging", "pack_g", "grams"),
    [
        ("film_mailer", 20, 20 * 2.9651),
        ("paper_mailer", 30, 30 * 1.3451),
        ("board_box", 100, 100 * 1.29),
        ("own_bag", None, 0),
        ("reused", 80, 0),
        ("none", None, 0),
    ],
)
def test_packaging_counts_by_its_material(
    packaging: Any, pack_g: float | None, grams: float
) -> None:
    found = of(shipment=with_parcel(packaging=packaging, pack_g=pack_g), orders_together=2)

    assert found.grams("packaging") == pytest.approx(grams / 2)


def test_the_mass_of_a_reused_box_still_travels() -> None:
    light = of(shipment=with_parcel(packaging="reused"))
    heavy = of(shipment=with_parcel(packaging="reused", pack_g=1000))

    assert heavy.grams("linehaul") == pytest.approx(2 * light.grams("linehaul"))


@pytest.mark.parametrize(
    ("mode", "basis", "per_tkm"),
    [
        ("road", "driven", 240.8),
        ("road_hgv", "driven", 125.22),
        ("road_artic", "driven", 95.02),
        ("air", "driven", 666.46),
        ("rail", "driven", 34.7),
        ("sea", "driven", 19.77),
        ("sea_roro", "driven", 63.28),
        ("sea_ropax", "driven", 461.4),
        ("road", "planned", 240.8 * 1.05),
        ("road_hgv", "gcd", 125.22 * 1.3),
        ("sea", "gcd", 19.77),
        ("rail", "planned", 34.7),
    ],
)
def test_line_haul_goes_by_mass_distance_and_basis(mode: Any, basis: Any, per_tkm: float) -> None:
    bare = with_parcel(packaging="none")
    way = (LineHaul(mode=mode, km=5000, km_basis=basis),)

    assert of(shipment=bare, line_haul=way).grams("linehaul") == pytest.approx(5 * per_tkm)


@pytest.mark.parametrize(
    ("vehicle", "per_km"),
    [
        ("van_diesel", 316.89),
        ("van_petrol", 275.18),
        ("van_cng", 302.89),
        ("van_bev", 0.357 * 287.75 * 1.095),
        ("cargo_bike", 0.0517 * 287.75 * 1.095),
    ],
)
def test_the_last_mile_goes_by_vehicle(vehicle: Any, per_km: float) -> None:
    option = Option(kind="home", vehicle=vehicle, km_per_stop=2, fail_rate=0)

    assert of(option).grams("lastmile") == pytest.approx(2 * per_km)


@pytest.mark.parametrize(("rate", "extra"), [(0, 0), (0.1, 0.09), (0.3, 0.42), (0.5, 0.75)])
def test_failed_deliveries_add_kilometres(rate: float, extra: float) -> None:
    option = Option(kind="home", vehicle="van_diesel", km_per_stop=1, fail_rate=rate)

    assert of(option).grams("lastmile") == pytest.approx(316.89 * (1 + extra))


@pytest.mark.parametrize(("speed", "times"), [("standard", 1), ("fast", 1.11), ("norush", 0.9)])
@pytest.mark.parametrize("kind", ["home", "locker", "relay"])
def test_speed_counts_on_the_carriers_last_mile(kind: Any, speed: Any, times: float) -> None:
    plain, hasty = (
        Option(kind=kind, vehicle="van_bev"),
        Option(kind=kind, vehicle="van_bev", speed=speed),
    )

    assert of(hasty).grams("lastmile") == pytest.approx(times * of(plain).grams("lastmile"))


def test_speed_does_not_count_for_collection() -> None:
    assert of(replace(COLLECT, speed="fast")).total == of(COLLECT).total


def test_waiting_claims_nothing_by_itself() -> None:
    found = compare(SHIPMENT, replace(DIESEL, speed="norush"), DIESEL, FACTORS)

    assert found.verdict == "no_clear_difference"


def test_a_measured_feeder_replaces_the_assumption() -> None:
    bike = Option(kind="home", vehicle="cargo_bike", feeder_km_per_parcel=0.05)

    assert of(bike).grams("feeder") == pytest.approx(0.05 * 316.89)


def test_a_cargo_bike_to_a_locker_has_no_feeder() -> None:
    assert of(Option(kind="locker", vehicle="cargo_bike")).grams("feeder") == 0


def test_without_hubs_and_line_haul_only_the_rest_counts() -> None:
    found = of(line_haul=(), hubs=0)

    assert found.transport_wtw.value == found.grams("lastmile")


def test_a_leg_says_what_it_is_made_of() -> None:
    _, haul, hubs, last = of().legs

    assert (haul.mode, haul.km) == ("road", 500)
    assert hubs.count == 2
    assert last.vehicle == "van_diesel"


# --- the visitor's trip ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "per_km"),
    [
        ("car", 211.24),
        ("car_bev", 54.8),
        ("bus", 130.34),
        ("tram", 3.8),
        ("metro", 4.2),
        ("moto", 146.65),
        ("ebike", 2.23),
        ("walk", 0),
        ("bike", 0),
    ],
)
def test_a_special_trip_counts_both_ways(mode: Any, per_km: float) -> None:
    trip = Trip(one_way_km=4, mode=mode, coming_anyway=False)

    assert of(LOCKER, trip=trip, orders_together=2).grams("trip") == pytest.approx(4 * per_km)


@pytest.mark.parametrize(
    ("km", "car", "moto", "public", "electric"),
    [
        (1.9, 0.3381, 0.012, 0.0908, 0.0478),
        (2, 0.6736, 0.0219, 0.1813, 0.0316),
        (5, 0.8134, 0.0161, 0.1384, 0.0099),
        (29, 0.8509, 0.0104, 0.1005, 0.0035),
        (30, 0.7813, 0.005, 0.1647, 0.001),
    ],
)
def test_an_unknown_mode_is_the_usual_mix_of_its_distance(
    km: float, car: float, moto: float, public: float, electric: float
) -> None:
    mix = car * 211.24 + moto * 146.65 + public * 130.34 + electric * 2.23

    found = of(LOCKER, trip=Trip(one_way_km=km, coming_anyway=False))

    assert found.grams("trip") == pytest.approx(2 * km * mix)


def test_an_open_trip_counts_by_half_and_shows_both_answers() -> None:
    found = of(LOCKER, trip=Trip(one_way_km=2, mode="car"))
    nothing, special = found.variants

    assert found.grams("trip") == pytest.approx(2 * 211.24)
    assert "TRIP_UNKNOWN" in found.warnings
    assert (nothing.name, nothing.trip_g) == ("walk_or_coming_anyway", 0)
    assert special.name == "special_car_trip"
    assert special.trip_g == pytest.approx(4 * 211.24)


def test_the_two_answers_are_what_the_answered_question_gives() -> None:
    nothing, special = of(LOCKER).variants
    answered = Trip(one_way_km=3.5, mode="car", coming_anyway=False)

    assert nothing.total == of(LOCKER, trip=Trip(coming_anyway=True)).total
    assert special.total == of(LOCKER, trip=answered).total


@pytest.mark.parametrize("trip", [Trip(mode="walk"), Trip(mode="bike"), Trip(coming_anyway=True)])
def test_a_trip_that_emits_nothing_leaves_no_question(trip: Trip) -> None:
    found = of(LOCKER, trip=trip)

    assert (found.grams("trip"), found.variants, found.warnings) == (0, (), ())


def test_a_trip_does_not_belong_to_a_home_delivery() -> None:
    found = of(trip=Trip(one_way_km=10, mode="car"))

    assert (found.total, found.variants, found.warnings) == (of().total, (), ())


# --- ranges ----------------------------------------------------------------------------


def test_what_the_operator_measured_has_no_range_of_its_own() -> None:
    measured = Option(kind="home", vehicle="van_diesel", km_per_stop=0.667, fail_rate=0.1)
    found = of(measured)

    assert found.total.value == pytest.approx(of().total.value)
    assert found.total.low > of().total.low
    assert found.total.high < of().total.high


def test_the_low_end_of_emissions_stops_at_zero() -> None:
    alone = with_parcel(packaging="none", goods_mass_g=1)
    bike = Option(kind="home", vehicle="cargo_bike", km_per_stop=0, fail_rate=0)

    found = of(bike, shipment=alone, line_haul=(), hubs=0)

    assert (found.total.low, found.transport_wtw.low) == (0, 0)
    assert found.total.value == pytest.approx(31.689)


def test_the_ends_agree_with_setting_each_factor_in_turn() -> None:
    """The partial products are exact: the long way round gives the same range."""
    central = of().total
    down = up = 0.0
    for factor in FACTORS.rows.values():
        if factor.role == "engine":
            for end in (factor.low, factor.high):
                row = replace(factor, value=end, low=end, high=end)
                table = replace(FACTORS, rows={**FACTORS.rows, factor.id: row})
                step = estimate(SHIPMENT, DIESEL, table).total.value - central.value
                down, up = down + min(step, 0) ** 2, up + max(step, 0) ** 2

    assert central.low == pytest.approx(central.value - math.sqrt(down))
    assert central.high == pytest.approx(central.value + math.sqrt(up))


# --- second lines and warnings ---------------------------------------------------------


def test_flying_has_a_second_line_outside_the_total() -> None:
    found = estimate_of("G8")

    tonnes = 7638.03 / 666.46 / 9000
    assert found.non_co2_air == pytest.approx(9000 * tonnes * (1034.55 - 666.46), abs=0.01)
    assert of().non_co2_air is None


@pytest.mark.parametrize(("km", "warnings"), [(3699.9, ("AIR_SHORT_PROXY",)), (3700, ())])
def test_short_flights_are_told(km: float, warnings: tuple[str, ...]) -> None:
    assert of(line_haul=(LineHaul(mode="air", km=km),)).warnings == warnings


@pytest.mark.parametrize(
    ("mode", "litres_per_kg", "bulky"),
    [("road", 8.9, False), ("road", 9.1, True), ("air", 17.9, False), ("air", 18.1, True)],
)
def test_a_bulky_parcel_is_told_with_its_figure(
    mode: Any,
    litres_per_kg: float,
    bulky: bool,  # noqa: FBT001 - a column of the table
) -> None:
    light = with_parcel(packaging="none", volume_cm3=litres_per_kg * 1000)
    found = of(shipment=light, line_haul=(LineHaul(mode=mode, km=4000),))

    assert ("VOLUMETRIC_SENSITIVE" in found.warnings) is bulky
    assert (found.volumetric_total is not None) is bulky


def test_the_volumetric_figure_puts_billed_mass_in_place_of_gross() -> None:
    light = with_parcel(packaging="none", volume_cm3=12_000)

    found = of(shipment=light)

    assert found.volumetric_total == pytest.approx(
        found.total.value + (4 - 1) * found.grams("linehaul")
    )


def test_ships_and_trains_bill_no_volume() -> None:
    light = with_parcel(packaging="none", volume_cm3=90_000)

    assert of(shipment=light, line_haul=(LineHaul(mode="rail", km=900),)).warnings == ()


def test_an_unknown_country_falls_back_and_lowers_the_quality() -> None:
    known, unknown = of(), of(country="ZZ")

    assert unknown.warnings == ("NO_FACTOR_FOR_COUNTRY",)
    assert unknown.quality.score > known.quality.score
    assert unknown.grams("hubs") > known.grams("hubs")


# --- quality ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["G1", "G2", "G3", "G4", "G6", "G7"])
def test_with_defaults_the_mark_is_c(name: str) -> None:
    assert estimate_of(name).quality.letter == "C"


def test_the_mark_of_the_first_example_leg_by_leg() -> None:
    marks = {"packaging": 3.0, "linehaul": 2.25, "hubs": 3.25, "lastmile": 3.0}
    found = of()

    weighed = sum(found.grams(leg) * mark for leg, mark in marks.items())
    assert found.quality.score == pytest.approx(weighed / found.total.value)
    assert found.quality.primary_share == 0


def test_weighing_the_box_and_the_round_improves_the_mark() -> None:
    measured = replace(DIESEL, km_per_stop=0.667, fail_rate=0.1)
    found = of(measured, shipment=with_parcel(pack_g=270))

    assert found.quality.score < of().quality.score
    assert found.quality.primary_share == pytest.approx(found.grams("lastmile") / found.total.value)


def test_what_stands_in_for_another_thing_lowers_the_mark() -> None:
    relay, locker = Option(kind="relay", vehicle="van_diesel"), LOCKER
    trip = Trip(coming_anyway=True)

    assert of(relay, trip=trip).total == of(locker, trip=trip).total
    assert of(relay, trip=trip).quality.score > of(locker, trip=trip).quality.score
    measured = replace(relay, locker_km_per_parcel=0.138)
    assert of(measured, trip=trip).quality.score < of(relay, trip=trip).quality.score


def test_a_figure_of_the_country_itself_is_better_than_a_foreign_one() -> None:
    scores = [of(country=country).quality.score for country in ("GB", "IT", "US")]

    assert scores == sorted(scores)
    assert len(set(scores)) == 3


def test_figures_age() -> None:
    scores = [of(year=year).quality.score for year in (2026, 2029, 2034, 2040)]

    assert scores == sorted(scores)
    assert len(set(scores)) == 4


def test_nothing_emitted_has_nothing_to_doubt() -> None:
    bare = with_parcel(packaging="none")
    empty = replace(COLLECT, bulk_km=0)

    found = of(empty, shipment=bare, line_haul=(), hubs=0, trip=Trip(mode="walk"))

    assert (found.total.value, found.quality.letter) == (0, "A")


@pytest.mark.parametrize(
    ("score", "expected"),
    [(1, "A"), (1.5, "A"), (1.51, "B"), (2.5, "B"), (3.5, "C"), (4.5, "D"), (4.51, "E")],
)
def test_letters_end_at_the_half_point(score: float, expected: str) -> None:
    assert letter(score) == expected
