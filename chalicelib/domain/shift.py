"""Who works with a stand's shared device: by name, or by name and PIN.

A name alone is a label: it says who scanned, and gives no right. Of a PIN only its scrypt hash is
kept (RFC 7914, 16 MB a try); how often one may be tried is said in domain/guessing.py.
"""

import base64
import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.typed import seen

LIFE = timedelta(hours=10)
LONGEST_NAME = 60
LABEL_BYTES = 40  # of UTF-8: a voucher's item has no room for more
SALT_BYTES = 16
SHORTEST_PIN, SHORTEST_SUPERVISORS_PIN, LONGEST_PIN = 4, 6, 12

_COST = {"n": 2**14, "r": 8, "p": 1, "dklen": 32}
_DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A person's PIN at a stand, as its hash."""

    popup_id: str
    name: str
    hash: str
    supervisor: bool = False

    def is_opened_by(self, digits: str) -> bool:
        """Tell whether these are the digits."""
        salt = base64.b64decode(self.hash.partition("$")[0])
        return hmac.compare_digest(hashed(digits, salt), self.hash)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Somebody at work with a device. `pin_hash` names the PIN that it was started with."""

    name: str
    ends_at: datetime
    supervisor: bool = False
    pin_hash: str | None = None

    def runs_at(self, at: datetime) -> bool:
        return at < self.ends_at


def tidy(name: str) -> str:
    """Return a name as it is shown: one blank between its parts."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def folded(name: str) -> str:
    """Return what tells people of a stand apart; İ, I, ı and i are one letter.

    What is not seen makes no other name.
    """
    plain = unicodedata.normalize("NFKC", seen(tidy(name))).casefold()
    return plain.replace("\u0307", "").replace("ı", "i")


def label_of(name: str) -> str:
    """Return as much of a name as a redemption's record has room for, in whole characters."""
    return name.encode(errors="ignore")[:LABEL_BYTES].decode(errors="ignore").rstrip()


def hashed(digits: str, salt: bytes) -> str:
    """Return what is kept of a PIN."""
    key = hashlib.scrypt(digits.encode(), salt=salt, **_COST)
    return f"{base64.b64encode(salt).decode()}${base64.b64encode(key).decode()}"


def is_pin(digits: str, *, supervisor: bool) -> bool:
    """Tell whether somebody may have this PIN; a supervisor's is longer, for it gives rights."""
    shortest = SHORTEST_SUPERVISORS_PIN if supervisor else SHORTEST_PIN
    return bool(_DIGITS.fullmatch(digits)) and shortest <= len(digits) <= LONGEST_PIN
