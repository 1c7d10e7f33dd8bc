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


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which entries are wanted. `who` is part of an address, `until` exclusive.

    `what` is an action, or the first words of what all actions of a kind are called.
    """

    who: str = ""
    what: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def takes(self, entry: Entry) -> bool:
        """Tell whether an entry of this time is wanted."""
        named = not self.what or f"{entry.action} ".startswith(f"{self.what} ")
        return named and self.who.casefold() in entry.email.casefold()


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
