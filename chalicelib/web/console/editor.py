"""The editor: a campaign's files as forms. Stale edits show both versions, nothing is lost."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalice import Response

from chalicelib.domain import editing
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.editing import NEW, Edit, Lines
from chalicelib.domain.errors import NotFound
from chalicelib.domain.reasons import Refusal
from chalicelib.domain.sheet import SheetFault
from chalicelib.store import desk as store
from chalicelib.usecases import drafting
from chalicelib.web.console import labels
from chalicelib.web.console import plan as plans
from chalicelib.web.console.desk import desk, see_other
from chalicelib.web.console.forms import Form
from chalicelib.web.console.plan import Plan
from chalicelib.web.console.visit import Visit
from chalicelib.web.context import context

_FORM = "/console/c/{campaign_id}/edit/{sheet}"
_PREFIX, _GONE = "cell:", "gone:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a form shows: the lines of one file, as typed, and what is wrong with them."""

    sheet: str
    columns: tuple[str, ...]
    lines: Lines
    key: str | None = None
    wrong: Mapping[tuple[str, str], str]

    def lacking(self, cells: Mapping[str, str]) -> list[str]:
        """Return the languages in which a line of the texts says nothing."""
        return [language for language in self.columns[2:] if not cells.get(language)]


def get_sheet(here: Visit, sheet: str) -> Response:
    """Return all lines of a file in one grid."""
    plan = plans.of(here.scope)
    return _form(here, plan, _sheet(plan.campaign, sheet))


def get_line(here: Visit, sheet: str, key: str) -> Response:
    """Return one line of a file as a form with words beside each field."""
    plan = plans.of(here.scope)
    found = _sheet(plan.campaign, sheet, key)
    if key != NEW and key not in found.lines:
        raise NotFound(f"no {sheet} {key}")
    return _form(here, plan, found)


def post_sheet(here: Visit, form: Form, sheet: str) -> Response | Refusal:
    """Save a grid, copy a column down, or show both versions where somebody saved meanwhile."""
    return _posted(here, form, sheet, None)


def post_line(here: Visit, form: Form, sheet: str, key: str) -> Response | Refusal:
    """Save one line."""
    return _posted(here, form, sheet, key)


def get_instants(here: Visit) -> Response:
    """Return what a wall time means first and last: a piece of a page, while it is typed."""
    asked: Mapping[str, str] = desk.request().query_params or {}
    typed = next((text for name, text in asked.items() if name.startswith(_PREFIX)), "")
    ends = desk.query("ends") == "yes"
    found = plans.instants(plans.seen(here.scope), typed, ends=ends)
    return desk.show("instants.html", here, found=found)


def _posted(here: Visit, form: Form, sheet: str, key: str | None) -> Response | Refusal:
    plan = plans.of(here.scope)
    shown = _sheet(plan.campaign, sheet, key)
    edit = edit_of(form, sheet)
    if form.text("copy") in shown.columns:
        return _form(here, plan, _typed(shown, plan, _copied(edit, form.text("copy"))))
    if form.whole("version") != plan.draft.version:
        return _both(here, plan, shown, edit, form.text("digest"))
    report = editing.applied(plan.campaign, edit)
    if report.campaign is None:
        typed = _typed(shown, plan, edit)
        keys = list(editing.lines_after(plan.campaign, edit))
        wrong = editing.faults_by_cell(report.stops, keys, sheet)
        told = [*editing.faults_of(report.stops, keys, sheet), *_elsewhere(report.stops, sheet)]
        return _form(here, plan, typed, wrong=wrong, told=told, status=422)
    saved = drafting.save(
        store,
        here.scope,
        report.campaign,
        before=plan.campaign,
        over=plan.draft.version,
        action=f"edited {sheet}",
        at=context.real_now(),
        request_id=desk.request_id(),
    )
    if isinstance(saved, Refusal):
        return _both(here, plans.of(here.scope), shown, edit, form.text("digest"))
    return see_other(f"/console/c/{here.scope.area}/edit/{sheet}?saved={saved}")


def _elsewhere(faults: Iterable[SheetFault], sheet: str) -> Iterator[tuple[str, str, str]]:
    """Yield what an edit breaks in other forms, by their names: who is gone is still named."""
    names = labels.sheets(desk.reader().language)
    for fault in faults:
        other = fault.place.file.removesuffix(".csv")
        if other != sheet:
            yield names[other], fault.place.column, fault.message


def _both(here: Visit, plan: Plan, shown: Sheet, edit: Edit, digest: str) -> Response:
    """Show what this form changed beside what somebody else saved since it was opened."""
    base = store.document(here.scope, digest) or plan.campaign
    found = editing.conflicts(base, plan.campaign, edit)
    facts = {"conflicts": found, "shown": shown, "plan": plan}
    return desk.show("both.html", here, status=412, campaign=plan.campaign, **facts)


def _form(
    here: Visit,
    plan: Plan,
    shown: Sheet,
    *,
    wrong: Mapping[tuple[str, str], str] | None = None,
    told: Sequence[tuple[str, str, str]] = (),
    status: int = 200,
) -> Response:
    facts: dict[str, Any] = {
        "campaign": plan.campaign,
        "plan": plan,
        "shown": shown,
        "wrong": wrong or {},
        "told": told,
        "saved": desk.query("saved"),
        "NEW": NEW,
        "instants": lambda text, ends: plans.instants(plan.campaign, text, ends=ends),
    }
    template = "line.html" if shown.key or shown.sheet == "campaign" else "grid.html"
    return desk.show(template, here, status=status, **facts)


def _sheet(campaign: Campaign, sheet: str, key: str | None = None) -> Sheet:
    if sheet not in labels.SHEETS:
        raise NotFound(f"no form {sheet}")
    lines = editing.lines(campaign, sheet)
    columns = editing.columns_of(campaign, sheet)
    chosen = {key: lines[key]} if key in lines else {} if key else lines
    return Sheet(sheet=sheet, columns=columns, lines=chosen, key=key, wrong={})


def _typed(shown: Sheet, plan: Plan, edit: Edit) -> Sheet:
    """Return the sheet as it was typed, so that nothing has to be typed again."""
    after = editing.lines_after(plan.campaign, edit)
    mine = {key: cells for key, cells in after.items() if shown.key is None or key in edit.cells}
    return Sheet(
        sheet=shown.sheet, columns=shown.columns, lines=mine, key=shown.key, wrong=shown.wrong
    )


def edit_of(form: Form, sheet: str) -> Edit:
    """Return what a form says: `cell:<line>:<column>`, and `gone:<line>`."""
    cells: dict[str, dict[str, str]] = {}
    for name, text in form.fields.items():
        if name.startswith(_PREFIX):
            key, _, column = name.removeprefix(_PREFIX).rpartition(":")
            if not (sheet == "campaign" and column == "id"):
                cells.setdefault(key, {})[column] = text
    gone = frozenset(n.removeprefix(_GONE) for n in form.fields if n.startswith(_GONE))
    return Edit(sheet, cells, gone)


def _copied(edit: Edit, column: str) -> Edit:
    """Return the edit with the first line's cell in every line of a column."""
    first = next((cells[column] for cells in edit.cells.values() if column in cells), "")
    cells = {
        key: ({**row, column: first} if not key.startswith(NEW) else row)
        for key, row in edit.cells.items()
    }
    return Edit(edit.sheet, cells, edit.gone)
