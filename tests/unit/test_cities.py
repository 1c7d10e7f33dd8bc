"""The table of cities' names: whole, in the right letters, and nothing in it that says nothing."""

import csv
import unicodedata
from pathlib import Path

import pytest

from chalicelib.cities import TABLE, name_in
from chalicelib.web.languages import LANGUAGES
from chalicelib.web.wording import city_of

SAMPLE = Path(__file__).parents[2] / "data" / "popup_cities.csv"
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
CELLS = [
    (row["city"], language, name)
    for row in ROWS
    for language, name in row.items()
    if language != "city" and name
]
LETTERS = {"ru": "CYRILLIC", "ar": "ARABIC"}


def _sample(column: str) -> set[str]:
    return {row[column] for row in csv.DictReader(SAMPLE.read_text(encoding="utf-8").splitlines())}


def test_it_has_each_city_of_the_sample_and_of_its_zones_once() -> None:
    cities = [row["city"] for row in ROWS]
    assert len(cities) == len({city.casefold() for city in cities})
    assert set(cities) == _sample("city") | set(map(city_of, _sample("timezone")))


def test_it_has_each_language_but_english() -> None:
    assert ["en", *list(ROWS[0])[1:]] == [code for code, _ in LANGUAGES]


def test_whoever_reads_other_letters_gets_all_names_in_them() -> None:
    assert [row["city"] for row in ROWS if not all(row[language] for language in LETTERS)] == []


@pytest.mark.parametrize(("city", "language", "name"), CELLS)
def test_a_cell_is_another_name_in_its_languages_letters(
    city: str, language: str, name: str
) -> None:
    assert name != city
    assert name == unicodedata.normalize("NFC", name.strip())
    letters = {unicodedata.name(letter).split()[0] for letter in name if letter.isalpha()}
    assert letters == {LETTERS.get(language, "LATIN")}


@pytest.mark.parametrize(
    ("city", "language", "name"),
    [
        ("Istanbul", "tr", "İstanbul"),
        ("ISTANBUL", "ru", "Стамбул"),
        ("İzmir", "ar", "إزمير"),
        ("İzmir", "tr", "İzmir"),
        ("Rome", "fr", "Rome"),
        ("Rome", "en", "Rome"),
        ("Ordu", "ru", "Ordu"),
        ("", "ar", ""),
    ],
)
def test_a_name_that_is_not_known_stays_as_it_is(city: str, language: str, name: str) -> None:
    assert name_in(city, language) == name
