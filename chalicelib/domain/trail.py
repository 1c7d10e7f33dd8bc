"""The audit trail: who changed what, when, from which value to which."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.member import Member, Scope

Facts = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One change. `before` and `after` hold what differs, by name; values are short texts."""

    area: str
    at: datetime
    request_id: str
    member_id: str
    email: str
    action: str
    subject: str
    before: Facts
    after: Facts


def entry(
    scope: Scope, action: str, subject: str, *, at: datetime, request_id: str, **change: Facts
) -> Entry:
    """Return the entry of a change that a member makes: `before=`, `after=`."""
    return Entry(
        area=scope.area,
        at=at,
        request_id=request_id,
        member_id=scope.member_id,
        email=scope.email,
        action=action,
        subject=subject,
        before=change.get("before", {}),
        after=change.get("after", {}),
    )


def facts_of(member: Member | None) -> dict[str, str]:
    """Return what the trail says of a member."""
    if member is None or not member.active:
        return {}
    named = {
        "campaigns": member.campaign_ids,
        "merchants": member.merchant_ids,
        "stands": member.popup_ids,
    }
    said = {name: " ".join(sorted(ids)) for name, ids in named.items() if ids}
    return {"role": str(member.role), **said}
