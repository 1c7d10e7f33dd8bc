"""A pool of people in process: it signs tokens as Cognito does, right ones and wrong ones."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from chalicelib.domain import id_token
from chalicelib.domain.id_token import PublicKey
from chalicelib.web.console import entrance
from chalicelib.web.context import context

ISSUER = "https://cognito-idp.eu-south-1.amazonaws.com/eu-south-1_pool"
KEY_ID = "key-1"


@cache
def private_key(bits: int = 2048, name: str = "") -> rsa.RSAPrivateKey:
    """Return a key, the same for the same name."""
    del name
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def jwks(key: rsa.RSAPrivateKey, key_id: str = KEY_ID) -> dict[str, Any]:
    """Return the document of public keys, as the pool shows it."""
    numbers = key.public_key().public_numbers()
    whole = {name: text(n.to_bytes(512).lstrip(b"\0")) for name, n in (("n", numbers.n),)}
    exponent = text(numbers.e.to_bytes(3))
    return {"keys": [{"kty": "RSA", "alg": "RS256", "kid": key_id, "e": exponent, **whole}]}


def signed(claims: Any, key: rsa.RSAPrivateKey | None = None, **head: str) -> str:
    """Return a token with these claims, signed as its head says."""
    header = {"alg": "RS256", "kid": KEY_ID} | head
    said = ".".join(text(json.dumps(part).encode()) for part in (header, claims))
    signature = (key or private_key()).sign(said.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{said}.{text(signature)}"


def claims(
    at: datetime, *, client_id: str = "", nonce: str = "nonce", **more: Any
) -> dict[str, Any]:
    """Return what a token says of anna, an hour before it ends."""
    return {
        "iss": ISSUER,
        "aud": client_id,
        "token_use": "id",
        "nonce": nonce,
        "iat": int(at.timestamp()),
        "exp": int((at + timedelta(hours=1)).timestamp()),
        "sub": "anna",
        "email": "anna@example.org",
        **more,
    }


class FakePool:
    """Lets `subject` in. `token` changes what it hands out; `looked` counts looks at its keys."""

    issuer = ISSUER

    def __init__(self, subject: str = "anna") -> None:
        self.subject = subject
        self.more: dict[str, Any] = {}
        self.asked: dict[str, str] = {}
        self.exchanged: list[tuple[str, str]] = []
        self.looked = 0

    def authorize_url(self, *, state: str, nonce: str, challenge: str) -> str:
        self.asked = {"state": state, "nonce": nonce, "challenge": challenge}
        return f"https://pool.example/oauth2/authorize?{urlencode(self.asked)}"

    def exchange(self, code: str, verifier: str) -> str | None:
        self.exchanged.append((code, verifier))
        if code != "good-code":
            return None
        said = {"nonce": self.asked["nonce"], "sub": self.subject, **self.more}
        return signed(claims(context.real_now(), **said))

    def keys(self) -> dict[str, PublicKey]:
        self.looked += 1
        return id_token.keys_of(jwks(private_key()))

    def invite(self, email: str) -> str:
        return email.partition("@")[0]


@contextmanager
def fake_pool() -> Iterator[FakePool]:
    """Put a fake in the place of the pool for a while."""
    before, context.pool = context.pool, FakePool()
    entrance.pool_keys.forget()
    try:
        yield context.pool
    finally:
        context.pool = before
        entrance.pool_keys.forget()
