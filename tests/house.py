"""The whole product in one process: an engine's tables, both sample campaigns, a clock to set.

    def test_a_voucher_is_used_once(house):
        browser, phone = house.browser(), house.phone()
        voucher = browser.claim("istanbul", "lantern-gift")
        assert phone.redeem(voucher["url"]).status == 201
        assert phone.redeem(voucher["url"]).reason == "already_redeemed"

Requests go through the laptop's gateway, which makes the events that API Gateway makes. A fault
of the app fails the test that met it.
"""

import base64
import csv
import hashlib
import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from http.cookies import SimpleCookie
from itertools import count
from secrets import token_bytes
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from inside import Inside, in_place_of_aws
from moto import mock_aws
from msgspec import structs
from outside import Outside, Waiting

from app import app
from chalicelib import announcer, courier, egress, signing, streams
from chalicelib.config import Settings, read_settings
from chalicelib.domain.api_key import ApiKey, Role, holder_id
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.device import Profile
from chalicelib.domain.pointer import Pointer
from chalicelib.domain.reasons import Reason
from chalicelib.post import Mail
from chalicelib.signing import Secrets
from chalicelib.store import api_keys, campaigns, counters, devices, engine, holds, setup, tables
from chalicelib.usecases import admitting, enrolling, publishing
from chalicelib.web.context import context, real_now
from chalicelib.web.pages import unrouted
from chalicelib.web.recent import Recent
from chalicelib.web.shelves import Shelves
from local import places, sample_loader
from local.gateway import Gateway
from local.rest import Request

TODAY = date(2026, 5, 20)  # a Wednesday, on which the sample festival is in full swing
NOON = datetime(2026, 5, 20, 12, tzinfo=UTC)
PUBLIC_URL = "https://marquee.example"
_REGION = "eu-south-1"
_ALL_BUT_TABLES: Any = {
    "core": {"passthrough": {"urls": [r"https://([0-9]+\.ddb|(streams\.)?dynamodb)\."]}}
}

Json = dict[str, Any]


class Entropy:
    """Bytes that look random and are the same in every run."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._calls = count()

    def __call__(self, length: int) -> bytes:
        """Return the next bytes."""
        text = f"{self._seed}|{next(self._calls)}"
        return hashlib.shake_256(text.encode()).digest(length)


def fixed_secrets(*campaign_numbers: int) -> Secrets:
    """Return fixed secrets, with one signing key a campaign, valid since 2019."""
    since = datetime(2019, 1, 1, tzinfo=UTC)
    numbers = list(campaign_numbers) or [1, 2]
    return signing.read_secrets(signing.new_secrets(Entropy("secrets"), numbers, since))


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back from one request. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    set_cookies: tuple[str, ...]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def reason(self) -> str:
        """The reason of a problem; '' for any other answer."""
        if "problem+json" not in self.headers.get("content-type", ""):
            return ""
        return str(self.json["reason"])


class Place(Protocol):
    """Where browsers and phones come to: this house, or a door of tests/rigs."""

    @property
    def at(self) -> datetime: ...

    def nonce(self) -> str: ...

    def ask(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Answer: ...

    def enrolment_code(self, popup_id: str, profile: Profile = ...) -> str: ...


class _Faults(logging.Handler):
    """Keeps what the app logs as a fault of its own, which it answers kindly."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(self.format(record))


