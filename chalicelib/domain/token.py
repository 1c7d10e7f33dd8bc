"""What a QR code carries, so that a phone without network can judge it.

The wire law. A token is 24 bytes of body and 64 bytes of Ed25519 signature over the body, in
base32 without padding, at the end of an upper-case URL `HTTPS://HOST/V/…`: QR's alphanumeric
mode then needs far fewer modules. All numbers are big-endian.

    byte 0       version (3 bits), kind (1 bit: 0 claimed, 1 minted), generation (4 bits)
    byte 1       key id
    bytes 2-3    campaign number
    bytes 4-5    offer number
    bytes 6-7    pop-up number
    bytes 8-10   issued, minutes since 2019-01-01T00:00Z
    bytes 11-13  expiry, likewise; an outer bound, never the window
    bytes 14-23  voucher id, 75 bits, five zero bits before it

Fields are never reordered and never change their meaning; a new field needs a new version.
"""

import re
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from chalicelib.domain import voucher
from chalicelib.domain.typed import seen

VERSION = 1
BODY_BYTES = 24
SIGNATURE_BYTES = 64
TOKEN_SYMBOLS = 141  # base32 of 88 bytes
_EPOCH = datetime(2019, 1, 1, tzinfo=UTC)
_LAST_MINUTE = 2**24 - 1
_HEAD = struct.Struct(">BBHHH3s3s")
_LAYOUT = struct.Struct(">BBHHH3s3s10s")
_LONGEST_TEXT = 512
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"  # of base32, RFC 4648
_PAIRS = [high + low for high in _ALPHABET for low in _ALPHABET]
_PAIR_SHIFTS = range(700, -1, -10)  # 704 bits are written as 71 pairs, of which 141 symbols count
# Python reads base 32 itself, with other digits.
_DIGITS = str.maketrans(_ALPHABET, "0123456789ABCDEFGHIJKLMNOPQRSTUV")
_SYMBOLS = re.compile(rf"(?:.*?/V/)?([A-Z2-7]{{{TOKEN_SYMBOLS}}})(?![A-Z0-9])", re.DOTALL)
_HOST = re.compile(r"[\w.-]{1,253}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """The facts that a QR code states; believe them only after its signature was checked."""

    key_id: int
    campaign_number: int
    offer_number: int
    popup_number: int
    issued_at: datetime
    expires_at: datetime
    voucher_id: str
    minted: bool = False
    generation: int = 0


@dataclass(frozen=True, slots=True)
class Signed:
    """A token as read from a code, with the bytes that its signature covers."""

    token: Token
    body: bytes
    signature: bytes


def pack(token: Token) -> bytes:
    """Return the body to sign. Instants are cut to the minute."""
    return body_of(head_of(token), token.voucher_id)


def body_of(head: bytes, voucher_id: str) -> bytes:
    """Return the body of a voucher under a head that it may share with others."""
    return head + voucher.number_of(voucher_id).to_bytes(10)


def head_of(token: Token) -> bytes:
    """Return bytes 0 to 13 of the body: all but the voucher's id."""
    return _HEAD.pack(
        VERSION << 5 | token.minted << 4 | token.generation,
        token.key_id,
        token.campaign_number,
        token.offer_number,
        token.popup_number,
        _minutes(token.issued_at),
        _minutes(token.expires_at),
    )


def unpack(body: bytes) -> Token | None:
    """Return the token of a body, or None where the version is not ours."""
    head, key_id, campaign, offer, popup, issued, expires, number = _LAYOUT.unpack(body)
    if head >> 5 != VERSION or number[0] & 0b11111000:
        return None
    return Token(
        key_id=key_id,
        campaign_number=campaign,
        offer_number=offer,
        popup_number=popup,
        issued_at=_instant(issued),
        expires_at=_instant(expires),
        voucher_id=voucher.symbols_of(int.from_bytes(number)),
        minted=bool(head >> 4 & 1),
        generation=head & 15,
    )


def text_of(body: bytes, signature: bytes) -> str:
    """Return body and signature in base32, several times faster than the standard library."""
    bits = int.from_bytes(body + signature) << 6
    return "".join([_PAIRS[bits >> shift & 1023] for shift in _PAIR_SHIFTS])[:TOKEN_SYMBOLS]


def read(text: str) -> Signed | None:
    """Return the token in the text of a code (a URL of ours, or bare), or None.

    Says nothing about the signature.
    """
    symbols = token_text(text)
    if symbols is None:
        return None
    packed = (int(symbols.translate(_DIGITS), 32) >> 1).to_bytes(BODY_BYTES + SIGNATURE_BYTES)
    token = unpack(packed[:BODY_BYTES])
    if token is None:
        return None
    return Signed(token, packed[:BODY_BYTES], packed[BODY_BYTES:])


def token_text(text: str) -> str | None:
    """Return the upper-case base32 part of a bare token or a `/V/` URL, or None.

    What a page, a sentence or a chat program put behind it says nothing.
    """
    found = _SYMBOLS.match(seen(text[:_LONGEST_TEXT]).strip().upper())
    return found[1] if found else None


def host_of(text: str) -> str | None:
    """Return the host of a foreign URL, to say what was scanned; None where it is no URL.

    Staff read it, so it is a name or nothing: a code cannot make the verdict say a sentence.
    """
    try:
        parts = urlsplit(text.strip()[:_LONGEST_TEXT])
    except ValueError:
        return None
    host = parts.hostname if parts.scheme.lower() in {"http", "https"} else None
    return host if host and _HOST.fullmatch(host) else None


def _minutes(at: datetime) -> bytes:
    return max(0, min((at - _EPOCH) // timedelta(minutes=1), _LAST_MINUTE)).to_bytes(3)


def _instant(minutes: bytes) -> datetime:
    return _EPOCH + timedelta(minutes=int.from_bytes(minutes))
