"""A publish that waits, as the campaign's page shows it and as its form is typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.domain import fault, wall
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.popup import Popup
from chalicelib.domain.schedule import Schedule
from chalicelib.domain.sentence import Sentence, said
from chalicelib.web import wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What is planned, and the form: as it was typed, with what is wrong about it."""

    schedule: Schedule | None
    allowed: bool  # whoever planned it may publish still
    clocks: tuple[tuple[str, str], ...]  # the first and the last city, and the time there
    zones: Mapping[str, str]  # zone -> the cities that have it
    typed: str
    zone: str
    wrong: Mapping[str, Sentence] = field(default_factory=dict)


def of(
    campaign: Campaign,
    schedule: Schedule | None,
    language: str,
    *,
    allowed: bool,
    typed: tuple[str, str] | None = None,
    wrong: Mapping[str, Sentence] | None = None,
) -> Waiting:
    """Return what the page shows; a form that was refused keeps what was typed."""
    zones = zones_of(campaign)
    usual = (schedule.wall, schedule.time_zone) if schedule else ("", next(iter(zones), "UTC"))
    text, zone = typed or usual
    return Waiting(
        schedule=schedule,
        allowed=allowed,
        clocks=_clocks(campaign, schedule.at, language) if schedule else (),
        zones=zones,
        typed=text,
        zone=zone,
        wrong=wrong or {},
    )


def zones_of(campaign: Campaign) -> dict[str, str]:
    """Return the zones of a campaign's stands, and UTC."""
    found: dict[str, list[str]] = {}
    for popup in _with_clock(campaign):
        cities = found.setdefault(popup.time_zone, [])
        if popup.city not in cities:
            cities.append(popup.city)
    return {zone: ", ".join(cities[:4]) for zone, cities in found.items()} | {"UTC": ""}


def instant(
    campaign: Campaign, text: str, zone: str, *, now: datetime
) -> datetime | dict[str, Sentence]:
    """Return the instant that a wall time means, or what is wrong with which field."""
    if zone not in zones_of(campaign):
        return {"zone": said("choose one of the list")}
    if "T" not in text or fault.wall_time_of(text) is None:
        told = said(
            "'{given}' is no date with a time; write for example {example}",
            given=text,
            example="2026-11-10T18:00",
        )
        return {"at": told}
    at = wall.instant(text, zone)
    return at if at > now else {"at": said("is over already; name a time to come")}


def _clocks(campaign: Campaign, at: datetime, language: str) -> tuple[tuple[str, str], ...]:
    """Return the first and the last city by their clocks at an instant, with the time there."""
    by_clock = sorted(_with_clock(campaign), key=lambda popup: popup.local(at).replace(tzinfo=None))
    ends: dict[str, Popup] = {popup.city: popup for popup in (*by_clock[-1:], *by_clock[:1])}
    return tuple(
        (city, wording.day_and_time(popup.local(at), language)) for city, popup in ends.items()
    )


def _with_clock(campaign: Campaign) -> list[Popup]:
    """Return the stands with a zone that is one; a draft holds whatever was typed."""
    return [popup for popup in campaign.popups if wall.is_zone(popup.time_zone)]
