"""Cities as their visitors call them: the table of names that is shipped with the product."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

TABLE = Path(__file__).parent / "data" / "city_names.csv"


def name_in(city: str, language: str) -> str:
    """Return a city's name in a language; one that the table does not have stays as it is.

    Pages and prints for visitors say it. Documents, files, scanners and the console keep what the
    campaign wrote, by which machines and members know the stand.
    """
    return _names().get((city.casefold(), language), city)


@cache
def _names() -> Mapping[tuple[str, str], str]:
    """Read the table once for each process; an empty cell is the campaign's own name."""
    rows = csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines())
    return {
        (row["city"].casefold(), language): name
        for row in rows
        for language, name in row.items()
        if language != "city" and name
    }
