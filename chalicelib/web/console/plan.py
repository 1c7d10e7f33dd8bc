"""A campaign at the console: its draft, what is live, what the checks say, what differs."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain import checking, difference, wall
from chalicelib.domain import view as views
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.checking import Beside, Checks
from chalicelib.domain.difference import Change
from chalicelib.domain.errors import NotFound
from chalicelib.domain.live import Published
from chalicelib.domain.member import Right, Scope
from chalicelib.domain.merchant import Texts
from chalicelib.store import desk as store
from chalicelib.store.desk import Draft
from chalicelib.web.console.visit import Visit
from chalicelib.web.context import context
from chalicelib.web.kept import Kept

_checked = Kept[Checks](20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a member works on. `draft.version` 0: nobody saved a draft over what is live yet."""

    draft: Draft
    live: Published | None

    @property
    def campaign(self) -> Campaign:
        return self.draft.campaign


def of(scope: Scope) -> Plan:
    """Return the plan of the scope's campaign. Raises NotFound."""
    draft = store.draft(scope)
    if draft is None:
        raise NotFound(f"no campaign {scope.area}")
    return Plan(draft=draft, live=live_of(scope.area))


def live_of(campaign_id: str) -> Published | None:
    """Return what is live of a campaign, or None."""
    found = (p for p in context.catalog.all() if p.campaign.campaign_id == campaign_id)
    return next(found, None)


def running(scope: Scope) -> Campaign:
    """Return what runs of a campaign, or its draft where nothing does. Raises NotFound."""
    live = live_of(scope.area)
    return live.campaign if live else of(scope).campaign


def name_of(here: Visit, drafted: Campaign) -> Texts:
    """Return the name that a member reads: who may not edit the draft reads that of what runs."""
    live = None if here.member.may(Right.EDIT) else live_of(here.scope.area)
    return (live.campaign if live else drafted).name


def seen(scope: Scope) -> Campaign:
    """Return what a member may see of the draft: a merchant its own part."""
    return views.of(of(scope).campaign, scope)


def checks(plan: Plan) -> Checks:
    """Return what the checks say of the draft."""
    return checks_of(plan, plan.campaign, changed=())


def checks_of(plan: Plan, whole: Campaign, changed: Hashable) -> Checks:
    """Return what the checks say of the draft, `whole` once it is `changed`.

    They are asked once, while the draft, the changes and what is live are the same.
    """
    mine = plan.campaign.campaign_id
    live = tuple((p.campaign.campaign_id, p.revision) for p in _others(mine))
    key = mine, plan.draft.digest, changed, live
    return _checked.of(plan.live, key, lambda: _judged(plan, whole))


def _judged(plan: Plan, whole: Campaign) -> Checks:
    others = [p.campaign for p in _others(whole.campaign_id)]
    before = plan.live.campaign if plan.live else None
    return checking.checks(whole, Beside(before, others))


def _others(campaign_id: str) -> list[Published]:
    """Return what is live of every other campaign."""
    return [p for p in context.catalog.all() if p.campaign.campaign_id != campaign_id]


def changes(plan: Plan) -> tuple[Change, ...]:
    """Return what the draft changes of what is live."""
    return difference.between(plan.live.campaign if plan.live else None, plan.campaign)


@dataclass(frozen=True, slots=True)
class Instants:
    """What a wall time means first and last, and where."""

    first: datetime
    first_city: str
    last: datetime
    last_city: str


def instants(campaign: Campaign, text: str, *, ends: bool) -> Instants | None:
    """Return the instants of a wall time in the campaign's cities, or None for what is none."""
    try:
        found = sorted(
            (wall.instant(text, popup.time_zone, ends=ends), popup.number, popup.city)
            for popup in campaign.popups
        )
    except ValueError:
        return None
    if not found:
        return None
    (first, _, city), (last, _, other) = found[0], found[-1]
    return Instants(first, city, last, other)
