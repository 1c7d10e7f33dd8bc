"""A person joins the console, changes what they may do, or leaves it."""

from dataclasses import replace
from datetime import datetime
from typing import Protocol

from chalicelib.domain import trail
from chalicelib.domain.member import Member, Role, Scope, is_member_id
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.sentence import said
from chalicelib.domain.trail import Entry


class Members(Protocol):
    """What joining needs of the access table; `chalicelib.store.members` fits."""

    def get(self, member_id: str) -> Member | None: ...

    def keep(
        self, scope: Scope, member: Member, entry: Entry, *, over: Member | None
    ) -> bool | None:
        """Put a member over what was read: True; None where it changed; False: the last owner."""
        ...


def keep(
    members: Members, scope: Scope, member: Member, *, at: datetime, request_id: str
) -> Member | Refusal:
    """Give a person a role in the console, or another one."""
    before = members.get(member.member_id)
    if before == member:
        return member
    was, is_now = trail.facts_of(before), trail.facts_of(member)
    action = "member changed" if was else "member invited"
    entry = trail.entry(
        scope,
        action if member.active else "member removed",
        member.email,
        at=at,
        request_id=request_id,
        before=was,
        after=is_now,
    )
    kept = members.keep(scope, member, entry, over=before)
    if kept:
        return member
    if kept is None:
        return Refusal(Reason.EDITED_MEANWHILE, {"subject": member.email})
    return Refusal(Reason.NOT_ALLOWED, {"setting": "last_owner"})


def remove(
    members: Members, scope: Scope, member_id: str, *, at: datetime, request_id: str
) -> Member | Refusal:
    """Take everything from a member, at once; the last owner stays."""
    before = members.get(member_id) if is_member_id(member_id) else None
    if before is None:
        return Refusal(Reason.NOT_FOUND)
    gone = replace(before, active=False)
    return keep(members, scope, gone, at=at, request_id=request_id)


def fault_of(member: Member) -> tuple[str, str] | None:
    """Return which field of an invitation is wrong and why, or None."""
    if member.role is Role.MERCHANT and not member.merchant_ids:
        return "/merchants", said("name the merchant for whom this person speaks, by its id")
    if member.role is Role.MERCHANT and not member.campaign_ids:
        return "/campaigns", said("name the campaign of the merchant, by its id")
    if member.role is Role.MANAGER and not member.popup_ids:
        return "/stands", said("name the stands that this person keeps, by their ids")
    if member.role is Role.OWNER and member.campaign_ids is not None:
        return "/campaigns", said("an owner owns all campaigns; leave this empty")
    return None
