"""The product on an engine of its own, and the events that reach it: visitors and a phone."""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode, urlsplit

from chalice.local import LambdaContext

from app import app
from chalicelib import signing
from chalicelib.config import Settings
from chalicelib.domain import device as devices
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.device import DeviceToken, Profile
from chalicelib.domain.offer import Offer
from chalicelib.signing import Secrets
from chalicelib.web.context import context
from chalicelib.web.pages import unrouted
from local import engine, ground, sample_loader, seed
from local.rest import Event, Match, Request, Routes, event_of

NOON = datetime(2026, 5, 20, 12, tzinfo=UTC)  # the sample festival is in full swing
PUBLIC_URL = "https://marquee.example"
CAMPAIGN, STAND, OFFER = "festival-now", "istanbul", "lantern-gift"
Caller = tuple[str, str]  # the header by which a caller is known
UNITS = 1_000_000  # stock enough for any number of claims
BUDGET = 999_999_999

_BROWSER = (
    ("host", "marquee.example"),
    ("user-agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15"),
    ("accept", "text/html,application/json;q=0.9,*/*;q=0.8"),
    ("accept-language", "en"),
    ("accept-encoding", "gzip, deflate, br"),
    ("content-type", "application/json"),
    ("origin", PUBLIC_URL),
    ("sec-fetch-site", "same-origin"),
)
_ROUTES = Routes(app.routes)
_LAMBDA = LambdaContext("marquee-bench", 512, max_runtime_ms=29_000)


@dataclass(frozen=True, slots=True)
class Place:
    """Where which offer is claimed."""

    popup_id: str = STAND
    offer_id: str = OFFER

    @property
    def wish(self) -> dict[str, str]:
        """Return the body of a claim."""
        return {"campaign_id": CAMPAIGN, "popup_id": self.popup_id, "offer_id": self.offer_id}


HELD = Place("milan", "parcel-cup-gift")  # kept for two days, from a stock
LIMITED = Place(offer_id="lamp-100")  # with a limit for each day, and a budget: see `_fitted`
ONLINE = Place(offer_id="delivery-on-us")


@dataclass(frozen=True)
class Festival:
    """Both sample campaigns, published, at noon of a day in full swing."""

    settings: Settings
    secrets: Secrets

    def connect(self) -> None:
        """Point the app at these tables, with fresh clients and a fixed clock."""
        context.connect(self.settings, secrets=self.secrets, now=lambda: NOON)
        context.real_now = lambda: NOON

    def visitor(self) -> Caller:
        """Return a browser with a cookie of its own."""
        value = signing.visitor_cookie(self.secrets, signing.new_visitor(os.urandom))
        return "cookie", f"__Host-visitor={value}"

    def claiming(self, visitor: Caller, place: Place = Place()) -> Event:
        """Return the event of a claim."""
        return posting("/api/v1/claims", place.wish, visitor)

    def redeeming(self, scanned: str, nonce: str) -> Event:
        """Return the event of a scan by a phone of the stand."""
        return posting("/api/v1/redemptions", scan(scanned, nonce), self.phone())

    def opening(self, url: str, visitor: Caller) -> Event:
        """Return the event of the holder opening the voucher's page."""
        path = urlsplit(url).path
        match = Match("/V/{token}", {"token": path.rpartition("/")[2]})
        request = Request("GET", path, (*_BROWSER, visitor))
        return event_of(request, match, ())

    def getting(self, path: str, caller: Caller) -> Event:
        """Return the event of somebody opening a page."""
        request = Request("GET", path, (*_BROWSER, caller))
        return event_of(request, _ROUTES.match(urlsplit(path).path), ())

    def page(self, target: str, language: str, visitor: Caller) -> str:
        """Open any page in a language, as this browser, and return what it says."""
        headers = tuple(pair for pair in _BROWSER if pair[0] != "accept-language")
        request = Request("GET", target, (*headers, ("accept-language", language), visitor))
        match = _ROUTES.match(request.path)
        if match.resource is None:
            return str(unrouted(event_of(request, match, ())).body)
        return str(app(event_of(request, match, ()), _LAMBDA)["body"])

    def phone(self) -> Caller:
        """Return a phone of the stand."""
        token = DeviceToken(
            device_id=devices.device_id_of("bench"),
            popup_id=STAND,
            profile=Profile.STEWARD,
            expires_at=NOON + timedelta(hours=12),
        )
        return "authorization", f"Bearer {signing.device_token(self.secrets, token)}"


