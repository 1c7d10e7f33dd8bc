"""Who is at the console: the session in the cookie, its member, and proof that a form is ours."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.domain.member import SESSION_BYTES, SESSION_LIFE, Member, Scope, session_hash
from chalicelib.store import members
from chalicelib.web.api import Errors, Routes
from chalicelib.web.context import context

COOKIE = "__Host-console"
_ENDED = "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"


@dataclass(frozen=True, slots=True)
class Refused:
    """A form that was not taken: what was typed, and what is wrong with it."""

    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Errors = ()

    def error(self, name: str) -> str:
        """Return what is wrong with a field; nothing where it is right."""
        return next((told for pointer, told in self.errors if pointer == f"/{name}"), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request of a member. `scope` is what it may touch; `csrf` what its forms carry.

    `refused` is the form that was sent, where its page is shown again.
    """

    member: Member
    scope: Scope
    csrf: str
    refused: Refused = field(default_factory=Refused)


def member_of(routes: Routes) -> Member | None:
    """Return the member whose session the cookie names, as the table has it now, or None."""
    cookie = routes.cookie(COOKIE)
    if not cookie:
        return None
    member_id = members.session(session_hash(cookie), context.real_now())
    member = members.get(member_id) if member_id else None
    return member if member is not None and member.active else None


def csrf_of(routes: Routes) -> str:
    """Return what proves that a form came from a page of this session."""
    said = f"csrf|{routes.cookie(COOKIE) or ''}"
    return hmac.digest(context.secrets.cookie.encode(), said.encode(), hashlib.sha256).hex()[:40]


def is_ours(routes: Routes, csrf: str) -> bool:
    return hmac.compare_digest(csrf.encode(), csrf_of(routes).encode())


def begun(member: Member) -> str:
    """Begin a session under a name that nobody knew before; return its Set-Cookie header."""
    value = base64.b32encode(context.entropy(SESSION_BYTES)).decode().lower()
    members.begin(session_hash(value), member.member_id, context.real_now() + SESSION_LIFE)
    age = int(SESSION_LIFE.total_seconds())
    return f"{COOKIE}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={age}"


def ended(routes: Routes, member: Member) -> str:
    """End the session, wherever its cookie went; return the header that forgets it here."""
    value = routes.cookie(COOKIE) or ""
    members.begin(session_hash(value), member.member_id, context.real_now())
    return f"{COOKIE}={_ENDED}"
