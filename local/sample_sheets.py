"""The files of the sample input: which there are, and which columns they have."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from chalicelib.domain.money import MINOR_DIGITS
from local.sheet import BadSheetsError, Faults, Row, Sheet, read

COLUMNS = {
    "campaigns.csv": "id number popup_suffix revealed_from usable_from usable_until "
    "goods_mass_g volume_cm3 packaging road_km",
    "popup_cities.csv": "id city country timezone latitude longitude currency language "
    "population geonames_id",
    "hours.csv": "campaign city opens closes days",
    "merchants.csv": "id name country city language",
    "offers.csv": "number id kind merchant stands usable_at channels percentage amount_minor "
    "cap_minor minimum_minor currency visitor_limit visitor_scope stock_units stock_per "
    "stock_shards day_limit budget_minor presence offline group hold_minutes giftable peak",
    "delivery.csv": " ".join(
        [
            "code stands kind vehicle speed bulk_km bulk_parcels",
            *sorted(MINOR_DIGITS),
            "carrier days_from days_until km_per_stop fail_rate locker_km_per_parcel",
            "feeder_km_per_parcel measured_by",
        ]
    ),
    "baselines.csv": "id version since country option basis",
    "texts.csv": "of field en",  # and any further language
}


@dataclass(frozen=True)
class Sheets:
    """The files of the sample input."""

    campaigns: Sheet
    cities: Sheet
    hours: Sheet
    merchants: Sheet
    offers: Sheet
    options: Sheet
    baselines: Sheet
    texts: Sheet

    @property
    def languages(self) -> tuple[str, ...]:
        """Every column of texts.csv but the first two is a language."""
        return tuple(name for name in self.texts.columns if name not in {"of", "field"})

    def text_row(self, of: str, field_name: str) -> Row | None:
        rows = (row for row in self.texts.rows if row.text("of") == of)
        return next((row for row in rows if row.text("field") == field_name), None)

    def wanted_texts(self) -> Iterator[tuple[str, str]]:
        """Yield the owner and the field of every text that must be there."""
        yield from ((row.text("id"), "name") for row in self.campaigns.rows)
        yield from ((row.text("id"), "story") for row in self.merchants.rows)
        for row in self.offers.rows:
            yield row.text("id"), "title"
            yield row.text("id"), "terms"


def read_all(cities: Path, sample: Path, faults: Faults) -> Sheets:
    """Read all files; where one cannot be read at all, the others are not judged by it."""

    def sheet(path: Path, name: str) -> Sheet:
        return read(path, tuple(COLUMNS[name].split()), faults, more=name == "texts.csv")

    sheets = Sheets(
        campaigns=sheet(sample / "campaigns.csv", "campaigns.csv"),
        cities=sheet(cities, "popup_cities.csv"),
        hours=sheet(sample / "hours.csv", "hours.csv"),
        merchants=sheet(sample / "merchants.csv", "merchants.csv"),
        offers=sheet(sample / "offers.csv", "offers.csv"),
        options=sheet(sample / "delivery.csv", "delivery.csv"),
        baselines=sheet(sample / "baselines.csv", "baselines.csv"),
        texts=sheet(sample / "texts.csv", "texts.csv"),
    )
    if faults.found and not all(sheet.rows for sheet in vars(sheets).values()):
        raise BadSheetsError(tuple(sorted(faults.found)))
    return sheets
