"""Devices at a stand: how one is enrolled, and what its token says."""

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

TOKEN_LIFE = timedelta(hours=12)
SIGHTING_STEP = timedelta(minutes=1)  # how often it is kept, at most, that a device was seen
ENROLMENT_LIFE = timedelta(minutes=15)
_ID = re.compile(r"d[a-z2-7]{16}")
_MOST_DIGITS = 6  # of the number of entries that wait
SCREEN_GRACE = timedelta(days=7)  # after its end a screen's token still gets a fresh one


class Profile(StrEnum):
    STEWARD = "steward"
    SUPERVISOR = "supervisor"
    SCREEN = "screen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """A one-time code's record; the code itself is kept only as its hash."""

    code_hash: str
    campaign_id: str
    popup_id: str
    profile: Profile
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """An enrolled phone, tablet or screen. `thumbprint` names its public key (RFC 7638)."""

    device_id: str
    campaign_id: str
    popup_id: str
    profile: Profile
    name: str
    thumbprint: str
    enrolled_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A device, and when the server last heard of it.

    `waiting` is how many entries the device then had still to hand in; None where it did not say.
    """

    device: Device
    last_seen: datetime
    waiting: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceToken:
    """What a device shows with each request, so that a scan needs no read for it."""

    device_id: str
    popup_id: str
    profile: Profile
    expires_at: datetime


def code_hash(enrolment_code: str) -> str:
    """Return the name under which a code is kept: who reads the table learns no code."""
    return hashlib.sha256(f"enrolment|{enrolment_code}".encode()).hexdigest()


def is_device_id(text: str) -> bool:
    """Tell whether a device may be called so."""
    return _ID.fullmatch(text) is not None


def waiting_of(text: str | None) -> int | None:
    """Return the length of its queue as a device says it, or None for what is no such number."""
    said = text is not None and text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
    return int(text or "") if said else None


def device_id_of(enrolment_code: str) -> str:
    """Return the id of the one device that a code can make: a retry names the same one."""
    digest = hashlib.sha256(f"device|{enrolment_code}".encode()).digest()
    return "d" + base64.b32encode(digest[:10]).decode().lower()


def thumbprint(public_key: dict[str, str]) -> str:
    """Return the RFC 7638 thumbprint of a JWK with its required members only."""
    members = ",".join(f'"{name}":"{public_key[name]}"' for name in sorted(public_key))
    digest = hashlib.sha256(f"{{{members}}}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
