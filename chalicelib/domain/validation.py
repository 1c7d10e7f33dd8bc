"""What a publish checks of the whole document before a visitor can see it."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final
from zoneinfo import available_timezones

from chalicelib.claim_rules import shipped_rules
from chalicelib.domain import (
    branding,
    delivery_validation,
    fault,
    offer_validation,
    photo,
    wording_validation,
)
from chalicelib.domain.campaign import Calendar, Campaign
from chalicelib.domain.fault import Fault, Faults
from chalicelib.domain.merchant import Merchant
from chalicelib.domain.popup import Popup, Session
from chalicelib.domain.sentence import said

_LONGEST_ADDRESS: Final = 120
_CLOCK: Final = frozenset(f"{h:02d}:{m:02d}" for h in range(24) for m in range(60))


def faults(campaign: Campaign) -> tuple[Fault, ...]:
    """Return every fault that keeps the campaign from being published; none: it may be."""
    return tuple(_faults(campaign))


def _faults(campaign: Campaign) -> Faults:
    yield from fault.slug("/campaign_id", campaign.campaign_id)
    yield from fault.number("/number", campaign.number)
    yield from fault.texts("/name", campaign.name, campaign.languages)
    yield from _languages(campaign.languages)
    yield from _calendar(campaign.calendar)
    yield from _popups(campaign.popups)
    yield from _merchants(campaign.merchants, campaign.languages)
    yield from offer_validation.faults(campaign)
    if campaign.delivery is not None:
        yield from delivery_validation.faults(campaign, campaign.delivery)
    if campaign.branding is not None:
        yield from branding.faults(campaign.branding)
    yield from wording_validation.faults(campaign, shipped_rules())


def _languages(languages: tuple[str, ...]) -> Faults:
    if not languages:
        yield Fault("/languages", said("name at least one language, for example en"))
    for index, language in enumerate(languages):
        yield from fault.language_tag(fault.at("languages", index), language)
        if language in languages[:index]:
            told = said("'{given}' stands here twice; remove one", given=language)
            yield Fault(fault.at("languages", index), told)


def _calendar(calendar: Calendar) -> Faults:
    for field in ("revealed_from", "usable_from", "usable_until"):
        yield from fault.wall_time(fault.at("calendar", field), getattr(calendar, field))
    revealed = fault.wall_time_of(calendar.revealed_from)
    starts = fault.wall_time_of(calendar.usable_from)
    ends = fault.wall_time_of(calendar.usable_until, ends=True)
    if _is_after(revealed, starts):
        yield Fault(
            "/calendar/revealed_from", said("must not be after {field}", field="usable_from")
        )
    if _is_after(starts, ends) or (starts is not None and starts == ends):
        yield Fault("/calendar/usable_until", said("must be after {field}", field="usable_from"))


def _is_after(first: datetime | None, second: datetime | None) -> bool:
    return first is not None and second is not None and first > second


def _popups(popups: Sequence[Popup]) -> Faults:
    if not popups:
        yield Fault("/popups", said("a campaign needs at least one pop-up"))
    yield from fault.repeats("/popups", "popup_id", [popup.popup_id for popup in popups])
    yield from fault.repeats("/popups", "number", [popup.number for popup in popups])
    for index, popup in enumerate(popups):
        yield from _popup(fault.at("popups", index), popup)


def _popup(pointer: str, popup: Popup) -> Faults:
    yield from fault.slug(f"{pointer}/popup_id", popup.popup_id)
    yield from fault.number(f"{pointer}/number", popup.number)
    yield from fault.filled(f"{pointer}/city", popup.city)
    yield from fault.country_code(f"{pointer}/country", popup.country)
    yield from fault.known(
        f"{pointer}/time_zone",
        popup.time_zone,
        _zones(),
        noun=said("IANA zone"),
        example="Europe/Rome",
    )
    yield from fault.currency_code(f"{pointer}/currency", popup.currency)
    yield from fault.language_tag(f"{pointer}/language", popup.language)
    yield from _degrees(f"{pointer}/latitude", popup.latitude, 90)
    yield from _degrees(f"{pointer}/longitude", popup.longitude, 180)
    if len(popup.address) > _LONGEST_ADDRESS or not popup.address.isprintable():
        told = said("must be one line of at most {most} characters", most=_LONGEST_ADDRESS)
        yield Fault(f"{pointer}/address", told)
    if not popup.hours:
        told = said("has no opening hours, so no voucher could be used here")
        yield Fault(f"{pointer}/hours", told)
    for index, session in enumerate(popup.hours):
        yield from _session(f"{pointer}/hours/{index}", session)


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _degrees(pointer: str, value: float, most: int) -> Faults:
    if not -most <= value <= most:
        told = said("{value} is outside -{most} to {most} degrees", value=value, most=most)
        yield Fault(pointer, told)


def _session(pointer: str, session: Session) -> Faults:
    if session.opens not in _CLOCK:
        message = said(
            "'{given}' is no time; write for example 10:00 or 00:00", given=session.opens
        )
        yield Fault(f"{pointer}/opens", message)
    if session.closes not in _CLOCK and session.closes != "24:00":
        message = said(
            "'{given}' is no time; write for example 20:00, 24:00 or 02:00", given=session.closes
        )
        yield Fault(f"{pointer}/closes", message)
    days = session.days
    if not days or len(set(days)) != len(days) or not set(days) <= set(range(1, 8)):
        message = said("must name ISO weekdays, 1 (Monday) to 7 (Sunday), each at most once")
        yield Fault(f"{pointer}/days", message)


def _merchants(merchants: Sequence[Merchant], languages: Sequence[str]) -> Faults:
    yield from fault.repeats("/merchants", "merchant_id", [one.merchant_id for one in merchants])
    for index, merchant in enumerate(merchants):
        pointer = fault.at("merchants", index)
        yield from fault.slug(f"{pointer}/merchant_id", merchant.merchant_id)
        yield from fault.filled(f"{pointer}/name", merchant.name)
        yield from fault.filled(f"{pointer}/city", merchant.city)
        yield from fault.country_code(f"{pointer}/country", merchant.country)
        yield from fault.language_tag(f"{pointer}/language", merchant.language)
        yield from fault.texts(f"{pointer}/story", merchant.story, languages)
        if merchant.photo and not photo.is_sound(merchant.photo):
            yield Fault(f"{pointer}/photo", photo.unknown(merchant.photo.digest))
