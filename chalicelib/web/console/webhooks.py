"""Webhooks of a campaign: who is told what, how that goes, a test, and telling it again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chalice import Response

from chalicelib.domain import event as events
from chalicelib.domain import hook as rules
from chalicelib.domain import notice as notice_rules
from chalicelib.domain.event import OFFERED, Kind
from chalicelib.domain.guessing import Guess
from chalicelib.domain.hook import Hook
from chalicelib.domain.notice import Answer, Errand, Notice, Trouble
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.store import hooks, notices
from chalicelib.usecases import subscribing, telling
from chalicelib.web import guard
from chalicelib.web.console import plan as plans
from chalicelib.web.console.desk import desk, see_other
from chalicelib.web.console.forms import Form
from chalicelib.web.console.visit import Visit
from chalicelib.web.context import context
from chalicelib.web.languages import catalogue

_ASKED = "event:"  # how a box of the form is named; a name comes once


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A webhook as the page shows it, with what it was told last."""

    hook: Hook
    two_secrets: bool
    notices: Sequence[Notice]


def get_webhooks(here: Visit) -> Response:
    """Return the webhooks of the campaign."""
    return _page(here)


def post_webhook(here: Visit, form: Form) -> Response | Refusal:
    """Add a webhook; its secret is shown once, here. Sent twice, it is added once."""
    plans.of(here.scope)
    asked = {name.removeprefix(_ASKED) for name in form.fields if name.startswith(_ASKED)}
    url, kinds = subscribing.wanted(form.text("url"), asked)
    hook_id = form.text("hook_id")
    if not rules.is_id(hook_id):
        return Refusal(Reason.NOT_FOUND)
    hook = Hook(
        hook_id=hook_id,
        campaign_id=here.scope.area,
        url=url,
        kinds=kinds,
        secret=rules.new_secret(context.entropy(rules.SECRET_BYTES)),
        added_at=context.real_now(),
    )
    added = subscribing.add(hooks, here.scope, hook, request_id=desk.request_id())
    return added if isinstance(added, Refusal) else _page(here, fresh=added)


def post_secret(here: Visit, form: Form) -> Response | Refusal:
    """Give a webhook a new secret, which is shown once, here."""

    def renewed(hook: Hook) -> Hook | Refusal:
        return subscribing.renew(
            hooks,
            here.scope,
            hook,
            secret=rules.new_secret(context.entropy(rules.SECRET_BYTES)),
            at=context.real_now(),
            request_id=desk.request_id(),
        )

    found = _with(here, form, renewed)
    return found if isinstance(found, Refusal) else _page(here, fresh=found)


def post_hook_pause(here: Visit, form: Form) -> Response | Refusal:
    """Pause a webhook, or let it go on."""

    def paused(hook: Hook) -> Hook | Refusal:
        return subscribing.pause(
            hooks,
            here.scope,
            hook,
            paused=form.text("paused") == "yes",
            at=context.real_now(),
            request_id=desk.request_id(),
        )

    return _settled(here, _with(here, form, paused))


def post_hook_removal(here: Visit, form: Form) -> Response | Refusal:
    """Remove a webhook."""

    def removed(hook: Hook) -> Hook | Refusal:
        return subscribing.remove(
            hooks, here.scope, hook, at=context.real_now(), request_id=desk.request_id()
        )

    return _settled(here, _with(here, form, removed))


def post_test(here: Visit, form: Form) -> Response | Refusal:
    """Send a test event at once, and say how the receiver answered."""
    found = _called(here, form)
    if isinstance(found, Refusal):
        return found
    at = context.real_now()
    test = events.of_campaign(Kind.TEST, here.scope.area, desk.request_id(), at=at)
    return _page(here, tested=(found, telling.tell(context.egress, found, test, 0, at)))


def post_again(here: Visit, form: Form) -> Response | Refusal:
    """Put one event into the queue again, or all of a webhook that are not delivered."""
    found = _called(here, form)
    if isinstance(found, Refusal):
        return found
    place = form.text("place")
    if place and not notice_rules.is_place(place):
        return Refusal(Reason.NOT_FOUND)
    errands = [_errand(found, place, again=True)] if place else _undelivered(here, found)
    # Before: what was sent is never without a trace.
    desk.note(here, "events sent again", found.host, after={"events": str(len(errands))})
    context.errands.send(errands)
    return _settled(here, found)


def told(answer: Answer, language: str) -> str:
    """Return in words how a receiver answered."""
    _ = catalogue(language).gettext
    if isinstance(answer, Trouble):
        return _(notice_rules.WORDS[answer])
    if 300 <= answer < 400:
        return _("answered %(status)s: it redirects, which is not followed") % {"status": answer}
    return _("answered %(status)s") % {"status": answer}


def _undelivered(here: Visit, hook: Hook) -> list[Errand]:
    waiting = notices.listed(here.scope, hook.hook_id, undelivered=True)
    return [_errand(hook, notice.place) for notice in waiting]


def _errand(hook: Hook, place: str, *, again: bool = False) -> Errand:
    return Errand(campaign_id=hook.campaign_id, hook_id=hook.hook_id, place=place, again=again)


def _with(here: Visit, form: Form, do: Callable[[Hook], Hook | Refusal]) -> Hook | Refusal:
    """Do something with the webhook that the form names, of the scope's campaign alone."""
    hook_id = form.text("hook_id")
    hook = hooks.get(here.scope.area, hook_id) if rules.is_id(hook_id) else None
    return do(hook) if hook else Refusal(Reason.NOT_FOUND)


def _called(here: Visit, form: Form) -> Hook | Refusal:
    """Return the webhook that the form wants called, unless its member had so many called."""
    found = _with(here, form, lambda hook: hook)
    return guard.wrong(Guess.HOOK, here.member.member_id) or found


def _settled(here: Visit, outcome: Hook | Refusal) -> Response | Refusal:
    if isinstance(outcome, Refusal):
        return outcome
    return see_other(f"/console/c/{here.scope.area}/webhooks")


def _page(
    here: Visit, *, fresh: Hook | None = None, tested: tuple[Hook, Answer] | None = None
) -> Response:
    """Return the page; `fresh` is the webhook whose secret it shows, this once."""
    plan, language = plans.of(here.scope), desk.reader().language
    return desk.show(
        "webhooks.html",
        here,
        campaign=plans.running(here.scope),
        live=plan.live,
        hooks=[_shown(here, hook) for hook in hooks.of_campaign(here.scope.area)],
        fresh=fresh,
        tested=tested and {"hook": tested[0], "words": told(tested[1], language)},
        tested_well=bool(tested and notice_rules.took(tested[1])),
        kinds=OFFERED,
        most=rules.HOOKS_A_CAMPAIGN,
        new_id=rules.new_id(context.entropy(rules.ID_BYTES)),
        answered=lambda notice: _answered(notice, language),
    )


def _shown(here: Visit, hook: Hook) -> Shown:
    return Shown(
        hook=hook,
        two_secrets=len(hook.secrets(context.real_now())) > 1,
        notices=notices.listed(here.scope, hook.hook_id),
    )


def _answered(notice: Notice, language: str) -> str:
    """Return the last answer of a notice in words; nothing where it was not tried yet."""
    if not notice.answer:
        return ""
    answer = notice.answer
    return told(int(answer) if answer.isdigit() else Trouble(answer), language)
