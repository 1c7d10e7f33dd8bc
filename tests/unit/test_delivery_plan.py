"""What a stand offers, what was measured of it, and what it is told against on a day."""

from dataclasses import replace
from datetime import date

import pytest
from made import ISTANBUL

from chalicelib.domain.delivery_plan import BaselineRecord, DeliveryPlan, StandOption

DAY = date(2026, 11, 11)
VAN = StandOption(code="home_van_diesel", kind="home", vehicle="van_diesel")
LOCKER = StandOption(code="locker", kind="locker", vehicle="van_diesel")
PLAN = DeliveryPlan(
    goods_mass_g=1000,
    volume_cm3=10_000,
    packaging="board_box",
    road_km=500,
    options=(VAN, LOCKER),
)
RECORD = BaselineRecord(
    baseline_id="TR-locker",
    version="2026-11",
    since="2026-11-01",
    option_code="locker",
    basis="most_chosen",
    country="TR",
)


def with_records(*records: BaselineRecord) -> DeliveryPlan:
    return replace(PLAN, baselines=records)


def test_a_line_of_the_stand_goes_before_one_for_all_whatever_their_order() -> None:
    own = replace(VAN, popup_ids=("istanbul",), km_per_stop=0.8, measured_by="the carrier")
    for options in ((VAN, own, LOCKER), (own, VAN, LOCKER)):
        plan = replace(PLAN, options=options)
        assert plan.options_at("istanbul") == (own, LOCKER)
        assert plan.options_at("ankara")[0] == VAN


def test_what_is_not_offered_at_a_stand_is_not_there() -> None:
    plan = replace(PLAN, options=(VAN, replace(LOCKER, popup_ids=("ankara",))))
    assert plan.options_at("istanbul") == (VAN,)


@pytest.mark.parametrize(
    "change",
    [
        {"km_per_stop": 0.5},
        {"fail_rate": 0.05},
        {"locker_km_per_parcel": 0.1},
        {"feeder_km_per_parcel": 0.1},
        {"bulk_km": 12.0},
    ],
)
def test_any_measured_figure_makes_an_option_a_measured_one(change: dict[str, float]) -> None:
    assert not VAN.measured
    changed = replace(VAN, **change)  # type: ignore[arg-type]
    assert changed.measured


def test_a_market_without_data_is_told_against_the_methods_default() -> None:
    found = PLAN.baseline_at(ISTANBUL, DAY)
    assert found is not None
    baseline, basis = found
    assert (baseline.baseline_id, baseline.option_code) == ("TR-home-diesel", "home_van_diesel")
    assert basis == "market_default"


def test_a_record_counts_from_its_day_on() -> None:
    plan = with_records(RECORD)
    before, after = (plan.baseline_at(ISTANBUL, day) for day in (date(2026, 10, 31), DAY))
    assert before is not None
    assert after is not None
    assert before[0].option_code == "home_van_diesel"
    assert (after[0].option_code, after[0].version, after[1]) == (
        "locker",
        "2026-11",
        "most_chosen",
    )


def test_the_newest_record_of_the_country_goes_before_one_for_all() -> None:
    newer = replace(RECORD, version="2026-12", since="2026-11-10", option_code="home_van_diesel")
    everywhere = replace(newer, version="2027-01", since="2026-11-11", country="*")
    elsewhere = replace(newer, version="it", country="IT")
    found = with_records(everywhere, newer, RECORD, elsewhere).baseline_at(ISTANBUL, DAY)
    assert found is not None
    assert found[0].version == "2026-12"
    other = with_records(everywhere, elsewhere).baseline_at(ISTANBUL, DAY)
    assert other is not None
    assert other[0].version == "2027-01"


def test_nothing_is_told_against_a_way_that_the_stand_does_not_offer() -> None:
    plan = replace(PLAN, options=(LOCKER,))
    assert plan.baseline_at(ISTANBUL, DAY) is None
