"""The table of factors: its schema, row by row, and what the parser refuses."""

import csv
from dataclasses import replace
from typing import get_args

import pytest

from chalicelib.domain.delivery_inputs import Mode, TripMode, Vehicle
from chalicelib.domain.delivery_legs import (
    MATERIAL_FACTOR,
    MIX,
    MIX_CLASSES,
    MODE_FACTOR,
    NO_EMISSION,
    TRIP_FACTOR,
    VEHICLE_FACTOR,
)
from chalicelib.domain.delivery_quality import SAME_VEHICLE
from chalicelib.domain.emission_factors import COLUMNS, FactorsError, parse_factors
from chalicelib.factors import TABLE, shipped_factors

TEXT = TABLE.read_text(encoding="utf-8")
ROWS = list(csv.DictReader(TEXT.splitlines()))
HEADER = ",".join(COLUMNS)
GOOD = "x,engine,linehaul,road,10,g/tkm,8,12,GB,2025,A source,page 1,OGL,a note"
FACTORS = shipped_factors()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_a_row_of_the_table_keeps_its_schema(row: dict[str, str]) -> None:
    assert row["role"] in {"engine", "check", "gap"}
    assert all(row[column] for column in ("id", "leg", "mode", "unit", "source", "licence"))
    assert not row["year"] or 1990 <= int(row["year"]) <= 2030
    if row["role"] == "gap":
        assert not row["value"]
        return
    value = float(row["value"])
    assert float(row["low"] or value) <= value <= float(row["high"] or value)
    assert row["role"] == "check" or value >= 0


def test_an_id_stands_once() -> None:
    assert len({row["id"] for row in ROWS}) == len(ROWS) == len(FACTORS.rows) + len(FACTORS.gaps)


def test_every_factor_that_the_calculator_names_is_there() -> None:
    mix = {f"ct_mix_{name}_{share}" for _, name in MIX_CLASSES for share in MIX}
    tables = (MATERIAL_FACTOR, MODE_FACTOR, VEHICLE_FACTOR, TRIP_FACTOR)
    named = {*mix, *SAME_VEHICLE, *(each for table in tables for each in table.values())}

    assert all(FACTORS[each].value > 0 for each in named)


def test_every_mode_has_its_factor() -> None:
    assert set(MODE_FACTOR) == set(get_args(Mode))
    assert set(VEHICLE_FACTOR) == set(get_args(Vehicle))
    assert set(TRIP_FACTOR) | NO_EMISSION == set(get_args(TripMode))


@pytest.mark.parametrize("below", MIX_CLASSES)
def test_the_shares_of_a_mix_are_the_whole(below: tuple[float, str]) -> None:
    shares = [row for row in ROWS if row["id"].startswith(f"ct_mix_{below[1]}_")]

    assert sum(float(row["value"]) for row in shares) == pytest.approx(1, abs=0.001)


def test_the_calculator_reads_engine_rows_only() -> None:
    assert FACTORS["lh_rail"].value == 34.7
    for other in ("lh_rail_ademe", "lm_locker_electricity", "no_such_factor"):
        with pytest.raises(KeyError):
            FACTORS[other]


def test_a_gap_has_no_value() -> None:
    assert set(FACTORS.gaps) == {row["id"] for row in ROWS if row["role"] == "gap"}
    assert FACTORS.gaps["lm_locker_electricity"].unit == "kWh/parcel"


def test_a_country_without_a_figure_gets_the_worlds() -> None:
    assert FACTORS.grid("TR").id == "grid_TR"
    assert FACTORS.grid("ZZ").id == "grid_WORLD"


def test_the_digest_changes_with_the_table() -> None:
    assert len(FACTORS.sha256) == 64
    assert parse_factors(TEXT).sha256 == FACTORS.sha256
    assert parse_factors(TEXT.replace("240.8", "240.9")).sha256 != FACTORS.sha256


def test_a_factor_knows_its_steps() -> None:
    factor = parse_factors(f"{HEADER}\n{GOOD}\n")["x"]

    assert factor.fall == pytest.approx(-0.2)
    assert factor.rise == pytest.approx(0.2)
    assert factor.year == 2025


def test_zero_has_no_range() -> None:
    still = replace(FACTORS["lh_rail"], value=0.0, low=0.0, high=0.17)

    assert (still.fall, still.rise) == (0, 0)


def test_a_factor_can_be_seen_through_a_rule() -> None:
    double = FACTORS["lh_rail"].mapped(lambda value: 2 * value + 1)

    assert double.id == "lh_rail"
    assert [double.low, double.value, double.high] == pytest.approx([49.58, 70.4, 91.22])


@pytest.mark.parametrize(
    ("factor_id", "ground"),
    [
        ("lh_road_parcel", "published"),
        ("lm_locker_km_per_parcel", "vendor"),
        ("lm_microhub_feeder_km", "assumption"),
        ("pk_box_area_coef", "assumption"),
    ],
)
def test_a_factor_says_what_it_rests_on(factor_id: str, ground: str) -> None:
    assert FACTORS[factor_id].ground == ground


@pytest.mark.parametrize(
    ("row", "line", "column"),
    [
        (GOOD.replace("x,", ",", 1), 2, "id"),
        (GOOD.replace("A source", ""), 2, "source"),
        (GOOD.replace("engine", "motor"), 2, "role"),
        (GOOD.replace(",10,", ",ten,"), 2, "value"),
        (GOOD.replace(",10,", ",inf,"), 2, "value"),
        (GOOD.replace(",8,", ",eight,"), 2, "low"),
        (GOOD.replace(",8,", ",11,"), 2, "low"),
        (GOOD.replace(",12,", ",9,"), 2, "low"),
        (GOOD.replace(",8,", ",-8,"), 2, "low"),
        (GOOD.replace("2025", "soon"), 2, "year"),
        (GOOD.removesuffix(",a note"), 2, "note"),
        (GOOD + ",more", 2, "note"),
        (f"{GOOD}\n{GOOD}", 3, "id"),
    ],
)
def test_a_fault_in_the_table_is_found_with_its_place(row: str, line: int, column: str) -> None:
    with pytest.raises(FactorsError) as refused:
        parse_factors(f"{HEADER}\n{row}\n")

    assert (refused.value.line, refused.value.column) == (line, column)


@pytest.mark.parametrize("text", ["", "id,value\n", f"{HEADER},more\n"])
def test_the_columns_are_fixed(text: str) -> None:
    with pytest.raises(FactorsError, match="line 1"):
        parse_factors(text)
