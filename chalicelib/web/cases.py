"""The managers' work list: vouchers that several doors accepted, as JSON."""

from chalice import Response

from chalicelib.domain.case import Case, Party, Resolution
from chalicelib.domain.merchant import text_in
from chalicelib.domain.reasons import Refusal
from chalicelib.domain.redemption import rfc3339
from chalicelib.store import cases, devices
from chalicelib.usecases import contesting
from chalicelib.web import journal, session
from chalicelib.web import offline_answers as answers
from chalicelib.web.api import Routes, answer
from chalicelib.web.context import context
from chalicelib.web.schema import Money, ResolutionRequest

api = Routes(__name__)


@api.route("/api/v1/conflicts", methods=["GET"])
def get_conflicts() -> Response | Refusal:
    """Return the cases in which the supervisor's stand took part."""
    device = session.supervisor(api)
    if isinstance(device, Refusal):
        return device
    published, popup = context.catalog.popup(device.popup_id)
    found = contesting.open_cases(cases, published.campaign.campaign_id, popup.popup_id)
    return answer(answers.Cases(items=documents(found)))


@api.route("/api/v1/conflicts/{case_id}/resolution", methods=["POST"])
def post_resolution(case_id: str) -> Response | Refusal:
    """200 with the case as it was decided; the same decision again gets the same answer."""
    device = session.supervisor(api)
    if isinstance(device, Refusal):
        return device
    body, version = api.body(ResolutionRequest), api.version()
    published, _ = context.catalog.popup(device.popup_id)
    ruling = contesting.Ruling(
        campaign_id=published.campaign.campaign_id,
        popup_id=device.popup_id,
        root=case_id,
        version=version,
        decision=body.decision,
        note=body.note,
        device_id=device.device_id,
        at=context.now(),
    )
    decided = contesting.resolve(cases, ruling)
    if isinstance(decided, Refusal):
        return decided
    journal.event("decided", popup_id=device.popup_id, decision=body.decision)
    return answer(documents([decided])[0], headers={"ETag": f'"{decided.version}"'})


def documents(found: list[Case]) -> list[answers.Case]:
    """Return cases with the names of their devices."""
    names = devices.names(dict.fromkeys(p.device_id for case in found for p in case.parties))
    return [_document(case, names) for case in found]


def _document(case: Case, names: dict[str, str]) -> answers.Case:
    return answers.Case(
        case_id=case.root,
        voucher_id=case.root,
        offer_id=case.offer_id,
        title=_title(case),
        version=case.version,
        status="resolved" if case.resolved else "open",
        opened_at=rfc3339(case.opened_at),
        entries=[_party(party, names.get(party.device_id, "")) for party in case.parties],
        winner=case.winner,
        value_at_risk=[Money(minor, currency) for currency, minor in case.at_risk.items()],
        resolution=_resolution(case.resolution) if case.resolution else None,
    )


def _title(case: Case) -> str:
    """Return what the offer is called; one of another campaign has no name here."""
    offer = context.catalog.campaign(case.campaign_id).campaign.offer.get(case.offer_id)
    return text_in(offer.title, api.reader().language) if offer else ""


def _resolution(made: Resolution) -> answers.CaseResolution:
    return answers.CaseResolution(
        decision=made.decision, note=made.note, device_id=made.device_id, at=rfc3339(made.at)
    )


def _party(party: Party, name: str) -> answers.CaseParty:
    _, stand = context.catalog.popup(party.popup_id)
    return answers.CaseParty(
        party=party.name,
        device_id=party.device_id,
        name=name,
        popup_id=party.popup_id,
        city=stand.city,
        time_zone=stand.time_zone,
        seq=party.seq,
        shift=party.shift,
        corrected_at=rfc3339(party.at),
        clock_was_off=party.skewed,
        outcome=party.outcome,
        reason=party.reason,
        discount=Money(party.discount_minor, party.currency) if party.currency else None,
    )
