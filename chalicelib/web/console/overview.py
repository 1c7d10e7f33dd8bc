"""A campaign's page: phase, checks with links, what the draft changes, revisions, deeds."""

from collections.abc import Mapping

from chalice import Response

from chalicelib.domain import exchange, promise
from chalicelib.domain import view as views
from chalicelib.domain.campaign import Campaign, Phase
from chalicelib.domain.errors import NotFound
from chalicelib.domain.member import Right
from chalicelib.domain.merchant import Merchant, text_in
from chalicelib.domain.proposal import Proposal
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.sentence import Sentence
from chalicelib.domain.sheet_campaign import CALENDAR
from chalicelib.store import campaigns, counters, members, proposals, schedules
from chalicelib.store import desk as store
from chalicelib.usecases import drafting, publishing
from chalicelib.usecases.publishing import Faulty
from chalicelib.web.console import labels, places, releases, waiting
from chalicelib.web.console import plan as plans
from chalicelib.web.console.desk import desk, see_other
from chalicelib.web.console.forms import Form
from chalicelib.web.console.plan import Plan
from chalicelib.web.console.releases import Outcome
from chalicelib.web.console.visit import Visit
from chalicelib.web.console.waiting import Waiting
from chalicelib.web.context import context

_MOST_CHANGES = 300


def get_overview(here: Visit) -> Response:
    """Return where a campaign stands."""
    return shown(here, plans.of(here.scope))


def get_export(here: Visit) -> Response:
    """Return the draft as a zip of CSV files, or the revision that the query names."""
    number = desk.query("revision")
    if number is None:
        whole = plans.of(here.scope).campaign
    elif number.isascii() and number.isdigit() and len(number) < 9:
        whole = store.revision(here.scope, int(number))
    else:
        raise NotFound(f"no revision {number}")
    return desk.file(exchange.export(whole), "application/zip", f"{here.scope.area}.zip")


def post_publish(here: Visit, form: Form) -> Response | Refusal:
    """Publish the draft of the version that the page showed, if nothing blocks it."""
    plan, version = plans.of(here.scope), form.whole("version")
    if plans.checks(plan).blocks:
        return shown(here, plan, status=422)
    outcome = releases.publish(here.scope, plan, version, request_id=desk.request_id())
    return _settled(here, outcome, "published")


def post_rollback(here: Visit, form: Form) -> Response | Refusal:
    """Go back to an earlier revision; what was promised since is carried along."""
    revision = form.whole("revision")
    outcome = releases.roll_back(here.scope, revision, request_id=desk.request_id())
    return _settled(here, outcome, "rolled-back")


def post_pause(here: Visit, form: Form) -> Response:
    """Pause the campaign, or let it go on, within 5 s everywhere."""
    plans.of(here.scope)  # what does not exist is not paused
    paused = form.text("paused") == "yes"
    entry = desk.entry(here, "paused" if paused else "resumed", here.scope.area)
    campaigns.pause(here.scope.area, paused=paused, entry=entry)
    context.catalog.forget()
    return done(here.scope.area, "paused" if paused else "resumed")


def post_clone(here: Visit, form: Form) -> Response | Refusal:
    """Begin next year's campaign as a draft: wall times are kept, ids are its own."""
    plan, year = plans.of(here.scope), form.whole("year")
    if plans.checks(plan).blocks:  # a calendar that is none has no next year
        return shown(here, plan, status=422)
    source = plan.campaign
    name, number = form.text("campaign_id").strip(), form.whole("number")
    scope = here.member.scope(name)
    if scope is None or not 2019 <= year < 2050:
        return Refusal(Reason.NOT_ALLOWED)
    if store.draft(scope) is not None:
        return Refusal(Reason.EDITED_MEANWHILE, {"subject": name})
    new = drafting.cloned(source, campaign_id=name, number=number, year=year)
    saved = drafting.save(
        store,
        scope,
        new,
        before=None,
        over=0,
        action=f"cloned from {source.campaign_id}",
        at=context.real_now(),
        request_id=desk.request_id(),
    )
    return saved if isinstance(saved, Refusal) else done(name, "cloned")


def done(campaign_id: str, deed: str) -> Response:
    """Lead to a campaign's page, which says what was done: one of `labels.DONE`."""
    return see_other(f"/console/c/{campaign_id}?done={deed}")