class House:
    """The product as it stands. `at` is business time, `real_at` the time of codes and tokens."""

    def __init__(self, secrets: Secrets) -> None:
        self.at = self.real_at = NOON
        self._settings = Settings(public_url=PUBLIC_URL, region=_REGION)
        self._secrets = secrets
        self._gateway = Gateway(app, unrouted, places.REPOSITORY / "static" / "built")
        self.mails: list[Mail] = []
        self.errands = Waiting()
        self.outside = Outside()
        self._nonces = count(1)
        self.tables = Inside()
        self._seeded = self._bare = b""
        self._faults = _Faults()
        logging.getLogger("marquee.web").addHandler(self._faults)

    # --- people and things ----------------------------------------------------------------------
    def browser(self, language: str = "en") -> "Browser":
        """Return a new visitor's browser, without a cookie."""
        return Browser(self, language)

    def phone(self, popup_id: str = "istanbul", profile: Profile = Profile.STEWARD) -> "Phone":
        """Return a phone that is enrolled at a stand."""
        return Phone(self, popup_id, profile)

    def shop(self, slug: str = "harbour", *merchants: str, **facts: Any) -> "Shop":
        """Return an online shop of the festival, which sells for these merchants or for all."""
        return Shop(self, self.key(slug, merchant_ids=frozenset(merchants) or None, **facts)[1])

    def key(
        self, slug: str = "harbour", *, campaign_id: str = "festival-now", **facts: Any
    ) -> tuple[ApiKey, str]:
        """Make an API key and return it with its text."""
        return new_key(self.campaign(campaign_id), slug, self.real_at, **facts)

    def marketing(self, campaign_id: str = "festival-now") -> "Marketing":
        """Return a program of the marketing team, with a key for one campaign."""
        key = self.key("press", campaign_id=campaign_id, role=Role.MARKETER)[1]
        return Marketing(self, campaign_id, key)

    def ask(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Answer:
        """Send one request as it is. A fault of the app is never an answer."""
        self._faults.seen.clear()
        lower = tuple((name.lower(), value) for name, value in (headers or {}).items())
        got = self._gateway.answer(Request(method, path, lower, body))
        assert got.status != 500, f"{method} {path} is a 500: {got.body!r}"
        assert not self._faults.seen, f"{method} {path}: {self._faults.seen}"
        answer = Answer(
            status=got.status,
            headers={name.lower(): value for name, value in got.headers},
            set_cookies=tuple(v for name, v in got.headers if name.lower() == "set-cookie"),
            body=got.body,
        )
        if answer.reason:
            _is_a_problem(answer)
        return answer

    def nonce(self) -> str:
        """Return a nonce that no one had before."""
        return f"nonce-{next(self._nonces):06}"

    def enrolment_code(
        self, popup_id: str, profile: Profile = Profile.STEWARD, *, minutes: int = 15
    ) -> str:
        """Make a one-time code for a stand."""
        published, _ = context.catalog.popup(popup_id)
        return enrolling.invite(
            devices,
            campaign_id=published.campaign.campaign_id,
            popup_id=popup_id,
            profile=profile,
            expires_at=self.real_at + timedelta(minutes=minutes),
            entropy=context.entropy(enrolling.CODE_BYTES),
        )

    # --- marketing ------------------------------------------------------------------------------
    def campaign(self, campaign_id: str = "festival-now") -> Campaign:
        """Return a campaign as it is live."""
        return context.catalog.campaign(campaign_id).campaign

    def publish(self, campaign: Campaign, limits: publishing.Counters = counters) -> Any:
        """Save a draft and publish it; every request sees the outcome at once."""
        stored = campaigns.draft(campaign.campaign_id)
        version = campaigns.save_draft(campaign, over=stored[1] if stored else 0, now=self.at)
        assert version is not None
        return self.publish_draft(campaign.campaign_id, version, limits)

    def publish_draft(
        self, campaign_id: str, version: int, limits: publishing.Counters = counters
    ) -> Any:
        """Publish a draft of that version."""
        outcome = publishing.publish(
            campaigns, limits, campaign_id, draft_version=version, now=self.at
        )
        return self.settled(outcome)

    def roll_back(
        self, campaign_id: str, revision: int, limits: publishing.Counters = counters
    ) -> Any:
        """Go back to a revision; every request sees the outcome at once."""
        outcome = publishing.roll_back(
            campaigns, limits, campaign_id, revision=revision, now=self.at
        )
        return self.settled(outcome)

    def live(self, campaign_id: str = "festival-now", **record: Any) -> None:
        """Set the live record: `paused_popups={"istanbul"}`, `withdrawn_keys={1}` and so on."""
        engine.put(tables.LiveItem("LIVES", campaign_id, **record))
        context.catalog.forget()

    def settled(self, outcome: Any) -> Any:
        """Let every request see what was just published."""
        context.catalog.forget()
        return outcome

    # --- what the tables hold -------------------------------------------------------------------
    def items(self, table: str = "ledger") -> list[Json]:
        """Return every item of a table, in DynamoDB's own JSON, by key."""
        rows = engine.client().scan(TableName=f"marquee-{table}")["Items"]
        return sorted(rows, key=lambda row: (row["pk"]["S"], row["sk"]["S"]))

    def stored(self) -> list[Json]:
        """Return every item of the ledger as the engine keeps it: no request, bytes in base64."""
        return self.tables.items("ledger")

    def put(self, table: str, item: Json) -> None:
        """Write an item as it is: what a part of the product that comes later would write."""
        engine.client().put_item(TableName=f"marquee-{table}", Item=item)

    def delete(self, table: str, item: Json) -> None:
        """Take an item away, which the product itself never does."""
        key = {name: item[name] for name in ("pk", "sk")}
        engine.client().delete_item(TableName=f"marquee-{table}", Key=key)

    @contextmanager
    def keys_until(self, not_after: datetime) -> Iterator[None]:
        """Retire every signing key: none vouches for what is issued after this."""
        keys = [structs.replace(key, not_after=not_after) for key in self._secrets.signing]
        retired = structs.replace(self._secrets, signing=keys)
        context.connect(self._settings, secrets=retired, now=lambda: self.at)
        try:
            yield
        finally:
            context.connect(self._settings, secrets=self._secrets, now=lambda: self.at)

    @contextmanager
    def new_key(self) -> Iterator[None]:
        """Rotate: a newer key of each campaign signs from now on, the older ones stay valid."""
        seed = base64.b64encode(bytes(range(32, 64))).decode()
        newer = [
            structs.replace(key, key_id=key.key_id + 1, seed=seed, not_before=self.at)
            for key in self._secrets.signing
        ]
        rotated = structs.replace(self._secrets, signing=[*self._secrets.signing, *newer])
        context.connect(self._settings, secrets=rotated, now=lambda: self.at)
        try:
            yield
        finally:
            context.connect(self._settings, secrets=self._secrets, now=lambda: self.at)

    @contextmanager
    def secrets_at(self, parameter: str) -> Iterator[Settings]:
        """Keep the secrets in a parameter from which they are read, as deployed."""
        settings = replace(self._settings, secrets_parameter=parameter)
        signing.keep_secrets(settings, self._secrets, over=True)
        context.connect(settings, now=lambda: self.at)
        try:
            yield settings
        finally:
            context.connect(self._settings, secrets=self._secrets, now=lambda: self.at)

    def wait(self, passed: timedelta) -> None:
        """Let time pass; every process looks at what is live again."""
        self.at += passed
        context.catalog.forget()
        context.shelves = Shelves()

    def project(self) -> int:
        """Fold what the ledger's stream holds into the figures, as the projector does."""
        context.figures, context.readings = Recent(), Recent()  # a second passes
        return streams.project(self.tables.stream())

    def announce(self) -> int:
        """Tell what the ledger's stream holds to the webhooks, as the announcer does."""
        return announcer.announce(self.tables.stream(), self.errands)

    def carry(self, tries: int = 1) -> int:
        """Run the errands that wait, as the courier does; return how many are not done.

        Those wait on, as in the queue.
        """
        event = self.errands.event(tries)
        failed = courier.carry(event, self.errands, self.outside)["batchItemFailures"]
        kept = {failure["itemIdentifier"] for failure in failed}
        messages = enumerate(self.errands.waiting)
        self.errands.waiting = [errand for one, errand in messages if str(one) in kept]
        return len(kept)

    def swept(self) -> None:
        """Say that the sweeper came as far as now: a day without holds takes it 1,440 looks."""
        holds.mark_swept(self.at)

    # --- as it was ------------------------------------------------------------------------------
    def connect(self) -> None:
        """Give the app this house's tables, secrets and clocks."""
        if context.settings is not self._settings:
            context.connect(self._settings, secrets=self._secrets, now=lambda: self.at)
        context.real_now = lambda: self.real_at

    def open(self) -> None:
        """Make the tables, empty as yet."""
        self.tables.clear()
        self.connect()
        setup.create_all()
        self._bare = self.tables.kept()

    def keep(self) -> None:
        """Remember the tables as they are now, with an empty stream."""
        self.tables.forget_stream()
        self._seeded = self.tables.kept()

    def empty(self) -> None:
        """Forget everything that the tables hold. `restore` brings it back."""
        self.tables.put_back(self._bare)

    def restore(self) -> None:
        """Bring tables, clocks and randomness back to what was remembered."""
        self.tables.put_back(self._seeded)
        self.at = self.real_at = NOON
        self._nonces = count(1)
        self.connect()
        context.entropy = Entropy("house")
        context.post = self.mails.append
        self.mails.clear()
        self.errands, self.outside = Waiting(), Outside()
        context.errands, context.egress = self.errands, self.outside
        context.forget()


class Browser:
    """A visitor's browser: it keeps cookies and speaks one language."""

    def __init__(self, house: Place, language: str = "en") -> None:
        self.house = house
        self.language = language
        self.cookies: dict[str, str] = {}

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for a page or a document; `accept_language="tr"` becomes the header."""
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, document: object = None, **headers: str) -> Answer:
        """Send JSON."""
        body = json.dumps(document).encode()
        return self.ask("POST", path, body=body, headers={"content-type": _JSON} | headers)

    def submit(self, path: str, form: Mapping[str, str] | None = None, **headers: str) -> Answer:
        """Send a form, as a page without script does."""
        body = urlencode(form or {}).encode()
        return self.ask("POST", path, body=body, headers={"content-type": _FORM} | headers)

    def ask(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        """Send a request with this browser's cookies and keep those that come back."""
        sent = {"accept": "text/html, */*;q=0.8", "accept-language": self.language}
        sent |= {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        if self.cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.house.ask(method, path, headers=sent, body=body)
        for cookie in answer.set_cookies:
            self._keep(cookie)
        return answer

    def follow(self, answer: Answer) -> Answer:
        """Go where a redirect points to."""
        return self.get(path_of(answer.headers["location"]))

    def sign_in(self) -> None:
        """Get the visitor's cookie, as opening a stand's page does."""
        if "__Host-visitor" not in self.cookies:
            assert self.post("/api/v1/claims", {}).status == 401

    def try_to_claim(self, popup_id: str, offer_id: str, **more: object) -> Answer:
        """Claim through the API and return whatever comes back."""
        self.sign_in()
        campaign_id = context.catalog.popup(popup_id)[0].campaign.campaign_id
        wish = {"campaign_id": campaign_id, "popup_id": popup_id, "offer_id": offer_id}
        return self.post("/api/v1/claims", wish | more)

    def claim(self, popup_id: str, offer_id: str, **more: object) -> Json:
        """Claim and return the voucher."""
        answer = self.try_to_claim(popup_id, offer_id, **more)
        assert answer.status in {200, 201}, answer.text
        voucher: Json = answer.json
        return voucher

    def _keep(self, cookie: str) -> None:
        for name, morsel in SimpleCookie(cookie).items():
            if morsel["max-age"] == "0":
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = morsel.value


class Phone:
    """A stand's device: it redeems and gives back."""

    def __init__(self, house: Place, popup_id: str, profile: Profile = Profile.STEWARD) -> None:
        self.house = house
        code = house.enrolment_code(popup_id, profile)
        enrolled = enrol(house, code)
        assert enrolled.status == 201, enrolled.text
        self.device_id: str = enrolled.json["device_id"]
        self.token: str = enrolled.json["device_token"]

    def redeem(
        self,
        scanned: str,
        nonce: str | None = None,
        *,
        total: tuple[int, str] | None = None,
        **more: object,
    ) -> Answer:
        """Scan; a scan without a nonce is a new one. `total` is (minor units, currency)."""
        scan: Json = {"scanned": scanned, "nonce": nonce or self.house.nonce()}
        scan["scanned_at"] = self.house.at.isoformat()
        return self.post("/api/v1/redemptions", scan | _total(total) | more)

    def order(self, *scanned: str, mode: str = "all", order: str = "order-1") -> Answer:
        """Use several vouchers for one order at the stand."""
        lines = [{"scanned": text, "nonce": self.house.nonce()} for text in scanned]
        wish = {"order_ref": order, "mode": mode, "lines": lines}
        return self.post("/api/v1/redemptions/order", wish)

    def reverse(self, redemption_id: str, nonce: str | None = None, why: str = "mistake") -> Answer:
        """Give a use back."""
        wish = {"nonce": nonce or self.house.nonce(), "reason": why}
        return self.post(f"/api/v1/redemptions/{redemption_id}/reversal", wish)

    def begin_shift(self, name: str, pin: str | None = None) -> Answer:
        """Let somebody work with the device."""
        return self.post("/api/v1/devices/self/shift", {"name": name, "pin": pin})

    def end_shift(self) -> Answer:
        """Let nobody work with it."""
        return self.house.ask("DELETE", "/api/v1/devices/self/shift", headers=self.headers)

    def manifest(self) -> Answer:
        """Ask how the stand stands."""
        return self.house.ask("GET", "/api/v1/devices/self/manifest", headers=self.headers)

    def post(self, path: str, document: object, **headers: str) -> Answer:
        """Send JSON with this device's token; `idempotency_key="a"` becomes the header."""
        return self.send(path, json.dumps(document).encode(), **headers)

    def send(self, path: str, body: bytes, **headers: str) -> Answer:
        """Send any bytes with this device's token."""
        sent = self.headers | {name.replace("_", "-"): text for name, text in headers.items()}
        return self.house.ask("POST", path, headers=sent, body=body)

    @property
    def headers(self) -> dict[str, str]:
        """The headers of this device's requests."""
        return {"authorization": f"Bearer {self.token}", "content-type": _JSON}


class Shop:
    """An online shop: it uses vouchers for its orders, and holds them."""

    def __init__(self, house: Place, key: str) -> None:
        self.house = house
        self.key = key

    def redeem(
        self,
        scanned: str,
        nonce: str | None = None,
        *,
        order: str = "order-1",
        total: tuple[int, str] | None = None,
        **more: object,
    ) -> Answer:
        """Use a voucher for an order; `hold_seconds=600` holds it."""
        wish: Json = {"scanned": scanned, "nonce": nonce or self.house.nonce(), "order_ref": order}
        return self.post("/api/v1/redemptions", wish | _total(total) | more)

    def order(
        self,
        *scanned: str,
        mode: str = "all",
        order: str = "order-1",
        total: tuple[int, str] | None = None,
        **more: object,
    ) -> Answer:
        """Use several vouchers for one order; `lines` may name nonces of one's own."""
        lines = [{"scanned": text, "nonce": self.house.nonce()} for text in scanned]
        wish: Json = {"order_ref": order, "mode": mode, "lines": lines}
        return self.post("/api/v1/redemptions/order", wish | _total(total) | more)

    def confirm(self, redemption_id: str) -> Answer:
        """Confirm the order that holds a voucher."""
        return self.post(f"/api/v1/redemptions/{redemption_id}/confirm")

    def release(self, redemption_id: str) -> Answer:
        """Give up the order that holds a voucher."""
        return self.post(f"/api/v1/redemptions/{redemption_id}/release")

    def reverse(self, redemption_id: str, nonce: str | None = None) -> Answer:
        """Give a use back."""
        wish = {"nonce": nonce or self.house.nonce(), "reason": "sent back"}
        return self.post(f"/api/v1/redemptions/{redemption_id}/reversal", wish)

    def post(self, path: str, document: object = None) -> Answer:
        """Send JSON with this shop's key."""
        headers = {"authorization": f"Bearer {self.key}", "content-type": _JSON}
        body = b"" if document is None else json.dumps(document).encode()
        return self.house.ask("POST", path, headers=headers, body=body)


def _total(total: tuple[int, str] | None) -> Json:
    """Return the member of a body for an order's total, where there is one."""
    if total is None:
        return {}
    return {"order_total": {"amount_minor": total[0], "currency": total[1]}}


class Marketing:
    """A program of the marketing team: it mints and withdraws vouchers of one campaign."""

    def __init__(self, house: Place, campaign_id: str, key: str) -> None:
        self.house = house
        self.campaign_id = campaign_id
        self.key = key

    def mint(self, offer_id: str, count: int, popup_id: str = "istanbul", **headers: str) -> Answer:
        """Mint a batch; `idempotency_key="a"` becomes the header."""
        wish = {"offer_id": offer_id, "popup_id": popup_id, "count": count}
        return self.ask("POST", "mints", wish, **headers)

    def codes(self, batch: int, query: str = "") -> list[dict[str, str]]:
        """Return a page of codes: `code`, `url` and `token` of each."""
        page = self.ask("GET", f"mints/{batch}/codes{query}")
        assert page.status == 200, page.text
        return list(csv.DictReader(page.text.splitlines()))

    def minted(self, offer_id: str, count: int, popup_id: str = "istanbul") -> list[dict[str, str]]:
        """Mint a batch and return its codes."""
        batch = self.mint(offer_id, count, popup_id)
        assert batch.status == 201, batch.text
        return self.codes(batch.json["batch"])

    def revoke(self, code: str | None = None, **what: int) -> Answer:
        """Withdraw a voucher, or `batch=1`, or `batch=1, first=2, last=3`."""
        return self.ask("POST", "revocations", {"code": code} | what)

    def ask(self, method: str, path: str, document: object = None, **headers: str) -> Answer:
        """Send a request about this campaign with the program's key."""
        sent = {"authorization": f"Bearer {self.key}", "content-type": _JSON}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        body = json.dumps(document).encode() if document is not None else b""
        path = f"/api/v1/campaigns/{self.campaign_id}/{path}"
        return self.house.ask(method, path, headers=sent, body=body)


_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
PUBLIC_KEY = {"kty": "OKP", "crv": "Ed25519", "x": "A" * 43}


def new_key(campaign: Campaign, slug: str, at: datetime, **facts: Any) -> tuple[ApiKey, str]:
    """Make an API key of a campaign, a shop's unless `role` says otherwise; return its text too."""
    whole: Json = {"role": Role.SHOP, "name": slug, "expires_at": at + timedelta(days=30)}
    applicant = admitting.Applicant(
        campaign_id=campaign.campaign_id,
        holder_id=holder_id(campaign.number, slug),
        at=at,
        **whole | facts,
    )
    entropy = context.entropy(admitting.ENTROPY_BYTES)
    admitted = admitting.admit(api_keys, applicant, entropy=entropy)
    assert admitted is not None, f"{slug} has two keys"
    return admitted


def enrol(house: Place, code: str, *, key: Json | None = None, name: str = "Phone 1") -> Answer:
    """Enrol a device with a one-time code."""
    wish = {"enrolment_code": code, "name": name, "public_key": key or PUBLIC_KEY}
    headers = {"content-type": _JSON}
    return house.ask("POST", "/api/v1/devices", headers=headers, body=json.dumps(wish).encode())


def _is_a_problem(answer: Answer) -> None:
    """Check what every problem has: a reason of the list, its status, words, the request's id."""
    document = answer.json
    assert document.keys() >= {"type", "title", "status", "reason", "detail", "instance"}
    assert document["reason"] in set(Reason), document
    assert document["type"] == f"/problems/{document['reason']}"
    assert document["status"] == answer.status
    assert document["title"]
    assert document["detail"]
    assert document["instance"] == answer.headers["x-request-id"]


def path_of(url: str) -> str:
    """Return the path and query of a URL of ours."""
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


@contextmanager
def opened() -> Iterator[House]:
    """Open the house once: make tables, publish both sample campaigns, connect the app."""
    loaded = sample_loader.load(TODAY)
    house = House(fixed_secrets(*(campaign.number for campaign in loaded)))
    with mock_aws(config=_ALL_BUT_TABLES), in_place_of_aws():
        try:
            house.open()
            for campaign in loaded:
                assert isinstance(house.publish(campaign), Pointer)
            house.keep()
            yield house
        finally:
            context.real_now = real_now
            context.entropy = token_bytes
            context.egress = egress.post
            context.connect(read_settings())
