"""Everything that the document promises, tried by Schemathesis on the house in process.

It makes requests from the document, right and wrong ones, with what really exists among their
values, and judges each answer: status, media type, headers and shape; wrong data refused,
undeclared methods refused, sign-in asked for.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec
import schemathesis
from house import PUBLIC_KEY, Browser, House, Phone
from schemathesis import Config, HookContext, Response
from schemathesis.core import Body
from schemathesis.core.failures import Failure
from schemathesis.engine import events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.openapi.checks import RejectedPositiveData
from schemathesis.schemas import BaseSchema
from wsgi import application

from chalicelib.domain.device import Profile
from chalicelib.web import openapi
from chalicelib.web.operations import ZIP
from chalicelib.web.session import VISITOR_COOKIE

Headers = Mapping[str, str]

SEED = 20191111
_TOTAL = (125_000, "TRY")
_SHARE_OF_KNOWN = 0.85
_PLACES = {
    "campaign_id": ("path.campaign_id", "query.campaign_id", "body.campaign_id"),
    "code": ("path.code", "body.voucher"),
    "currency": ("body.order_total.currency",),
    "enrolment_code": ("body.enrolment_code",),
    "nonce": ("body.nonce",),
    "offer_id": ("body.offer_id",),
    "option": ("body.option",),
    "popup_id": ("body.popup_id",),
    "redemption_id": ("path.redemption_id",),
    "scanned": ("body.scanned",),
    "x": ("body.public_key.x",),
}
# What a shape cannot say: these depend on the stand, the offer or the key that is named, or, as
# the stand of an order, on the voucher that is named in its place.
_JUDGED = {"edited_meanwhile", "idempotency_key_reused", "order_total_required"}
_DEPENDS = {"/option", "/order_total/currency", "/origin", "/popup_id", "/the zip/1/-"}
_BESIDE = {  # a till sent what shops send, or a member wants another beside it
    "names a code, or a batch",
    "a range has a batch, its first and its last serial",
    "Object contains unknown field `hold_seconds`",
    "Object missing required field `scanned_at`",
}


class Called(NamedTuple):
    """An operation and the status of an answer."""

    operation: str
    status: int


@dataclass(frozen=True, slots=True)
class World:
    """A house in which something happened, so that requests find what they name."""

    house: House
    browser: Browser
    phone: Phone
    known: Mapping[str, list[str]]

    # --- kinds of callers: the headers of their requests ----------------------------------------
    def nobody(self) -> Headers:
        """Return no credentials: Schemathesis leaves them out or makes some up."""
        return {}

    def visitor(self) -> Headers:
        return {"cookie": f"{VISITOR_COOKIE}={self.browser.cookies[VISITOR_COOKIE]}"}

    def device(self) -> Headers:
        return {"authorization": f"Bearer {self.phone.token}"}

    def revoked(self) -> Headers:
        self.house.live(revoked_devices={self.phone.device_id})
        return self.device()

    def program(self) -> Headers:
        return {"authorization": f"Bearer {self.house.marketing().key}"}

    def odd(self) -> Headers:
        """Return headers that no browser sends."""
        return {
            "accept": ";q=,*/*;q=x",
            "accept-language": "*;q=,tr;q=abc,\u00fc-\u00fc,ar;q=0.9",
            "authorization": "Bearer ..\u00fc.",
            "cookie": f"={VISITOR_COOKIE}; {VISITOR_COOKIE}=\u00fc.; lang=xx; theme; ;",
            "content-type": "text/plain; charset=utf-16",
            "idempotency-key": "",
            "if-none-match": "W/",
            "origin": "null",
            "sec-fetch-site": "cross-site",
            "x-forwarded-for": "::1, unknown",
        }


def furnished(house: House) -> World:
    """Claim, use and enrol, and return what exists since by the names of the document."""
    browser, phone = house.browser(), house.phone(profile=Profile.SUPERVISOR)
    unused = browser.claim("istanbul", "lantern-gift")
    used = browser.claim("istanbul", "coffee-pot-20")
    use = phone.redeem(used["url"], "nonce-of-use", total=_TOTAL)
    known = {
        "campaign_id": ["festival-now"],
        "code": [unused["code"], used["code"]],
        "currency": ["TRY"],
        "enrolment_code": [house.enrolment_code("istanbul")],
        "nonce": ["nonce-of-use", "another-nonce"],
        "offer_id": [offer.offer_id for offer in house.campaign().offers],
        "option": ["locker", "home_van_electric"],
        "popup_id": ["istanbul", "ankara"],
        "redemption_id": [use.json["redemption_id"]],
        "scanned": [unused["url"], unused["code"], used["token"], used["code"]],
        "x": [PUBLIC_KEY["x"]],
    }
    return World(house, browser, phone, known)


@dataclass(slots=True)
class Findings:
    """What came of a run: how often each status was answered, and what broke the document."""

    seen: Counter[Called] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def note(self, event: events.EngineEvent) -> None:
        """Add what an event of the run tells."""
        if isinstance(event, events.ScenarioFinished):
            self._note(event.recorder)
        elif isinstance(event, events.NonFatalError):
            self.faults.append(f"{event.label}: {event.value!r}")
        elif isinstance(event, events.FatalError):
            raise event.exception

    def _note(self, recorder: ScenarioRecorder) -> None:
        for call in recorder.interactions.values():
            if call.response is not None:
                self.seen[Called(recorder.label, call.response.status_code)] += 1
        self.faults += _faults(recorder)


def _faults(recorder: ScenarioRecorder) -> Iterator[str]:
    for check in (check for checks in recorder.checks.values() for check in checks):
        if check.failure_info is not None:
            failure, call = check.failure_info.failure, check.failure_info.code_sample
            yield f"{recorder.label}: {failure.title}. {failure.message}\n{call}"


def tried(world: World, headers: Headers, *, examples: int, seconds: int | None) -> Findings:
    """Try every operation as this caller; with `seconds` go on with new data for so long."""
    schema = schemathesis.openapi.from_dict(
        openapi.document(), config=_config(world, headers, examples, seconds)
    )
    schema.app = application(world.house, headers)
    _teach(schema)
    findings = Findings()
    for event in from_schema(schema).execute():
        findings.note(event)
    return findings


def _config(world: World, headers: Headers, examples: int, seconds: int | None) -> Config:
    places = {
        place: {"dictionary": name, "probability": _SHARE_OF_KNOWN}
        for name, places in _PLACES.items()
        for place in places
    }
    settings: dict[str, Any] = {
        "seed": SEED,
        "dictionaries": {name: {"values": values} for name, values in world.known.items()},
        "parameters": places,
        "generation": {
            "database": "none",
            "max-examples": examples,
            "with-security-parameters": not headers,
        },
        # What it does with a caller's own credentials wants a network; `nobody` shows the same.
        "checks": {"ignored_auth": {"enabled": not headers}},
        "phases": {"stateful": {"enabled": False}},
    }
    return Config.from_dict(settings | ({"max-time": seconds} if seconds else {}))


def _teach(schema: BaseSchema) -> None:
    """Tell Schemathesis what the document's language has no words for."""
    schemathesis.serializer.alias(ZIP, "application/octet-stream")

    @schema.hook
    def map_body(context: HookContext, body: Body) -> Body:
        """Write whole numbers as such: JSON Schema takes 1.0 for an integer, this API does not."""
        del context
        whole: Body = _whole(body)
        return whole

    @schema.hook
    def filter_failure(
        context: HookContext, failure: Failure, case: object, response: Response
    ) -> bool:
        """Accept a refusal that judges a right payload by what it names."""
        del context, case
        return not (isinstance(failure, RejectedPositiveData) and _depends(response))


def _whole(value: Any) -> Any:
    match value:
        case float() if value.is_integer():
            return int(value)
        case dict():
            return {name: _whole(member) for name, member in value.items()}
        case list():
            return [_whole(member) for member in value]
        case _:
            return value


def _depends(response: Response) -> bool:
    problem = msgspec.json.decode(response.content)
    pointers = {error["pointer"] for error in problem.get("errors", [])}
    if {error["message"] for error in problem.get("errors", [])} & _BESIDE:
        return True
    return problem["reason"] in _JUDGED or (bool(pointers) and pointers <= _DEPENDS)
