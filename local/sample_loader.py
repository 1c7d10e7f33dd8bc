"""The sample input of the local run: CSV files in, campaigns out, each fault with its place.

`data/popup_cities.csv` holds the cities, `local/sample/` the rest; local/sample/README.md says
what each column means. Each campaign of the files is read as the import of a zip would read it,
once its day and its stands' ids are put in.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from chalicelib.domain.campaign import Campaign
from chalicelib.domain.offer import EVERYWHERE
from chalicelib.domain.sheet import (
    Faults,
    Layout,
    Place,
    Row,
    Sheet,
    SheetFault,
    layout,
    read,
)
from chalicelib.domain.sheet_campaign import CALENDAR, Reading
from chalicelib.domain.sheet_files import LAYOUTS, Sheets

HERE = Path(__file__).parent
CITIES = HERE.parent / "data" / "popup_cities.csv"
SAMPLE = HERE / "sample"
NEEDED = ("festival-2019", "festival-now")
_TODAY: Final = re.compile(r"today([+-][0-9]{1,3})?(?=T|$)")
_DATED: Final = "or count from the day of the start, for example today+1T24:00"
_FILES: Final[Mapping[str, Layout]] = {
    "campaigns.csv": layout(
        "id number popup_suffix revealed_from usable_from usable_until "
        "goods_mass_g volume_cm3 packaging road_km",
        "languages= sample=yes accent= night=",
    ),
    "popup_cities.csv": layout(
        "id city country timezone latitude longitude currency language population geonames_id",
        "number= offline_uses=1000 offline_value_minor= address=",
    ),
    "hours.csv": layout("campaign popup opens closes days"),
    **{name: LAYOUTS[name] for name in ("merchants.csv", "offers.csv", "delivery.csv")},
    **{name: LAYOUTS[name] for name in ("baselines.csv", "texts.csv")},
}


class BadSheetsError(ValueError):
    """The files cannot be used; `faults` says where and why, all at once."""

    def __init__(self, faults: tuple[SheetFault, ...]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


def festival_2019() -> Campaign:
    """Return the reconstruction of 2019, with its true calendar."""
    return _named(load(date(2019, 11, 11)), "festival-2019")


def festival_now(today: date) -> Campaign:
    """Return the festival whose calendar lies around `today`."""
    return _named(load(today), "festival-now")


def load(today: date, *, cities: Path = CITIES, sample: Path = SAMPLE) -> tuple[Campaign, ...]:
    """Return the campaigns of the files. Raises BadSheetsError with all their faults at once."""
    faults = Faults()
    files = _read(cities, sample, faults)
    _names(files, faults)
    readings = [
        Reading(part.sheets(), faults, dated=_DATED)
        for part in (_Part(files, row, today) for row in files["campaigns.csv"].rows)
    ]
    campaigns = tuple(reading.campaign() for reading in readings)
    for reading, campaign in zip(readings, campaigns, strict=True):
        reading.judged(campaign, faults)
    if faults.found:
        raise BadSheetsError(faults.sorted())
    return campaigns


def _read(cities: Path, sample: Path, faults: Faults) -> dict[str, Sheet]:
    """Read all files; where one cannot be read at all, the others are not judged by it."""
    files = {}
    for name, form in _FILES.items():
        path = cities if name == "popup_cities.csv" else sample / name
        files[name] = read(name, path.read_bytes() if path.exists() else None, form, faults)
    if faults.found and not all(sheet.rows for sheet in files.values()):
        raise BadSheetsError(faults.sorted())
    return files


@dataclass(frozen=True)
class _Part:
    """One campaign of the files: its lines as the files of a zip would have them."""

    files: Mapping[str, Sheet]
    row: Row
    today: date

    def sheets(self) -> Sheets:
        """Return its files, with days and ids put in; each cell keeps its place."""
        files = self.files
        return Sheets(
            campaign=replace(files["campaigns.csv"], rows=(self._dated(),)),
            popups=self._with(files["popup_cities.csv"], "id"),
            hours=self._with(files["hours.csv"], "popup", campaign=self.row.text("id")),
            merchants=self._made_up(files["merchants.csv"]),
            offers=self._made_up(self._with(files["offers.csv"], "stands")),
            delivery=self._with(files["delivery.csv"], "stands"),
            baselines=files["baselines.csv"],
            texts=self._texts(),
        )

    def _dated(self) -> Row:
        """Put the date in for `today`, `today-3`, `today+1`."""
        cells = {name: self._day(self.row.text(name)) for name in CALENDAR}
        return replace(self.row, cells={**self.row.cells, **cells})

    def _day(self, text: str) -> str:
        found = _TODAY.match(text)
        if found is None:
            return text
        return (self.today + timedelta(days=int(found[1] or 0))).isoformat() + text[found.end() :]

    def _with(self, sheet: Sheet, column: str, campaign: str | None = None) -> Sheet:
        """Put the campaign's suffix behind each city's id in a column."""
        rows = (r for r in sheet.rows if campaign is None or r.text("campaign") == campaign)
        changed = (replace(r, cells={**r.cells, column: self._ids(r.text(column))}) for r in rows)
        return replace(sheet, rows=tuple(changed))

    def _ids(self, text: str) -> str:
        suffix = self.row.text("popup_suffix")
        return " ".join(
            word if word == EVERYWHERE or word.isupper() else word + suffix for word in text.split()
        )

    def _made_up(self, sheet: Sheet) -> Sheet:
        """Mark every line as a sample."""
        rows = tuple(replace(row, cells={**row.cells, "sample": "yes"}) for row in sheet.rows)
        return replace(sheet, rows=rows)

    def _texts(self) -> Sheet:
        """Leave out the names of other campaigns."""
        sheet = self.files["texts.csv"]
        others = {row.text("id") for row in self.files["campaigns.csv"].rows} - {
            self.row.text("id")
        }
        rows = tuple(row for row in sheet.rows if row.text("of") not in others)
        return replace(sheet, rows=rows)


def _names(files: Mapping[str, Sheet], faults: Faults) -> None:
    """Find what is wrong with the campaigns beside each other."""
    rows = files["campaigns.csv"].rows
    campaigns = {row.text("id") for row in rows}
    for name in NEEDED:
        if name not in campaigns:
            place = Place("campaigns.csv", 1, "id")
            faults.add(place, f"there is no campaign {name}, which the local run shows; add it")
    for column in ("id", "number"):
        for row in _repeats(rows, column):
            faults.add(row.place(column), f"{row.text(column)!r} stands here twice; change one")
    for row in files["hours.csv"].rows:
        if row.text("campaign") not in campaigns:
            cure = "add it there or remove this line"
            row.fail("campaign", f"{row.text('campaign')!r} is not in campaigns.csv; {cure}")


def _repeats(rows: tuple[Row, ...], column: str) -> Iterator[Row]:
    seen = set()
    for row in rows:
        if row.text(column) in seen:
            yield row
        seen.add(row.text(column))


def _named(campaigns: tuple[Campaign, ...], campaign_id: str) -> Campaign:
    return next(one for one in campaigns if one.campaign_id == campaign_id)


def main() -> int:
    """Check the files and say what they hold: `python -m local.sample_loader`."""
    try:
        campaigns = load(datetime.now(tz=UTC).date())
    except BadSheetsError as error:
        print(error, file=sys.stderr)
        return 1
    for one in campaigns:
        counts = (
            f"{len(one.popups)} stands, {len(one.merchants)} merchants, {len(one.offers)} offers"
        )
        window = f"usable {one.calendar.usable_from} to {one.calendar.usable_until}"
        print(f"{one.campaign_id}: {counts}, {window}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
