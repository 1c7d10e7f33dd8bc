"""A merchant writes what it would like to change, hands it in, and reads what became of it."""

from collections.abc import Mapping
from dataclasses import replace

from chalice import Response

from chalicelib.domain import difference
from chalicelib.domain import proposal as domain
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.checking import Checks
from chalicelib.domain.editing import NEW, Lines
from chalicelib.domain.errors import NotFound
from chalicelib.domain.proposal import Desk, Proposal
from chalicelib.domain.reasons import Refusal
from chalicelib.domain.sentence import said
from chalicelib.store import proposals as store
from chalicelib.usecases import proposing
from chalicelib.web.api import Errors
from chalicelib.web.console import editor, places
from chalicelib.web.console import plan as plans
from chalicelib.web.console.desk import desk, see_other
from chalicelib.web.console.forms import Form
from chalicelib.web.console.plan import Plan
from chalicelib.web.console.visit import Refused, Visit
from chalicelib.web.context import context

HOME = "/console/c/{campaign_id}/proposal/{merchant_id}"
Wrong = Mapping[tuple[str, str], str]


def get_proposal(here: Visit, merchant_id: str) -> Response:
    """Return how a proposal stands: its difference in words, what the checks say of it."""
    plan = plans.of(here.scope)
    return _shown(here, plan, desk_of(here, plan, merchant_id))


def post_proposal(here: Visit, form: Form, merchant_id: str) -> Response | Refusal:
    """Hand a proposal in, or take it back while nobody has judged it."""
    plan = plans.of(here.scope)
    desk_of(here, plan, merchant_id)
    found = store.get(here.scope, merchant_id)
    if form.whole("proposal") != found.version:
        return _shown(here, plan, desk_of(here, plan, merchant_id), status=412)
    deed = proposing.take_back if form.text("do") == "take_back" else proposing.hand_in
    done = deed(store, here.scope, found, at=context.real_now(), request_id=desk.request_id())
    return done if isinstance(done, Refusal) else see_other(_home(here, merchant_id))


def get_proposed(here: Visit, merchant_id: str, sheet: str) -> Response:
    """Return the merchant's own lines of a file as a form."""
    at = desk_of(here, plans.of(here.scope), merchant_id)
    found = store.get(here.scope, merchant_id)
    return _form(here, at, found, sheet, at.lines(found, _sheet(sheet)))


def post_proposed(here: Visit, form: Form, merchant_id: str, sheet: str) -> Response | Refusal:
    """Keep what was typed, beside the draft."""
    at = desk_of(here, plans.of(here.scope), merchant_id)
    found, edit = store.get(here.scope, merchant_id), editor.edit_of(form, _sheet(sheet))
    typed = at.typed(found, edit)
    lines = at.lines(typed, sheet)
    wrong = {**at.faults(edit), **at.planned(typed).wrong}
    if form.whole("proposal") != found.version or not found.is_open:
        return _form(here, at, found, sheet, lines, added=edit.cells.get(NEW), status=412)
    too_long = _too_long(typed)
    if wrong or too_long:
        told, new = replace(here, refused=Refused(errors=too_long)), edit.cells.get(NEW)
        return _form(told, at, found, sheet, lines, added=new, wrong=wrong, status=422)
    kept = proposing.write(
        store, here.scope, found, typed, at=context.real_now(), request_id=desk.request_id()
    )
    if isinstance(kept, Refusal):
        return _form(here, at, found, sheet, lines, added=edit.cells.get(NEW), status=412)
    return see_other(f"{_home(here, merchant_id)}/{sheet}?saved={kept.version}")


def desk_of(here: Visit, plan: Plan, merchant_id: str) -> Desk:
    """Return a merchant's part of the draft. Raises NotFound for what is not the member's."""
    mine = here.scope.merchant_ids
    if (mine is not None and merchant_id not in mine) or merchant_id not in plan.campaign.merchant:
        raise NotFound(f"no merchant {merchant_id}")
    return Desk(plan.campaign, plan.live.campaign if plan.live else None, merchant_id)


def checks_of(plan: Plan, at: Desk, proposal: Proposal, whole: Campaign) -> Checks:
    """Return what the checks say of the merchant's own lines, were the proposal in the draft."""
    found = plans.checks_of(plan, whole, changed=(at.merchant_id, proposal.cells))
    return Checks(at.concerning(whole, found.blocks), at.concerning(whole, found.warns))


def _shown(here: Visit, plan: Plan, at: Desk, status: int = 200) -> Response:
    found = store.get(here.scope, at.merchant_id)
    whole, language = at.planned(found).campaign, desk.reader().language
    return desk.show(
        "proposal.html",
        here,
        status=status,
        campaign=plan.campaign,
        name=plans.name_of(here, plan.campaign),
        merchant=plan.campaign.merchant[at.merchant_id],
        proposal=found,
        changes=difference.between(plan.campaign, whole) if whole else (),
        checks=checks_of(plan, at, found, whole) if whole else None,
        place=lambda fault: places.name(whole or plan.campaign, fault, language),
        readable=whole is not None,
    )


def _form(
    here: Visit,
    at: Desk,
    proposal: Proposal,
    sheet: str,
    lines: Lines,
    *,
    added: Mapping[str, str] | None = None,
    wrong: Wrong | None = None,
    status: int = 200,
) -> Response:
    wrong = wrong or {}
    columns = domain.OF_NEW if sheet == "offers" else at.columns(sheet, "")
    shown = {(key, column) for key in (*lines, NEW) for column in at.columns(sheet, key)}
    return desk.show(
        "proposed.html",
        here,
        status=status,
        campaign=at.draft,
        merchant=at.draft.merchant[at.merchant_id],
        proposal=proposal,
        sheet=sheet,
        lines=lines,
        columns=columns,
        may_change=at.columns,
        stands=at.stands,
        added=added or {},
        wrong=wrong,
        told=[told for place, told in wrong.items() if place not in shown],
        saved=desk.query("saved"),
        NEW=NEW,
    )


def _sheet(sheet: str) -> str:
    if sheet not in domain.SHEETS:
        raise NotFound(f"no form {sheet}")
    return sheet


def _too_long(typed: Proposal) -> Errors:
    """Return what is wrong with a proposal that would not fit."""
    if sum(len(cell.mine) + len(cell.base) for cell in typed.cells) <= domain.MOST_CHARACTERS:
        return ()
    return [("", said("the texts have more than {most} characters", most=domain.MOST_CHARACTERS))]


def _home(here: Visit, merchant_id: str) -> str:
    return HOME.format(campaign_id=here.scope.area, merchant_id=merchant_id)
