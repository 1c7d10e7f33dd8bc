"""Marketing reads what a merchant handed in, and takes it into the draft or returns it."""

from dataclasses import replace

from chalice import Response

from chalicelib.domain import difference
from chalicelib.domain.errors import InvalidPayload
from chalicelib.domain.proposal import Desk, Proposal
from chalicelib.domain.reasons import Refusal
from chalicelib.domain.sentence import said
from chalicelib.store import proposals as store
from chalicelib.store.proposals import Accepting
from chalicelib.usecases import drafting, proposing
from chalicelib.web.console import places, proposals
from chalicelib.web.console import plan as plans
from chalicelib.web.console.desk import desk, see_other
from chalicelib.web.console.forms import Form
from chalicelib.web.console.plan import Plan
from chalicelib.web.console.visit import Visit
from chalicelib.web.context import context

_LONGEST_COMMENT = 1_000


def get_review(here: Visit, merchant_id: str) -> Response:
    """Return what a proposal would change, and which of it others changed since."""
    plan = plans.of(here.scope)
    return _shown(here, plan, proposals.desk_of(here, plan, merchant_id))


def post_review(here: Visit, form: Form, merchant_id: str) -> Response | Refusal:
    """Return a proposal with a comment, or put exactly what the page showed into the draft."""
    plan = plans.of(here.scope)
    at = proposals.desk_of(here, plan, merchant_id)
    found = store.get(here.scope, merchant_id)
    seen = tuple(form.whole(name) for name in ("proposal", "version", "revision"))
    if seen != (found.version, plan.draft.version, _revision(plan)) or found.is_open:
        return _shown(here, plan, at, status=412)
    if form.text("do") == "return":
        done: object = _returned(here, found, form.text("comment").strip())
    else:
        done = _accepted(here, plan, at, _chosen(at, found, form))
    if isinstance(done, Refusal):
        return _shown(here, plans.of(here.scope), at, status=412)
    return see_other(f"/console/c/{here.scope.area}#proposals")


def _revision(plan: Plan) -> int:
    """Return what is live, which says what is frozen: it belongs to what the page showed."""
    return plan.live.revision if plan.live else 0


def _returned(here: Visit, found: Proposal, comment: str) -> Proposal | Refusal:
    if not 1 <= len(comment) <= _LONGEST_COMMENT:
        told = said("write 1 to {most} characters: the merchant reads them", most=_LONGEST_COMMENT)
        raise InvalidPayload([("/comment", told)])
    now, name = context.real_now(), desk.request_id()
    return proposing.give_back(store, here.scope, found, comment, at=now, request_id=name)


def _accepted(here: Visit, plan: Plan, at: Desk, chosen: Proposal) -> object:
    """Save the draft with the proposal in it; both are one write."""
    whole = at.planned(chosen).campaign
    if whole is None:
        raise InvalidPayload([("", said("some of it cannot be read any more; return it"))])
    now, name = context.real_now(), desk.request_id()
    if whole == plan.campaign:
        return proposing.accept(store, here.scope, chosen, at=now, request_id=name)
    done = proposing.following(proposing.accepted(chosen), here.scope)
    return drafting.save(
        Accepting(done),
        here.scope,
        whole,
        before=plan.campaign,
        over=plan.draft.version,
        action=f"accepted the proposal of {at.merchant_id}",
        at=now,
        request_id=name,
    )


def _chosen(at: Desk, found: Proposal, form: Form) -> Proposal:
    """Leave out the cells of which the draft's own value was chosen. Raises InvalidPayload."""
    left_out = set()
    for cell in at.clashes(found):
        choice = form.text(f"take:{cell.sheet}:{cell.key}:{cell.column}")
        if choice not in {"mine", "theirs"}:
            told = said("choose one of both for {name}", name=f"{cell.key}: {cell.column}")
            raise InvalidPayload([("", told)])
        if choice == "theirs":
            left_out.add(cell.place)
    return replace(found, cells=tuple(c for c in found.cells if c.place not in left_out))


def _shown(here: Visit, plan: Plan, at: Desk, status: int = 200) -> Response:
    found = store.get(here.scope, at.merchant_id)
    clashes = at.clashes(found)
    calm = replace(found, cells=tuple(c for c in found.cells if c not in clashes))
    whole = None if found.is_open else at.planned(calm).campaign  # open: nothing to decide
    language = desk.reader().language
    return desk.show(
        "review.html",
        here,
        status=status,
        campaign=plan.campaign,
        plan=plan,
        revision=_revision(plan),
        merchant=plan.campaign.merchant[at.merchant_id],
        proposal=found,
        changes=difference.between(plan.campaign, whole) if whole else (),
        clashes=[(cell, at.now(cell)) for cell in clashes],
        checks=proposals.checks_of(plan, at, calm, whole) if whole else None,
        place=lambda fault: places.name(whole or plan.campaign, fault, language),
        readable=whole is not None,
    )
