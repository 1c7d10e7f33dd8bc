"""The parts of a sample campaign, each read from its lines, with the cell behind each value."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from difflib import get_close_matches

from chalicelib.domain.campaign import Calendar, Campaign
from chalicelib.domain.delivery_plan import BaselineRecord, DeliveryPlan, StandOption
from chalicelib.domain.merchant import Merchant, Texts
from chalicelib.domain.offer import EVERYWHERE, Benefit, Channel, Kind, Offer, Reach, Scope, Stock
from chalicelib.domain.popup import Popup, Session
from local import sample_delivery
from local.sample_sheets import Sheets
from local.sheet import Place, Row

_TODAY = re.compile(r"today([+-][0-9]{1,3})?(?=T|$)")
_DAYS = re.compile(r"([1-7])(?:-([1-7]))?")
_CALENDAR = ("revealed_from", "usable_from", "usable_until")
_POPUP = {
    **dict.fromkeys(("popup_id", "number", "hours"), "id"),
    **{name: name for name in ("city", "country", "currency", "language", "latitude", "longitude")},
    "time_zone": "timezone",
}
_OFFER = {
    "offer_id": "id",
    "number": "number",
    "merchant_id": "merchant",
    "popup_ids": "stands",
    "benefit": "kind",
    **{
        f"benefit/{name}": name
        for name in ("percentage", "amount_minor", "cap_minor", "minimum_minor", "currency")
    },
    **{f"stock/{name}": f"stock_{name}" for name in ("units", "shards")},
    "stock/peak_per_second": "peak",
    **{name: name for name in ("channels", "visitor_limit", "day_limit", "budget_minor")},
    **{name: name for name in ("group", "hold_minutes")},
}


@dataclass
class Draft:
    """One campaign in the making. `places` maps JSON pointers to cells, with a cure to add."""

    sheets: Sheets
    row: Row
    today: date
    places: dict[str, tuple[Place, str]] = field(default_factory=dict)

    def note(self, pointer: str, row: Row, columns: Mapping[str, str], cure: str = "") -> None:
        """Remember which cell of the row stands behind each value below the pointer."""
        self.places.setdefault(pointer, (row.place(next(iter(columns.values()))), cure))
        for name, column in columns.items():
            self.places[f"{pointer}/{name}"] = (row.place(column), cure)

    def place(self, pointer: str) -> tuple[Place, str]:
        """Return the cell behind a pointer, or behind the part that holds it."""
        while pointer and pointer not in self.places:
            pointer = pointer.rpartition("/")[0]
        return self.places.get(pointer, (self.row.place("id"), ""))

    def campaign(self) -> Campaign:
        """Return the campaign that the files describe, sound or not."""
        row, sheets = self.row, self.sheets
        self.note("", row, {"campaign_id": "id", "number": "number"})
        self.places["/popups"] = (Place("popup_cities.csv", 1, "id"), "; add a line")
        for index, language in enumerate(sheets.languages):
            self.places[f"/languages/{index}"] = (Place("texts.csv", 1, language), "")
        return Campaign(
            campaign_id=row.text("id"),
            number=row.whole("number"),
            name=self._texts("/name", row, "name"),
            calendar=self._calendar(),
            languages=sheets.languages,
            popups=tuple(self._popup(i, city) for i, city in enumerate(sheets.cities.rows)),
            merchants=tuple(self._merchant(i, one) for i, one in enumerate(sheets.merchants.rows)),
            offers=tuple(self._offer(i, offer) for i, offer in enumerate(sheets.offers.rows)),
            delivery=self._delivery(),
            sample=True,
        )

    def _texts(self, pointer: str, owner: Row, field_name: str) -> Texts:
        of = owner.text("id")
        row = self.sheets.text_row(of, field_name)
        if row is None:
            cure = f"; add a line {of},{field_name},… to texts.csv"
            self.places[pointer] = (owner.place("id"), cure)
            return {}
        self.note(pointer, row, {"en": "en", **{name: name for name in self.sheets.languages}})
        return {name: row.text(name) for name in self.sheets.languages if row.text(name)}

    def _calendar(self) -> Calendar:
        cure = ", or count from the day of the start, for example today+1T24:00"
        self.note("/calendar", self.row, {name: name for name in _CALENDAR}, cure)
        return Calendar(**{name: self._dated(self.row.text(name)) for name in _CALENDAR})

    def _dated(self, text: str) -> str:
        """Put the date in for `today`, `today-3`, `today+1`."""
        found = _TODAY.match(text)
        if found is None:
            return text
        day = self.today + timedelta(days=int(found[1] or 0))
        return day.isoformat() + text[found.end() :]

    def _popup(self, index: int, row: Row) -> Popup:
        self.note(f"/popups/{index}", row, _POPUP)
        return Popup(
            popup_id=self._popup_id(row),
            number=index + 1,
            city=row.text("city"),
            country=row.text("country"),
            time_zone=row.text("timezone"),
            currency=row.text("currency"),
            language=row.text("language"),
            latitude=row.number("latitude"),
            longitude=row.number("longitude"),
            hours=tuple(self._sessions(index, row)),
        )

    def _popup_id(self, city: Row) -> str:
        return city.text("id") + self.row.text("popup_suffix")

    def _sessions(self, index: int, city: Row) -> Iterator[Session]:
        mine = [
            row for row in self.sheets.hours.rows if row.text("campaign") == self.row.text("id")
        ]
        own = [row for row in mine if row.text("city") == city.text("id")]
        rows = own or [row for row in mine if row.text("city") == EVERYWHERE]
        if not rows:
            cure = (
                f"; add a line {self.row.text('id')},{city.text('id')},10:00,20:00,1-7 to hours.csv"
            )
            self.places[f"/popups/{index}/hours"] = (city.place("id"), cure)
        for number, row in enumerate(rows):
            columns = {name: name for name in ("opens", "closes", "days")}
            self.note(f"/popups/{index}/hours/{number}", row, columns)
            yield Session(row.text("opens"), row.text("closes"), _days(row))

    def _merchant(self, index: int, row: Row) -> Merchant:
        columns = {name: name for name in ("name", "country", "city", "language")}
        self.note(f"/merchants/{index}", row, {"merchant_id": "id", **columns})
        return Merchant(
            merchant_id=row.text("id"),
            **{name: row.text(name) for name in columns},
            story=self._texts(f"/merchants/{index}/story", row, "story"),
            sample=True,
        )

    def _offer(self, index: int, row: Row) -> Offer:
        pointer = f"/offers/{index}"
        self.note(pointer, row, _OFFER)
        return Offer(
            offer_id=row.text("id"),
            number=row.whole("number"),
            title=self._texts(f"{pointer}/title", row, "title"),
            terms=self._texts(f"{pointer}/terms", row, "terms"),
            benefit=_benefit(row),
            popup_ids=self._stands(row),
            merchant_id=row.text("merchant") or None,
            usable_at=row.choice("usable_at", Reach),
            channels=row.choices("channels", Channel),
            visitor_limit=row.whole("visitor_limit"),
            visitor_scope=row.choice("visitor_scope", Scope),
            stock=_stock(row),
            day_limit=row.whole_or_none("day_limit"),
            budget_minor=row.whole_or_none("budget_minor"),
            presence_required=row.flag("presence"),
            offline=row.flag("offline"),
            group=row.text("group") or None,
            hold_minutes=row.whole_or_none("hold_minutes"),
            giftable=row.flag("giftable"),
            sample=True,
        )

    def _stands(self, row: Row) -> tuple[str, ...]:
        """Return the pop-ups of `*`, or of the cities and countries that the cell names."""
        if row.text("stands") == EVERYWHERE:
            return (EVERYWHERE,)
        named = row.text("stands").split()
        cities = self.sheets.cities.rows
        names = [city.text(column) for city in cities for column in ("id", "country")]
        for name in named:
            if name not in names:
                near = (get_close_matches(name, names, n=1) or ["istanbul or TR"])[0]
                row.fail(
                    "stands",
                    f"{name!r} is no id and no country of popup_cities.csv; "
                    f"write for example {near}, or * for all",
                )
        return tuple(
            self._popup_id(city)
            for city in cities
            if city.text("id") in named or city.text("country") in named
        )

    def _delivery(self) -> DeliveryPlan:
        row, rows = self.row, self.sheets.options.rows
        columns = ("goods_mass_g", "volume_cm3", "packaging", "road_km")
        self.note("/delivery", row, {name: name for name in columns})
        self.places["/delivery/options"] = (Place("delivery.csv", 1, "code"), "; add a line")
        return DeliveryPlan(
            goods_mass_g=row.number("goods_mass_g"),
            volume_cm3=row.number("volume_cm3"),
            packaging=row.text("packaging"),
            road_km=row.number("road_km"),
            options=tuple(self._option(index, option) for index, option in enumerate(rows)),
            baselines=tuple(
                self._baseline(index, line) for index, line in enumerate(self.sheets.baselines.rows)
            ),
        )

    def _option(self, index: int, row: Row) -> StandOption:
        pointer = f"/delivery/options/{index}"
        self.note(pointer, row, sample_delivery.OPTION)
        prices = sample_delivery.prices(row)
        self.note(f"{pointer}/price_minor", row, {"": "code", **{name: name for name in prices}})
        return sample_delivery.option(row, self._stands(row), prices)

    def _baseline(self, index: int, row: Row) -> BaselineRecord:
        self.note(f"/delivery/baselines/{index}", row, sample_delivery.BASELINE)
        return sample_delivery.baseline(row)


def _days(row: Row) -> tuple[int, ...]:
    """Read ISO weekdays: `1-5`, `6 7`, `1-4 6`."""
    days: list[int] = []
    for part in row.text("days").split():
        found = _DAYS.fullmatch(part)
        if found is None:
            row.fail("days", f"{part!r} is no weekday; write for example 1-5 or 6 7 (1 is Monday)")
            continue
        days += range(int(found[1]), int(found[2] or found[1]) + 1)
    return tuple(days)


def _benefit(row: Row) -> Benefit:
    return Benefit(
        kind=row.choice("kind", Kind),
        percentage=row.whole_or_none("percentage"),
        amount_minor=row.whole_or_none("amount_minor"),
        cap_minor=row.whole_or_none("cap_minor"),
        minimum_minor=row.whole_or_none("minimum_minor"),
        currency=row.text("currency") or None,
    )


def _stock(row: Row) -> Stock | None:
    """Three empty cells mean no stock at all."""
    if not any(row.text(f"stock_{name}") for name in ("units", "per", "shards")):
        return None
    return Stock(
        units=row.whole("stock_units"),
        per=row.choice("stock_per", Scope),
        shards=row.whole("stock_shards"),
        peak_per_second=row.whole_or_none("peak"),
    )
