"""The audit trail: who changed what, by person, action, campaign and time; as pages and as CSV."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import msgspec
from chalice import Response

from chalicelib.domain import sheet
from chalicelib.domain.errors import InvalidPayload
from chalicelib.domain.member import ORGANISATION
from chalicelib.domain.redemption import rfc3339
from chalicelib.domain.sentence import said
from chalicelib.domain.trail import Entry, Facts, Filter
from chalicelib.store import desk as store
from chalicelib.store import trails
from chalicelib.store.trails import Page
from chalicelib.web.console import deeds
from chalicelib.web.console import plan as plans
from chalicelib.web.console.desk import CSV, desk, see_other
from chalicelib.web.console.visit import Visit
from chalicelib.web.context import context

COLUMNS = ("at", "campaign", "who", "action", "subject", "before", "after")
MOST = 5_000  # lines of a file
FIELDS = ("who", "what", "since", "until")
_PLACE = re.compile(r"[0-9]{14}#[!-~ ]{1,200}")
_LONGEST = 200
_YEARS = 1970, 2999


def get_trail(here: Visit) -> Response:
    """Return changes of the organisation, or lead to those of the campaign that was chosen."""
    name = desk.query("campaign") or ""
    if here.member.scope(name):
        return see_other(f"/console/c/{name}/trail?{urlencode(_asked())}")
    return _shown(here)


def get_campaign_trail(here: Visit) -> Response:
    """Return changes of a campaign."""
    return _shown(here)


def get_csv(here: Visit) -> Response:
    """Return all entries that are wanted as CSV. Raises InvalidPayload where they are too many."""
    lines = whole(_page(here, "", most=MOST))
    file = "trail" if here.scope.area == ORGANISATION else f"trail-{here.scope.area}"
    return desk.file(sheet.write(COLUMNS, map(_line, lines)).decode(), CSV, f"{file}.csv")


def whole(found: Page) -> list[Entry]:
    """Return the entries of a page that is all there is: a file is never a part of it."""
    if found.place is not None:
        told = said("there are more than {most} entries; choose fewer days", most=MOST)
        raise InvalidPayload([("/since", told)])
    return found.entries


def _shown(here: Visit) -> Response:
    place = desk.query("place") or ""
    found = _page(here, place if _PLACE.fullmatch(place) else "", most=trails.A_PAGE)
    asked, area = _asked(), here.scope.area
    return desk.show(
        "trail.html",
        here,
        entries=found.entries,
        earlier=urlencode(asked | {"place": found.place}) if found.place else "",
        campaign=None if area == ORGANISATION else area,
        name={} if area == ORGANISATION else plans.running(here.scope).name,
        campaigns=_campaigns(here) if area == ORGANISATION else [],
        actions=deeds.actions(desk.reader().language),
        asked=dict.fromkeys(FIELDS, "") | asked,
        query=urlencode(asked),
    )


def _page(here: Visit, place: str, *, most: int) -> Page:
    """Return a page of what is wanted.

    What belongs to the organisation, who works on which campaign, concerns all campaigns: whoever
    has some of them reads none of it.
    """
    if here.scope.area == ORGANISATION and here.member.campaign_ids is not None:
        return Page([], None)
    return trails.page(here.scope, _filter(), place=place, most=most)


def _asked() -> dict[str, str]:
    """Return what the query filters by."""
    found = {name: (desk.query(name) or "").strip()[:_LONGEST] for name in FIELDS}
    return {name: text for name, text in found.items() if text}


def _filter() -> Filter:
    asked = _asked()
    until = _day(asked.get("until", ""))
    return Filter(
        who=asked.get("who", ""),
        what=asked.get("what", ""),
        since=_day(asked.get("since", "")),
        until=until + timedelta(days=1) if until else None,
    )


def _day(text: str) -> datetime | None:
    """Return the first instant of a day in UTC; what is no day bounds nothing."""
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None
    return day if _YEARS[0] <= day.year <= _YEARS[1] else None


def _campaigns(here: Visit) -> list[tuple[str, str]]:
    names = {p.campaign.campaign_id for p in context.catalog.all()} | set(store.drafts(here.scope))
    return [(name, name) for name in sorted(names) if here.member.scope(name)]


def _line(entry: Entry) -> dict[str, str]:
    return {
        "at": rfc3339(entry.at),
        "campaign": "" if entry.area == ORGANISATION else entry.area,
        "who": entry.email,
        "action": entry.action,
        "subject": entry.subject,
        "before": _facts(entry.before),
        "after": _facts(entry.after),
    }


def _facts(facts: Facts) -> str:
    return msgspec.json.encode(facts).decode() if facts else ""
