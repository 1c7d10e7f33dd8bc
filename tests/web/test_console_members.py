"""Members are invited, changed and removed; each change is in the trail; one owner stays."""

from collections.abc import Iterator

import pytest
from colleague import Colleague, colleague, inputs, joined, member
from house import House
from pool import FakePool, fake_pool

from chalicelib.domain import trail
from chalicelib.domain.member import ORGANISATION, Role, Scope
from chalicelib.store import members, trails

SCOPE = Scope(area=ORGANISATION, member_id="operator", email="operator")


@pytest.fixture
def pool() -> Iterator[FakePool]:
    with fake_pool() as pool:
        yield pool


@pytest.mark.usefixtures("pool")
class TestInviting:
    """An owner gives roles."""

    def test_who_is_invited_is_in_the_list_and_in_the_trail(self, owner: Colleague) -> None:
        wish = {"email": "Anna@Example.org", "role": "merchant", "merchants": "cam-fener"}
        answer = owner.act("/console/members", **wish, campaigns="festival-now")
        assert answer.status == 303
        page = owner.page("/console/members")
        assert "anna@example.org" in page
        anna = members.get("anna")
        assert anna is not None
        assert (anna.role, anna.merchant_ids) == (Role.MERCHANT, frozenset({"cam-fener"}))
        [last] = [each for each in trails.entries(SCOPE) if each.subject == "anna@example.org"]
        assert (last.email, last.action) == ("owner-1@example.org", "member invited")
        assert last.after["merchants"] == "cam-fener"
        assert "member invited: <bdi>anna@example.org</bdi>" in owner.page("/console/trail")

    def test_a_change_takes_effect_at_once(self, house: House, owner: Colleague) -> None:
        anna = colleague(house, Role.AUDITOR, member_id="anna")
        assert anna.get("/console/members").status == 403
        owner.act("/console/members", email="anna@example.org", role="owner")
        assert anna.get("/console/members").status == 200

    @pytest.mark.parametrize(
        "wish",
        [
            {"email": "nobody", "role": "owner"},
            {"email": "anna@example.org", "role": "king"},
            {"email": "anna@example.org", "role": ""},
            {"email": "anna@example.org", "role": "merchant"},
            {"email": "anna@example.org", "role": "owner", "campaigns": "festival-now"},
        ],
    )
    def test_a_wish_that_makes_no_sense_changes_nothing(
        self, owner: Colleague, wish: dict[str, str]
    ) -> None:
        answer = owner.act("/console/members", **wish)
        assert answer.status == 422
        assert "Not saved" in answer.text
        assert members.get("anna") is None

    def test_a_field_given_twice_is_refused(self, owner: Colleague) -> None:
        body = f"csrf={owner.proof()}&email=a@b.example&email=c@d.example&role=owner".encode()
        form = {"content-type": "application/x-www-form-urlencoded"}
        answer = owner.ask("POST", "/console/members", headers=form, body=body)
        assert answer.status == 422

    def test_a_script_in_a_name_stays_text(self, owner: Colleague) -> None:
        wish = {"email": "anna@example.org", "role": "manager"}
        owner.act("/console/members", **wish, stands="<script>alert(1)</script>")
        assert "<script>alert" not in owner.get("/console/members").text


class TestLeaving:
    """Nobody is left without an owner."""

    def test_the_last_owner_stays(self, house: House, owner: Colleague) -> None:
        answer = owner.act("/console/members/remove", member_id="owner-1")
        assert answer.status == 403
        assert "last owner" in answer.text
        joined(house, member(Role.OWNER, "anna"))
        assert owner.act("/console/members/remove", member_id="owner-1").status == 303

    def test_two_owners_cannot_both_leave(self, house: House) -> None:
        """Both were read as one of two; the table lets one go."""
        both = [joined(house, member(Role.OWNER, name)) for name in ("anna", "berk")]
        kept = [
            members.keep(SCOPE, member(Role.AUDITOR, one.member_id), entry_of(house), over=one)
            for one in both
        ]
        assert kept == [True, False]

    @pytest.mark.usefixtures("pool")
    def test_the_last_owner_cannot_step_down(self, owner: Colleague) -> None:
        answer = owner.act("/console/members", email="owner-1@example.org", role="auditor")
        assert answer.status == 403

    def test_a_member_that_changed_meanwhile_is_not_overwritten(self, house: House) -> None:
        read = joined(house, member(Role.MARKETER, "anna"))
        joined(house, member(Role.AUDITOR, "anna"))
        late = members.keep(SCOPE, member(Role.MANAGER, "anna"), entry_of(house), over=read)
        assert late is None

    def test_the_page_offers_to_remove_each(self, owner: Colleague) -> None:
        assert inputs(owner.page("/console/members"))["member_id"] == "owner-1"


def entry_of(house: House) -> trail.Entry:
    return trail.entry(SCOPE, "member changed", "a", at=house.real_at, request_id=house.nonce())
