"""Minted vouchers: printed sheets and mailings whose codes cost no write until they are used.

The law of the id, 75 bits: kind 1 (1 bit), batch (16), serial (20), MAC (38). The MAC is checked
for typed codes and for tokens, so that a leaked signing key alone mints nothing.
"""

import hashlib
import hmac

from chalicelib.domain import voucher as codes

BATCHES = 2**16
SERIALS = 2**20
_MAC_BITS = 38


def minted_id(mint_secret: bytes, batch: int, serial: int) -> str:
    """Return the voucher id of one serial of a batch."""
    body = 1 << 36 | batch << 20 | serial
    return codes.symbols_of(body << _MAC_BITS | _mac(mint_secret, body))


def place_of(voucher_id: str) -> tuple[int, int]:
    """Return batch and serial of a minted id; says nothing about its MAC."""
    body = codes.number_of(voucher_id) >> _MAC_BITS
    return body >> 20 & BATCHES - 1, body & SERIALS - 1


def is_genuine(mint_secret: bytes, voucher_id: str) -> bool:
    """Tell whether the id was made with this campaign's mint secret."""
    expected = minted_id(mint_secret, *place_of(voucher_id))
    return hmac.compare_digest(expected, voucher_id)


def _mac(mint_secret: bytes, body: int) -> int:
    digest = hmac.digest(mint_secret, b"mint|" + body.to_bytes(5), hashlib.sha256)
    return int.from_bytes(digest[:5]) >> 2
