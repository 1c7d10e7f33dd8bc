"""A publish is planned for an instant to come, planned anew, or called off."""

from chalice import Response

from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.schedule import Schedule
from chalicelib.store import schedules as store
from chalicelib.web.console import overview, waiting
from chalicelib.web.console import plan as plans
from chalicelib.web.console.desk import desk, see_other
from chalicelib.web.console.forms import Form
from chalicelib.web.console.visit import Visit
from chalicelib.web.context import context

_PLANNED = "/console/c/{campaign_id}#planned"


def post_schedule(here: Visit, form: Form) -> Response | Refusal:
    """Plan to publish the draft of the version that the page showed, if nothing blocks it now."""
    plan, version = plans.of(here.scope), form.whole("version")
    if version != plan.draft.version or not version:
        return Refusal(Reason.EDITED_MEANWHILE)
    text, zone, over = form.text("at").strip(), form.text("zone"), form.text("over")
    at = waiting.instant(plan.campaign, text, zone, now=context.now())
    if isinstance(at, dict) or plans.checks(plan).blocks:
        wrong = at if isinstance(at, dict) else None
        return overview.shown(here, plan, status=422, typed=(text, zone), wrong=wrong)
    schedule = Schedule(
        campaign_id=here.scope.area,
        mark=desk.request_id(),
        version=version,
        at=at,
        wall=text,
        time_zone=zone,
        member_id=here.scope.member_id,
        email=here.scope.email,
    )
    action, after = "publish planned anew" if over else "publish planned", f"{text} {zone}"
    entry = desk.entry(here, action, f"draft {version}", after={"scheduled for": after})
    planned = store.plan(here.scope, schedule, entry, over=over)
    return _planned(here) if planned else Refusal(Reason.EDITED_MEANWHILE)


def post_unschedule(here: Visit, form: Form) -> Response | Refusal:
    """Call a planned publish off; one that is under way goes on."""
    plans.of(here.scope)  # of what does not exist, nothing is planned
    found = store.get(here.scope.area)
    mark = form.text("mark")
    if found is None or found.mark != mark:
        return Refusal(Reason.EDITED_MEANWHILE)
    before = {"scheduled for": f"{found.wall} {found.time_zone}"}
    entry = desk.entry(here, "publish called off", f"draft {found.version}", before=before)
    gone = store.call_off(here.scope, mark, entry)
    return _planned(here) if gone else Refusal(Reason.EDITED_MEANWHILE)


def _planned(here: Visit) -> Response:
    return see_other(_PLANNED.format(campaign_id=here.scope.area))
