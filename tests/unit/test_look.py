"""Every city its own awning, and the same one wherever it is drawn."""

import csv
from itertools import combinations
from pathlib import Path

import pytest

from chalicelib.web.look import PAIRS, STRIPES, VALANCES, Awning, awning_of

CITIES = Path(__file__).resolve().parents[2] / "data" / "popup_cities.csv"


def test_the_same_id_gets_the_same_awning() -> None:
    awning_of.cache_clear()
    first = awning_of("istanbul")
    awning_of.cache_clear()
    assert awning_of("istanbul") == first


def test_a_city_keeps_its_awning_from_year_to_year() -> None:
    assert awning_of("istanbul-2019") == awning_of("istanbul")


@pytest.mark.parametrize("popup_id", ["", "x", "a-stand-nobody-knows", "Şişli", "1999"])
def test_any_id_gets_one_of_the_curated_awnings(popup_id: str) -> None:
    awning = awning_of(popup_id)
    assert awning.stripes in STRIPES
    assert awning.valance in VALANCES
    assert awning.pair in PAIRS


@pytest.mark.skipif(not CITIES.exists(), reason="the list of cities is not here")
def test_the_cities_of_the_first_festival_all_differ() -> None:
    with CITIES.open(encoding="utf-8", newline="") as file:
        cities = [row["id"] for row in csv.DictReader(file)]
    twins = [pair for pair in combinations(cities, 2) if _same(*map(awning_of, pair))]
    assert twins == []


def test_each_stripe_is_drawn_once_and_hangs_below_the_seam() -> None:
    awning = awning_of("istanbul")
    assert awning.flat.first.count("M") + awning.flat.second.count("M") == awning.stripes
    assert awning.roof.first.count("M") + awning.roof.second.count("M") == awning.stripes
    assert awning.flat.valance.startswith("M0 200h")
    assert (awning.width, awning.height) == (40 * awning.stripes, 230)


def test_no_pair_shows_a_green() -> None:
    for pair in PAIRS:
        for colour in (pair.first, pair.second):
            red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
            assert green <= max(red, blue)


def _same(one: Awning, other: Awning) -> bool:
    return (one.stripes, one.valance, one.pair) == (other.stripes, other.valance, other.pair)
