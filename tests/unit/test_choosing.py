"""The holder chooses how the order travels, with every way's estimate in sight."""

from typing import Any

import pytest
from fakes import Choices
from made import ISTANBUL, NOW, VOUCHER_ID, voucher

from chalicelib.domain.choice import Choice
from chalicelib.domain.errors import InvalidPayload
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.factors import shipped_factors
from chalicelib.usecases import choosing
from chalicelib.usecases.choosing import Ways
from local import sample_loader

PLAN = sample_loader.festival_2019().delivery


def offered(*, coming_anyway: bool | None = None) -> Ways:
    assert PLAN is not None
    return choosing.ways(
        PLAN, ISTANBUL, coming_anyway=coming_anyway, year=2026, factors=shipped_factors()
    )


def choose(choices: Choices, code: str, visitor: str = "visitor-1", **facts: Any) -> Any:
    ways = offered(**facts)
    return choosing.choose(
        choices,
        voucher(),
        ways.way(code),
        ways,
        visitor=visitor,
        at=NOW,
        request_id="request-1",
    )


def test_every_way_of_the_plan_is_estimated_in_its_order() -> None:
    assert PLAN is not None
    ways = offered().ways
    assert [way.option.code for way in ways] == [option.code for option in PLAN.options]
    for way in ways:
        total = way.comparison.estimate.total
        assert 0 <= total.low <= total.value <= total.high


def test_a_special_trip_by_car_makes_collecting_heavier() -> None:
    def grams(*, coming_anyway: bool | None) -> float:
        way = offered(coming_anyway=coming_anyway).way("popup_collect")
        return way.comparison.estimate.total.value

    assert grams(coming_anyway=False) > grams(coming_anyway=True)


def test_a_choice_keeps_its_estimate_and_the_versions_that_made_it() -> None:
    choices = Choices(holders={VOUCHER_ID: "visitor-1"})
    choice = choose(choices, "locker", coming_anyway=True)
    assert isinstance(choice, Choice)
    assert choices.chosen[VOUCHER_ID] == choice
    assert choice.coming_anyway is True
    assert choice.low_centigrams <= choice.centigrams <= choice.high_centigrams
    assert choice.method
    assert choice.baseline.endswith(choosing.BASELINE_VERSION)


def test_a_later_choice_replaces_the_first() -> None:
    choices = Choices(holders={VOUCHER_ID: "visitor-1"})
    choose(choices, "locker")
    choose(choices, "popup_collect")
    assert choices.chosen[VOUCHER_ID].option == "popup_collect"


def test_only_the_holder_chooses() -> None:
    choices = Choices(holders={VOUCHER_ID: "visitor-1"})
    assert choose(choices, "locker", visitor="visitor-2") == Refusal(Reason.WRONG_HOLDER)
    assert not choices.chosen


def test_a_way_that_is_not_offered_is_no_way() -> None:
    with pytest.raises(InvalidPayload) as error:
        offered().way("by_balloon")
    assert error.value.errors == (("/option", "by_balloon is not offered here"),)
