"""A shop's client of Marquee: delivery options, one choice a voucher, and the order's hold.

    shop = Shop("https://popup.example.org", key="mk_…")
    held = shop.hold("ABCD-EFGH-JKMN-PQRS", order_ref="2026-118", total=Money(4990, "EUR"))
    offered = shop.options("ABCD-EFGH-JKMN-PQRS", trip=Trip(coming_anyway=True))
    shop.choose("ABCD-EFGH-JKMN-PQRS", offered.options[0].code, order_ref="2026-118")
    shop.confirm(held.redemption_id)

One file, the standard library alone: copy it. A repeat after a broken connection carries the same
nonce, so nothing happens twice. What the server refuses raises `Refused` with its reason.
"""

import json
import ssl
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

Json = dict[str, Any]
# method, URL, headers, body in; status and body out. Raises OSError where nobody answers.
Send = Callable[[str, str, Mapping[str, str], bytes], tuple[int, bytes]]

TRY_AGAIN = frozenset({"try_again", "rate_limited", "in_progress"})
ATTEMPTS = 3
TIMEOUT_SECONDS = 5.0
PAUSE_SECONDS = 0.5


class Refused(Exception):
    """The server said no: `reason` is stable, `detail` is for people."""

    def __init__(self, status: int, problem: Json) -> None:
        self.status = status
        self.reason = str(problem.get("reason", ""))
        self.detail = str(problem.get("detail", ""))
        self.errors: list[Json] = list(problem.get("errors", ()))
        super().__init__(f"{status} {self.reason}: {self.detail}")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units of an ISO 4217 currency."""

    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """The goods of one order and their packaging; a mailer needs `pack_g`."""

    goods_mass_g: float
    volume_cm3: float
    packaging: str = "board_box"
    pack_g: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """The customer's way to a locker or a stand; None was not answered."""

    one_way_km: float | None = None
    mode: str | None = None
    coming_anyway: bool | None = None


@dataclass(frozen=True, slots=True)
class Grams:
    """An estimate in grams of CO2e with both ends of its range."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One way of delivery. Print `words`, `against` and every condition beside each other."""

    code: str
    kind: str
    carrier: str
    price: Money | None
    earliest: str | None
    latest: str | None
    total: Grams
    verdict: str
    points: int
    quality: str
    words: str
    against: str
    conditions: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Every way of the voucher's stand, the cheapest first, and how it was calculated.

    `method` and `baseline` name their versions; link the page at `method_url` beside the figures.
    """

    options: tuple[Option, ...]
    chosen: str | None
    method: str
    baseline: str | None
    method_url: str
    excluded: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The choice that stands for a voucher."""

    voucher_id: str
    option: str
    total: Grams
    verdict: str
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Redemption:
    """A voucher in an order: `held` until it is confirmed or released, then `accepted`."""

    redemption_id: str
    voucher_id: str
    offer_id: str
    outcome: str
    discount: Money | None
    held_until: str | None


