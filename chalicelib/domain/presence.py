"""Presence: the stand's screen shows a code that changes; whoever opens it was there.

A code is the first 40 bits of an HMAC over the stand and the number of the 30 seconds since 1970.
It is taken while it is shown and as long again, for a phone needs its time. What it buys is a
proof, `stand.end.MAC`: for one visitor, at one stand, for ten minutes. The visitor's id is under
the MAC and nowhere else.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from chalicelib.domain import voucher as codes
from chalicelib.domain.reasons import Reason, Refusal

STEP = timedelta(seconds=30)
PROOF_LIFE = timedelta(minutes=10)
_SYMBOLS = 8
_MAC_BYTES = 16
_LONGEST_PROOF = 120

REQUIRED: Final = Refusal(Reason.PRESENCE_REQUIRED, {"setting": "presence_required"})
EXPIRED: Final = Refusal(Reason.PRESENCE_EXPIRED, {"setting": "presence_required"})


@dataclass(frozen=True, slots=True)
class Shown:
    """What a screen shows until an instant, in the form that links carry."""

    symbols: str
    until: datetime

    @property
    def code(self) -> str:
        """The code as people read and type it."""
        return f"{self.symbols[:4]}-{self.symbols[4:]}"


@dataclass(frozen=True, slots=True)
class Proof:
    """That a visitor stood at a stand; good for claims there before `until`."""

    popup_id: str
    until: datetime


def shown(secret: bytes, popup_id: str, at: datetime) -> Shown:
    """Return what the screen of a stand shows at an instant."""
    step = _step(at)
    until = datetime.fromtimestamp(0, UTC) + (step + 1) * STEP
    return Shown(_symbols(secret, popup_id, step), until)


def is_shown(secret: bytes, popup_id: str, typed: str, at: datetime) -> bool:
    """Tell whether a code, in any case and spacing, is on the screen or was just before."""
    symbols = codes.tidied(typed)
    if not symbols.isascii():
        return False
    steps = (_step(at), _step(at) - 1)
    return any(hmac.compare_digest(symbols, _symbols(secret, popup_id, step)) for step in steps)


def proof(secret: bytes, visitor: str, popup_id: str, at: datetime) -> str:
    """Return the proof that a visitor stands at a stand now."""
    return _signed(secret, visitor, f"{popup_id}.{int((at + PROOF_LIFE).timestamp())}")


def read_proof(secret: bytes, visitor: str, text: str) -> Proof | None:
    """Return what this visitor's proof says, or None where it is not ours. Says nothing of now."""
    if not text.isascii() or len(text) > _LONGEST_PROOF:
        return None
    facts = text.rpartition(".")[0]
    if not hmac.compare_digest(text, _signed(secret, visitor, facts)):
        return None
    popup_id, end = facts.split(".")
    return Proof(popup_id, datetime.fromtimestamp(int(end), UTC))


def absence(proven: Proof | None, popup_id: str, at: datetime) -> Refusal | None:
    """Return what speaks against a visitor's presence at a stand now, or None."""
    if proven is None or proven.popup_id != popup_id:
        return REQUIRED
    return None if at < proven.until else EXPIRED


def _step(at: datetime) -> int:
    return int(at.timestamp() // STEP.total_seconds())


def _symbols(secret: bytes, popup_id: str, step: int) -> str:
    digest = hmac.digest(secret, f"code|{popup_id}|{step}".encode(), hashlib.sha256)
    bits = int.from_bytes(digest[:5])
    return "".join(codes.ALPHABET[bits >> 5 * place & 31] for place in reversed(range(_SYMBOLS)))


def _signed(secret: bytes, visitor: str, facts: str) -> str:
    mac = hmac.digest(secret, f"proof|{visitor}|{facts}".encode(), hashlib.sha256)[:_MAC_BYTES]
    return f"{facts}.{base64.b32encode(mac).decode().rstrip('=').lower()}"
