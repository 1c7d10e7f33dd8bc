"""Laws of the calculator that hold for every possible input."""

from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.delivery import Comparison, Estimate, Range, compare, estimate
from chalicelib.domain.delivery_inputs import (
    Kind,
    KmBasis,
    LineHaul,
    Mode,
    Option,
    Parcel,
    Shipment,
    Speed,
    Trip,
    TripMode,
    Vehicle,
)
from chalicelib.factors import shipped_factors

FACTORS = shipped_factors()
LAW = settings(max_examples=30, deadline=None, derandomize=True)

KM = st.floats(0, 20_000)
SHARE = st.floats(0, 1)
SHARED = ("hubs", "lastmile", "feeder", "trip")


@st.composite
def options(draw: st.DrawFn) -> Option:
    return Option(
        kind=draw(st.sampled_from(get_args(Kind))),
        vehicle=draw(st.sampled_from(get_args(Vehicle))),
        speed=draw(st.sampled_from(get_args(Speed))),
        fail_rate=draw(st.none() | SHARE),
        km_per_stop=draw(st.none() | st.floats(0, 50)),
        locker_km_per_parcel=draw(st.none() | st.floats(0, 50)),
        feeder_km_per_parcel=draw(st.none() | st.floats(0, 50)),
        bulk_km=draw(st.floats(0, 500)),
        bulk_parcels=draw(st.integers(1, 5000)),
    )


BY_BIKE = options().map(lambda option: replace(option, kind="home", vehicle="cargo_bike"))


@st.composite
def shipments(draw: st.DrawFn) -> Shipment:
    haul = st.builds(
        LineHaul,
        mode=st.sampled_from(get_args(Mode)),
        km=KM,
        km_basis=st.sampled_from(get_args(KmBasis)),
    )
    return Shipment(
        parcel=Parcel(
            goods_mass_g=draw(st.floats(1, 30_000)),
            volume_cm3=draw(st.floats(1, 200_000)),
            packaging=draw(st.sampled_from(["board_box", "paper_mailer", "none"])),
            pack_g=draw(st.floats(0, 2000)),
        ),
        country=draw(st.sampled_from(["IT", "TR", "CL", "ZZ"])),
        year=2026,
        line_haul=tuple(draw(st.lists(haul, max_size=3))),
        orders_together=draw(st.integers(1, 9)),
        hubs=draw(st.integers(0, 6)),
        trip=Trip(
            one_way_km=draw(st.none() | st.floats(0, 100)),
            mode=draw(st.none() | st.sampled_from(get_args(TripMode))),
            coming_anyway=draw(st.none() | st.booleans()),
        ),
    )


def saving(comparison: Comparison) -> Range:
    assert comparison.saving is not None
    return comparison.saving


@LAW
@given(shipments(), options())
def test_every_range_holds_its_centre(shipment: Shipment, option: Option) -> None:
    found = estimate(shipment, option, FACTORS)

    for each in (found.total, found.transport_wtw, *(one.total for one in found.variants)):
        assert 0 <= each.low <= each.value <= each.high
    assert found.transport_wtw.value <= found.total.value * (1 + 1e-12)
    assert 1 <= found.quality.score <= 5
    assert 0 <= found.quality.primary_share <= 1


@LAW
@given(shipments(), options())
def test_equal_options_save_exactly_nothing(shipment: Shipment, option: Option) -> None:
    found = compare(shipment, option, replace(option), FACTORS)

    assert found.saving == Range(0, 0, 0)
    assert (found.verdict, found.points) == ("no_clear_difference", 0)


@LAW
@given(shipments(), options(), options())
def test_swapping_the_options_swaps_the_signs(
    shipment: Shipment, one: Option, other: Option
) -> None:
    there = saving(compare(shipment, one, other, FACTORS))
    back = saving(compare(shipment, other, one, FACTORS))

    assert (there.value, there.low, there.high) == (-back.value, -back.high, -back.low)


@LAW
@given(shipments(), options(), st.floats(0, 500))
def test_more_kilometres_never_lower(shipment: Shipment, option: Option, more: float) -> None:
    farther = tuple(replace(each, km=each.km + more) for each in shipment.line_haul)
    near = estimate(shipment, option, FACTORS)

    assert never_lower(near, estimate(replace(shipment, line_haul=farther), option, FACTORS))


