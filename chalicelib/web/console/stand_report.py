"""A stand's report of one of its local days: as a page to print, and as CSV."""

import csv
import io
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import date, datetime, timedelta

from chalice import Response

from chalicelib.domain import stand_report as rules
from chalicelib.domain import wall
from chalicelib.domain.merchant import text_in
from chalicelib.domain.offer import Offer, Scope
from chalicelib.domain.redemption import rfc3339
from chalicelib.domain.sheet import guarded
from chalicelib.domain.stand_report import Day, Line, Pending
from chalicelib.store import cases, devices
from chalicelib.usecases import contesting
from chalicelib.web import insights, wording
from chalicelib.web.console import shelf
from chalicelib.web.console.desk import CSV, desk
from chalicelib.web.console.stand import Place, place_of
from chalicelib.web.console.visit import Visit
from chalicelib.web.context import context

COLUMNS = (
    *("opening", "received", "damaged", "claimed", "given", "reversed"),
    *("left", "counted", "difference"),
)
_A_DAY = timedelta(days=1)
_YEARS = range(1970, 3000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A day at a stand. `closed_at` None: it is not closed yet. Final: nothing is missing."""

    place: Place
    day: date
    as_of: datetime
    lines: tuple[Line, ...]
    opened: int
    decided: int
    closed_at: datetime | None
    pending: tuple[Pending, ...]
    devices: tuple[tuple[str, int | None, datetime], ...]

    @property
    def final(self) -> bool:
        return self.closed_at is not None and not self.pending

    def total(self, column: str) -> int:
        """Return the sum of a column over the offers."""
        return sum(getattr(line, column) or 0 for line in self.lines)


def get_report(here: Visit, popup_id: str) -> Response:
    """Return the report as a page."""
    report = _report(here, popup_id)
    popup, language = report.place.popup, desk.reader().language
    offers = report.place.published.campaign.offer
    return desk.show(
        "stand_report.html",
        here,
        report=report,
        popup=popup,
        columns=COLUMNS,
        titles={one: offers[one].title if one in offers else {} for one in _ids(report)},
        before=report.day - _A_DAY,
        after=report.day + _A_DAY,
        clock=lambda instant: wording.moment(instant, popup.time_zone, language),
    )


def get_spreadsheet(here: Visit, popup_id: str) -> Response:
    """Return the same lines as CSV, each with its day, its zone and how old it is."""
    report = _report(here, popup_id)
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(("line", "name", "title", *COLUMNS, "waiting", "last_seen", *_FRAME))
    frame = _frame(report)
    for row in _rows(report):
        rows.writerow([*(guarded(cell) if isinstance(cell, str) else cell for cell in row), *frame])
    return desk.file(written.getvalue(), CSV, f"{popup_id}-{report.day}.csv")


_FRAME = ("campaign_id", "stand", "day", "time_zone", "as_of", "final")


def _frame(report: Report) -> tuple[str, ...]:
    popup, campaign = report.place.popup, report.place.published.campaign
    final = "yes" if report.final else "no"
    day, as_of = report.day.isoformat(), rfc3339(report.as_of)
    return campaign.campaign_id, popup.popup_id, day, popup.time_zone, as_of, final


def _rows(report: Report) -> Iterator[tuple[object, ...]]:
    offers, none = report.place.published.campaign.offer, [""] * len(COLUMNS)
    for line in report.lines:
        title = text_in(offers[line.offer_id].title, "en") if line.offer_id in offers else ""
        figures = ("" if number is None else number for number in astuple(line)[1:])
        yield ("offer", line.offer_id, title, *figures, "", "")
    yield ("cases", "open", "", *none, report.opened, "")
    yield ("cases", "decided", "", *none, report.decided, "")
    for name, waiting, seen in report.devices:
        yield ("device", name, "", *none, "" if waiting is None else waiting, rfc3339(seen))


def _ids(report: Report) -> list[str]:
    return [line.offer_id for line in report.lines]


def _report(here: Visit, popup_id: str) -> Report:
    place, at = place_of(here, popup_id), context.now()
    popup, published = place.popup, place.published
    day = _day(place)
    figures = insights.days_of(here.scope.area, popup_id)
    known = Day(popup, day, figures, shelf.movements(here, published, popup))
    found = contesting.open_cases(cases, here.scope.area, popup_id)
    closed_at = _closed_at(place, day, at)
    scanners = devices.at(here.scope, frozenset({popup_id}))
    late = at - context.real_now()  # a laptop may turn its clock; devices are seen in real time
    pending = (
        rules.pending(scanners, closed_at - late, published.live.revoked_devices.__contains__)
        if closed_at
        else []
    )
    return Report(
        place=place,
        day=day,
        as_of=at,
        lines=tuple(_lines(place, known)),
        opened=sum(not case.resolved for case in found),
        decided=sum(case.resolved for case in found),
        closed_at=closed_at,
        pending=tuple(pending),
        devices=tuple((one.device.name, one.waiting, one.last_seen) for one in scanners),
    )


def _day(place: Place) -> date:
    """Return the day that is asked for; what is none is today, by the stand's own calendar."""
    try:
        day = date.fromisoformat(desk.query("day") or "")
    except ValueError:
        day = date.min
    return day if day.year in _YEARS else place.popup.local_day(context.now())


def _closed_at(place: Place, day: date, at: datetime) -> datetime | None:
    """Return when the day was over at the stand: its manager closed it, or it was midnight."""
    popup = place.popup
    closing = place.published.live.closings.get(popup.popup_id)
    if closing is not None and popup.local_day(closing.at) == day:
        return closing.at
    midnight = wall.instant(day.isoformat(), popup.time_zone, ends=True)
    return midnight if midnight <= at else None


def _lines(place: Place, known: Day) -> Iterator[Line]:
    """Yield a line for each offer of the stand, and for each that has figures on that day."""
    campaign, popup = place.published.campaign, place.popup
    with_figures = known.offers()
    offers = [
        offer
        for offer in campaign.offers
        if offer.runs_at(popup.popup_id) or offer.offer_id in with_figures
    ]
    units = _units(place, offers)
    for offer in offers:
        yield known.line(offer.offer_id, offer.number, units.get(offer.offer_id))


def _units(place: Place, offers: list[Offer]) -> dict[str, int]:
    """Return how many units are published for this stand, of offers that have a stock here."""
    campaign, popup = place.published.campaign, place.popup
    own = [one for one in offers if one.stock and one.stock.per is Scope.POPUP]
    found = shelf.shards(campaign, popup, own)
    return {offer.offer_id: sum(counter.cap for _, counter in shards) for offer, shards in found}
