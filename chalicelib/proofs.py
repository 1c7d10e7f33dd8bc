"""Signatures of devices: each has a key of its own, whose private part never leaves it."""

import base64
import binascii
import json

import nacl.signing
from nacl.exceptions import BadSignatureError

from chalicelib.domain import p256


def is_signed_by(public_key: str, text: bytes, signature: str) -> bool:
    """Tell whether the signature (base64url) over the text is of that key, a JWK as enrolled."""
    key = json.loads(public_key)
    try:
        signed = _bytes(signature)
        if key["kty"] == "EC":
            return p256.verifies(_bytes(key["x"]), _bytes(key["y"]), text, signed)
        nacl.signing.VerifyKey(_bytes(key["x"])).verify(text, signed)
    except (BadSignatureError, ValueError, binascii.Error):
        return False
    return True


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
