"""Revisions by key: a draft goes live, an earlier revision comes back."""

from collections.abc import Iterable

from chalice import Response

from chalicelib.domain.errors import InvalidPayload
from chalicelib.domain.fault import Fault
from chalicelib.domain.member import Scope
from chalicelib.domain.pointer import Pointer
from chalicelib.domain.reasons import Refusal
from chalicelib.store import desk as store
from chalicelib.usecases.publishing import Faulty
from chalicelib.web import program_answers, wording
from chalicelib.web.api import answer
from chalicelib.web.console import plan as plans
from chalicelib.web.console import releases
from chalicelib.web.console.releases import Outcome
from chalicelib.web.programs import api
from chalicelib.web.schema import PublishRequest, RollbackRequest


def post_publish(scope: Scope) -> Response | Refusal:
    """Make the draft of a version live, if nothing blocks it. Raises InvalidPayload, NotFound."""
    version, plan = api.body(PublishRequest).draft_version, plans.of(scope)
    blocks = plans.checks(plan).blocks
    if blocks:
        raise _faulty(blocks)
    outcome = releases.publish(scope, plan, version, request_id=api.request_id())
    return _told(scope, outcome)


def get_revisions(scope: Scope) -> Response:
    """Return the revisions, the newest first."""
    live = plans.live_of(scope.area)
    items = [
        program_answers.Revision(revision=number, live=bool(live and live.revision == number))
        for number in store.revisions(scope)
    ]
    return answer(program_answers.Revisions(items=items))


def post_rollback(scope: Scope) -> Response | Refusal:
    """Make an earlier revision live again. Raises InvalidPayload, NotFound."""
    revision = api.body(RollbackRequest).revision
    return _told(scope, releases.roll_back(scope, revision, request_id=api.request_id()))


def _told(scope: Scope, outcome: Outcome) -> Response | Refusal:
    match outcome:
        case Faulty(faults):
            raise _faulty(faults)
        case Pointer(revision, epoch):
            body = program_answers.Released(campaign_id=scope.area, revision=revision, epoch=epoch)
            return answer(body)
    return outcome


def _faulty(faults: Iterable[Fault]) -> InvalidPayload:
    """Return the error that has every fault, each at its place in the draft."""
    language = api.reader().language
    return InvalidPayload([(one.pointer, wording.said(one.message, language)) for one in faults])
