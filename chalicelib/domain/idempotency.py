"""A POST that carries an Idempotency-Key is done once; its repeats get the first success again.

Only a success is kept: who got a refusal, a 429 or a 5xx may send the same request again.
"""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.reasons import Reason, Refusal

KEPT = timedelta(hours=24)
LEASE = timedelta(seconds=30)  # no request is at work for longer: API Gateway ends them at 29 s
KEY_PATTERN = "[!-~]([ -~]{0,253}[!-~])?"  # HTTP takes blanks at the ends away


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is known of one caller's key: the request that it came with, and its success.

    Until `lease_until` the request of this `owner` is at work; without an `answer` after that it
    was lost on the way, and the same request may take the record over.
    """

    record_id: str
    fingerprint: str
    owner: str
    at: datetime
    answer: bytes | None = None

    @property
    def lease_until(self) -> datetime:
        return self.at + LEASE

    @property
    def expires_at(self) -> datetime:
        return self.at + KEPT

    def answered(self, answer: bytes) -> "Record":
        """Return the record with the success that its repeats get."""
        return replace(self, answer=answer)


def is_key(text: str) -> bool:
    """Tell a key: 1 to 255 printable ASCII characters.

    Source: draft-ietf-httpapi-idempotency-key-header, a String of RFC 9651; the length is ours.
    """
    return re.fullmatch(KEY_PATTERN, text) is not None


def record_id(caller: str, key: str) -> str:
    """Return the name of a key's record: two callers with the same key never meet."""
    return _hash(caller, key)


def fingerprint(method: str, path: str, body: bytes) -> str:
    """Return what tells a repeat from another request under the same key."""
    return _hash(method, path, body)


def judge(stands: Record, asked: str) -> bytes | Refusal:
    """Return the answer of a record that stands in the way of a request, or why there is none."""
    if stands.fingerprint != asked:
        return Refusal(Reason.IDEMPOTENCY_KEY_REUSED)
    return Refusal(Reason.IN_PROGRESS) if stands.answer is None else stands.answer


def _hash(*parts: str | bytes) -> str:
    """Hash parts so that no two lists of parts are the same bytes."""
    digest = hashlib.sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return digest.hexdigest()