def shown(
    here: Visit,
    plan: Plan,
    status: int = 200,
    *,
    typed: tuple[str, str] | None = None,
    wrong: Mapping[str, Sentence] | None = None,
) -> Response:
    """Return the page; a plan to publish that was refused stands there as it was `typed`."""
    whole, live = plan.campaign, plan.live
    at, language = context.now(), desk.reader().language
    edits = here.member.may(Right.EDIT)
    found = plans.checks(plan) if edits else None
    changes = plans.changes(plan) if edits else ()
    return desk.show(
        "campaign.html",
        here,
        status=status,
        campaign=views.of(whole, here.scope),
        name=text_in(plans.name_of(here, whole), language) or whole.campaign_id,
        plan=plan,
        phase=live.campaign.phase(at) if live else Phase.DRAFT,
        paused=live.live.paused if live else False,
        checks=found,
        link=lambda fault: places.link(whole, fault),
        place=lambda fault: places.name(whole, fault, language),
        changes=changes[:_MOST_CHANGES],
        proposals=_proposals(here, plan),
        waiting=_waiting(here, plan, language, typed, wrong) if edits else None,
        more=max(0, len(changes) - _MOST_CHANGES),
        revisions=store.revisions(here.scope) if live else {},
        limits=_limits(plan) if found and not found.blocks and changes else None,
        calendar=[
            (name, text, plans.instants(whole, text, ends=labels.DATES[name]))
            for name in CALENDAR
            for text in (getattr(whole.calendar, name),)
        ],
        counts=[] if live else _counts(whole, language),
        clone=_clone(plan) if found and not found.blocks else None,
        done=labels.done(desk.query("done") or "", language),
    )


def _clone(plan: Plan) -> Mapping[str, object]:
    """Return what next year's campaign may be called; numbers of drafts are not looked up."""
    year = int(plan.campaign.calendar.usable_from[:4]) + 1
    taken = {p.campaign.number for p in context.catalog.all()} | {plan.campaign.number}
    name = drafting.id_in(plan.campaign.campaign_id, year)
    return {"year": year, "campaign_id": name, "number": max(taken) + 1}


def _counts(campaign: Campaign, language: str) -> list[tuple[str, int]]:
    """Return how much there is of what a campaign is made of."""
    parts = {
        "popups": campaign.popups,
        "merchants": campaign.merchants,
        "offers": campaign.offers,
        "delivery": campaign.delivery.options if campaign.delivery else (),
    }
    names = labels.sheets(language)
    return [(names[sheet], len(found)) for sheet, found in parts.items() if found]


def _waiting(
    here: Visit,
    plan: Plan,
    language: str,
    typed: tuple[str, str] | None,
    wrong: Mapping[str, Sentence] | None,
) -> Waiting:
    """Return what is planned, and whether whoever planned it may publish still."""
    planned = schedules.get(here.scope.area)
    allowed = planned is None or planned.allowed(members.get(planned.member_id))
    return waiting.of(plan.campaign, planned, language, allowed=allowed, typed=typed, wrong=wrong)


def _proposals(here: Visit, plan: Plan) -> list[tuple[Merchant, Proposal]]:
    """Return the merchant's own proposals, written or not; for marketing those handed in."""
    if not here.member.may(Right.PROPOSE) and not here.member.may(Right.EDIT):
        return []
    found = {one.merchant_id: one for one in proposals.everything(here.scope)}
    mine = views.of(plan.campaign, here.scope).merchants
    whole = plan.campaign.campaign_id
    listed = [
        (one, found.get(one.merchant_id, Proposal(campaign_id=whole, merchant_id=one.merchant_id)))
        for one in mine
    ]
    return [pair for pair in listed if here.scope.merchant_ids is not None or not pair[1].is_open]


def _limits(plan: Plan) -> Refusal | None:
    """Return which limit of the draft is below its use as it stands now."""
    if plan.live is None or promise.broken(plan.live.campaign, plan.campaign):
        return None
    return publishing.below_use(campaigns, counters, plan.campaign, now=context.now())


def _settled(here: Visit, outcome: Outcome, deed: str) -> Response | Refusal:
    """Tell whoever asked how a publish or a rollback ended; `deed` is its name where it is done."""
    match outcome:
        case Refusal():
            return outcome
        case Faulty():
            return shown(here, plans.of(here.scope), status=422)
    return done(here.scope.area, deed)
