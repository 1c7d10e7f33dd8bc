"""HTTP request → the event that API Gateway's REST proxy hands to Lambda."""

import base64
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

Event = dict[str, Any]
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request as it came. Header names are in lower case."""

    method: str
    target: str
    headers: Headers = ()
    body: bytes = b""
    source_ip: str = "127.0.0.1"
    scheme: str = "http"
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def path(self) -> str:
        """The path as it came, still percent-encoded."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """What follows the question mark."""
        return self.target.partition("?")[2]

    def header(self, name: str) -> str | None:
        """Return the last value of a header, as API Gateway does."""
        return dict(self.headers).get(name)


@dataclass(frozen=True, slots=True)
class Match:
    """Which route a path takes; `resource` is the route's template, None for no route."""

    resource: str | None
    captured: Mapping[str, str] = field(default_factory=dict)


class Routes:
    """Finds a route as API Gateway does: a fixed segment before a captured one."""

    def __init__(self, templates: Iterable[str]) -> None:
        self._templates = sorted(templates, key=lambda t: [_captures(s) for s in t.split("/")])

    def match(self, path: str) -> Match:
        """Return the route of a path; a slash at its end does not count."""
        parts = (path.rstrip("/") or "/").split("/")
        for template in self._templates:
            segments = template.split("/")
            if len(segments) == len(parts) and all(map(_fits, segments, parts)):
                pairs = zip(segments, parts, strict=True)
                return Match(template, {s[1:-1]: p for s, p in pairs if _captures(s)})
        return Match(None)


def _captures(segment: str) -> bool:
    return segment.startswith("{")


def _fits(segment: str, part: str) -> bool:
    return bool(part) if _captures(segment) else segment == part


def event_of(request: Request, match: Match, binary_types: Iterable[str]) -> Event:
    """Return the proxy event of a request."""
    queries = parse_qs(request.query, keep_blank_values=True)
    many: dict[str, list[str]] = {}
    for name, value in (*request.headers, *_forwarded(request)):
        many.setdefault(name, []).append(value)
    body, encoded = _body(request, binary_types)
    return {
        "resource": match.resource,
        "path": request.path,
        "httpMethod": request.method,
        "headers": {name: values[-1] for name, values in many.items()},
        "multiValueHeaders": many,
        "queryStringParameters": {k: v[-1] for k, v in queries.items()} or None,
        "multiValueQueryStringParameters": queries or None,
        "pathParameters": dict(match.captured) or None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": match.resource,
            "httpMethod": request.method,
            "path": request.path,
            "protocol": "HTTP/1.1",
            "requestId": request.id,
            "stage": "local",
            "identity": {
                "sourceIp": request.source_ip,
                "userAgent": request.header("user-agent"),
            },
        },
        "body": body,
        "isBase64Encoded": encoded,
    }


def _forwarded(request: Request) -> Headers:
    return (("x-forwarded-for", request.source_ip), ("x-forwarded-proto", request.scheme))


def _body(request: Request, binary_types: Iterable[str]) -> tuple[str | None, bool]:
    if not request.body:
        return None, False
    kind = (request.header("content-type") or "").partition(";")[0].strip().lower()
    if kind in set(binary_types):
        return base64.b64encode(request.body).decode("ascii"), True
    return request.body.decode("utf-8", errors="replace"), False
