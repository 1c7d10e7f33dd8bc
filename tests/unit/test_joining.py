"""Members come, change and go; one owner stays."""

from dataclasses import replace
from typing import Any

import pytest
from colleague import member
from made import NOW

from chalicelib.domain import trail
from chalicelib.domain.member import (
    ORGANISATION,
    Member,
    Right,
    Role,
    Scope,
    email_of,
    session_hash,
)
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.trail import Entry
from chalicelib.usecases import joining

SCOPE = Scope(area=ORGANISATION, member_id="owner-1", email="owner-1@example.org")
ANNA = member(Role.MARKETER, "anna", campaign_ids=frozenset({"festival", "autumn"}))


class Members:
    """Members in memory; `answer` is what the table says to the next change."""

    def __init__(self, *there: Member, answer: bool | None = True) -> None:
        self.there = {one.member_id: one for one in there}
        self.answer = answer
        self.entries: list[Entry] = []

    def get(self, member_id: str) -> Member | None:
        return self.there.get(member_id)

    def keep(
        self, scope: Scope, member: Member, entry: Entry, *, over: Member | None
    ) -> bool | None:
        assert scope == SCOPE
        assert over == self.there.get(member.member_id)
        if self.answer:
            self.there[member.member_id] = member
            self.entries.append(entry)
        return self.answer


def keep(members: Members, one: Member) -> Member | Refusal:
    return joining.keep(members, SCOPE, one, at=NOW, request_id="request-1")


def remove(members: Members, member_id: str) -> Member | Refusal:
    return joining.remove(members, SCOPE, member_id, at=NOW, request_id="request-1")


def test_an_invitation_and_a_change_are_in_the_trail_with_before_and_after() -> None:
    members = Members()
    assert keep(members, ANNA) == ANNA
    keep(members, replace(ANNA, role=Role.AUDITOR, campaign_ids=None))
    assert [(e.action, e.subject, e.before, e.after) for e in members.entries] == [
        (
            "member invited",
            "anna@example.org",
            {},
            {"role": "marketer", "campaigns": "autumn festival"},
        ),
        (
            "member changed",
            "anna@example.org",
            {"role": "marketer", "campaigns": "autumn festival"},
            {"role": "auditor"},
        ),
    ]


def test_the_same_again_changes_nothing() -> None:
    members = Members(ANNA)
    assert keep(members, ANNA) == ANNA
    assert members.entries == []


def test_who_is_removed_stays_known_and_may_nothing() -> None:
    members = Members(ANNA)
    gone = remove(members, "anna")
    assert isinstance(gone, Member)
    assert not any(gone.may(right) for right in Right)
    assert gone.scope("festival") is None
    assert gone.organisation() is None
    assert members.entries[0].action == "member removed"
    assert members.entries[0].after == {}


def test_a_stranger_cannot_be_removed() -> None:
    for name in ("anna", "", "a#b", "a" * 65):
        assert remove(Members(), name) == Refusal(Reason.NOT_FOUND)


def test_the_table_tells_of_the_last_owner_and_of_others_changes() -> None:
    last = remove(Members(ANNA, answer=False), "anna")
    assert last == Refusal(Reason.NOT_ALLOWED, {"setting": "last_owner"})
    late = remove(Members(ANNA, answer=None), "anna")
    assert late == Refusal(Reason.EDITED_MEANWHILE, {"subject": "anna@example.org"})


@pytest.mark.parametrize(
    ("one", "wrong"),
    [
        (member(Role.MERCHANT), "/merchants"),
        (member(Role.MERCHANT, merchant_ids=frozenset({"a"})), "/campaigns"),
        (member(Role.OWNER, campaign_ids=frozenset({"a"})), "/campaigns"),
        (member(Role.MANAGER), "/stands"),
    ],
)
def test_an_invitation_that_makes_no_sense_names_its_field(one: Member, wrong: str) -> None:
    fault = joining.fault_of(one)
    assert fault is not None
    assert fault[0] == wrong


def test_an_invitation_that_makes_sense_has_no_fault() -> None:
    whole: dict[str, Any] = {"merchant_ids": frozenset({"a"}), "campaign_ids": frozenset({"b"})}
    assert joining.fault_of(member(Role.MERCHANT, **whole)) is None
    assert joining.fault_of(member(Role.OWNER)) is None


def test_a_scope_reaches_as_far_as_the_member() -> None:
    assert ANNA.scope("winter") is None
    assert member(Role.OWNER).scope("no#slug") is None
    mine = ANNA.scope("festival")
    assert mine is not None
    assert (mine.area, mine.member_id, mine.merchant_ids) == ("festival", "anna", None)
    assert ANNA.scope(ORGANISATION) is None
    assert ANNA.organisation() is not None
    seller = member(Role.MERCHANT, merchant_ids=frozenset({"tea"}))
    theirs = seller.scope("festival")
    assert theirs is not None
    assert theirs.merchant_ids == frozenset({"tea"})
    assert theirs.reaches("istanbul")


def test_a_manager_reaches_own_stands_and_no_other() -> None:
    keeper = member(Role.MANAGER, popup_ids=frozenset({"istanbul"})).scope("festival")
    assert keeper is not None
    assert keeper.reaches("istanbul")
    assert not keeper.reaches("madrid")
    assert not keeper.reaches("*")
    nobody = member(Role.MANAGER).scope("festival")
    assert nobody is not None
    assert not nobody.reaches("istanbul")


@pytest.mark.parametrize("text", ["", "anna", "anna@", "a b@example.org", "anna@example", "@a.org"])
def test_what_is_no_address_is_none(text: str) -> None:
    assert email_of(text) is None


def test_addresses_are_kept_in_one_form() -> None:
    assert email_of(" Anna@Example.ORG ") == "anna@example.org"


def test_a_session_is_kept_under_a_name_that_does_not_tell_it() -> None:
    assert session_hash("a") != session_hash("b")
    assert "secret" not in session_hash("secret")


def test_the_trail_says_nothing_of_nobody() -> None:
    assert trail.facts_of(None) == {}
    assert trail.facts_of(replace(ANNA, active=False)) == {}
