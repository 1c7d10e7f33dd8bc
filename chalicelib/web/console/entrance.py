"""Signing in with the pool (authorization code with PKCE), and out again."""

import base64
import hashlib
import logging
import threading
import time

import msgspec
from chalice import Response
from nacl.exceptions import CryptoError

from chalicelib import signing
from chalicelib.domain import id_token
from chalicelib.domain.id_token import BadTokenError, Expected, Identity, PublicKey
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.store import members
from chalicelib.web import shapes
from chalicelib.web.console import visit
from chalicelib.web.console.desk import desk, see_other
from chalicelib.web.console.forms import Form
from chalicelib.web.console.visit import Visit
from chalicelib.web.context import context
from chalicelib.web.visitor import local_address

COOKIE = "__Host-signing-in"
HOME = "/console/"
_PURPOSE = "console|signing-in"
_SECONDS = 600
_AGAIN_SECONDS = 30.0  # between two looks for a key that nobody has seen
_log = logging.getLogger("marquee.web")


class Attempt(msgspec.Struct, frozen=True):
    """What a browser keeps, sealed, while it is at the pool's pages."""

    state: str
    nonce: str
    verifier: str
    to: str
    until: int


class PoolKeys:
    """The pool's keys in memory; an unknown one is looked for, not more often than allowed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: dict[str, PublicKey] = {}
        self._looked_at: float | None = None

    def holding(self, key_id: str) -> dict[str, PublicKey]:
        """Return the keys, read again where this one is not among them."""
        with self._lock:
            now = time.monotonic()
            rested = self._looked_at is None or now - self._looked_at >= _AGAIN_SECONDS
            if key_id not in self._keys and rested:
                self._keys = context.pool.keys()
                self._looked_at = now
            return self._keys

    def forget(self) -> None:
        """Look at the next use."""
        with self._lock:
            self._keys, self._looked_at = {}, None


pool_keys = PoolKeys()


def get_sign_in() -> Response:
    """303 to the pool's page; a sealed cookie remembers what this browser asked for."""
    attempt = Attempt(
        state=_text(context.entropy(32)),
        nonce=_text(context.entropy(32)),
        verifier=_text(context.entropy(32)),
        to=local_address(desk.query("to") or HOME),
        until=int(context.real_now().timestamp()) + _SECONDS,
    )
    plain = msgspec.json.encode(attempt)
    sealed = _text(signing.seal(context.secrets, _PURPOSE, plain, context.entropy))
    challenge = _text(hashlib.sha256(attempt.verifier.encode()).digest())
    url = context.pool.authorize_url(state=attempt.state, nonce=attempt.nonce, challenge=challenge)
    return see_other(url, _cookie(sealed, _SECONDS))


def get_callback() -> Response | Refusal:
    """Begin a session for whom the pool vouches, if the same browser had asked for it."""
    attempt = _attempt()
    if attempt is None or desk.query("state") != attempt.state or not desk.query("code"):
        return Refusal(Reason.NOT_SIGNED_IN)
    token = context.pool.exchange(desk.query("code") or "", attempt.verifier)
    identity = _identity(token, attempt) if token else None
    if identity is None:
        return Refusal(Reason.NOT_SIGNED_IN)
    member = members.get(identity.subject)
    if member is None or not member.active:
        return Refusal(Reason.NOT_ALLOWED)
    return see_other(attempt.to, visit.begun(member), _cookie("", 0))


def post_sign_out(here: Visit, _: Form) -> Response:
    """End this session."""
    return see_other("/", visit.ended(desk, here.member))


def _attempt() -> Attempt | None:
    """Return what this browser asked for less than ten minutes ago, or None."""
    try:
        sealed = base64.urlsafe_b64decode((desk.cookie(COOKIE) or "") + "==")
        plain = signing.opened(context.secrets, _PURPOSE, sealed)
    except (CryptoError, ValueError):
        return None
    attempt = shapes.from_json(plain, Attempt)
    return attempt if context.real_now().timestamp() < attempt.until else None


def _identity(token: str, attempt: Attempt) -> Identity | None:
    """Return who signed in, or None where the token is not to be believed."""
    expected = Expected(
        issuer=context.pool.issuer,
        client_id=context.settings.user_pool_client_id,
        nonce=attempt.nonce,
    )
    try:
        keys = pool_keys.holding(id_token.key_id_of(token))
        return id_token.read(token, keys, expected, context.real_now())
    except BadTokenError as error:
        _log.warning("a token of the pool was refused: %s", error)
        return None


def _cookie(value: str, age: int) -> str:
    return f"{COOKIE}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={age}"


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
