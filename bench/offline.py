"""A phone without network: what its manifest weighs, and what handing in a long queue costs."""

import base64
import gzip
import json
import os
import time
from typing import Any

from nacl.signing import SigningKey

from bench import festival
from bench.festival import CAMPAIGN, NOON, STAND, Caller, Festival
from bench.watch import watching
from chalicelib.domain import batch_wire
from chalicelib.domain.device import ENROLMENT_LIFE, Profile
from chalicelib.store import devices, engine, keys, tables
from chalicelib.usecases import enrolling
from chalicelib.web.context import context
from local.rest import Match, Request, event_of

USED, MARKS_A_PART = 100_000, 50  # a run of the projector adds about so many to a stand's list
QUEUE, BATCH = 1_000, 100
_PATH = "/api/v1/devices/self/manifest"


def measure() -> dict[str, float]:
    """Fill a stand's list and read it whole, then hand in a queue batch by batch."""
    with festival.opened() as opened:
        phone = Phone(opened)
        first = len(phone.manifest(""))
        _use_many()
        pages = phone.whole_list()
        urls = [_claimed(opened) for _ in range(QUEUE)]
        started = time.process_time()
        with watching() as counted:
            results = phone.hand_in(urls)
        spent = time.process_time() - started
    if [one["outcome"] for one in results] != ["accepted"] * QUEUE:
        raise RuntimeError("not every entry of the queue was accepted")
    return {
        "manifest_bytes": first,
        "manifest_used_bytes": sum(pages),
        "manifest_used_requests": len(pages),
        "hand_in_requests": QUEUE / BATCH,
        "hand_in_seconds": spent,
        "hand_in_table_requests": counted.requests / QUEUE,
        "hand_in_wcu": counted.write_units / QUEUE,
    }


class Phone:
    """A device of the stand with a key of its own."""

    def __init__(self, opened: Festival) -> None:
        code = enrolling.invite(
            devices,
            campaign_id=CAMPAIGN,
            popup_id=STAND,
            profile=Profile.STEWARD,
            expires_at=NOON + ENROLMENT_LIFE,
            entropy=os.urandom(enrolling.CODE_BYTES),
        )
        self._opened, self._key = opened, SigningKey.generate()
        key = {"kty": "OKP", "crv": "Ed25519", "x": _base64url(bytes(self._key.verify_key))}
        wish = {"enrolment_code": code, "name": "Bench", "public_key": key}
        nobody = "accept", "application/json"
        made = json.loads(festival.ask(festival.posting("/api/v1/devices", wish, nobody), 201))
        self._device_id = made["device_id"]
        self._caller: Caller = "authorization", f"Bearer {made['device_token']}"

    def manifest(self, cursor: str) -> bytes:
        """Return a manifest as it goes over the wire, compressed."""
        query = "?revision=1.1&used=" + cursor if cursor else ""
        request = Request("GET", _PATH + query, (self._caller,))
        answer: str = festival.ask(event_of(request, Match(_PATH, {}), ()), 200)
        return answer.encode()

    def whole_list(self) -> list[int]:
        """Read the list of used vouchers from its start; return the bytes of each answer."""
        sizes, cursor, found, more = [], "", 0, True
        while more:
            answer = self.manifest(cursor)
            sizes.append(len(gzip.compress(answer, 6)))
            used = json.loads(answer)["used"]
            cursor, more = used["cursor"], used["more"]
            found += len(base64.b64decode(used["prefixes"])) // 8
        if found != USED:
            raise RuntimeError(f"the list has {found} of {USED} marks")
        return sizes

    def hand_in(self, urls: list[str]) -> list[dict[str, Any]]:
        """Send the queue, batch by batch, and return what became of it."""
        results: list[dict[str, Any]] = []
        previous = ""
        context.catalog.all()
        for start in range(0, len(urls), BATCH):
            entries = [_entry(start + n, url) for n, url in enumerate(urls[start : start + BATCH])]
            body = {"device_now": _now(), "previous": previous, "entries": entries}
            text = batch_wire.signed_text(self._device_id, body)
            body["signature"] = _base64url(self._key.sign(text).signature)
            path = "/api/v1/redemptions/batch"
            answer = json.loads(festival.ask(festival.posting(path, body, self._caller), 200))
            results += answer["results"]
            previous = answer["head"]["hash"]
        return results


def _entry(place: int, url: str) -> dict[str, Any]:
    return {
        "seq": place + 1,
        "scanned": url,
        "nonce": f"nonce-{place:06}",
        "scanned_at": _now(),
        "elapsed_ms": 1000 * place,
        "epoch": 1,
        "order_total": None,
        "shift": None,
        "withdrawn": False,
    }


def _now() -> str:
    return NOON.isoformat().replace("+00:00", "Z")


def _claimed(opened: Festival) -> str:
    url: str = json.loads(festival.ask(opened.claiming(opened.visitor()), 201))["url"]
    return url


def _use_many() -> None:
    """Fill the stand's list as the projector would, with marks that look as real ones do."""
    partition, name = keys.used(CAMPAIGN, 0, STAND), engine.table(tables.UsedItem)
    parts = [
        {
            "pk": {"S": partition},
            "sk": {"S": keys.used_part(n, 0, f"{n:021}")},
            "p": {"B": os.urandom(8 * MARKS_A_PART)},
        }
        for n in range(USED // MARKS_A_PART)
    ]
    for start in range(0, len(parts), 25):
        puts = [{"PutRequest": {"Item": part}} for part in parts[start : start + 25]]
        engine.client().batch_write_item(RequestItems={name: puts})


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
