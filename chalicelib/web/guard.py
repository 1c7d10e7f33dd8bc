"""Guesses are counted and stopped; what cannot be counted is not let through."""

import hashlib
import hmac

from chalicelib.domain import guessing
from chalicelib.domain.guessing import Guess, Window
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.store import guesses
from chalicelib.web import session
from chalicelib.web.api import Routes
from chalicelib.web.context import context

EVERYWHERE = "*"


def stopped(guess: Guess, who: str) -> Refusal | None:
    """Return a refusal where this guesser has guessed too often. Raises TryAgain: fails closed."""
    count = guesses.read(_window(guess, who))
    return Refusal(Reason.RATE_LIMITED) if guessing.is_too_many(guess, count) else None


def wrong(guess: Guess, who: str) -> Refusal | None:
    """Count a wrong guess; return a refusal where it is one too many."""
    count = guesses.count(_window(guess, who)) - 1
    return Refusal(Reason.RATE_LIMITED) if guessing.is_too_many(guess, count) else None


def unknown(routes: Routes) -> Refusal:
    """Answer the public for a code, token or link that is nobody's, whatever the cause."""
    visitor = session.visitor(routes)
    too_many = wrong(Guess.PUBLIC_CODE, routes.network())
    if visitor is not None:
        too_many = wrong(Guess.VISITOR_CODE, visitor) or too_many
    return too_many or Refusal(Reason.UNKNOWN_CODE)


def _window(guess: Guess, who: str) -> Window:
    """Name a guesser by a keyed hash that changes every day: nobody's address is kept."""
    at = context.real_now()
    said = f"guess|{at:%Y-%m-%d}|{who}"
    name = hmac.digest(context.secrets.cookie.encode(), said.encode(), hashlib.sha256).hex()[:24]
    return guessing.window_of(guess, name, at)
