"""A shop or a program gets an API key, and loses it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chalicelib.domain import api_key as rules
from chalicelib.domain.api_key import ApiKey, Role

ENTROPY_BYTES = rules.ID_BYTES + rules.SECRET_BYTES


class Keys(Protocol):
    """What admission needs of the access table; `chalicelib.store.api_keys` fits."""

    def add(self, key: ApiKey, *, token: str) -> bool:
        """Keep a key; False where its holder has two already."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """Who is to get a key, for which campaign, until when."""

    role: Role
    campaign_id: str
    holder_id: str
    name: str
    at: datetime
    expires_at: datetime
    merchant_ids: frozenset[str] | None = None


def admit(keys: Keys, applicant: Applicant, *, entropy: bytes) -> tuple[ApiKey, str] | None:
    """Make a key and return it with its text, which is kept nowhere; None beside two others."""
    drawn = rules.drawn(entropy)
    key = ApiKey(
        key_id=drawn.key_id,
        secret_hash=rules.hash_of(drawn.key_id, drawn.secret),
        role=applicant.role,
        campaign_id=applicant.campaign_id,
        holder_id=applicant.holder_id,
        name=applicant.name,
        created_at=applicant.at,
        expires_at=applicant.expires_at,
        merchant_ids=applicant.merchant_ids,
    )
    added = keys.add(key, token=key.secret_hash[:36])
    return (key, rules.text_of(drawn.key_id, drawn.secret)) if added else None
