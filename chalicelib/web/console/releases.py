"""A campaign goes live, or back: the same steps and the same trail for people and programs."""

from chalicelib.domain import trail
from chalicelib.domain.member import Scope
from chalicelib.domain.pointer import Pointer
from chalicelib.domain.reasons import Refusal
from chalicelib.domain.trail import Entry
from chalicelib.store import campaigns, counters, trails
from chalicelib.store import desk as store
from chalicelib.usecases import drafting, publishing
from chalicelib.usecases.publishing import Faulty
from chalicelib.web.console.plan import Plan
from chalicelib.web.context import context

Outcome = Pointer | Refusal | Faulty


def publish(scope: Scope, plan: Plan, version: int, *, request_id: str) -> Outcome:
    """Publish the draft of a version, if it still is that; 0: what is live becomes the draft."""
    if not version:
        saved = _first_draft(scope, plan, request_id)
        if isinstance(saved, Refusal):
            return saved
        version = saved
    _note(scope, "publish", f"draft {version}", request_id=request_id)
    outcome = publishing.publish(
        campaigns,
        counters,
        scope.area,
        draft_version=version,
        now=context.now(),
        entry=_entry(scope, "published", "", request_id),
    )
    context.catalog.forget()
    return outcome


def roll_back(scope: Scope, revision: int, *, request_id: str) -> Outcome:
    """Go back to an earlier revision; what was promised since is carried along."""
    _note(scope, "roll back", f"revision {revision}", request_id=request_id)
    outcome = publishing.roll_back(
        campaigns,
        counters,
        scope.area,
        revision=revision,
        now=context.now(),
        entry=_entry(scope, "rolled back", "", request_id),
    )
    context.catalog.forget()
    return outcome


def _note(scope: Scope, action: str, subject: str, *, request_id: str) -> None:
    """Leave a trace of the wish, before the first write; the last one tells how it ended."""
    trails.note(scope, _entry(scope, action, subject, request_id))


def _entry(scope: Scope, action: str, subject: str, request_id: str) -> Entry:
    return trail.entry(scope, action, subject, at=context.real_now(), request_id=request_id)


def _first_draft(scope: Scope, plan: Plan, request_id: str) -> int | Refusal:
    """Make what is live the first draft, so that it can be published again."""
    return drafting.save(
        store,
        scope,
        plan.campaign,
        before=plan.campaign,
        over=0,
        action="draft begun",
        at=context.real_now(),
        request_id=request_id,
    )
