"""Visitors and stewards of a crowd: what they do, through HTTP as everyone else."""

import base64
import random
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from local.wire import Answer, Json, Wire

MOST_HELD = 500


@dataclass(frozen=True, slots=True)
class Held:
    """A voucher in a visitor's hand."""

    cookie: str
    voucher: Json


@dataclass
class Crowd:
    """Everyone who is about, and what they have done so far."""

    wire: Wire
    rng: random.Random
    tally: Counter[str] = field(default_factory=Counter)
    campaign: Json = field(default_factory=dict)
    unused: list[Held] = field(default_factory=list)
    used: list[Held] = field(default_factory=list)
    devices: dict[str, str] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)

    def look(self) -> bool:
        """See what is on by the clock of the run; False where nothing can be claimed."""
        day = self.wire.ask("GET", "/api/v1/insights/live").document
        path = f"/api/v1/campaigns/{day.get('campaign_id', '')}"
        self.campaign = self.wire.ask("GET", path).document
        return bool(self.campaign.get("offers"))

    def act(self) -> None:
        """Do one thing: mostly claims and uses, now and then a choice, a mistake."""
        deeds: Mapping[Callable[[], None], int] = {
            self.claim: 45,
            self.use: 32,
            self.choose: 13,
            self.scan_again: 4,
            self.scan_nonsense: 3,
            self.want_too_much: 3,
        }
        self.rng.choices(list(deeds), weights=list(deeds.values()))[0]()

    def claim(self) -> None:
        """Come as a new visitor and claim something."""
        offer = self._offer()
        stand = self._stand_of(offer)
        cookie = self.wire.ask("POST", "/api/v1/claims", {}).cookie
        answer = self._claim(cookie, stand, offer)
        if self._count("claims", answer):
            self.unused = [*self.unused[-MOST_HELD:], Held(cookie, answer.document)]

    def use(self) -> None:
        """Show a voucher where it was claimed, with a total where it needs one."""
        if not self.unused:
            return self.claim()
        held = self.unused.pop(self.rng.randrange(len(self.unused)))
        answer = self._scan(held.voucher["url"], held.voucher["popup_id"], held.voucher["benefit"])
        if self._count("uses", answer):
            self.used = [*self.used[-MOST_HELD:], held]
        return None

    def choose(self) -> None:
        """Choose how the order of a used voucher travels."""
        if not self.used:
            return self.use()
        held = self.rng.choice(self.used)
        option = self.rng.choice(self._options(held.voucher["popup_id"]))
        coming = self.rng.choice((True, False, None)) if option.startswith("popup") else None
        choice = {
            "voucher": held.voucher["code"],
            "option": option,
            "trip": {"coming_anyway": coming},
        }
        answer = self.wire.ask("POST", "/api/v1/delivery/choices", choice, Cookie=held.cookie)
        self._count("deliveries chosen", answer)
        return None

    def scan_again(self) -> None:
        """Show a voucher that was used."""
        if self.used:
            voucher = self.rng.choice(self.used).voucher
            self._count("uses", self._scan(voucher["url"], voucher["popup_id"], voucher["benefit"]))

    def scan_nonsense(self) -> None:
        """Show the code of something else."""
        if self.devices:
            stand = self.rng.choice(list(self.devices))
            self._count("uses", self._scan("https://shop.example/basket", stand, {}))

    def want_too_much(self) -> None:
        """Claim more than an offer allows."""
        offer = self._offer()
        cookie = self.wire.ask("POST", "/api/v1/claims", {}).cookie
        stand, more = self._stand_of(offer), offer["limits"]["visitor"] + 1
        self._count("claims", self._claim(cookie, stand, offer, ordinal=more))

    # --- how they do it -------------------------------------------------------------------------
    def _offer(self) -> Json:
        offer: Json = self.rng.choice(self.campaign["offers"])
        return offer

    def _stand_of(self, offer: Json) -> str:
        stands = offer["popup_ids"]
        if stands == ["*"]:
            stands = [popup["popup_id"] for popup in self.campaign["popups"]]
        stand: str = self.rng.choice(stands)
        return stand

    def _claim(self, cookie: str, stand: str, offer: Json, ordinal: int = 1) -> Answer:
        wish = {
            "campaign_id": self.campaign["campaign_id"],
            "popup_id": stand,
            "offer_id": offer["offer_id"],
            "ordinal": ordinal,
        }
        return self.wire.ask("POST", "/api/v1/claims", wish, Cookie=cookie)

    def _scan(self, scanned: str, stand: str, benefit: Json) -> Answer:
        scan = {
            "scanned": scanned,
            "nonce": uuid.uuid4().hex,
            "scanned_at": datetime.now(UTC).isoformat(),
            "order_total": self._basket(stand, benefit),
        }
        token = self.devices.get(stand) or self._enrol(stand)
        return self.wire.ask("POST", "/api/v1/redemptions", scan, Authorization=f"Bearer {token}")

    def _basket(self, stand: str, benefit: Json) -> Json | None:
        """Return an order's total that suits the benefit, in the currency of the stand."""
        if benefit.get("kind") not in {"percentage", "amount"}:
            return None
        least = benefit.get("minimum") or benefit.get("cap") or {"amount_minor": 2000}
        currencies = {p["popup_id"]: p["currency"] for p in self.campaign["popups"]}
        total = round(least["amount_minor"] * self.rng.uniform(1.0, 3.0))
        return {"amount_minor": total, "currency": currencies.get(stand, "EUR")}

    def _options(self, stand: str) -> list[str]:
        if stand not in self.options:
            found = self.wire.ask("POST", "/api/v1/delivery/options", {"popup_id": stand}).document
            self.options[stand] = [option["code"] for option in found["options"]]
        return self.options[stand]

    def _enrol(self, stand: str) -> str:
        """Become a steward of a stand, with a code that the persona strip makes."""
        asked = {
            "Cookie": f"local_stand={stand}",
            "Host": urlsplit(self.wire.base_url).netloc,
            "Sec-Fetch-Site": "same-origin",
        }
        code = self.wire.ask("POST", "/_local/persona", b"to=steward", **asked).location
        key = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
        x = base64.urlsafe_b64encode(key).decode().rstrip("=")
        phone = {
            "enrolment_code": code.rpartition("=")[2],
            "name": "Crowd",
            "public_key": {"kty": "OKP", "crv": "Ed25519", "x": x},
        }
        device = self.wire.ask("POST", "/api/v1/devices", phone).document
        self.devices[stand] = device["device_token"]
        return self.devices[stand]

    def _count(self, kind: str, answer: Answer) -> bool:
        """Count what happened. Returns whether it did; a 5xx is shown apart."""
        done = answer.status in {200, 201}
        failed = "failures" if answer.status >= 500 else "refusals"
        self.tally[kind if done else failed] += 1
        return done
