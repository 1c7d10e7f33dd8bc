"""The live board of a campaign: cities on a map and as a table, or a merchant's offers."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final
from urllib.parse import quote

from babel.dates import format_datetime
from babel.numbers import format_percent
from chalice import Response

from chalicelib.domain import board as boards
from chalicelib.domain import sheet
from chalicelib.domain import view as views
from chalicelib.domain.board import COLUMNS, SILENT_AFTER, Board, Column, Gear, Line, Reading
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.errors import InvalidPayload
from chalicelib.domain.insight import claimed_by
from chalicelib.domain.live import Published
from chalicelib.domain.member import Scope
from chalicelib.domain.merchant import text_in
from chalicelib.domain.popup import Popup
from chalicelib.domain.redemption import rfc3339
from chalicelib.domain.sentence import N_
from chalicelib.domain.source import Source
from chalicelib.domain.wall import zone_of
from chalicelib.store import counters, devices
from chalicelib.web import insights, wording
from chalicelib.web.console.desk import CSV, desk
from chalicelib.web.console.prints import NAMES
from chalicelib.web.console.visit import Visit
from chalicelib.web.context import context
from chalicelib.web.languages import catalogue
from chalicelib.web.security import JSON_HEADERS

TITLES: Final[Mapping[Column, str]] = {
    "name": N_("City"),
    "claimed": N_("Claimed"),
    "redeemed": N_("Used"),
    "rate": N_("Rate"),
    "stock": N_("Stock left"),
    "devices": N_("Devices"),
    "backlog": N_("Offline backlog"),
}
_UTC: Final = "UTC"
_NOTHING: Final = "\N{EN DASH}"
_TALLEST, _SHORTEST = 110.0, 10.0  # poles, in units of the map


@dataclass(frozen=True, slots=True)
class Seen:
    """The board within a scope. `time_zone` is that of its stands where they have one, else UTC."""

    campaign: Campaign
    board: Board
    by_offer: bool
    as_of: datetime
    time_zone: str


@dataclass(frozen=True, slots=True)
class Order:
    """By which column the lines stand."""

    column: Column
    down: bool

    def link(self, column: Column) -> str:
        """Return the query that sorts by a column: the same again turns it round."""
        down = not self.down if column == self.column else column != "name"
        return f"?sort={column}&dir={'desc' if down else 'asc'}#by-{column}"

    def sorted(self, column: Column) -> str:
        """Return what `aria-sort` says of a column."""
        if column != self.column:
            return ""
        return "descending" if self.down else "ascending"


@dataclass(frozen=True, slots=True)
class Pole:
    """A city on the map: where its foot stands, how tall it is, how far up it is lit."""

    x: float
    y: float
    height: float
    lit: float
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line as the page shows it."""

    key: str
    name: str
    cells: tuple[str, ...]


def get_board(here: Visit) -> Response:
    """Return the page, or 304 where its reader has these figures already. Raises NotFound."""
    seen, order, language = _seen(here), _order(), desk.reader().language
    facts: dict[str, Any] = {
        "rows": [
            _row(line, language) for line in seen.board.ordered(order.column, down=order.down)
        ],
        "shared": _row(seen.board.shared, language) if seen.board.shared else None,
        "total": _row(seen.board.total, language),
        "prints": _prints(seen.board.total, language),
        "poles": [] if seen.by_offer else _poles(seen, language),
    }
    name = repr((facts, seen.campaign.name, order, language, desk.reader().theme, here.csrf))
    etag = f'"{hashlib.sha256(name.encode()).hexdigest()[:16]}"'
    as_of = _moment(seen.as_of, seen.time_zone, language)
    headers: dict[str, str | list[str]] = {"ETag": etag, "X-As-Of": quote(as_of)}
    if desk.header("if-none-match") == etag:
        return Response("", headers=JSON_HEADERS | headers, status_code=304)
    answer = desk.show(
        "board.html",
        here,
        campaign=seen.campaign,
        by_offer=seen.by_offer,
        columns={name: catalogue(language).gettext(text) for name, text in _titles(seen).items()},
        order=order,
        etag=etag,
        as_of=as_of,
        silent_minutes=SILENT_AFTER // timedelta(minutes=1),
        **facts,
    )
    answer.headers |= headers
    return answer


def get_spreadsheet(here: Visit) -> Response:
    """Return the same lines and their sum as CSV. Raises NotFound."""
    seen, order = _seen(here), _order()
    of = "offer" if seen.by_offer else "city"
    lines = [_cells(of, line) for line in seen.board.ordered(order.column, down=order.down)]
    if seen.board.shared:
        lines.append(_cells("shared by all cities", seen.board.shared))
    lines.append(_cells("total", seen.board.total))
    columns = (*lines[-1], "as_of", "time_zone")
    as_of = {"as_of": rfc3339(seen.as_of), "time_zone": _UTC}
    body = sheet.write(columns, [line | as_of for line in lines])
    return desk.file(body.decode(), CSV, f"{here.scope.area}-board.csv")


