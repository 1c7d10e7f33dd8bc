"""What a visitor brings from the stand's screen: a code, and the proof that it buys."""

from dataclasses import dataclass

from chalicelib.domain import presence as rules
from chalicelib.domain.guessing import Guess
from chalicelib.domain.popup import Popup
from chalicelib.domain.presence import Proof
from chalicelib.domain.reasons import Refusal
from chalicelib.web import guard
from chalicelib.web.api import Routes
from chalicelib.web.context import context

PROOF_COOKIE = "__Host-presence"
_AN_HOUR = 3600  # longer than a proof lives, so that a page can say that it is over


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a visitor comes to a stand: what speaks against presence, else the proof of it.

    `cookies` has the header that keeps a proof which was made now.
    """

    absence: Refusal | None
    proof: Proof | None = None
    cookies: tuple[str, ...] = ()


def arrival(routes: Routes, popup: Popup, visitor: str, code: str | None = None) -> Arrival:
    """Return whether the visitor is at the stand, by the proof in the cookie, else by this code.

    Raises TryAgain where guesses cannot be counted.
    """
    secret, at = context.secrets.presence_secret(), context.real_now()
    kept = rules.read_proof(secret, visitor, routes.cookie(PROOF_COOKIE) or "")
    absence = rules.absence(kept, popup.popup_id, at)
    if absence is None:
        return Arrival(None, kept)
    if not code:
        return Arrival(absence)
    refused = _refusal(routes, popup, code)
    if refused is not None:
        return Arrival(refused)
    text = rules.proof(secret, visitor, popup.popup_id, at)
    return Arrival(None, rules.read_proof(secret, visitor, text), (_cookie(text),))


def _refusal(routes: Routes, popup: Popup, code: str) -> Refusal | None:
    """Return why a code is not taken; a wrong one is a guess of its network and at its stand."""
    guessers = (Guess.PRESENCE, routes.network()), (Guess.PRESENCE_STAND, popup.popup_id)
    stopped = next((found for who in guessers if (found := guard.stopped(*who))), None)
    if stopped is not None:
        return stopped
    secret, at = context.secrets.presence_secret(), context.real_now()
    if rules.is_shown(secret, popup.popup_id, code, at):
        return None
    for who in guessers:
        guard.wrong(*who)
    return rules.EXPIRED


def _cookie(proof: str) -> str:
    return f"{PROOF_COOKIE}={proof}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={_AN_HOUR}"