def https(context: ssl.SSLContext | None = None) -> Send:
    """Return how requests are sent; a context of one's own trusts other certificates."""

    def send(method: str, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        request = urllib.request.Request(url, body, dict(headers), method=method)  # noqa: S310
        try:
            with urllib.request.urlopen(  # noqa: S310 - the URL is the shop's own setting
                request, timeout=TIMEOUT_SECONDS, context=context
            ) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    return send


@dataclass(frozen=True)
class Shop:
    """Calls of one shop, by its API key."""

    base_url: str
    key: str = field(repr=False)
    send: Send = field(default_factory=https, repr=False)
    pause: Callable[[float], None] = field(default=time.sleep, repr=False)

    def options(
        self,
        voucher: str,
        *,
        parcel: Parcel | None = None,
        trip: Trip | None = None,
        locale: str | None = None,
    ) -> Options:
        """Return every way in which the order of a voucher may travel."""
        wish = {"voucher": voucher, "locale": locale, **_order(parcel, trip)}
        found = self._post("/api/v1/delivery/options", wish)
        return Options(
            options=tuple(_option(one) for one in found["options"]),
            chosen=found["chosen"],
            method=_version(found["method"]) or "",
            baseline=_version(found["baseline"]),
            method_url=self.base_url + found["method"]["url"],
            excluded=tuple(found["excluded"]),
        )

    def choose(
        self,
        voucher: str,
        option: str,
        *,
        order_ref: str,
        parcel: Parcel | None = None,
        trip: Trip | None = None,
    ) -> Choice:
        """Choose a way; a later choice replaces it until the order is confirmed."""
        wish = {"voucher": voucher, "option": option, "order_ref": order_ref}
        kept = self._post("/api/v1/delivery/choices", {**wish, **_order(parcel, trip)})
        return Choice(
            voucher_id=kept["voucher_id"],
            option=kept["option"],
            total=Grams(**kept["total"]),
            verdict=kept["verdict"],
            points=kept["points"],
        )

    def hold(
        self, scanned: str, *, order_ref: str, total: Money | None = None, seconds: int = 900
    ) -> Redemption:
        """Hold a voucher for an order: a code as typed, or the text of its QR code."""
        wish = {"scanned": scanned, "nonce": _nonce(), "order_ref": order_ref}
        money = {"order_total": asdict(total)} if total else {}
        used = self._post("/api/v1/redemptions", {**wish, **money, "hold_seconds": seconds})
        return Redemption(
            redemption_id=used["redemption_id"],
            voucher_id=used["voucher_id"],
            offer_id=used["offer_id"],
            outcome=used["outcome"],
            discount=_money(used.get("discount")),
            held_until=used.get("held_until"),
        )

    def confirm(self, redemption_id: str) -> None:
        """Make the hold a use: the order is final, and its delivery with it."""
        self._post(f"/api/v1/redemptions/{redemption_id}/confirm", None)

    def release(self, redemption_id: str) -> None:
        """Give a held voucher back."""
        self._post(f"/api/v1/redemptions/{redemption_id}/release", None)

    def reverse(self, redemption_id: str, *, reason: str) -> None:
        """Give a used voucher back."""
        wish = {"nonce": _nonce(), "reason": reason}
        self._post(f"/api/v1/redemptions/{redemption_id}/reversal", wish)

    def _post(self, path: str, document: Json | None) -> Json:
        """Send JSON. Raises Refused, or OSError where nobody answers after all attempts."""
        body = b"" if document is None else json.dumps(_said(document)).encode()
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        for attempt in range(1, ATTEMPTS + 1):
            try:
                status, answer = self.send("POST", self.base_url + path, headers, body)
            except OSError:
                if attempt == ATTEMPTS:
                    raise
            else:
                found = _read(answer)
                if status < 400:
                    return found
                if attempt == ATTEMPTS or found.get("reason") not in TRY_AGAIN:
                    raise Refused(status, found)
            self.pause(PAUSE_SECONDS * attempt)
        raise AssertionError("the last attempt returns or raises")


def _nonce() -> str:
    return uuid.uuid4().hex


def _read(answer: bytes) -> Json:
    """Return the document of an answer; what is none, a gateway's page, is an empty one."""
    try:
        found = json.loads(answer)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _said(document: Json) -> Json:
    return {name: value for name, value in document.items() if value is not None}


def _order(parcel: Parcel | None, trip: Trip | None) -> Json:
    known = {"parcel": parcel, "trip": trip}
    return {name: _said(asdict(one)) for name, one in known.items() if one is not None}


def _money(found: Json | None) -> Money | None:
    return Money(**found) if found else None


def _version(found: Json | None) -> str | None:
    return f"{found['id']}/{found['version']}" if found else None


def _option(found: Json) -> Option:
    return Option(
        code=found["code"],
        kind=found["kind"],
        carrier=found["carrier"],
        price=_money(found["price"]),
        earliest=found["earliest"],
        latest=found["latest"],
        total=Grams(**found["total"]),
        verdict=found["against_baseline"]["verdict"],
        points=found["points"],
        quality=found["quality"]["letter"],
        words=found["display"]["total"],
        against=found["display"]["against_baseline"],
        conditions=tuple(found["conditions"]),
        warnings=tuple(found["warnings"]),
    )
