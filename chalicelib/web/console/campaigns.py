"""The campaigns of a member: what is live, what is a draft."""

from dataclasses import dataclass

from chalice import Response

from chalicelib.domain import view as views
from chalicelib.domain.campaign import Campaign, Phase
from chalicelib.domain.live import Live, Published
from chalicelib.domain.member import Member, Role, Scope
from chalicelib.domain.merchant import text_in
from chalicelib.domain.popup import Popup
from chalicelib.store import desk as store
from chalicelib.web.console.desk import desk
from chalicelib.web.console.visit import Visit
from chalicelib.web.context import context


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A campaign in the list. `kept` are the stands that the member opens and closes there."""

    campaign_id: str
    name: str
    phase: Phase
    paused: bool
    revision: int | None
    usable_from: str
    usable_until: str
    stands: int
    offers: int
    kept: tuple[Popup, ...]


def get_home(here: Visit) -> Response:
    """Return the member's campaigns, the published ones and the drafts."""
    return desk.show("home.html", here, campaigns=_lines(here.member, here.scope))


def _lines(member: Member, scope: Scope) -> list[Line]:
    live = {p.campaign.campaign_id: p for p in context.catalog.all()}
    mine = [name for name in {*live, *store.drafts(scope)} if member.scope(name)]
    found = (_line(member, name, live.get(name)) for name in sorted(mine))
    return [line for line in found if line is not None]


def _line(member: Member, campaign_id: str, live: Published | None) -> Line | None:
    scope = member.scope(campaign_id)
    assert scope is not None
    drafted = None if live else store.draft(scope)
    campaign = live.campaign if live else drafted.campaign if drafted else None
    if campaign is None:
        return None
    seen = views.of(campaign, scope)
    return Line(
        campaign_id=campaign_id,
        name=text_in(campaign.name, desk.reader().language) or campaign_id,
        phase=campaign.phase(context.now()) if live else Phase.DRAFT,
        paused=(live.live if live else Live()).paused,
        revision=live.revision if live else None,
        usable_from=campaign.calendar.usable_from,
        usable_until=campaign.calendar.usable_until,
        stands=len(seen.popups),
        offers=len(seen.offers),
        kept=_kept(campaign, scope) if live and member.role is Role.MANAGER else (),
    )


def _kept(campaign: Campaign, scope: Scope) -> tuple[Popup, ...]:
    return tuple(popup for popup in campaign.popups if scope.reaches(popup.popup_id))
