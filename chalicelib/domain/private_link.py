"""What a private link carries: a browser's visitor and where to look, so that nothing is stored.

Wire law, version 1: version (1 byte), expiry in minutes since 1970 (4), visitor (10 bytes, base32
without padding), number of stands (1), each as campaign (2) and stand (2), then vouchers received
as gifts (10 each) up to the end. Fields are never reordered; a new one needs a new version.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from chalicelib.domain.voucher import number_of, symbols_of

VERSION = 1
_VISITOR_BYTES, _STAND_BYTES, _GIFT_BYTES = 10, 4, 10
_HEAD = 1 + 4 + _VISITOR_BYTES + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateLink:
    """A visitor, the stands at which it claimed (campaign and stand by number), received gifts."""

    visitor: str
    stands: Sequence[tuple[int, int]]
    gifts: Sequence[str]
    until: datetime


def pack(link: PrivateLink) -> bytes:
    """Write a link's content."""
    minutes = int(link.until.timestamp()) // 60
    parts = [bytes([VERSION]), minutes.to_bytes(4), base64.b32decode(link.visitor.upper())]
    parts.append(bytes([len(link.stands)]))
    parts += [number.to_bytes(2) for stand in link.stands for number in stand]
    parts += [number_of(voucher_id).to_bytes(_GIFT_BYTES) for voucher_id in link.gifts]
    return b"".join(parts)


def unpack(raw: bytes) -> PrivateLink | None:
    """Read it again, or return None for a version that is not known."""
    if len(raw) < _HEAD or raw[0] != VERSION:
        return None
    count, rest = raw[_HEAD - 1], raw[_HEAD:]
    stands, gifts = rest[: count * _STAND_BYTES], rest[count * _STAND_BYTES :]
    return PrivateLink(
        visitor=base64.b32encode(raw[5 : _HEAD - 1]).decode().lower(),
        stands=[(int.from_bytes(s[:2]), int.from_bytes(s[2:])) for s in _cut(stands, _STAND_BYTES)],
        gifts=[symbols_of(int.from_bytes(gift)) for gift in _cut(gifts, _GIFT_BYTES)],
        until=datetime.fromtimestamp(int.from_bytes(raw[1:5]) * 60, UTC),
    )


def _cut(raw: bytes, size: int) -> list[bytes]:
    return [raw[start : start + size] for start in range(0, len(raw), size)]
