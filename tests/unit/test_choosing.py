"""A holder or a shop chooses how the order travels, with every way's estimate in sight."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from fakes import Choices
from made import ISTANBUL, NOW, VOUCHER_ID, voucher

from chalicelib.domain.choice import Choice, Chooser
from chalicelib.domain.delivery_inputs import LineHaul, Parcel, Trip
from chalicelib.domain.delivery_plan import DeliveryPlan
from chalicelib.domain.errors import InvalidPayload
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.factors import shipped_factors
from chalicelib.usecases import choosing
from chalicelib.usecases.choosing import Asked, Ways
from local import sample_loader

DAY = date(2026, 5, 20)
HOLDER = Chooser(visitor="visitor-1")


def plan() -> DeliveryPlan:
    found = sample_loader.festival_now(DAY).delivery
    assert found is not None
    return found


def offered(asked: Asked | None = None, of: DeliveryPlan | None = None) -> Ways:
    return choosing.ways(
        of or plan(), ISTANBUL, asked or Asked(), day=DAY, factors=shipped_factors()
    )


def choose(choices: Choices, code: str, by: Chooser = HOLDER, trip: Trip | None = None) -> Any:
    ways = offered(Asked(trip=trip or Trip()))
    return choosing.choose(choices, voucher(), code, ways, by, at=NOW, request_id="request-1")


def held() -> Choices:
    return Choices(holders={VOUCHER_ID: "visitor-1"})


def grams(code: str, asked: Asked) -> float:
    return offered(asked).way(code).comparison.estimate.total.value


def test_every_way_of_the_stand_is_estimated_the_cheapest_first() -> None:
    ways = offered().ways
    codes = {option.code for option in plan().options_at("istanbul")}
    assert {way.option.code for way in ways} == codes
    prices = [way.option.price_minor["TRY"] for way in ways]
    assert prices == sorted(prices)
    for way in ways:
        total = way.comparison.estimate.total
        assert 0 <= total.low <= total.value <= total.high


def test_a_way_without_a_price_comes_last() -> None:
    first = offered().ways[0].option
    unpriced = replace(first, price_minor={})
    options = tuple(unpriced if one == first else one for one in plan().options)
    assert offered(of=replace(plan(), options=options)).ways[-1].option == unpriced


def test_a_special_trip_by_car_makes_collecting_heavier() -> None:
    special = Asked(trip=Trip(coming_anyway=False))
    farther = Asked(trip=Trip(coming_anyway=False, one_way_km=8))
    coming = grams("popup_collect", Asked(trip=Trip(coming_anyway=True)))
    assert coming < grams("popup_collect", special) < grams("popup_collect", farther)


def test_what_is_said_of_the_order_takes_the_place_of_the_plan() -> None:
    light = Asked(parcel=Parcel(goods_mass_g=100, volume_cm3=1_000))
    near = Asked(line_haul=(LineHaul(mode="road", km=10),))
    for asked in (light, near, Asked(orders_together=3)):
        assert grams("locker", asked) < grams("locker", Asked())
    abroad = offered(Asked(country="ZZ")).way("home_van_electric").comparison.estimate
    assert "NO_FACTOR_FOR_COUNTRY" in abroad.warnings


def test_a_stand_without_its_baseline_claims_nothing() -> None:
    fewer = replace(plan(), options=tuple(o for o in plan().options if o.kind != "home"))
    ways = offered(of=fewer)
    assert (ways.baseline, ways.basis, ways.versions) == (None, None, choosing.NO_BASELINE)
    for way in ways.ways:
        assert (way.comparison.verdict, way.comparison.points) == ("unknown", 0)


def test_a_choice_keeps_its_estimate_and_the_versions_that_made_it() -> None:
    choices = held()
    choice = choose(choices, "locker", trip=Trip(coming_anyway=True))
    assert isinstance(choice, Choice)
    assert choices.chosen[VOUCHER_ID] == choice
    assert choice.coming_anyway is True
    assert choice.total.low <= choice.total.value <= choice.total.high
    assert choice.saving is not None
    assert choice.total.grams.value == choice.total.value / 100
    assert choice.method
    assert choice.baseline == "TR-home-diesel/2026-10"


def test_a_choice_keeps_how_far_the_holder_would_drive() -> None:
    choice = choose(held(), "locker", trip=Trip(coming_anyway=False, one_way_km=2.5))
    assert choice.trip_m == 2500


def test_a_later_choice_replaces_the_first() -> None:
    choices = held()
    choose(choices, "locker")
    choose(choices, "popup_collect")
    assert choices.chosen[VOUCHER_ID].option == "popup_collect"


def test_only_the_holder_chooses_or_the_shop_that_has_the_order() -> None:
    choices = held()
    assert choose(choices, "locker", Chooser(visitor="visitor-2")) == Refusal(Reason.WRONG_HOLDER)
    assert not choices.chosen
    shop = Chooser(device_id="shop-1.harbour", order="shop-1.harbour#7")
    assert choose(choices, "locker", shop).order == "shop-1.harbour#7"


def test_what_the_shop_confirmed_stays_and_its_repeat_gets_it_again() -> None:
    choices = held()
    first = choose(choices, "locker")
    choices.settled = True
    assert choose(choices, "popup_collect") == Refusal(Reason.ALREADY_CHOSEN)
    assert choose(choices, "locker") == first


def test_what_was_confirmed_without_a_choice_has_none() -> None:
    choices = held()
    choices.settled = True
    assert choose(choices, "locker") == Refusal(Reason.ALREADY_CHOSEN)


def test_a_way_that_is_not_offered_is_no_way() -> None:
    with pytest.raises(InvalidPayload) as error:
        offered().way("by_balloon")
    assert error.value.errors == (("/option", "by_balloon is not offered here"),)
