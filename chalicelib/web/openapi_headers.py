"""Headers of answers, as the document names them."""

from collections.abc import Sequence
from typing import Any

from chalicelib.domain.reasons import Reason
from chalicelib.web import languages
from chalicelib.web.holdings import STANDS_COOKIE
from chalicelib.web.operations import Operation
from chalicelib.web.problems import RETRY_AFTER_SECONDS
from chalicelib.web.session import VISITOR_COOKIE

Json = dict[str, Any]

_LANGUAGES = [code for code, _ in languages.LANGUAGES]
_COOKIES = {
    VISITOR_COOKIE: ("NewVisitor", "A browser's signed random id, unless another site asked."),
    STANDS_COOKIE: ("Stands", "The stands at which this browser claimed, for its own pages."),
}


def _header(about: str, *, required: bool = True, **schema: object) -> Json:
    return {"description": about, "required": required, "schema": {"type": "string"} | schema}


COMPONENTS: Json = {
    "RequestId": _header("The id of this call; a problem repeats it as `instance`.", minLength=1),
    "ContentLanguage": _header("The language of `title` and `detail`.", enum=_LANGUAGES),
    "RetryAfter": _header("Seconds to wait before the same request.", pattern="^[0-9]+$"),
    "RetryAfterSome": _header(
        "With `in_progress` alone: seconds to wait.", required=False, pattern="^[0-9]+$"
    ),
    "Version": _header("The draft's version, for If-Match.", pattern='^"[0-9]+"$'),
    "Replayed": _header(
        "This is the first success under the request's key, once more.",
        required=False,
        enum=["true"],
    ),
    **{
        component: _header(about, required=False, pattern=f"^{cookie}=")
        for cookie, (component, about) in _COOKIES.items()
    },
}


def of_success(operation: Operation, status: int) -> Json:
    """Return the headers of a success."""
    repeated = {"Idempotency-Replayed": _ref("Replayed")} if operation.once else {}
    versioned = {"ETag": _ref("Version")} if operation.versioned else {}
    return _common(operation, status) | repeated | versioned


def of_refusals(operation: Operation, status: int, reasons: Sequence[Reason]) -> Json:
    """Return the headers of the problems of one status."""
    headers = _common(operation, status) | {"Content-Language": _ref("ContentLanguage")}
    waits = [reason in RETRY_AFTER_SECONDS for reason in reasons]
    if any(waits):
        headers["Retry-After"] = _ref("RetryAfter" if all(waits) else "RetryAfterSome")
    return headers


def _common(operation: Operation, status: int) -> Json:
    headers = {"X-Request-Id": _ref("RequestId")}
    if status in operation.cookies:
        component, _ = _COOKIES[operation.cookies[status]]
        headers["Set-Cookie"] = _ref(component)
    return headers


def _ref(component: str) -> Json:
    return {"$ref": f"#/components/headers/{component}"}
