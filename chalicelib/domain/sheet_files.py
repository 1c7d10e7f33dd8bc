"""The files that make up a campaign: which there are, and which columns they have."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from types import MappingProxyType
from typing import Final

from chalicelib.domain import svg
from chalicelib.domain.money import MINOR_DIGITS
from chalicelib.domain.photo import Photo
from chalicelib.domain.sheet import MOST_ROWS, Faults, Layout, Place, Row, Sheet, layout, read

NO_PHOTOS: Final[Mapping[str, Photo]] = MappingProxyType({})
LOGO: Final = "logo.svg"  # beside the files with lines; it may be absent
LAYOUTS: Final[Mapping[str, Layout]] = {
    "campaign.csv": layout(
        "id number revealed_from usable_from usable_until",
        "languages= goods_mass_g= volume_cm3= packaging= road_km= sample=no accent= night=",
    ),
    "popups.csv": layout(
        "id city country timezone latitude longitude currency language",
        "number= offline_uses=1000 offline_value_minor= address=",
    ),
    "hours.csv": layout("popup opens closes days"),
    "merchants.csv": layout("id name country city language", "sample=no photo="),
    "offers.csv": layout(
        "number id kind merchant stands usable_at channels percentage amount_minor cap_minor "
        "minimum_minor currency visitor_limit visitor_scope stock_units stock_per stock_shards "
        "day_limit budget_minor presence offline group hold_minutes giftable peak",
        "claimable_from= usable_from= usable_until= closed=no sample=no",
    ),
    "delivery.csv": layout(
        "code kind vehicle speed bulk_km bulk_parcels",
        "stands=* "
        + " ".join(f"{currency}=" for currency in sorted(MINOR_DIGITS))
        + " carrier= days_from= days_until= km_per_stop= fail_rate= locker_km_per_parcel= "
        "feeder_km_per_parcel= measured_by=",
    ),
    "baselines.csv": layout("id version since country option basis"),
    "texts.csv": layout("of field en", more=True),
}


@dataclass(frozen=True)
class Sheets:
    """The files of one campaign. Every column of the texts but the first two is a language.

    `photos` are those that lines may name, by digest.
    """

    campaign: Sheet
    popups: Sheet
    hours: Sheet
    merchants: Sheet
    offers: Sheet
    delivery: Sheet
    baselines: Sheet
    texts: Sheet
    logo: str = ""
    photos: Mapping[str, Photo] = field(default_factory=dict)

    @property
    def row(self) -> Row:
        """The one line of the campaign itself."""
        return self.campaign.rows[0]

    @property
    def languages(self) -> tuple[str, ...]:
        named = self.row.text("languages").split()
        return tuple(named) or tuple(n for n in self.texts.columns if n not in {"of", "field"})

    @cached_property
    def text_rows(self) -> Mapping[tuple[str, str], Row]:
        """The lines of texts by owner and field; the first one where there are two."""
        found: dict[tuple[str, str], Row] = {}
        for row in self.texts.rows:
            found.setdefault((row.text("of"), row.text("field")), row)
        return found

    @cached_property
    def hours_of(self) -> Mapping[str, list[Row]]:
        return self.hours.by("popup")

    @property
    def all(self) -> tuple[Sheet, ...]:
        parts = (getattr(self, each.name) for each in fields(self))
        return tuple(part for part in parts if isinstance(part, Sheet))


def read_all(
    files: Mapping[str, bytes], faults: Faults, photos: Mapping[str, Photo] = NO_PHOTOS
) -> Sheets:
    """Read every file, all together to the first line too many; an unreadable one has no lines."""
    sheets: dict[str, Sheet] = {}
    left = MOST_ROWS
    for name, columns in LAYOUTS.items():
        sheet = read(name, files.get(name), columns, faults, max(0, left))
        sheets[name.removesuffix(".csv")] = sheet
        left -= len(sheet.rows)
    return Sheets(**sheets, logo=_logo(files.get(LOGO), faults), photos=photos)


def _logo(data: bytes | None, faults: Faults) -> str:
    """Return the logo, cleaned; '' where the zip has none."""
    if data is None:
        return ""
    try:
        return svg.sanitised(data)
    except svg.BadSvgError as error:
        faults.add(Place(LOGO, 1, "-"), error.sentence)
        return ""