@contextmanager
def opened() -> Iterator[Festival]:
    """Start an engine, publish, connect the app; the engine forgets everything at the end."""
    with TemporaryDirectory() as directory, engine_in(Path(directory), keep=False) as url:
        yield published(url)


@contextmanager
def engine_in(directory: Path, *, keep: bool) -> Iterator[str]:
    """Start an engine that starts from a directory and, with `keep`, saves there; its address."""
    ground.keep_home()
    running = engine.start(directory if keep else None, directory / "engine.log")
    try:
        yield running.url
    finally:
        running.stop()


def published(engine_url: str) -> Festival:
    """Make the tables and publish both campaigns there."""
    campaigns = [_fitted(one) for one in sample_loader.load(NOON.date())]
    settings = ground.settings_of(PUBLIC_URL, engine_url, None)
    ground.ensure_tables(settings)
    secrets = ground.ensure_secrets(settings, [campaign.number for campaign in campaigns])
    festival = Festival(settings, secrets)
    festival.connect()
    for campaign in campaigns:
        seed.publish(campaign, NOON)
    context.catalog.forget()
    return festival


def at(engine_url: str, secrets: Secrets) -> Festival:
    """Return a festival that was published before."""
    return Festival(ground.settings_of(PUBLIC_URL, engine_url, None), secrets)


def ask(event: Event, status: int) -> Any:  # noqa: ANN401 - Chalice's answer
    """Send an event through the app, as Lambda would, and return the answer's body."""
    answer = app(event, _LAMBDA)
    if answer["statusCode"] != status:
        raise RuntimeError(f"{event['path']}: {answer}")
    return answer["body"]


def scan(scanned: str, nonce: str) -> dict[str, object]:
    """Return the body of a scan by a phone."""
    return {"scanned": scanned, "nonce": nonce, "scanned_at": NOON.isoformat()}


def posting(path: str, document: object, caller: Caller) -> Event:
    """Return the event of a post, by the route that API Gateway finds for its path."""
    body = b"" if document is None else json.dumps(document).encode()
    request = Request("POST", path, (*_BROWSER, caller), body)
    return event_of(request, _ROUTES.match(path), ())


def form(path: str, fields: dict[str, str], caller: Caller) -> Event:
    """Return the event of a form that a page sends."""
    kind = "application/x-www-form-urlencoded"
    return sending(path, kind, urlencode(fields).encode(), caller, ())


def sending(
    path: str, kind: str, body: bytes, caller: Caller, binary_types: Iterable[str]
) -> Event:
    """Return the event of a body of any type."""
    headers = tuple(pair for pair in _BROWSER if pair[0] != "content-type")
    request = Request("POST", path, (*headers, ("content-type", kind), caller), body)
    return event_of(request, _ROUTES.match(path), binary_types)


def _fitted(campaign: Campaign) -> Campaign:
    """Return the campaign with stock enough of what is claimed, and with a budget."""
    return replace(campaign, offers=tuple(_offered(offer) for offer in campaign.offers))


def _offered(offer: Offer) -> Offer:
    if offer.offer_id == OFFER and offer.stock:
        return replace(offer, stock=replace(offer.stock, units=UNITS))
    if offer.offer_id == LIMITED.offer_id:
        return replace(offer, budget_minor=BUDGET)
    return offer
