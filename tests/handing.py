"""A phone without network: it accepts by itself, signs, and hands in when the network is back.

phone = OfflinePhone(house, "istanbul")
phone.accept(voucher["url"])
assert phone.hand_in().outcomes == ["accepted"]
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from house import Answer, Json, Phone, Place, enrol
from nacl.signing import SigningKey

from chalicelib.domain import batch_wire
from chalicelib.domain.device import Profile


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Told:
    """What a batch was answered."""

    answer: Answer

    @property
    def results(self) -> list[Json]:
        assert self.answer.status == 200, self.answer.text
        found: list[Json] = self.answer.json["results"]
        return found

    @property
    def outcomes(self) -> list[str]:
        """What became of each entry, with the reason where there is one."""
        return [
            f"{one['outcome']} {one['reason']}" if one["reason"] else one["outcome"]
            for one in self.results
        ]


class OfflinePhone(Phone):
    """A device with a key of its own. `behind` is how far its clock is behind the server's."""

    def __init__(
        self,
        house: Place,
        popup_id: str = "istanbul",
        profile: Profile = Profile.STEWARD,
        *,
        name: str = "Door",
        behind: timedelta = timedelta(),
    ) -> None:
        self.house, self.behind = house, behind
        code = house.enrolment_code(popup_id, profile)
        self.key = SigningKey(code.encode().ljust(32)[:32])
        jwk = {"kty": "OKP", "crv": "Ed25519", "x": base64url(bytes(self.key.verify_key))}
        enrolled = enrol(house, code, key=jwk, name=name)
        assert enrolled.status == 201, enrolled.text
        self.device_id = enrolled.json["device_id"]
        self.token = enrolled.json["device_token"]
        self.queue: list[Json] = []
        self.seq, self.previous = 0, ""

    def accept(
        self,
        scanned: str,
        nonce: str | None = None,
        *,
        total: tuple[int, str] | None = None,
        at: datetime | None = None,
        **more: Any,
    ) -> Json:
        """Accept a code at the door and put it into the queue."""
        self.seq += 1
        money = {"amount_minor": total[0], "currency": total[1]} if total else None
        entry: Json = {
            "seq": self.seq,
            "scanned": scanned,
            "nonce": nonce or self.house.nonce(),
            "scanned_at": _text((at or self.house.at) - self.behind),
            "elapsed_ms": 1000,
            "epoch": 1,
            "order_total": money,
            "shift": None,
            "withdrawn": False,
        }
        self.queue.append(entry | more)
        return self.queue[-1]

    def hand_in(self) -> Told:
        """Send the queue; what is settled leaves it."""
        told = self.send_batch(self.queue)
        if told.answer.status == 200:
            waiting = {one["seq"] for one in told.results if one["outcome"] == "pending_gap"}
            self.queue = [entry for entry in self.queue if entry["seq"] in waiting]
            self.previous = told.answer.json["head"]["hash"]
        return told

    def ask(self, path: str) -> Answer:
        """Ask for something."""
        return self.house.ask("GET", path, headers=self.headers)

    def decide(self, case: Json, decision: str, note: str = "seen it", **headers: str) -> Answer:
        """Decide a case as it was read."""
        path = f"/api/v1/conflicts/{case['case_id']}/resolution"
        headers = {"if_match": f'"{case["version"]}"'} | headers
        return self.post(path, {"decision": decision, "note": note}, **headers)

    def cases(self) -> list[Json]:
        """Return the work list."""
        found: list[Json] = self.ask("/api/v1/conflicts").json["items"]
        return found

    def send_batch(self, entries: Sequence[Json], **changed: Any) -> Told:
        """Send entries as one batch, signed; what is changed is changed after the signature."""
        return Told(self.post("/api/v1/redemptions/batch", self.signed(entries) | changed))

    def signed(self, queue: Sequence[Json], /, **said: Any) -> Json:
        """Return the signed body of a batch, which may say something odd."""
        body: Json = {
            "device_now": _text(self.house.at - self.behind),
            "previous": self.previous,
            "entries": list(queue),
        }
        body |= said
        text = batch_wire.signed_text(self.device_id, json.loads(json.dumps(body)))
        return body | {"signature": base64url(self.key.sign(text).signature)}


def _text(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