@pytest.mark.parametrize(
    ("figure", "kind", "leg"),
    [
        ("km_per_stop", "home", "lastmile"),
        ("locker_km_per_parcel", "locker", "lastmile"),
        ("locker_km_per_parcel", "relay", "lastmile"),
        ("feeder_km_per_parcel", "home", "feeder"),
        ("bulk_km", "popup_collect", "lastmile"),
        ("bulk_km", "shop_collect", "lastmile"),
    ],
)
@LAW
@given(data=st.data(), shipment=shipments(), km=st.floats(0, 500), more=st.floats(0.01, 500))
def test_more_measured_kilometres_raise_their_leg_and_lower_nothing(
    figure: str,
    kind: str,
    leg: str,
    data: st.DataObject,
    shipment: Shipment,
    km: float,
    more: float,
) -> None:
    option = data.draw(BY_BIKE if leg == "feeder" else options())
    told: list[dict[str, Any]] = [{"kind": kind, figure: each} for each in (km, km + more)]
    near, far = (estimate(shipment, replace(option, **each), FACTORS) for each in told)

    assert never_lower(near, far)
    assert far.grams(leg) > near.grams(leg)


@LAW
@given(shipments(), options(), st.floats(0, 100), st.floats(0, 100))
def test_a_longer_trip_never_lowers(
    shipment: Shipment, option: Option, one: float, other: float
) -> None:
    near = replace(shipment, trip=Trip(one_way_km=min(one, other), mode="car"))
    far = replace(shipment, trip=Trip(one_way_km=max(one, other), mode="car"))

    assert never_lower(estimate(near, option, FACTORS), estimate(far, option, FACTORS))


@LAW
@given(shipments(), options(), st.floats(0, 5000))
def test_more_mass_never_lowers(shipment: Shipment, option: Option, more: float) -> None:
    parcel = replace(shipment.parcel, goods_mass_g=shipment.parcel.goods_mass_g + more)

    heavy = estimate(replace(shipment, parcel=parcel), option, FACTORS)

    assert never_lower(estimate(shipment, option, FACTORS), heavy)


@LAW
@given(shipments(), options(), SHARE, SHARE)
def test_more_failures_never_lower(
    shipment: Shipment, option: Option, one: float, other: float
) -> None:
    few = estimate(shipment, replace(option, fail_rate=min(one, other)), FACTORS)
    many = estimate(shipment, replace(option, fail_rate=max(one, other)), FACTORS)

    assert never_lower(few, many)


@LAW
@given(shipments(), options() | BY_BIKE)
def test_orders_together_share_every_leg_but_the_line_haul(
    shipment: Shipment, option: Option
) -> None:
    goods = replace(shipment.parcel, packaging="none", pack_g=None)  # a box is no sum of boxes
    alone = estimate(replace(shipment, parcel=goods, orders_together=1), option, FACTORS)

    for k in range(2, 10):
        found = estimate(replace(shipment, parcel=goods, orders_together=k), option, FACTORS)
        assert found.grams("linehaul") == alone.grams("linehaul")
        for leg in SHARED:
            assert k * found.grams(leg) == pytest.approx(alone.grams(leg), rel=1e-12)
        trips = [k * one.trip_g for one in found.variants]
        assert trips == pytest.approx([one.trip_g for one in alone.variants], rel=1e-12)


@LAW
@given(shipments(), options())
def test_an_unknown_country_is_never_better_known(shipment: Shipment, option: Option) -> None:
    known = estimate(replace(shipment, country="IT"), option, FACTORS)
    unknown = estimate(replace(shipment, country="ZZ"), option, FACTORS)

    assert "NO_FACTOR_FOR_COUNTRY" in unknown.warnings
    assert "NO_FACTOR_FOR_COUNTRY" not in known.warnings
    assert unknown.quality.score >= known.quality.score


def never_lower(before: Estimate, after: Estimate) -> bool:
    slack = 1 - 1e-12
    return (
        after.total.value >= before.total.value * slack
        and after.total.high >= before.total.high * slack
    )
