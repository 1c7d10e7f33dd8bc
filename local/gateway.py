"""What API Gateway and CloudFront do in AWS, on one port of a laptop.

Assets are served from disk, `/_local/…` by the persona strip, everything else becomes a proxy
event for the app. Text is compressed when the client accepts it. No fault of the app reaches a
client as a stack trace.
"""

import base64
import gzip
import json
import logging
import threading
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from chalice import Chalice
from chalice.app import Request as ChaliceRequest
from chalice.local import LambdaContext

from local import static_files
from local.rest import Event, Headers, Request, Routes, event_of

BODY_LIMIT = 6 * 1024 * 1024  # what Lambda takes; the app refuses less, by route
_WORTH_COMPRESSING = 512
_TEXT = ("text/", "application/json", "application/problem+json", "application/manifest+json",
         "application/openapi", "image/svg+xml", "application/javascript")  # fmt: skip
_BODILESS = {204, 304}

_log = logging.getLogger("marquee.gateway")

Unrouted = Callable[[Event], Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP response, ready to be written."""

    status: int
    headers: Headers
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Return a header by its lower-case name."""
        return next((v for k, v in self.headers if k.lower() == name), None)

    def with_headers(self, *headers: tuple[str, str]) -> "Answer":
        """Return the same answer with more headers."""
        return replace(self, headers=self.headers + headers)


class Strip(Protocol):
    """The persona strip: answers below `/_local/` and adds itself to pages."""

    def answer(self, request: Request) -> Answer: ...
    def inject(self, request: Request, answer: Answer) -> Answer: ...


class Gateway:
    """Turns requests into answers; any number of threads may ask at once."""

    def __init__(
        self, app: Chalice, unrouted: Unrouted, static: Path, strip: Strip | None = None
    ) -> None:
        make_thread_safe(app)
        self._app = app
        self._unrouted = unrouted
        self._static = static
        self._strip = strip
        self._routes = Routes(app.routes)

    def answer(self, request: Request) -> Answer:
        """Answer one request; whatever goes wrong inside is a plain 500."""
        try:
            answer = self._answered(request)
        except Exception:  # noqa: BLE001 - a client never meets a stack trace
            _log.exception("request %s failed", request.id)
            answer = problem(500, "try_again", "Something went wrong. Please try again.")
        return _trimmed(request, _compressed(request, answer))

    def _answered(self, request: Request) -> Answer:
        if request.path.startswith("/static/"):
            return self._file(request)
        if self._strip and request.path.startswith("/_local/"):
            return self._strip.answer(request)
        answer = self._app_answer(request)
        return self._strip.inject(request, answer) if self._strip else answer

    def _file(self, request: Request) -> Answer:
        file = static_files.find(self._static, request.path.removeprefix("/static/"))
        if file is None or request.method not in {"GET", "HEAD"}:
            return self._app_answer(request)
        headers = (
            ("Content-Type", file.content_type),
            ("Cache-Control", file.cache_control),
            ("ETag", file.etag),
            ("X-Content-Type-Options", "nosniff"),
            *((("Content-Security-Policy", file.policy),) if file.policy else ()),
        )
        if request.header("if-none-match") == file.etag:
            return Answer(304, headers)
        return Answer(200, headers, file.body)

    def _app_answer(self, request: Request) -> Answer:
        match = self._routes.match(request.path)
        methods: Mapping[str, Any] = self._app.routes.get(match.resource or "", {})
        method = "GET" if request.method == "HEAD" and "HEAD" not in methods else request.method
        binary_types = self._app.api.binary_types
        event = event_of(replace(request, method=method), match, binary_types)
        if method in methods:
            event["pathParameters"] = dict(match.captured)
            return answer_of(self._app(event, _context(request)))
        return answer_of(self._unrouted(event).to_dict(binary_types), _allow(methods))


def _allow(methods: Iterable[str]) -> Headers:
    allowed = ", ".join(sorted(methods))
    return (("Allow", allowed),) if allowed else ()


def _context(request: Request) -> LambdaContext:
    context = LambdaContext("marquee-local", 512, max_runtime_ms=29_000)
    context.aws_request_id = request.id
    return context


def answer_of(response: Mapping[str, Any], more: Headers = ()) -> Answer:
    """Turn Lambda's response into HTTP."""
    headers = [(name, str(value)) for name, value in (response.get("headers") or {}).items()]
    for name, values in (response.get("multiValueHeaders") or {}).items():
        headers += [(name, str(value)) for value in values]
    body = response.get("body") or ""
    raw = base64.b64decode(body) if response.get("isBase64Encoded") else body.encode()
    names = {name.lower() for name, _ in headers}
    headers += [header for header in more if header[0].lower() not in names]
    if "content-type" not in names:
        headers.append(("Content-Type", "application/json"))
    return Answer(int(response["statusCode"]), tuple(headers), raw)


def problem(status: int, reason: str, detail: str) -> Answer:
    """Return the answer to what never reached the app."""
    identifier = str(uuid.uuid4())
    document = {
        "type": f"/problems/{reason}",
        "title": detail,
        "status": status,
        "reason": reason,
        "detail": detail,
        "instance": identifier,
    }
    headers = (
        ("Content-Type", "application/problem+json"),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Request-Id", identifier),
    )
    return Answer(status, headers, json.dumps(document).encode())


def _compressed(request: Request, answer: Answer) -> Answer:
    kind = answer.header("content-type") or ""
    if not kind.startswith(_TEXT) or answer.header("content-encoding"):
        return answer
    answer = answer.with_headers(("Vary", "Accept-Encoding"))
    if len(answer.body) < _WORTH_COMPRESSING or not _accepts_gzip(request):
        return answer
    packed = replace(answer, body=gzip.compress(answer.body, 6, mtime=0))
    return packed.with_headers(("Content-Encoding", "gzip"))


def _accepts_gzip(request: Request) -> bool:
    accepted = (request.header("accept-encoding") or "").lower().replace(" ", "").split(",")
    return any(a == "gzip" or (a.startswith("gzip;") and a != "gzip;q=0") for a in accepted)


def _trimmed(request: Request, answer: Answer) -> Answer:
    """Leave out the body where HTTP has none, and say how long the others are."""
    if answer.status in _BODILESS:
        return replace(answer, body=b"")
    sized = answer.with_headers(("Content-Length", str(len(answer.body))))
    return replace(sized, body=b"") if request.method == "HEAD" else sized


class _Current(threading.local):
    request: ChaliceRequest | None = None
    context: Any = None


def make_thread_safe(app: Chalice) -> None:
    """Give every thread a current request and Lambda context of its own.

    In Lambda one process serves one request at a time, so Chalice keeps both on the app.
    """
    kind = type(app)
    if getattr(kind, "thread_safe", False):
        return
    current = _Current()
    members = {
        "thread_safe": True,
        "current_request": property(
            lambda _: current.request, lambda _, value: setattr(current, "request", value)
        ),
        "lambda_context": property(
            lambda _: current.context, lambda _, value: setattr(current, "context", value)
        ),
    }
    app.__class__ = type(kind.__name__, (kind,), members)
