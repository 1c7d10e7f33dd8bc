"""The open cases of a stand, decided at the console as at the door."""

from dataclasses import dataclass

from chalicelib.domain.case import Case, Decision
from chalicelib.domain.merchant import Texts
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.store import cases, devices
from chalicelib.store.noted import Noted
from chalicelib.usecases import contesting
from chalicelib.web.console.desk import desk
from chalicelib.web.console.forms import Form
from chalicelib.web.console.visit import Visit
from chalicelib.web.context import context

_ROOT_LENGTH = 15


@dataclass(frozen=True, slots=True)
class Opened:
    """A case with what its offer and its devices are called."""

    case: Case
    title: Texts
    names: dict[str, str]


def opened(campaign_id: str, popup_id: str) -> list[Opened]:
    """Return the cases in which the stand took part and which nobody decided, oldest first."""
    found = contesting.open_cases(cases, campaign_id, popup_id)
    waiting = [case for case in found if not case.resolved]
    ids = dict.fromkeys(party.device_id for case in waiting for party in case.parties)
    names = devices.names(ids) if ids else {}
    offers = context.catalog.campaign(campaign_id).campaign.offer
    return [
        Opened(case, offers[case.offer_id].title if case.offer_id in offers else {}, names)
        for case in waiting
    ]


def decide(here: Visit, popup_id: str, form: Form) -> Refusal | None:
    """Record a decision about a case as it was shown, and leave a trace of it."""
    decision = next((one for one in Decision if one == form.text("decision")), None)
    root = form.text("case_id")
    if decision is None or len(root) != _ROOT_LENGTH or not root.isalnum():
        return Refusal(Reason.NOT_FOUND)
    ruling = contesting.Ruling(
        campaign_id=here.scope.area,
        popup_id=popup_id,
        root=root,
        version=form.whole("version"),
        decision=decision,
        note="",
        device_id=f"member-{here.member.member_id}",
        at=context.now(),
    )
    entry = desk.entry(
        here, "case decided", popup_id, after={"decision": str(decision), "case": root[-4:]}
    )
    decided = contesting.resolve(Noted(here.scope, entry), ruling)
    return decided if isinstance(decided, Refusal) else None
