"""A device hands in what it accepted without network, as JSON."""

import json
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from chalice import Response

from chalicelib import proofs
from chalicelib.domain import batch_wire
from chalicelib.domain import voucher as codes
from chalicelib.domain.device import DeviceToken
from chalicelib.domain.errors import InvalidPayload, NotSignedIn
from chalicelib.domain.offline import Entry, Handed
from chalicelib.domain.offline_scan import Outcome
from chalicelib.domain.popup import Popup
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.redemption import Scan
from chalicelib.store import cases, devices, scans
from chalicelib.usecases import contesting, syncing
from chalicelib.usecases.syncing import Broken, HandIn, Posted, Result, Synced
from chalicelib.web import journal, session
from chalicelib.web import offline_answers as answers
from chalicelib.web.api import Routes, answer
from chalicelib.web.context import context
from chalicelib.web.devices import fresh_token
from chalicelib.web.manifest import allowance_of
from chalicelib.web.redemptions import scan_of
from chalicelib.web.schema import BatchEntry, BatchRequest
from chalicelib.web.tills import Asked, Till, till_of

api = Routes(__name__)

_YEARS = 1970, 2999


@api.route("/api/v1/redemptions/batch", methods=["POST"])
def post_batch() -> Response | Refusal:
    """200 with what became of each entry; sent again, it finishes what was begun."""
    device, revoked = session.handing_in(api)
    body, raw = api.body(BatchRequest), json.loads(api.raw_body())
    text = _signed_text(device, body, raw)
    _check_order(body)
    found = syncing.sync(scans, _hand_in(device, body, raw, text, revoked=revoked))
    if isinstance(found, Broken):
        last = {"last_seq": str(found.chain.last_seq), "last_hash": found.chain.last_hash}
        return Refusal(Reason.CHAIN_BROKEN, last)
    contesting.contest(
        cases,
        till_of(device).published.campaign.campaign_id,
        contested=found.roots(Outcome.CONFLICT),
        accepted=found.roots(Outcome.ACCEPTED),
    )
    journal.event("handed_in", popup_id=device.popup_id, entries=len(found.results))
    token, expires_at = (None, None) if revoked else _token(device)
    return answer(_document(found, token, expires_at))


def _check_order(body: BatchRequest) -> None:
    """Raise InvalidPayload where the entries do not rise in number."""
    seqs = [entry.seq for entry in body.entries]
    for place, (before, after) in enumerate(pairwise(seqs), start=1):
        if after <= before:
            raise InvalidPayload([(f"/entries/{place}/seq", "is not above the one before")])


def _signed_text(device: DeviceToken, body: BatchRequest, raw: dict[str, Any]) -> bytes:
    """Return the text that the device signed. Raises NotSignedIn where it did not."""
    public_key = devices.public_key(device.device_id)
    text = batch_wire.signed_text(device.device_id, raw)
    if public_key is None or not proofs.is_signed_by(public_key, text, body.signature):
        raise NotSignedIn
    return text


def _hand_in(
    device: DeviceToken, body: BatchRequest, raw: dict[str, Any], text: bytes, *, revoked: bool
) -> HandIn:
    till, now = till_of(device), context.now()
    _, popup = context.catalog.popup(device.popup_id)
    posted = tuple(
        _posted(till, popup, entry, (place, batch_wire.digest_of(said)))
        for place, (entry, said) in enumerate(zip(body.entries, raw["entries"], strict=True))
    )
    return HandIn(
        device_id=device.device_id,
        campaign_id=till.published.campaign.campaign_id,
        popup_id=device.popup_id,
        quarantined=revoked,
        posted=posted,
        handed=Handed(
            previous=body.previous,
            hash=batch_wire.hash_of(text),
            received_at=now,
            offset=now - _sane(body.device_now, "/device_now"),
            entries=tuple(one.entry for one in posted),
            allowance=allowance_of(popup),
        ),
    )


def _posted(till: Till, popup: Popup, entry: BatchEntry, told: tuple[int, str]) -> Posted:
    place, digest = told
    line = _line(till, popup, entry)
    value = line.discount_minor if isinstance(line, Scan) else 0
    return Posted(
        nonce=entry.nonce,
        epoch=entry.epoch,
        line=line,
        shift=entry.shift,
        withdrawn=entry.withdrawn,
        entry=Entry(
            seq=entry.seq,
            digest=digest,
            scanned_at=_sane(entry.scanned_at, f"/entries/{place}/scanned_at"),
            elapsed_ms=entry.elapsed_ms,
            contact_at=entry.contact_at and _sane(entry.contact_at, f"/entries/{place}/contact_at"),
            uses=0 if entry.withdrawn else 1,
            value_minor=value,
        ),
    )


def _line(till: Till, popup: Popup, entry: BatchEntry) -> Scan | Refusal:
    """Return the voucher that was shown. A typed code proves nothing that a phone could judge."""
    if codes.read_code(entry.scanned) is not None:
        return Refusal(Reason.NEEDS_NETWORK)
    total = entry.order_total
    asked = Asked(
        scanned=entry.scanned,
        nonce=entry.nonce,
        scanned_at=entry.scanned_at,
        order_total=total if total and total.currency == popup.currency else None,
        shift=entry.shift,
    )
    return scan_of(till, asked)


def _token(device: DeviceToken) -> tuple[str, str]:
    """Return a fresh token: the signature is the device's, however long it was away."""
    return fresh_token(device.device_id, device.popup_id, device.profile)


def _document(synced: Synced, token: str | None, expires_at: str | None) -> answers.BatchResults:
    return answers.BatchResults(
        results=[_result(result) for result in synced.results],
        head=answers.Head(seq=synced.chain.last_seq, hash=synced.chain.last_hash),
        device_token=token,
        expires_at=expires_at,
    )


def _result(result: Result) -> answers.BatchResult:
    scan = result.scan
    made = scan is not None and scan.voucher_id is not None and scan.number is not None
    return answers.BatchResult(
        seq=result.seq,
        nonce=result.nonce,
        outcome=scan.outcome.value if scan else "pending_gap",
        reason=scan.reason.value if scan and scan.reason else None,
        redemption_id=(
            codes.redemption_id(scan.voucher_id or "", scan.number or 0) if scan and made else None
        ),
    )


def _sane(at: datetime, pointer: str) -> datetime:
    """Return an instant in UTC. Raises InvalidPayload for a year that no clock shows."""
    if not _YEARS[0] <= at.year <= _YEARS[1]:
        raise InvalidPayload([(pointer, f"is outside the years {_YEARS[0]} to {_YEARS[1]}")])
    return at.astimezone(UTC)
