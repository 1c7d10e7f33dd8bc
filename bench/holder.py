"""Shops and programs whose key is in memory, as it is while calls come."""

from datetime import timedelta
from os import urandom

from bench.festival import NOON, Caller
from chalicelib.domain.api_key import Role, holder_id
from chalicelib.store import api_keys
from chalicelib.usecases import admitting
from chalicelib.web.context import context


def admitted(role: Role, campaign_id: str, number: int, name: str) -> Caller:
    """Return the header of a holder with a fresh key for the campaign of this number."""
    applicant = admitting.Applicant(
        role=role,
        campaign_id=campaign_id,
        holder_id=holder_id(number, name),
        name=name,
        at=NOON,
        expires_at=NOON + timedelta(days=1),
    )
    made = admitting.admit(api_keys, applicant, entropy=urandom(admitting.ENTROPY_BYTES))
    if made is None:
        raise RuntimeError(f"{name} has two keys already")
    key, text = made
    context.keys.get(key.key_id)
    return "authorization", f"Bearer {text}"
