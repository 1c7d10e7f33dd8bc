"""API keys: how a shop, or a program of the marketing team, shows who it is.

A key reads `mk_<key id>_<secret>`; of the secret only a hash is kept. Its holder may have two keys
at once, so that one can be replaced without a break.
"""

import base64
import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

PREFIX = "mk_"
ID_BYTES = 10  # enough that two are never the same; both parts are drawn by chance
SECRET_BYTES = 16  # 128 bits
KEYS_A_HOLDER = 2
LIFE = timedelta(days=365)
MOST_DAYS = 3_650
_SLUG = re.compile(r"[a-z0-9-]{2,32}")
_ID = re.compile(r"[a-z2-7]{16}")
_TEXT = re.compile(r"mk_([a-z2-7]{16})_([a-z2-7]{26})")


class Role(StrEnum):
    SHOP = "shop"
    MARKETER = "marketer"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """What is known of a key. Keys of one `holder_id` act for the same shop or program.

    `merchant_ids` are those whose vouchers a shop takes; None: any.
    """

    key_id: str
    secret_hash: str
    role: Role
    campaign_id: str
    holder_id: str
    name: str
    created_at: datetime
    expires_at: datetime
    merchant_ids: frozenset[str] | None = None

    def opens_with(self, secret: str, at: datetime) -> bool:
        """Tell whether this is its secret and its time."""
        same = hmac.compare_digest(self.secret_hash, hash_of(self.key_id, secret))
        return same and at < self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A shop that acts: it uses vouchers as a device does, under a name of its own."""

    device_id: str
    campaign_id: str
    merchant_ids: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A key as a caller shows it."""

    key_id: str
    secret: str


def text_of(key_id: str, secret: str) -> str:
    return f"{PREFIX}{key_id}_{secret}"


def read(text: str) -> Shown | None:
    """Return the parts of a key's text, or None where it is none."""
    found = _TEXT.fullmatch(text)
    return Shown(found[1], found[2]) if found else None


def is_key_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None


def slug_of(name: str) -> str:
    """Return a holder's short name made of its letters; without a-z and 0-9 an empty one."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:32]


def is_slug(text: str) -> bool:
    return _SLUG.fullmatch(text) is not None


def drawn(entropy: bytes) -> Shown:
    """Return a new id and secret from bytes that nobody can guess."""
    return Shown(_letters(entropy[:ID_BYTES]), _letters(entropy[ID_BYTES:][:SECRET_BYTES]))


def hash_of(key_id: str, secret: str) -> str:
    """Return the name under which a secret is kept: 128 bits of chance need no slow hash."""
    return hashlib.sha256(f"api-key|{key_id}|{secret}".encode()).hexdigest()


def holder_id(campaign_number: int, slug: str) -> str:
    """Return a holder's id, unique in an installation; a stand's id has no full stop."""
    return f"{campaign_number}.{slug}"


def shop_of(key: ApiKey) -> Shop:
    """Return the shop that holds a key: both of its keys share nonces and orders."""
    return Shop(
        device_id=f"shop-{key.holder_id}",
        campaign_id=key.campaign_id,
        merchant_ids=key.merchant_ids,
    )


def _letters(some: bytes) -> str:
    return base64.b32encode(some).decode().rstrip("=").lower()
