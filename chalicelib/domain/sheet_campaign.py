"""A campaign read from its files, with the cell behind each value of it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from chalicelib.domain import branding, photo, sheet_delivery, sheet_offer, validation
from chalicelib.domain.branding import Branding
from chalicelib.domain.campaign import Calendar, Campaign
from chalicelib.domain.delivery_plan import BaselineRecord, DeliveryPlan, StandOption
from chalicelib.domain.merchant import Merchant, Texts
from chalicelib.domain.offer import EVERYWHERE, Offer
from chalicelib.domain.photo import Photo
from chalicelib.domain.popup import Popup, Session
from chalicelib.domain.sentence import said
from chalicelib.domain.sheet import Faults, Place, Row
from chalicelib.domain.sheet_files import LOGO, Sheets
from chalicelib.domain.sheet_offer import Stands

CALENDAR: Final = ("revealed_from", "usable_from", "usable_until")
PLAN: Final = ("goods_mass_g", "volume_cm3", "packaging", "road_km")
POPUP: Final[Mapping[str, str]] = {
    **dict.fromkeys(("popup_id", "hours"), "id"),
    **{name: name for name in ("number", "city", "country", "currency", "language")},
    **{name: name for name in ("latitude", "longitude", "address")},
    "time_zone": "timezone",
}
_DAYS: Final = re.compile(r"([1-7])(?:-([1-7]))?")


@dataclass(frozen=True)
class Noted:
    """Which cells of a row stand behind the values below a pointer, by their names there."""

    row: Row
    columns: Mapping[str, str]
    cure: str

    def place(self, name: str) -> tuple[Place, str]:
        return self.row.place(self.columns[name]), self.cure

    @property
    def first(self) -> tuple[Place, str]:
        return self.place(next(iter(self.columns)))


@dataclass
class Reading:
    """One campaign in the making. `places` maps JSON pointers to cells, with a cure to add.

    What a row holds is `noted` by row: cells are looked up for faults alone.
    """

    sheets: Sheets
    faults: Faults
    places: dict[str, tuple[Place, str]] = field(default_factory=dict)
    noted: dict[str, Noted] = field(default_factory=dict)
    dated: str = ""  # what to add to a fault of the calendar

    def note(self, pointer: str, row: Row, columns: Mapping[str, str], cure: str = "") -> None:
        """Remember which cell of the row stands behind each value below the pointer."""
        self.noted[pointer] = Noted(row, columns, cure)

    def place(self, pointer: str) -> tuple[Place, str]:
        """Return the cell behind a pointer, or behind the part that holds it."""
        found = self.places.get(pointer) or self._of_row(pointer)
        return found or self.place(pointer.rpartition("/")[0])  # at last the campaign's own row

    def _of_row(self, pointer: str) -> tuple[Place, str] | None:
        """Return the cell of a value that a row holds, or the first cell of a whole row."""
        if pointer in self.noted:
            return self.noted[pointer].first
        head, name = pointer, ""
        while head:
            head, _, last = head.rpartition("/")
            name = f"{last}/{name}" if name else last
            noted = self.noted.get(head)
            if noted and name in noted.columns:
                return noted.place(name)
        return None

    def campaign(self) -> Campaign:
        """Return the campaign that the files describe, sound or not."""
        row, sheets = self.sheets.row, self.sheets
        self._named()
        self.note("", row, {"campaign_id": "id", "number": "number", "languages": "languages"})
        self.places["/popups"] = (Place(sheets.popups.file, 1, "id"), said("add a line"))
        if not row.text("languages"):
            for index, language in enumerate(sheets.languages):
                self.places[f"/languages/{index}"] = (Place(sheets.texts.file, 1, language), "")
        return Campaign(
            campaign_id=row.text("id"),
            number=row.whole("number"),
            name=self.texts("/name", row, "name"),
            calendar=self._calendar(),
            languages=sheets.languages,
            popups=tuple(self._popup(i, one) for i, one in enumerate(sheets.popups.rows)),
            merchants=tuple(self._merchant(i, one) for i, one in enumerate(sheets.merchants.rows)),
            offers=tuple(self._offer(i, one) for i, one in enumerate(sheets.offers.rows)),
            delivery=self._delivery(),
            sample=row.flag("sample"),
            branding=self._branding(),
        )

    def judged(self, campaign: Campaign, faults: Faults) -> None:
        """Add what the rules of a publish say, at the cells behind it."""
        for fault in validation.faults(campaign):
            place, cure = self.place(fault.pointer)
            if (place.file, place.line) not in self.faults.unread:
                told = said("{fault}; {cure}", fault=fault.message, cure=cure)
                faults.add(place, told if cure else fault.message)

    def _named(self) -> None:
        """Find lines that speak of things which no other file has."""
        known = {EVERYWHERE, *(row.text("id") for row in self.sheets.popups.rows)}
        for row in self.sheets.hours.rows:
            name = row.text("popup")
            if name not in known:
                told = said(
                    "'{given}' is not in {file}; add it there or remove this line",
                    given=name,
                    file=self.sheets.popups.file,
                )
                row.fail("popup", told)
        wanted, seen = set(self._wanted()), set[tuple[str, str]]()
        for row in self.sheets.texts.rows:
            text = (row.text("of"), row.text("field"))
            if text not in wanted:
                told = said(
                    "nothing has the text {text}; write the id of the campaign (name), "
                    "a merchant (story) or an offer (title, terms), or remove the line",
                    text=",".join(text),
                )
                row.fail("of", told)
            if text in seen:
                row.fail("of", said("{text} stands here twice; remove one", text=",".join(text)))
            seen.add(text)

    def _wanted(self) -> Iterator[tuple[str, str]]:
        """Yield the owner and the field of every text that must be there."""
        yield self.sheets.row.text("id"), "name"
        yield from ((row.text("id"), "story") for row in self.sheets.merchants.rows)
        for row in self.sheets.offers.rows:
            yield row.text("id"), "title"
            yield row.text("id"), "terms"

    def texts(self, pointer: str, owner: Row, field_name: str) -> Texts:
        """Return the texts of an owner in the languages in which it has any."""
        of, file = owner.text("id"), self.sheets.texts.file
        row = self.sheets.text_rows.get((of, field_name))
        if row is None:
            cure = said("add a line {line} to {file}", line=f"{of},{field_name},…", file=file)
            self.places[pointer] = (owner.place("id"), cure)
            return {}
        languages = [name for name in self.sheets.texts.columns if name not in {"of", "field"}]
        self.note(pointer, row, {"en": "en", **{name: name for name in languages}})
        return {name: row.words(name) for name in languages if row.text(name)}

    def _calendar(self) -> Calendar:
        row = self.sheets.row
        self.note("/calendar", row, {name: name for name in CALENDAR}, self.dated)
        return Calendar(**{name: row.text(name) for name in CALENDAR})

    def _branding(self) -> Branding | None:
        row = self.sheets.row
        self.note("/branding", row, {"accent": "accent", "night": "night"})
        self.places["/branding/logo"] = (Place(LOGO, 1, "-"), "")
        return branding.made(row.text("accent"), row.text("night"), self.sheets.logo)

    def _popup(self, index: int, row: Row) -> Popup:
        self.note(f"/popups/{index}", row, POPUP)
        return Popup(
            popup_id=row.text("id"),
            number=row.whole("number") if row.text("number") else index + 1,
            city=row.words("city"),
            country=row.text("country"),
            time_zone=row.text("timezone"),
            currency=row.text("currency"),
            language=row.text("language"),
            latitude=row.number("latitude"),
            longitude=row.number("longitude"),
            hours=tuple(self._sessions(index, row)),
            offline_uses=row.whole("offline_uses"),
            offline_value_minor=row.whole_or_none("offline_value_minor"),
            address=row.words("address"),
        )

    def _sessions(self, index: int, popup: Row) -> Iterator[Session]:
        hours, popup_id = self.sheets.hours_of, popup.text("id")
        rows = hours.get(popup_id) or hours.get(EVERYWHERE) or ()
        if not rows:
            line = f"{popup_id},10:00,20:00,1-7"
            cure = said("add a line {line} to {file}", line=line, file=self.sheets.hours.file)
            self.places[f"/popups/{index}/hours"] = (popup.place("id"), cure)
        for number, row in enumerate(rows):
            columns = {name: name for name in ("opens", "closes", "days")}
            self.note(f"/popups/{index}/hours/{number}", row, columns)
            yield Session(row.text("opens"), row.text("closes"), days(row))

    def _merchant(self, index: int, row: Row) -> Merchant:
        columns = {name: name for name in ("name", "country", "city", "language", "photo")}
        self.note(f"/merchants/{index}", row, {"merchant_id": "id", **columns})
        return Merchant(
            merchant_id=row.text("id"),
            name=row.words("name"),
            country=row.text("country"),
            city=row.words("city"),
            language=row.text("language"),
            story=self.texts(f"/merchants/{index}/story", row, "story"),
            sample=row.flag("sample"),
            photo=self._photo(row),
        )

    def _photo(self, row: Row) -> Photo | None:
        """Return the photo that a line names by its digest; only one that is kept can be named."""
        digest, kept = row.text("photo"), self.sheets.photos
        if digest and digest not in kept:
            row.fail("photo", photo.unknown(digest))
        return kept.get(digest)

    @cached_property
    def _stands(self) -> Stands:
        popups = self.sheets.popups
        countries = {row.text("id"): row.text("country") for row in popups.rows}
        return Stands(popups.file, countries)

    def _offer(self, index: int, row: Row) -> Offer:
        pointer = f"/offers/{index}"
        self.note(pointer, row, sheet_offer.COLUMNS)
        title, terms = (self.texts(f"{pointer}/{name}", row, name) for name in ("title", "terms"))
        return sheet_offer.read(row, self._stands, title, terms)

    def _delivery(self) -> DeliveryPlan | None:
        """Return the plan; four empty cells, no way and no baseline mean that there is none."""
        row, rows, file = self.sheets.row, self.sheets.delivery.rows, self.sheets.delivery.file
        baselines = self.sheets.baselines.rows
        if not rows and not baselines and not any(row.text(name) for name in PLAN):
            return None
        self.note("/delivery", row, {name: name for name in PLAN})
        self.places["/delivery/options"] = (Place(file, 1, "code"), said("add a line"))
        return DeliveryPlan(
            goods_mass_g=row.number("goods_mass_g"),
            volume_cm3=row.number("volume_cm3"),
            packaging=row.text("packaging"),
            road_km=row.number("road_km"),
            options=tuple(self._option(index, option) for index, option in enumerate(rows)),
            baselines=tuple(self._baseline(index, line) for index, line in enumerate(baselines)),
        )

    def _option(self, index: int, row: Row) -> StandOption:
        pointer = f"/delivery/options/{index}"
        self.note(pointer, row, sheet_delivery.OPTION)
        option = sheet_delivery.option(row, self._stands.named(row))
        for name in option.price_minor:
            self.places[f"{pointer}/price_minor/{name}"] = row.place(name), ""
        return option

    def _baseline(self, index: int, row: Row) -> BaselineRecord:
        self.note(f"/delivery/baselines/{index}", row, sheet_delivery.BASELINE)
        return sheet_delivery.baseline(row)


def days(row: Row) -> tuple[int, ...]:
    """Read ISO weekdays: `1-5`, `6 7`, `1-4 6`."""
    named: list[int] = []
    for part in row.text("days").split():
        found = _DAYS.fullmatch(part)
        if found is None:
            told = said(
                "'{given}' is no weekday; write 1-7 for every day, or 1-5, or 6 7", given=part
            )
            row.fail("days", told)
            continue
        named += range(int(found[1]), int(found[2] or found[1]) + 1)
    return tuple(named)
