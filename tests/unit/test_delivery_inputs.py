"""What cannot be delivered cannot be asked; each refusal names its field."""

import math
from typing import Any

import pytest

from chalicelib.domain.delivery_inputs import (
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


def parcel(**told: Any) -> Parcel:
    return Parcel(**{"goods_mass_g": 1000, "volume_cm3": 10_000, **told})


def shipment(**told: Any) -> Shipment:
    return Shipment(**{"parcel": parcel(), "country": "IT", "year": 2026, **told})


@pytest.mark.parametrize("number", [0, -1, math.nan, math.inf])
@pytest.mark.parametrize("field", ["goods_mass_g", "volume_cm3"])
def test_a_parcel_has_mass_and_volume(field: str, number: float) -> None:
    with pytest.raises(ImpossibleInputError) as refused:
        parcel(**{field: number})

    assert refused.value.field == field


@pytest.mark.parametrize(
    ("build", "told", "field"),
    [
        (parcel, {"packaging": "crate"}, "packaging"),
        (parcel, {"pack_g": -1}, "pack_g"),
        (parcel, {"packaging": "film_mailer"}, "pack_g"),
        (LineHaul, {"mode": "camel", "km": 1}, "mode"),
        (LineHaul, {"mode": "road", "km": -1}, "km"),
        (LineHaul, {"mode": "road", "km": math.nan}, "km"),
        (LineHaul, {"mode": "road", "km": 1, "km_basis": "felt"}, "km_basis"),
        (Trip, {"one_way_km": -1}, "one_way_km"),
        (Trip, {"mode": "camel"}, "trip_mode"),
        (Option, {"kind": "roof", "vehicle": "van_bev"}, "kind"),
        (Option, {"kind": "home", "vehicle": "camel"}, "vehicle"),
        (Option, {"kind": "home", "vehicle": "van_bev", "speed": "warp"}, "speed"),
        (Option, {"kind": "home", "vehicle": "van_bev", "fail_rate": 1.01}, "fail_rate"),
        (Option, {"kind": "home", "vehicle": "van_bev", "fail_rate": -0.01}, "fail_rate"),
        (Option, {"kind": "home", "vehicle": "van_bev", "km_per_stop": -1}, "km_per_stop"),
        (
            Option,
            {"kind": "locker", "vehicle": "van_bev", "locker_km_per_parcel": -1},
            "locker_km_per_parcel",
        ),
        (
            Option,
            {"kind": "home", "vehicle": "cargo_bike", "feeder_km_per_parcel": -1},
            "feeder_km_per_parcel",
        ),
        (Option, {"kind": "popup_collect", "vehicle": "van_bev"}, "bulk_km"),
        (Option, {"kind": "shop_collect", "vehicle": "van_bev", "bulk_km": 1}, "bulk_parcels"),
        (Option, {"kind": "home", "vehicle": "van_bev", "bulk_km": -1}, "bulk_km"),
        (Option, {"kind": "home", "vehicle": "van_bev", "bulk_parcels": 0}, "bulk_parcels"),
        (shipment, {"country": "Italy"}, "country"),
        (shipment, {"country": "it"}, "country"),
        (shipment, {"country": "İT"}, "country"),
        (shipment, {"orders_together": 0}, "orders_together"),
        (shipment, {"hubs": -1}, "hubs"),
        (shipment, {"hubs": 1.5}, "hubs"),
        (shipment, {"orders_together": 1.5}, "orders_together"),
        (Option, {"kind": "home", "vehicle": "van_bev", "bulk_parcels": 1.5}, "bulk_parcels"),
    ],
)
def test_impossible_input_names_its_field(build: Any, told: dict[str, Any], field: str) -> None:
    with pytest.raises(ImpossibleInputError, match=field) as refused:
        build(**told)

    assert refused.value.field == field


BY_BIKE = {"kind": "home", "vehicle": "cargo_bike"}


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize(
    ("build", "told", "field"),
    [
        (parcel, {}, "pack_g"),
        (Trip, {}, "one_way_km"),
        (Option, BY_BIKE, "fail_rate"),
        (Option, BY_BIKE, "km_per_stop"),
        (Option, BY_BIKE, "locker_km_per_parcel"),
        (Option, BY_BIKE, "feeder_km_per_parcel"),
        (Option, BY_BIKE, "bulk_km"),
        (Option, BY_BIKE, "bulk_parcels"),
        (shipment, {}, "hubs"),
        (shipment, {}, "orders_together"),
    ],
)
def test_what_is_no_number_is_impossible(
    build: Any, told: dict[str, Any], field: str, number: float
) -> None:
    with pytest.raises(ImpossibleInputError) as refused:
        build(**told, **{field: number})

    assert refused.value.field == field


def test_a_market_without_data_is_compared_with_the_diesel_van() -> None:
    baseline = market_default("IT", version="2026-10")

    assert (baseline.baseline_id, baseline.version) == ("IT-home-diesel", "2026-10")
    assert baseline.option == stand_options(bulk_km=12, bulk_parcels=150)[baseline.option_code]


def test_a_stand_offers_four_ways() -> None:
    options = stand_options(bulk_km=12, bulk_parcels=150)

    assert list(options) == ["home_van_diesel", "home_van_electric", "locker", "popup_collect"]
    assert options["popup_collect"].bulk_km_per_parcel() == pytest.approx(0.08)


def test_the_great_circle_is_measured_on_a_round_earth() -> None:
    assert great_circle_km((0, 0), (0, 180)) == pytest.approx(math.pi * 6371.0088)
    assert great_circle_km((41.0138, 28.9497), (41.0138, 28.9497)) == 0
    assert great_circle_km((45.4643, 9.1895), (41.8919, 12.5113)) == pytest.approx(477, abs=2)
