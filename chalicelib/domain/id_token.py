"""An OpenID Connect id token, checked in full before anything in it is believed.

The signature is RSASSA-PKCS1-v1_5 with SHA-256 (RS256, the only one that Cognito makes). Checking
it needs no secret: the signature is raised to the public exponent and compared with the one
encoding that the message may have (RFC 8017, 8.2.2), so nothing of it is ever parsed.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

SKEW: Final = timedelta(seconds=60)  # by which the clocks of two machines may differ
_SHA256: Final = bytes.fromhex("3031300d060960864801650304020105000420")  # RFC 8017, 9.2, note 1
_LEAST_BITS: Final = 2048
_LONGEST: Final = 16_384  # characters of a token

Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An RSA key of the pool."""

    modulus: int
    exponent: int


Keys = Mapping[str, PublicKey]  # by key id


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a token has to say: who made it, for whom, and for which attempt to sign in."""

    issuer: str
    client_id: str
    nonce: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who signed in. Roles are never read from a token."""

    subject: str
    email: str


class BadTokenError(ValueError):
    """The token is not to be believed; the message says why, for the log alone."""


def keys_of(document: Mapping[str, Any]) -> dict[str, PublicKey]:
    """Return the signing keys of a JWKS document. Raises BadTokenError for one that is none."""
    try:
        return {
            str(key["kid"]): PublicKey(_whole(key["n"]), _whole(key["e"]))
            for key in document["keys"]
            if key["kty"] == "RSA" and key.get("alg", "RS256") == "RS256"
        }
    except (KeyError, TypeError, ValueError) as error:
        raise BadTokenError("the keys are unreadable") from error


def key_id_of(token: str) -> str:
    """Return the id of the key that a token names. Raises BadTokenError."""
    head = _part(token.partition(".")[0])
    if head.get("alg") != "RS256":
        raise BadTokenError("the algorithm is not RS256")
    return str(head.get("kid"))


def read(token: str, keys: Keys, expected: Expected, at: datetime) -> Identity:
    """Return who signed in, once signature, issuer, client, use, time and nonce are right."""
    parts = token.split(".")
    if len(parts) != 3 or len(token) > _LONGEST:
        raise BadTokenError("it has not three parts")
    key = keys.get(key_id_of(token))
    if key is None:
        raise BadTokenError("the key is not the pool's")
    head, body, signature = parts
    if not _is_signed(f"{head}.{body}".encode(), _bytes(signature), key):
        raise BadTokenError("the signature is wrong")
    return _identity(_part(body), expected, at)


def _identity(claims: Claims, expected: Expected, at: datetime) -> Identity:
    wanted = {
        "iss": expected.issuer,
        "aud": expected.client_id,
        "token_use": "id",
        "nonce": expected.nonce,
    }
    for name, value in wanted.items():
        if claims.get(name) != value:
            raise BadTokenError(f"{name} is not what it has to be")
    expires, issued = claims.get("exp"), claims.get("iat")
    if not isinstance(expires, int) or at.timestamp() >= expires + SKEW.total_seconds():
        raise BadTokenError("it is over")
    if not isinstance(issued, int) or issued - SKEW.total_seconds() > at.timestamp():
        raise BadTokenError("it is not valid yet")
    subject, email = claims.get("sub"), claims.get("email")
    if not isinstance(subject, str) or not subject or not isinstance(email, str):
        raise BadTokenError("it names nobody")
    return Identity(subject, email)


def _is_signed(message: bytes, signature: bytes, key: PublicKey) -> bool:
    length = (key.modulus.bit_length() + 7) // 8
    number = int.from_bytes(signature)
    if key.modulus.bit_length() < _LEAST_BITS or len(signature) != length or number >= key.modulus:
        return False
    digest = _SHA256 + hashlib.sha256(message).digest()
    encoded = b"\x00\x01" + b"\xff" * (length - len(digest) - 3) + b"\x00" + digest
    return pow(number, key.exponent, key.modulus) == int.from_bytes(encoded)


def _part(text: str) -> Claims:
    try:
        document = json.loads(_bytes(text))
    except ValueError as error:
        raise BadTokenError("a part is not JSON") from error
    if not isinstance(document, dict):
        raise BadTokenError("a part is no object")
    return document


def _whole(text: str) -> int:
    return int.from_bytes(_bytes(text))


def _bytes(text: str) -> bytes:
    try:
        raw = text.encode("ascii")
        return base64.b64decode(raw + b"=" * (-len(raw) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadTokenError("a part is not base64") from error
