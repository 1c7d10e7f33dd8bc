"""The blueprint of the console: it asks for the right of each route before its view is called."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from chalice import Response

from chalicelib.domain import trail
from chalicelib.domain.errors import InvalidPayload, NotFound
from chalicelib.domain.member import Right
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.trail import Entry, Facts
from chalicelib.store import trails
from chalicelib.web import render, session, wording
from chalicelib.web.api import Errors
from chalicelib.web.console import deeds, labels, visit
from chalicelib.web.console.rules import RULES, Rule
from chalicelib.web.console.visit import Refused, Visit
from chalicelib.web.context import context
from chalicelib.web.pages import Pages
from chalicelib.web.security import JSON_HEADERS, PAGE_HEADERS

if TYPE_CHECKING:
    from chalicelib.web.console.forms import Form

SIGN_IN = "/console/sign-in"
CSV = "text/csv; charset=utf-8"
_PATH = "campaign_id"

View = Callable[..., Response | Refusal]


class Desk(Pages):
    """Pages for members. A view gets the visit, a form's fields, and what else its path names."""

    def register_rule(self, rule: Rule) -> None:
        """Register a route of the table."""

        def answered(**parts: str) -> Response | Refusal:
            return self._answer(rule, _view(rule), parts)

        answered.__name__ = rule.view
        self.route(rule.path, methods=[rule.method])(answered)

    def _answer(self, rule: Rule, view: View, parts: Mapping[str, str]) -> Response | Refusal:
        """Ask for the right, and for the proof of a form: what another site sent is refused."""
        if rule.right is None:
            return view()
        here = self._visit(rule.right, parts)
        if not isinstance(here, Visit):
            return here
        if rule.method == "GET":
            return view(here, **_rest(parts))
        form = self._form()
        if session.from_elsewhere(self) or not visit.is_ours(self, form.text("csrf")):
            return Refusal(Reason.NOT_ALLOWED, {"setting": "csrf"})
        try:
            return view(here, form, **_rest(parts))
        except InvalidPayload as error:
            return _again(rule, replace(here, refused=Refused(form.fields, error.errors)), parts)

    def _form(self) -> "Form":
        from chalicelib.web.console import forms  # noqa: PLC0415 - its parser of parts weighs

        return forms.read(self)

    def _visit(self, right: Right, parts: Mapping[str, str]) -> Visit | Response | Refusal:
        """Return the visit, or where to sign in. What is not the member's does not exist."""
        member = visit.member_of(self)
        if member is None:
            return self._entrance()
        scope = member.scope(parts[_PATH]) if _PATH in parts else member.organisation()
        if not member.may(right):
            return Refusal(Reason.NOT_ALLOWED)
        if scope is None:
            raise NotFound(f"no campaign {parts[_PATH]}")
        return Visit(member=member, scope=scope, csrf=visit.csrf_of(self))

    def _entrance(self) -> Response | Refusal:
        request = self.request()
        if request.method != "GET":
            return Refusal(Reason.NOT_SIGNED_IN)
        return see_other(f"{SIGN_IN}?to={quote(self.reader().path)}")

    def refuse(self, refusal: Refusal, errors: Errors = ()) -> Response:
        """Return a refusal as a page; `errors` are those of an address or of an unreadable form."""
        reader = self.reader()
        if errors:
            template = "console/wrong.html"
            return render.page(template, reader, status=422, errors=errors, labels=labels)
        text = wording.told(refusal, reader.language)
        return render.page(
            "console/problem.html",
            reader,
            status=text.status,
            text=text,
            reason=refusal.reason,
            setting=refusal.facts.get("setting"),
        )

    def entry(self, here: Visit, action: str, subject: str, **change: Facts) -> Entry:
        """Return what the trail says of a change that this request makes: `before=`, `after=`."""
        at, request_id = context.real_now(), self.request_id()
        return trail.entry(here.scope, action, subject, at=at, request_id=request_id, **change)

    def note(self, here: Visit, action: str, subject: str, **change: Facts) -> None:
        """Leave such an entry by itself (AP-109)."""
        trails.note(here.scope, self.entry(here, action, subject, **change))

    def file(self, body: bytes | str, kind: str, name: str) -> Response:
        """Return what a browser keeps under a name."""
        headers = JSON_HEADERS | {
            "Content-Type": kind,
            "Content-Disposition": f'attachment; filename="{name}"',
        }
        return Response(body, headers=headers, status_code=200)

    def show(self, template: str, here: Visit, *, status: int = 200, **values: Any) -> Response:  # noqa: ANN401 - as the template
        """Return a page of the console; one that shows a refused form again is no success."""
        facts = {"visit": here, "may": here.member.may, "Right": Right, **values}
        facts |= {"labels": labels, "deeds": deeds}
        status = 422 if here.refused.errors else status
        return render.page(f"console/{template}", self.reader(), status=status, **facts)


def _view(rule: Rule) -> View:
    view: View = getattr(import_module(f"chalicelib.web.console.{rule.module}"), rule.view)
    return view


def page_rule(rule: Rule) -> Rule:
    """Return the rule of the page on which a form is: the nearest at or above its address."""
    path = rule.path
    while path not in _PAGE_RULES:
        path = path.rpartition("/")[0]
    return _PAGE_RULES[path]


def _again(rule: Rule, here: Visit, parts: Mapping[str, str]) -> Response | Refusal:
    """Show the page of a form again, with what was typed and what is wrong beside it."""
    page = page_rule(rule)
    named = {name: part for name, part in _rest(parts).items() if f"{{{name}}}" in page.path}
    return _view(page)(here, **named)


def _rest(parts: Mapping[str, str]) -> dict[str, str]:
    """Return what a path names beside the campaign, which the scope has."""
    return {name: part for name, part in parts.items() if name != _PATH}


def see_other(address: str, *cookies: str) -> Response:
    """Return a 303 that is never stored."""
    headers = PAGE_HEADERS | {"Location": address}
    if cookies:
        headers["Set-Cookie"] = list(cookies)
    return Response("", headers=headers, status_code=303)


_PAGE_RULES = {rule.path: rule for rule in RULES if rule.method == "GET"}
desk = Desk(__name__)
for each in RULES:
    desk.register_rule(each)
