"""Drafts by key: read and saved as the zip that the console exports, checked, previewed."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from chalice import Response

from chalicelib.domain import difference, exchange, wall
from chalicelib.domain import fault as faults
from chalicelib.domain.campaign import Campaign, Phase
from chalicelib.domain.errors import InvalidPayload, NotFound
from chalicelib.domain.fault import Fault
from chalicelib.domain.live import Live, Published
from chalicelib.domain.member import Scope
from chalicelib.domain.merchant import text_in
from chalicelib.domain.popup import Popup
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.sheet import SheetFault
from chalicelib.store import campaigns, photos
from chalicelib.store import desk as store
from chalicelib.store.desk import Draft
from chalicelib.usecases import drafting
from chalicelib.web import claims, program_answers, wording
from chalicelib.web.api import answer
from chalicelib.web.console import plan as plans
from chalicelib.web.console.plan import Plan
from chalicelib.web.context import context
from chalicelib.web.operations import ZIP
from chalicelib.web.programs import api
from chalicelib.web.security import JSON_HEADERS

_LONGEST_NUMBER = 9
_YEARS = range(2019, 2051)  # of calendars


def get_campaigns(scope: Scope) -> Response:
    """Return the key's campaign in a list; an empty one where it was never begun."""
    found = store.draft(scope)
    plan = Plan(draft=found, live=plans.live_of(scope.area)) if found else None
    items = [_listed(plan)] if plan else []
    return answer(program_answers.Campaigns(items=items))


def get_draft(scope: Scope) -> Response:
    """Return the draft as a zip; its ETag is the version to save over. Raises NotFound."""
    draft = plans.of(scope).draft
    return _zip(draft.campaign, {"ETag": _etag(draft.version)})


def put_draft(scope: Scope) -> Response | Refusal:
    """Save a zip over the version that If-Match names."""
    return _saved(scope, store.draft(scope), over=api.version())


def post_import(scope: Scope) -> Response | Refusal:
    """Save a zip over what the draft is now; a dry run saves nothing."""
    asked = api.query("dry_run") or "false"
    if asked not in {"true", "false"}:
        raise InvalidPayload([("/dry_run", "is true or false")])
    before = store.draft(scope)
    over = before.version if before else 0
    return _saved(scope, before, over=over, dry=asked == "true")


def get_export(scope: Scope) -> Response:
    """Return a revision as a zip, what is live without a number. Raises NotFound."""
    number = _revision()
    if number is not None:
        return _zip(store.revision(scope, number), {})
    return _zip(context.catalog.campaign(scope.area).campaign, {})


def get_preview(scope: Scope) -> Response:
    """Return what the public will know at an instant. Raises NotFound."""
    number = _revision()
    whole = plans.of(scope).campaign if number is None else store.revision(scope, number)
    popup = _popup(whole)
    if popup is not None:
        whole = replace(whole, popups=(popup,))
    published = Published(campaign=whole, revision=number or 0, epoch=0, live=Live())
    try:
        return answer(claims.known(published, _instant(popup), api.reader().language))
    except ValueError as error:
        told = "the draft has wall times that are none: see its checks"
        raise InvalidPayload([("", told)]) from error


def _findings(found: Iterable[Fault]) -> list[program_answers.Finding]:
    return [
        program_answers.Finding(pointer=one.pointer, message=_said(one.message)) for one in found
    ]


def _saved(
    scope: Scope, before: Draft | None, *, over: int, dry: bool = False
) -> Response | Refusal:
    """Read the zip that was sent, and make all of it the draft, unless something stops it."""
    report = exchange.read(api.raw_body(), photos.known())
    whole = report.campaign
    if whole is None:
        raise InvalidPayload([(_place(fault), _said(fault.message)) for fault in report.stops])
    if whole.campaign_id != scope.area:
        return Refusal(Reason.NOT_ALLOWED)
    version = before.version if before else 0
    if version != over:
        return Refusal(Reason.EDITED_MEANWHILE)
    if not dry:
        saved = drafting.save(
            store,
            scope,
            whole,
            before=before.campaign if before else None,
            over=over,
            action="imported",
            at=context.real_now(),
            request_id=api.request_id(),
        )
        if isinstance(saved, Refusal):
            return saved
        version = saved
    return _told(whole, before, version)


def _told(whole: Campaign, before: Draft | None, version: int) -> Response:
    digest = campaigns.digest_of(whole)
    plan = Plan(draft=Draft(whole, version, digest), live=plans.live_of(whole.campaign_id))
    checks = plans.checks(plan)
    changes = difference.between(before.campaign if before else None, whole)
    body = program_answers.Saved(
        draft_version=version,
        changes=[
            program_answers.Difference(
                subject=_said(one.subject), field=one.field, before=one.before, after=one.after
            )
            for one in changes
        ],
        blocks=_findings(checks.blocks),
        warns=_findings(checks.warns),
    )
    return answer(body, headers={"ETag": _etag(version)})


def _listed(plan: Plan) -> program_answers.ListedCampaign:
    whole, live = plan.campaign, plan.live
    return program_answers.ListedCampaign(
        campaign_id=whole.campaign_id,
        name=text_in(whole.name, api.reader().language) or whole.campaign_id,
        phase=live.campaign.phase(context.now()) if live else Phase.DRAFT,
        paused=live.live.paused if live else False,
        revision=live.revision if live else None,
        draft_version=plan.draft.version or None,
    )


def _zip(whole: Campaign, headers: dict[str, str | list[str]]) -> Response:
    shown = JSON_HEADERS | {"Content-Type": ZIP} | headers
    return Response(exchange.export(whole), headers=shown, status_code=200)


def _etag(version: int) -> str:
    return f'"{version}"'


def _revision() -> int | None:
    """Return the revision that the query names, or None. Raises InvalidPayload."""
    text = api.query("revision")
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER):
        raise InvalidPayload([("/revision", "is a number")])
    return int(text)


def _popup(whole: Campaign) -> Popup | None:
    """Return the stand that the query names, or None where it names none. Raises NotFound."""
    name = api.query("popup")
    if name is not None and name not in whole.popup:
        raise NotFound(f"no stand {name}")
    return whole.popup[name] if name else None


def _instant(popup: Popup | None) -> datetime:
    """Return the instant that the query names: a wall time of the stand. Raises InvalidPayload."""
    text = api.query("at")
    if text is None:
        return context.now()
    if popup is not None and faults.wall_time_of(text):
        return wall.instant(text, popup.time_zone)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or found.year not in _YEARS:
        told = "is an instant like 2026-11-11T00:00:00Z, or with a stand a wall time without zone"
        raise InvalidPayload([("/at", told)])
    return found.astimezone(UTC)


def _place(fault: SheetFault) -> str:
    place = fault.place
    return f"/{_said(place.file)}/{place.line}/{place.column}"


def _said(text: str) -> str:
    return wording.said(text, api.reader().language)
