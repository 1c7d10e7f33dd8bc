"""The HTTP surface as an OpenAPI 3.1 document, made from the table of operations."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any

import msgspec
from chalice import Response
from msgspec import Struct

from chalicelib.domain.idempotency import KEY_PATTERN
from chalicelib.domain.reasons import Reason
from chalicelib.web import answers, openapi_headers, problems
from chalicelib.web.api import PROBLEM_JSON, Routes, answer
from chalicelib.web.context import context
from chalicelib.web.operations import KEY_HEADER, OPERATIONS, ZIP, Caller, Operation
from chalicelib.web.session import VISITOR_COOKIE

api = Routes(__name__)

Json = dict[str, Any]
Named = Mapping[type[Struct], Json]  # the schema of each shape, by reference

VERSION = "1.0.0"
_ABOUT = (
    "Pop-up offers in many cities at once: claim, redeem, delivery, counts. A method that a path "
    "does not name is answered 405 `method_not_allowed` with `Allow`, a path that is not here "
    "404 `not_found`; both are problems like the others. Whole numbers are written as such: "
    "1250, not 1250.0."
)
_JSON = "application/json"
_REF = "#/components/schemas/{name}"
_KEY_PARAMETER = {
    "name": KEY_HEADER,
    "in": "header",
    "required": False,
    "description": (
        "A name of this request, made up by the caller, best a random UUID. The same request under "
        "the same key gets the first success again for 24 hours, with Idempotency-Replayed; a "
        "refusal is not kept. Keys of two callers never meet."
    ),
    "schema": {"type": "string", "pattern": f"^{KEY_PATTERN}$"},
}
_VERSION_PARAMETER = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The version that was read, in quotes; a stale one is 412 `edited_meanwhile`.",
    "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
}
_PARAMETERS = {
    "case_id": "the case, as the list names it",
    "campaign_id": "the campaign, for example festival-now",
    "code": "the voucher's code as typed: any case, with or without dashes",
    "batch": "the number of a batch of minted vouchers",
    "redemption_id": "voucher id, a dot, and the number of the use",
}
_SUCCESS = {200: "It stands; on a repeated request the first success again.", 201: "Made now."}
_SECURITY_SCHEMES = {
    Caller.VISITOR: {
        "type": "apiKey",
        "in": "cookie",
        "name": VISITOR_COOKIE,
        "description": "A signed random id of a browser. A 401 brings one.",
    },
    Caller.DEVICE: {
        "type": "http",
        "scheme": "bearer",
        "description": "The token of an enrolled device; it lives 12 hours.",
    },
    Caller.SHOP: {
        "type": "http",
        "scheme": "bearer",
        "description": "The API key of a shop: `mk_…`, shown once when it is made.",
    },
    Caller.MARKETER: {
        "type": "http",
        "scheme": "bearer",
        "description": "The key of a program of the marketing team, for one campaign.",
    },
}


@api.route("/api/v1/openapi.json", methods=["GET"])
def get_document() -> Response:
    """Return the document; it changes with a deployment only."""
    server = {"url": context.settings.public_url}
    return answer(document() | {"servers": [server]}, headers={"Cache-Control": "no-cache"})


@cache
def document() -> Json:
    """Return the document without its server."""
    shapes = _shapes()
    schemas, components = msgspec.json.schema_components(shapes, ref_template=_REF)
    named = dict(zip(shapes, schemas, strict=True))
    paths: defaultdict[str, Json] = defaultdict(dict)
    for operation in OPERATIONS:
        paths[operation.path][operation.method.lower()] = _operation(operation, named)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Marquee",
            "version": VERSION,
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": dict(paths),
        "components": {
            "schemas": components,
            "headers": openapi_headers.COMPONENTS,
            "securitySchemes": _SECURITY_SCHEMES,
        },
    }


def reasons(operation: Operation) -> tuple[Reason, ...]:
    """Return every reason for which an operation may say no."""
    return (*operation.refuses, Reason.TRY_AGAIN)


def _shapes() -> list[type[Struct]]:
    """Return every shape of a request or an answer, each once."""
    bodies = (type(body) for operation in OPERATIONS for body in operation.bodies)
    gives = chain.from_iterable(chain(*operation.gives.values()) for operation in OPERATIONS)
    return list(dict.fromkeys([answers.Problem, *bodies, *gives]))


def _one_of(shapes: Sequence[type[Struct]], named: Named) -> Json:
    """Return the schema of an answer that has one of these shapes; none: any object."""
    found = [named[shape] for shape in shapes]
    if not found:
        return {"type": "object"}
    return found[0] if len(found) == 1 else {"anyOf": found}


def _content(operation: Operation, shapes: Sequence[type[Struct]], named: Named) -> Json:
    return _one_of(shapes, named) if operation.media == _JSON else {"type": "string"}


def _operation(operation: Operation, named: Named) -> Json:
    told: Json = {
        "operationId": operation.view,
        "summary": operation.summary,
        "tags": [operation.group],
        "responses": {**_successes(operation, named), **_refusals(operation, named)},
    }
    parameters = [_path_parameter(name) for name in re.findall(r"{(\w+)}", operation.path)]
    parameters += [_query_parameter(*pair) for pair in operation.query.items()]
    if operation.once:
        parameters.append(_KEY_PARAMETER)
    if operation.edits:
        parameters.append(_VERSION_PARAMETER)
    if parameters:
        told["parameters"] = parameters
    if operation.bodies:
        schema = _one_of([type(body) for body in operation.bodies], named)
        example = msgspec.to_builtins(operation.bodies[0])
        content = {_JSON: {"schema": schema, "example": example}}
        told["requestBody"] = {"required": True, "content": content}
    if operation.zipped:
        schema = {"type": "string", "format": "binary"}
        told["requestBody"] = {"required": True, "content": {ZIP: {"schema": schema}}}
    if operation.caller is not Caller.ANYONE:
        told["security"] = [{caller: []} for caller in (operation.caller, *operation.others)]
    return told


def _path_parameter(name: str) -> Json:
    about = {"name": name, "in": "path", "required": True, "description": _PARAMETERS[name]}
    return about | {"schema": {"type": "string"}}


def _query_parameter(name: str, about: str) -> Json:
    told = {"name": name, "in": "query", "required": False, "description": about}
    return told | {"schema": {"type": "string"}}


def _successes(operation: Operation, named: Named) -> Json:
    return {
        str(status): {
            "description": _SUCCESS[status],
            "headers": openapi_headers.of_success(operation, status),
            "content": {operation.media: {"schema": _content(operation, shapes, named)}},
        }
        for status, shapes in operation.gives.items()
    }


def _refusals(operation: Operation, named: Named) -> Json:
    """Return the refusals by HTTP status, each with its reasons."""
    by_status: defaultdict[int, list[Reason]] = defaultdict(list)
    for reason in reasons(operation):
        by_status[problems.ROWS[reason].status].append(reason)
    return {
        str(status): {
            "description": "; ".join(f"`{r}`: {problems.ROWS[r].title}" for r in found),
            "headers": openapi_headers.of_refusals(operation, status, found),
            "content": {
                PROBLEM_JSON: {
                    "schema": {
                        "allOf": [
                            named[answers.Problem],
                            {"properties": {"reason": {"enum": [str(r) for r in found]}}},
                        ]
                    }
                }
            },
        }
        for status, found in sorted(by_status.items())
    }
