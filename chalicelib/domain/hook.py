"""A webhook: who is told which events, and how they know that it was us.

The signature's law, version 1: `t=<seconds since 1970>,v1=<hex>`, one `v1` for each secret that
is valid; the value is HMAC-SHA256 under the secret's text of `<seconds>.<body>`.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.event import Kind

ID_BYTES: Final = 10
SECRET_BYTES: Final = 20
HOOKS_A_CAMPAIGN: Final = 10
BOTH_VALID: Final = timedelta(hours=24)  # how long the former secret signs beside the new one
SIGNATURE_HEADER: Final = "Marquee-Signature"
_ID: Final = re.compile(r"[a-z2-7]{16}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """A secret that was replaced; it signs too, until then."""

    secret: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """One receiver. `last` is the number that its last event got; a paused one is told later."""

    hook_id: str
    campaign_id: str
    url: str
    kinds: frozenset[Kind]
    secret: str
    added_at: datetime
    former: Former | None = None
    paused: bool = False
    last: int = 0

    @property
    def host(self) -> str:
        """The host alone: a path may hold a secret of the receiver's own."""
        return self.url.removeprefix("https://").partition("/")[0]

    def secrets(self, at: datetime) -> tuple[str, ...]:
        """Return the secrets that sign now, the newest first."""
        former = self.former
        return (self.secret, former.secret) if former and at < former.until else (self.secret,)


def new_id(entropy: bytes) -> str:
    return _letters(entropy[:ID_BYTES])


def is_id(text: str) -> bool:
    """Tell whether a hook may be called so."""
    return _ID.fullmatch(text) is not None


def new_secret(entropy: bytes) -> str:
    return f"mhs_{_letters(entropy[:SECRET_BYTES])}"


def signature(secrets: Sequence[str], body: bytes, at: datetime) -> str:
    """Return the header that proves a body and the instant at which it was sent."""
    seconds = int(at.timestamp())
    signed = b"%d.%s" % (seconds, body)
    proofs = (hmac.digest(secret.encode(), signed, hashlib.sha256).hex() for secret in secrets)
    return ",".join([f"t={seconds}", *(f"v1={proof}" for proof in proofs)])


def _letters(some: bytes) -> str:
    return base64.b32encode(some).decode().lower()
