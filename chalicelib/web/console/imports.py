"""A whole campaign comes in as a zip: first what it would do, line by line, then all of it."""

from chalice import Response

from chalicelib.domain import difference, exchange
from chalicelib.domain.errors import InvalidPayload
from chalicelib.domain.exchange import Report
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.sentence import said
from chalicelib.domain.sheet import MOST_ROWS
from chalicelib.domain.sheet_files import LAYOUTS
from chalicelib.store import desk as store
from chalicelib.store import photos
from chalicelib.usecases import drafting
from chalicelib.web.console import overview
from chalicelib.web.console.desk import desk
from chalicelib.web.console.forms import Form
from chalicelib.web.console.visit import Visit
from chalicelib.web.context import context

_MOST_SHOWN = 500


def get_import(here: Visit) -> Response:
    """Return the form for a zip."""
    return desk.show("import.html", here, layouts=LAYOUTS, most=MOST_ROWS)


def post_import(here: Visit, form: Form) -> Response | Refusal:
    """Read a zip without doing anything, and say what it would do."""
    data = form.files.get("zip")
    if not data:
        raise InvalidPayload([("/zip", said("choose a zip of CSV files"))])
    report = exchange.read(data, photos.known())
    if report.campaign is None:
        return _dry_run(here, report)
    scope = here.member.scope(report.campaign.campaign_id)
    if scope is None:
        return Refusal(Reason.NOT_ALLOWED)
    before = store.draft(scope)
    return _dry_run(
        here,
        report,
        changes=difference.between(before.campaign if before else None, report.campaign),
        same=before is not None and before.campaign == report.campaign,
        over=before.version if before else 0,
        digest=store.keep_document(scope, report.campaign),
    )


def post_imported(here: Visit, form: Form) -> Response | Refusal:
    """Make what the dry run showed the draft: all of it, over the version it was compared with."""
    whole = store.document(here.scope, form.text("digest"))
    if whole is None:
        return Refusal(Reason.NOT_FOUND)
    before = store.draft(here.scope)
    saved = drafting.save(
        store,
        here.scope,
        whole,
        before=before.campaign if before else None,
        over=form.whole("over"),
        action="imported",
        at=context.real_now(),
        request_id=desk.request_id(),
    )
    return saved if isinstance(saved, Refusal) else overview.done(here.scope.area, "imported")


def _dry_run(here: Visit, report: Report, **more: object) -> Response:
    facts = {"changes": (), "same": False, "over": 0, "digest": "", **more}
    status = 422 if report.campaign is None else 200
    return desk.show("dry_run.html", here, status=status, report=report, most=_MOST_SHOWN, **facts)
