"""What API Gateway answers without asking the app, in the app's own words.

It knows a path by its methods and takes any other method for an unknown path, so each path gets
a mock for the rest. A page is English here: the gateway reads no language.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.web import api, pages
from chalicelib.web.reader import Reader, reader_of

REFUSED = {
    "DEFAULT_5XX": Reason.TRY_AGAIN,
    "MISSING_AUTHENTICATION_TOKEN": Reason.NOT_FOUND,  # its name for a path that it does not know
    "REQUEST_TOO_LARGE": Reason.PAYLOAD_TOO_LARGE,
    "RESOURCE_NOT_FOUND": Reason.NOT_FOUND,
    "THROTTLED": Reason.RATE_LIMITED,
    "UNSUPPORTED_MEDIA_TYPE": Reason.METHOD_NOT_ALLOWED,  # of a mock, which reads only _BODIES
}
_REQUEST_ID = "$context.requestId"  # the gateway writes it in
_ANY = "x-amazon-apigateway-any-method"
_BODIES = ("application/json", "application/x-www-form-urlencoded", "text/plain")
_JSON = "application/json"

Json = dict[str, Any]


def gateway_responses() -> Json:
    """Return SAM's GatewayResponses: a problem document, or a page for who asks for HTML."""
    return {kind: _response(Refusal(reason)) for kind, reason in REFUSED.items()}


def refusing_methods(paths: Mapping[str, Json]) -> Json:
    """Return Swagger's paths, each with a mock that refuses every method it does not have."""
    return {path: methods | {_ANY: _refusing(methods)} for path, methods in paths.items()}


def _reader() -> Reader:
    return reader_of({}, "/", _REQUEST_ID)


def _response(refusal: Refusal) -> Json:
    document = api.problem(refusal, _reader())
    page = pages.problem_page(refusal, _reader())
    headers = {"Cache-Control": "'no-store'", "X-Content-Type-Options": "'nosniff'"}
    if "Retry-After" in document.headers:
        headers["Retry-After"] = f"'{document.headers['Retry-After']}'"
    return {
        "StatusCode": str(document.status_code),
        "ResponseParameters": {"Headers": headers},
        "ResponseTemplates": {_JSON: document.body, "text/html": page.body},
    }


def _refusing(methods: Mapping[str, Json]) -> Json:
    allowed = ", ".join(sorted(name.upper() for name in methods if re.fullmatch("[a-z]+", name)))
    headers = {"Allow": f"'{allowed}'", "Cache-Control": "'no-store'"}
    document = api.problem(Refusal(Reason.METHOD_NOT_ALLOWED), _reader())
    status = str(document.status_code)
    shown = {name: {"type": "string"} for name in headers}
    return {
        "produces": [_JSON],
        "responses": {status: {"description": "Not with this method", "headers": shown}},
        "x-amazon-apigateway-integration": {
            "type": "mock",
            "passthroughBehavior": "never",
            "requestTemplates": dict.fromkeys(_BODIES, json.dumps({"statusCode": 405})),
            "responses": {
                "default": {
                    "statusCode": status,
                    "responseParameters": {
                        f"method.response.header.{name}": value for name, value in headers.items()
                    },
                    "responseTemplates": {_JSON: document.body},
                }
            },
        },
    }