def _seen(here: Visit) -> Seen:
    """Return what a member sees: a merchant its own offers, all others their stands."""
    published = context.catalog.campaign(here.scope.area)
    campaign = published.campaign
    read = context.readings.of(here.scope.area, lambda: _reading(published, here.scope))
    mine = views.of(campaign, here.scope)
    if here.scope.merchant_ids is not None:
        language = desk.reader().language
        titles = {one.offer_id: text_in(one.title, language) for one in mine.offers}
        board = boards.by_offer(campaign, read, titles)
    else:
        board = boards.by_city(campaign, read, here.scope.popup_ids)
    zones = {popup.time_zone for popup in mine.popups if here.scope.reaches(popup.popup_id)}
    return Seen(
        campaign=campaign,
        board=board,
        by_offer=here.scope.merchant_ids is not None,
        as_of=read.at,
        time_zone=zones.pop() if len(zones) == 1 else _UTC,
    )


def _reading(published: Published, scope: Scope) -> Reading:
    """Read all of the scope's campaign; what of it a member sees is decided later.

    Within the same second it is what others see, too: a manager's stands would be all there are.
    """
    real_now, shut_out = context.real_now(), published.live.revoked_devices
    whole = replace(scope, popup_ids=None)
    return Reading(
        at=context.now(),
        figures=insights.figures_of(scope.area),
        left=boards.left(counters.watched(boards.counters(published.campaign))),
        gear=boards.gear(devices.at(whole), shut_out, real_now),
    )


def _order() -> Order:
    """Return the order that the query names, by name without one. Raises InvalidPayload."""
    column, way = desk.query("sort") or "name", desk.query("dir") or "asc"
    if column not in COLUMNS or way not in {"asc", "desc"}:
        raise InvalidPayload([("/sort", f"is one of {', '.join(COLUMNS)}, dir is asc or desc")])
    return Order(column, way == "desc")


def _titles(seen: Seen) -> Mapping[Column, str]:
    """Return the columns: devices belong to stands, not to offers."""
    if not seen.by_offer:
        return TITLES
    own = {name: title for name, title in TITLES.items() if name not in {"devices", "backlog"}}
    return {**own, "name": N_("Offer")}


def _row(line: Line, language: str) -> Row:
    _ = catalogue(language).gettext
    number = partial(wording.number, language=language)
    stock = _("no limit") if line.stock is None else number(line.stock)
    cells = (number(line.claimed), number(line.redeemed), _rate(line, language), stock)
    return Row(line.key, line.name, cells + _of_gear(line.gear, language) if line.gear else cells)


def _of_gear(gear: Gear, language: str) -> tuple[str, str]:
    number = partial(wording.number, language=language)
    silent = catalogue(language).gettext(N_("{count} ({silent} silent)"))
    told = number(gear.devices)
    if gear.silent:
        told = silent.format(count=told, silent=number(gear.silent))
    return told, number(gear.waiting)


def _prints(total: Line, language: str) -> list[tuple[str, str]]:
    """Return what was claimed by each print and otherwise: together all that was claimed."""
    _ = catalogue(language).gettext
    found = [(_(NAMES[source]), total.by_print.get(source, 0)) for source in Source]
    lines = [*found, (_("Other ways"), total.otherwise)]
    return [(name, wording.number(count, language)) for name, count in lines]


def _rate(line: Line, language: str) -> str:
    return _NOTHING if line.rate is None else format_percent(line.rate, "#,##0%", language)


def _poles(seen: Seen, language: str) -> list[Pole]:
    """Return the cities from north to south, so that a southern pole stands before the others."""
    tallest = max((line.claimed for line in seen.board.lines), default=0) or 1
    popups = seen.campaign.popup
    lines = sorted(seen.board.lines, key=lambda line: -popups[line.key].latitude)
    return [_pole(line, popups[line.key], line.claimed / tallest, language) for line in lines]


def _pole(line: Line, popup: Popup, share: float, language: str) -> Pole:
    height = _SHORTEST + (_TALLEST - _SHORTEST) * share
    words = catalogue(language).gettext(N_("{city}: {claimed} claimed, {used} used, {rate}"))
    return Pole(
        x=round((popup.longitude + 180) * 2000 / 360, 1),
        y=round((75 - popup.latitude) * 2000 / 360, 1),
        height=round(height, 1),
        lit=round(height * min(1.0, line.rate or 0.0), 1),
        words=words.format(
            city=line.name,
            claimed=wording.number(line.claimed, language),
            used=wording.number(line.redeemed, language),
            rate=_rate(line, language),
        ),
    )


def _moment(at: datetime, time_zone: str, language: str) -> str:
    """Write the instant of a reading to the second, with its zone."""
    local = at.astimezone(zone_of(time_zone))
    day = format_datetime(local, "d MMM", locale=language)
    return f"{day} {local:%H:%M:%S} ({wording.city_of(time_zone)})"


def _cells(of: str, line: Line) -> dict[str, str]:
    gear = line.gear
    rate = "" if line.rate is None else f"{line.rate:.4f}"
    return {
        "of": of,
        "id": line.key,
        "name": line.name,
        "claimed": str(line.claimed),
        "redeemed": str(line.redeemed),
        "rate": rate,
        "stock_left": "" if line.stock is None else str(line.stock),
        "devices": str(gear.devices) if gear else "",
        "silent_devices": str(gear.silent) if gear else "",
        "offline_backlog": str(gear.waiting) if gear else "",
        **{claimed_by(source): str(line.by_print.get(source, 0)) for source in Source},
        "claimed_otherwise": str(line.otherwise),
    }
