"""Pages for developers: the document, each reason, and how everything looks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chalice import Response
from msgspec import Struct

from chalicelib.domain.delivery import METHOD_NAME
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.web import openapi, problems, samples
from chalicelib.web.context import context
from chalicelib.web.kept import Kept
from chalicelib.web.operations import OPERATIONS, Operation
from chalicelib.web.pages import Pages
from chalicelib.web.samples import Field

pages = Pages(__name__)


_drawn = Kept[Response](70)  # a page a language and theme


@dataclass(frozen=True, slots=True)
class Shown:
    """An operation as the page shows it."""

    operation: Operation
    anchor: str
    curl: str
    takes: list[Field]
    gives: list[tuple[int, list[Field]]]
    refuses: tuple[Reason, ...]


@pages.route("/developers", methods=["GET"])
def get_developers() -> Response:
    """Show every operation with a call of it, what it takes, gives and refuses."""
    return _once(_developers)


@pages.route("/problems", methods=["GET"])
def get_problems() -> Response:
    """List every reason for which the product says no."""
    return pages.page("docs/problems.html", rows=problems.ROWS)


@pages.route("/problems/{reason}", methods=["GET"])
def get_problem(reason: str) -> Response | Refusal:
    """Show a reason: its cause, its cure, an example."""
    if reason not in set(Reason):
        return Refusal(Reason.NOT_FOUND)
    found = Reason(reason)
    return pages.page(
        "docs/problem.html",
        reason=found,
        row=problems.ROWS[found],
        example=samples.problem_text(found, pages.reader()),
        said_by=[operation for operation in OPERATIONS if found in openapi.reasons(operation)],
    )


@pages.route("/style", methods=["GET"])
def get_style() -> Response:
    """Show every part of the look in every state."""
    return _once(_style)


def _once(draw: Callable[[], Response]) -> Response:
    """Return a page that only the app itself can change: drawn once for its readers, then kept."""
    reader = pages.reader()
    key = draw, reader.path, reader.language, reader.theme
    drawn = _drawn.of(context.settings, key, draw)
    return Response(drawn.body, dict(drawn.headers), drawn.status_code)


def _developers() -> Response:
    groups: dict[str, list[Shown]] = {}
    for operation in OPERATIONS:
        groups.setdefault(operation.group, []).append(_shown(operation))
    return pages.page("docs/developers.html", groups=groups, base=context.settings.public_url)


def _style() -> Response:
    return pages.page("docs/style.html", method=METHOD_NAME)


def _shown(operation: Operation) -> Shown:
    return Shown(
        operation=operation,
        anchor=operation.view.replace("_", "-"),
        curl=samples.curl(operation),
        takes=_fields([type(body) for body in operation.bodies]),
        gives=[(status, _fields(shapes)) for status, shapes in operation.gives.items()],
        refuses=openapi.reasons(operation),
    )


def _fields(shapes: Sequence[type[Struct]]) -> list[Field]:
    components = openapi.document()["components"]["schemas"]
    refs = [{"$ref": shape.__name__} for shape in shapes]
    return [field for ref in refs for field in samples.fields(ref, components)]
