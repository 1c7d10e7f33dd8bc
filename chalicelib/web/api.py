"""The edge: requests in, answers and problems out; the only place that knows HTTP statuses.

Chalice turns a view's error into a 500 before its middleware sees it, so errors become problems
inside the route.
"""

import logging
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import unquote

import msgspec
from chalice import Blueprint, Response
from chalice.app import Request

from chalicelib.domain.errors import InvalidPayload, MarqueeError, PayloadTooLarge
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.web import journal, problems, shapes, wording
from chalicelib.web.reader import Reader, cookies_of, reader_of
from chalicelib.web.security import JSON_HEADERS

View = Callable[..., Response | Refusal]
Errors = Sequence[tuple[str, str]]
Struct = TypeVar("Struct")

PROBLEM_JSON = "application/problem+json"
LONGEST_BODY = 1_000_000

_log = logging.getLogger("marquee.web")


class Routes(Blueprint):
    """A blueprint whose views return a response or a refusal, and whose errors become problems."""

    def refuse(self, refusal: Refusal, errors: Errors = ()) -> Response:
        """Return the problem document of a refusal; pages answer with a page instead."""
        return problem(refusal, self.reader(), errors)

    def route(self, path: str, **options: Any) -> Callable[[View], View]:  # noqa: ANN401 - chalice's
        """Register a view; any content type reaches it, the body's shape decides."""
        options.setdefault("content_types", ["*/*"])

        def register(view: View) -> View:
            @wraps(view)
            def answered(**parts: str) -> Response:
                return self._answered(view, parts)

            super(Routes, self).route(path, **options)(answered)
            return view

        return register

    def _answered(self, view: View, parts: Mapping[str, str]) -> Response:
        try:
            found = view(**{name: unquote(part) for name, part in parts.items()})
        except InvalidPayload as error:
            found = self.refuse(Refusal(error.reason), error.errors)
        except MarqueeError as error:
            found = Refusal(error.reason, error.facts)
        except Exception:  # noqa: BLE001 - a fault of ours, too, ends with a next step
            _log.exception("%s failed", self.request().path)
            found = Refusal(Reason.TRY_AGAIN)
        if isinstance(found, Refusal):
            journal.event("refused", route=str(self.request().path), reason=found.reason)
            found = self.refuse(found)
        found.headers.setdefault("X-Request-Id", self.request_id())
        return found

    # --- what a view asks of its request ------------------------------------------------------
    def request(self) -> Request:
        request: Request = self.current_request
        return request

    def request_id(self) -> str:
        """Return the id that the gateway gave to this call; a call without one gets its own."""
        request = self.request()
        identifier: str = request.context.setdefault("requestId", "") or str(uuid.uuid4())
        request.context["requestId"] = identifier
        return identifier

    def network(self) -> str:
        """Return the address that the gateway saw; it is neither kept nor logged."""
        identity: Mapping[str, str] = self.request().context.get("identity") or {}
        return identity.get("sourceIp") or ""

    def header(self, name: str) -> str | None:
        value: str | None = self.request().headers.get(name.lower())
        return value

    def query(self, name: str) -> str | None:
        parameters: Mapping[str, str] = self.request().query_params or {}
        return parameters.get(name)

    def cookie(self, name: str) -> str | None:
        return cookies_of(self.header("cookie") or "").get(name)

    def raw_body(self) -> bytes:
        """Return the body. Raises PayloadTooLarge above 1 MB."""
        raw = self.request().raw_body or b""
        body = raw if isinstance(raw, bytes) else raw.encode()
        if len(body) > LONGEST_BODY:
            raise PayloadTooLarge
        return body

    def body(self, shape: type[Struct]) -> Struct:
        """Return the JSON body as `shape`. Raises InvalidPayload with a pointer."""
        try:
            return shapes.from_json(self.raw_body(), shape)
        except msgspec.ValidationError as error:
            raise InvalidPayload([_pointer(str(error))]) from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise InvalidPayload([("", "the body is not JSON")]) from error

    def version(self) -> int:
        """Return the version that If-Match names. Raises InvalidPayload."""
        named = re.fullmatch(r'"([0-9]{1,9})"', self.header("if-match") or "")
        if named is None:
            raise InvalidPayload([("", 'If-Match has the version that was read, as in "3"')])
        return int(named[1])

    def reader(self) -> Reader:
        """Return who reads; an unknown language or theme counts as none."""
        event = self.request().to_original_event()
        return reader_of(self.request().headers, str(event.get("path", "/")), self.request_id())


def answer(
    body: object, status: int = 200, headers: Mapping[str, str | list[str]] | None = None
) -> Response:
    """Return JSON."""
    shown = JSON_HEADERS | {"Content-Type": "application/json", **(headers or {})}
    return Response(msgspec.json.encode(body).decode(), headers=shown, status_code=status)


def problem(refusal: Refusal, reader: Reader, errors: Errors = ()) -> Response:
    """Return a problem document (RFC 9457); `reason` is stable, `detail` is for people."""
    text = wording.told(refusal, reader.language)
    document: dict[str, object] = {
        "type": f"/problems/{refusal.reason}",
        "title": text.title,
        "status": text.status,
        "reason": refusal.reason,
        "detail": text.detail,
        "instance": reader.request_id,
        **refusal.facts,
    }
    if errors:
        document["errors"] = [{"pointer": p, "message": m} for p, m in errors]
    headers = JSON_HEADERS | {"Content-Type": PROBLEM_JSON, "Content-Language": reader.language}
    if refusal.reason in problems.RETRY_AFTER_SECONDS:
        headers["Retry-After"] = str(problems.RETRY_AFTER_SECONDS[refusal.reason])
    body = msgspec.json.encode(document).decode()
    return Response(body, headers=headers, status_code=text.status)


def _pointer(message: str) -> tuple[str, str]:
    """Turn msgspec's "what - at `$.a[0]`" into (JSON pointer, what)."""
    what, _, where = message.partition(" - at `$")
    path = where.rstrip("`").replace("[", ".").replace("]", "")
    return path.replace(".", "/"), what
