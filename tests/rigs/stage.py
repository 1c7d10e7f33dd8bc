"""A case on its stage: played once without a fault, then again and again with one.

The clean run tells which calls there are to spoil, and what the end has to look like.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rigs import books
from rigs.cases import Act, Case, Outcome
from rigs.faults import Call, Fault
from rigs.lab import Key, Lab
from rigs.wire import Wire

from chalicelib.web.catalog import Catalog
from chalicelib.web.context import context

_TRIES = 3
State = dict[Key, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Stage:
    """A prepared case: where it starts, its calls, and each end that it may have."""

    case: Case
    act: Act
    kept: bytes
    catalog: Catalog
    calls: tuple[Call, ...]
    ends: tuple[tuple[Outcome, State], ...]

    def spots(self, fault: Fault) -> list[int]:
        """Return the numbers of the calls that this fault can hit."""
        return [n for n, call in enumerate(self.calls, 1) if fault.fits(call)]

    def writes(self) -> list[int]:
        """Return the numbers of the calls that change something."""
        return [n for n, call in enumerate(self.calls, 1) if not call.reads]

    def end(self, outcome: Outcome) -> State | None:
        """Return the tables after the clean run with this outcome, or None if there is none."""
        return next((state for told, state in self.ends if told == outcome), None)


_stages: dict[str, Stage] = {}


def stage(lab: Lab, case: Case) -> Stage:
    """Return a case's stage, which is prepared once."""
    if case.name not in _stages:
        _stages[case.name] = _prepare(lab, case)
    return _stages[case.name]


def _prepare(lab: Lab, case: Case) -> Stage:
    """Prepare a case and play it twice without a fault: at once, and a little later."""
    lab.restore()
    act = case.prepare(lab)
    kept, catalog = lab.tables.kept(), Catalog()
    catalog.all()
    ends: list[tuple[Outcome, State]] = []
    calls: tuple[Call, ...] = ()
    for wait in (False, True):
        _go_back(lab, case, kept, catalog)
        if wait:
            lab.later()
        outcome = act()
        calls = tuple(lab.wire.calls)
        ends.append((outcome, lab.state()))
    return Stage(case, act, kept, catalog, calls, tuple(ends))


def play(lab: Lab, on: Stage, spoil: Callable[[Wire], None]) -> list[str]:
    """Play once with faults, repeat as the caller would, and return what is wrong then."""
    enter(lab, on)
    spoil(lab.wire)
    first = on.act()
    lab.wire.clear()
    if not first.again and on.end(first) is None:
        return [f"the first answer is {first.told}"]
    last = first if first.again or on.case.repeats else None
    for _ in range(_TRIES if last else 0):
        lab.later()
        last = on.act()
        if not last.again:
            break
    return _wrong(lab, on, first, last or first)


def enter(lab: Lab, on: Stage) -> None:
    """Go back to where a case starts."""
    _go_back(lab, on.case, on.kept, on.catalog)


def _go_back(lab: Lab, case: Case, kept: bytes, catalog: Catalog) -> None:
    """Be in a process that has the catalog in memory, unless it is cold."""
    lab.put_back(kept)
    if not case.cold:
        context.catalog = catalog
    lab.wire.clear()


def _wrong(lab: Lab, on: Stage, first: Outcome, last: Outcome) -> list[str]:
    wanted = on.end(last)
    if wanted is None:
        return [f"the last answer is {last.told}"]
    if first.good and first != last:
        return [f"a success became {last.told}"]
    return [*_difference(lab.state(), wanted), *lab.complaints(), *_figures(lab)]


def _difference(found: State, wanted: State) -> list[str]:
    keys = sorted(found.keys() | wanted.keys())
    return [
        f"{key}: {found.get(key)} in place of {wanted.get(key)}"
        for key in keys
        if found.get(key) != wanted.get(key)
    ]


def _figures(lab: Lab) -> list[str]:
    """Check the figures where there are any."""
    insights = lab.tables.items("insights")
    return books.figures(lab.tables.items("ledger"), insights) if insights else []
