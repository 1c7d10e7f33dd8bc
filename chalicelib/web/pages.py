"""Blueprints of pages: their refusals and errors become pages with a next step."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from chalice import Response

from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.web import problems, render, wording
from chalicelib.web.api import Errors, Routes, View, problem
from chalicelib.web.reader import Reader, reader_of

_SHOWN: set[str] = set()  # the routes of pages; what has a dot in its name is a file


class Pages(Routes):
    """A blueprint whose refusals are read by people."""

    def route(self, path: str, **options: Any) -> Callable[[View], View]:  # noqa: ANN401 - chalice's
        if "GET" in options["methods"] and "." not in path:
            _SHOWN.add(path)
        return super().route(path, **options)

    def reader(self) -> Reader:
        """Return the reader. What a form is answered with leads to a page, not to where it went."""
        return _on_a_page(super().reader(), self.request().path)

    def asking(self, *names: str) -> str:
        """Return what the address asks for under these names, for links that lead back here."""
        asked = [(name, value) for name in names if (value := self.query(name))]
        return f"?{urlencode(asked)}" if asked else ""

    def refuse(self, refusal: Refusal, errors: Errors = ()) -> Response:  # noqa: ARG002 - the base's
        reader = self.reader()
        return problem_page(refusal, reader, "/" if self.request().path in _SHOWN else reader.path)

    def page(self, template: str, **values: Any) -> Response:  # noqa: ANN401 - as the template
        """Return a page for whoever asked."""
        return render.page(template, self.reader(), **values)


def _on_a_page(reader: Reader, route: str) -> Reader:
    """Lead a reader to the nearest page at or above the address of a route."""
    path = reader.path
    while route not in _SHOWN and route != "/":
        route, path = route.rpartition("/")[0] or "/", path.rpartition("/")[0] or "/"
    return reader if path == reader.path else replace(reader, path=path)


def problem_page(refusal: Refusal, reader: Reader, back: str = "/") -> Response:
    """Return a refusal as a page that says what to do next."""
    text = wording.told(refusal, reader.language, wording.city_in(reader.language))
    template = "visitor/empty_stand.html" if text.status == 404 else "visitor/problem.html"
    seconds = problems.RETRY_AFTER_SECONDS.get(refusal.reason)
    headers: dict[str, str | list[str]] = {"Retry-After": str(seconds)} if seconds else {}
    facts = {"text": text, "reason": refusal.reason, "back": back}
    return render.page(template, reader, status=text.status, headers=headers, **facts)


def unrouted(event: Mapping[str, Any]) -> Response:
    """Answer for a path or a method that no route has; the gateway asks, not Chalice."""
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    request_id = str(event.get("requestContext", {}).get("requestId", ""))
    reader = reader_of(headers, str(event.get("path", "/")), request_id)
    route = event.get("resource")
    refusal = Refusal(Reason.METHOD_NOT_ALLOWED if route else Reason.NOT_FOUND)
    if reader.path.startswith("/api/") or "text/html" not in headers.get("accept", ""):
        answer = problem(refusal, reader)
    elif route:  # a form's address that is opened as a page
        page = _on_a_page(reader, route)
        answer = problem_page(refusal, page, page.path)
    else:
        answer = problem_page(refusal, reader)
    answer.headers["X-Request-Id"] = request_id
    return answer
