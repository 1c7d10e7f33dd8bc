"""Blueprints of pages: their refusals and errors become pages with a next step."""

from collections.abc import Mapping
from typing import Any

from chalice import Response

from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.web import problems, render, wording
from chalicelib.web.api import Errors, Routes, problem
from chalicelib.web.reader import Reader, reader_of


class Pages(Routes):
    """A blueprint whose refusals are read by people."""

    def refuse(self, refusal: Refusal, errors: Errors = ()) -> Response:  # noqa: ARG002 - the base's
        return problem_page(refusal, self.reader())

    def page(self, template: str, **values: Any) -> Response:  # noqa: ANN401 - as the template
        """Return a page for whoever asked."""
        return render.page(template, self.reader(), **values)


def problem_page(refusal: Refusal, reader: Reader) -> Response:
    """Return a refusal as a page that says what to do next."""
    text = wording.told(refusal, reader.language, wording.city_in(reader.language))
    template = "visitor/empty_stand.html" if text.status == 404 else "visitor/problem.html"
    seconds = problems.RETRY_AFTER_SECONDS.get(refusal.reason)
    headers: dict[str, str | list[str]] = {"Retry-After": str(seconds)} if seconds else {}
    facts = {"text": text, "reason": refusal.reason}
    return render.page(template, reader, status=text.status, headers=headers, **facts)


def unrouted(event: Mapping[str, Any]) -> Response:
    """Answer for a path or a method that no route has; the gateway asks, not Chalice."""
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    request_id = str(event.get("requestContext", {}).get("requestId", ""))
    reader = reader_of(headers, str(event.get("path", "/")), request_id)
    refusal = Refusal(Reason.METHOD_NOT_ALLOWED if event.get("resource") else Reason.NOT_FOUND)
    document = reader.path.startswith("/api/") or "text/html" not in headers.get("accept", "")
    answer = problem(refusal, reader) if document else problem_page(refusal, reader)
    answer.headers["X-Request-Id"] = request_id
    return answer
