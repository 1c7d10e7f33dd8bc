"""Who works in the console, in which role, and what a role may do where."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

ORGANISATION: Final = "*"  # what belongs to no campaign: the members themselves
SESSION_LIFE: Final = timedelta(hours=8)
SESSION_BYTES: Final = 20
_AREA: Final = re.compile(r"[a-z0-9-]{2,32}")  # what a campaign may be called
_PERSON: Final = re.compile(r"[A-Za-z0-9-]{1,64}")
_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s.]{2,64}")


class Role(StrEnum):
    OWNER = "owner"
    MARKETER = "marketer"
    MANAGER = "manager"
    MERCHANT = "merchant"
    AUDITOR = "auditor"


class Right(StrEnum):
    """What a route of the console asks for."""

    ENTER = "enter"  # whoever is a member
    SEE = "see"  # a campaign's draft, checks and previews, as far as one's scope goes
    EXPORT = "export"  # a whole campaign
    EDIT = "edit"
    PUBLISH = "publish"
    OPERATE = "operate"  # devices of all stands, minted codes, keys, one voucher by its code
    STAND = "stand"  # what a manager does for a stand, as far as one's scope goes
    PROPOSE = "propose"  # changes of a merchant's own part, beside the draft
    AUDIT = "audit"
    MEMBERS = "members"
    BOARD = "board"  # the live figures, of what lies within one's scope


RIGHTS: Final[Mapping[Role, frozenset[Right]]] = {
    Role.OWNER: frozenset(Right),
    Role.MARKETER: frozenset(
        {
            Right.ENTER,
            Right.SEE,
            Right.EXPORT,
            Right.EDIT,
            Right.PUBLISH,
            Right.OPERATE,
            Right.STAND,
            Right.AUDIT,
            Right.BOARD,
        }
    ),
    Role.MANAGER: frozenset({Right.ENTER, Right.SEE, Right.STAND, Right.BOARD}),
    Role.MERCHANT: frozenset({Right.ENTER, Right.SEE, Right.PROPOSE, Right.BOARD}),
    Role.AUDITOR: frozenset({Right.ENTER, Right.SEE, Right.EXPORT, Right.AUDIT, Right.BOARD}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What one request may touch: one campaign, or the organisation, as one member.

    `merchant_ids` are the merchants that a merchant speaks for, `popup_ids` the stands that a
    manager keeps; None: all of the campaign.
    """

    area: str
    member_id: str
    email: str
    merchant_ids: frozenset[str] | None = None
    popup_ids: frozenset[str] | None = None

    def reaches(self, popup_id: str) -> bool:
        """Tell whether a stand is within the scope; which campaign has it, the caller knows."""
        return self.popup_ids is None or popup_id in self.popup_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person by the pool's `sub`. `campaign_ids` None: every campaign.

    A manager keeps the stands of `popup_ids` and no other.
    """

    member_id: str
    email: str
    role: Role
    campaign_ids: frozenset[str] | None = None
    merchant_ids: frozenset[str] = frozenset()
    popup_ids: frozenset[str] = frozenset()
    active: bool = True

    def may(self, right: Right) -> bool:
        return self.active and right in RIGHTS[self.role]

    def scope(self, campaign_id: str) -> Scope | None:
        """Return what this member may touch of a campaign, or None where it is not theirs."""
        named = self.campaign_ids is None or campaign_id in self.campaign_ids
        return self._scope(campaign_id) if named and _AREA.fullmatch(campaign_id) else None

    def organisation(self) -> Scope | None:
        """Return what this member may touch of what belongs to no campaign.

        It is no campaign's name: nobody reaches it, or writes into it, by an address or a field.
        """
        return self._scope(ORGANISATION)

    def _scope(self, area: str) -> Scope | None:
        if not self.active:
            return None
        merchants = self.merchant_ids if self.role is Role.MERCHANT else None
        stands = self.popup_ids if self.role is Role.MANAGER else None
        return Scope(
            area=area,
            member_id=self.member_id,
            email=self.email,
            merchant_ids=merchants,
            popup_ids=stands,
        )


def email_of(text: str) -> str | None:
    """Return an address in the form that is kept, or None for what is none."""
    found = text.strip().lower()
    return found if _EMAIL.fullmatch(found) else None


def is_member_id(text: str) -> bool:
    """Tell whether the pool may have named a person so."""
    return _PERSON.fullmatch(text) is not None


def session_hash(value: str) -> str:
    """Return the name under which a session is kept: the table opens none."""
    return hashlib.sha256(f"session|{value}".encode()).hexdigest()
