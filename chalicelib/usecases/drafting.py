"""A draft is saved over the version that was read, or cloned to another year."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Protocol

from chalicelib.domain import difference, trail, wall
from chalicelib.domain.campaign import Calendar, Campaign
from chalicelib.domain.delivery_plan import DeliveryPlan
from chalicelib.domain.member import Scope
from chalicelib.domain.offer import Offer
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.trail import Entry

_DAY = 10  # characters of a date
_YEAR = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")
_LONGEST_ID = 27  # of 32 characters, before a hyphen and a year


class Drafts(Protocol):
    """What saving needs of the catalog; `chalicelib.store.desk` fits."""

    def save(
        self, scope: Scope, campaign: Campaign, entry: Entry, *, over: int, now: datetime
    ) -> int | None:
        """Save over a version: the new version, or None where somebody saved meanwhile."""
        ...


def save(
    drafts: Drafts,
    scope: Scope,
    campaign: Campaign,
    *,
    before: Campaign | None,
    over: int,
    action: str,
    at: datetime,
    request_id: str,
) -> int | Refusal:
    """Save what differs and return the new version; nothing differs: nothing is written."""
    if campaign == before and over:
        return over
    was, is_now = difference.facts_of(difference.between(before, campaign))
    entry = trail.entry(
        scope,
        action,
        campaign.campaign_id,
        at=at,
        request_id=request_id,
        before=was if before else {},
        after=is_now if before else {"campaign": "new"},
    )
    version = drafts.save(scope, campaign, entry, over=over, now=at)
    return Refusal(Reason.EDITED_MEANWHILE) if version is None else version


def id_in(campaign_id: str, year: int) -> str:
    """Return an id for another year: with its year replaced, or else with the year at its end."""
    named, found = _YEAR.subn(str(year), campaign_id, count=1)
    return named if found else f"{campaign_id[:_LONGEST_ID]}-{year}"


def cloned(campaign: Campaign, *, campaign_id: str, number: int, year: int) -> Campaign:
    """Return the campaign in another year: the same wall times, no vouchers, ids of its own."""
    years = year - int(campaign.calendar.usable_from[:4])
    ids = {popup.popup_id: f"{_bare(popup.popup_id)}-{year}" for popup in campaign.popups}
    popups = tuple(replace(popup, popup_id=ids[popup.popup_id]) for popup in campaign.popups)
    calendar = Calendar(
        revealed_from=_moved(campaign.calendar.revealed_from, years),
        usable_from=_moved(campaign.calendar.usable_from, years),
        usable_until=_moved(campaign.calendar.usable_until, years),
    )
    return replace(
        campaign,
        campaign_id=campaign_id,
        number=number,
        calendar=calendar,
        popups=popups,
        offers=tuple(_offer(offer, ids, years) for offer in campaign.offers if not offer.closed),
        delivery=_delivery(campaign.delivery, ids) if campaign.delivery else None,
    )


def _bare(popup_id: str) -> str:
    """Return an id without the year at its end."""
    head, _, tail = popup_id.rpartition("-")
    return head if len(tail) == 4 and tail.isdigit() else popup_id


def _offer(offer: Offer, ids: Mapping[str, str], years: int) -> Offer:
    return replace(
        offer,
        popup_ids=_renamed(offer.popup_ids, ids),
        claimable_from=_maybe(offer.claimable_from, years),
        usable_from=_maybe(offer.usable_from, years),
        usable_until=_maybe(offer.usable_until, years),
    )


def _delivery(plan: DeliveryPlan, ids: Mapping[str, str]) -> DeliveryPlan:
    options = (replace(one, popup_ids=_renamed(one.popup_ids, ids)) for one in plan.options)
    return replace(plan, options=tuple(options))


def _renamed(popup_ids: tuple[str, ...], ids: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(ids.get(popup_id, popup_id) for popup_id in popup_ids)


def _maybe(text: str | None, years: int) -> str | None:
    return None if text is None else _moved(text, years)


def _moved(text: str, years: int) -> str:
    """Return a wall time so many years later; 29 February becomes the 28th."""
    day = wall.parse(text[:_DAY]).date()
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return date(day.year + years, day.month, last).isoformat() + text[_DAY:]
