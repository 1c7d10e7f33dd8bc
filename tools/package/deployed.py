"""A deployed app and who talks to it: requests become API Gateway's events for its container."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chalicelib.config import Settings
from local.rest import Event, Request, Routes, event_of
from tools.package.container import Container

API, PROJECTOR = "app.app", "chalicelib.streams.follow"

_KEY = {"kty": "OKP", "crv": "Ed25519", "x": "A" * 43}

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back from one request. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    cookie: str
    body: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - any JSON
        return json.loads(self.body)


def environment(settings: Settings) -> dict[str, str]:
    """Return what Lambda would tell the functions, and where the local engine is."""
    return {
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": settings.region,
        "ENGINE_URL": settings.engine_url or "",
        "PUBLIC_URL": settings.public_url,
        "SECRETS_PARAMETER": settings.secrets_parameter,
        "TABLE_PREFIX": settings.table_prefix,
        "TZ": "UTC",
    }


class App:
    """The API of a template, answered by a container."""

    def __init__(self, container: Container, template: Json) -> None:
        definition = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
        self._container = container
        self._routes = Routes(definition["paths"])
        self._binary: Iterable[str] = definition["x-amazon-apigateway-binary-media-types"]

    def ask(self, method: str, path: str, document: object = None, **headers: str) -> Answer:
        """Send a request with a JSON body, if any; `accept_language="tr"` is a header."""
        return answered(self._container, self.event(method, path, document, **headers))

    def claim(self, popup_id: str) -> tuple[str, Json]:
        """Come as a new visitor and claim; return the cookie and the voucher."""
        cookie = self.ask("POST", "/api/v1/claims", {}).cookie
        wish = {"campaign_id": "festival-now", "popup_id": popup_id, "offer_id": "lantern-gift"}
        claimed = self.ask("POST", "/api/v1/claims", wish, cookie=cookie)
        assert claimed.status == 201, claimed.body
        return cookie, claimed.json

    def enrol(self, enrolment_code: str) -> str:
        """Become a stand's device; return its header."""
        applicant = {"enrolment_code": enrolment_code, "name": "Till", "public_key": _KEY}
        enrolled = self.ask("POST", "/api/v1/devices", applicant)
        assert enrolled.status == 201, enrolled.body
        return f"Bearer {enrolled.json['device_token']}"

    def scan(self, device: str, scanned: str, nonce: str) -> Event:
        """Return the event of a device that redeems."""
        now = datetime.now(UTC).isoformat()
        body = {"scanned": scanned, "nonce": nonce, "scanned_at": now}
        return self.event("POST", "/api/v1/redemptions", body, authorization=device)

    def redeem(self, device: str, scanned: str, nonce: str) -> Answer:
        return answered(self._container, self.scan(device, scanned, nonce))

    def event(self, method: str, path: str, document: object = None, **headers: str) -> Event:
        """Return a request's event as API Gateway makes it."""
        sent = {"accept": "*/*", "content-type": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        body = b"" if document is None else json.dumps(document).encode()
        request = Request(method, path, tuple(sent.items()), body)
        return event_of(request, self._routes.match(request.path), self._binary)


def answered(container: Container, event: Event) -> Answer:
    """Have a container answer a request."""
    told = container.invoke(API, event)
    headers = {name.lower(): str(value) for name, value in (told.get("headers") or {}).items()}
    many: Mapping[str, list[str]] = told.get("multiValueHeaders") or {}
    headers |= {name.lower(): values[-1] for name, values in many.items()}
    cookie = headers.get("set-cookie", "").partition(";")[0]
    return Answer(told["statusCode"], headers, cookie, told["body"] or "")
