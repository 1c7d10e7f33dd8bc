"""Each role on each route of the console, and a foreign merchant on each."""

from collections.abc import Mapping

import pytest
from colleague import Colleague, colleague, merchant
from house import Answer, House, Json

from app import app
from chalicelib.domain.member import ORGANISATION, RIGHTS, Right, Role
from chalicelib.web.console import rules
from chalicelib.web.console.desk import page_rule
from chalicelib.web.console.rules import Rule

OPEN = {("GET", "/console/sign-in"), ("GET", "/console/callback")}
RULES = [rule for rule in rules.RULES if rule.right is not None]
EACH = pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.method} {rule.path}")
POSTS = [rule for rule in RULES if rule.method == "POST"]
EACH_POST = pytest.mark.parametrize("rule", POSTS, ids=lambda rule: rule.path)
PARTS: Mapping[str, str] = {
    "campaign_id": "festival-now",
    "sheet": "offers",
    "key": "lantern-gift",
    "popup_id": "istanbul",
    "batch": "1",
    "kind": "poster",
    "merchant_id": "cam-fener",
    "name": "a.css",
}


def registered() -> set[tuple[str, str]]:
    """Return every route of the console that the app answers."""
    return {
        (method, path)
        for path, methods in app.routes.items()
        for method in methods
        if path.startswith("/console")
    }


def ask(one: Colleague, rule: Rule, **parts: str) -> Answer:
    """Go to a route, with the proof that its forms carry."""
    path = rule.path.format(**{**PARTS, **parts})
    return one.get(path) if rule.method == "GET" else one.act(path)


def test_every_route_of_the_console_asks_for_a_right() -> None:
    assert {(rule.method, rule.path) for rule in RULES} | OPEN == registered()


def test_every_right_is_asked_for_and_every_role_has_some() -> None:
    assert {rule.right for rule in RULES} == set(Right)
    assert set(RIGHTS) == set(Role)
    assert all(Right.ENTER in rights for rights in RIGHTS.values())


@EACH
@pytest.mark.parametrize("role", list(Role))
def test_a_role_reaches_what_it_has_the_right_to_and_nothing_else(
    house: House, role: Role, rule: Rule
) -> None:
    one = merchant(house) if role is Role.MERCHANT else colleague(house, role)
    assert (ask(one, rule).status == 403) == (rule.right not in RIGHTS[role])


@EACH
def test_nobody_reaches_anything_without_signing_in(house: House, rule: Rule) -> None:
    path = rule.path.format(**PARTS)
    if rule.method == "GET":
        assert house.browser().get(path).status == 303
    else:
        assert house.browser().submit(path, {}).status == 401


@EACH
def test_a_removed_member_reaches_nothing(house: House, rule: Rule) -> None:
    owner, gone = colleague(house, Role.OWNER), colleague(house, Role.OWNER, member_id="gone")
    proof = gone.proof()
    removed = owner.act("/console/members/remove", member_id="gone")
    assert removed.status == 303
    gone.csrf = proof
    assert ask(gone, rule).status in {303, 401}


@EACH
def test_a_foreign_merchant_sees_nothing_of_others(house: House, rule: Rule) -> None:
    """One whose campaign is another, and one of this campaign whose goods are others."""
    elsewhere = merchant(house, "eskici", campaign_ids=frozenset({"festival-2019"}))
    foreign = merchant(house, "of-nobody", member_id="merchant-2")
    answers = [ask(elsewhere, rule), ask(foreign, rule)]
    if "{campaign_id}" in rule.path:
        assert answers[0].status in {403, 404}
    for answer in answers:
        text = answer.text.replace(rule.path.format(**PARTS), "")  # the languages lead back to it
        assert not [word for word in ("Cam Fener", "cam-fener", "coffee-pot") if word in text]


@EACH
def test_a_campaign_that_is_not_theirs_does_not_exist_for_a_marketer(
    house: House, rule: Rule
) -> None:
    if "{campaign_id}" not in rule.path:
        return
    one = colleague(house, Role.MARKETER, campaign_ids=frozenset({"festival-2019"}))
    assert ask(one, rule).status in {403, 404}
    owner = colleague(house, Role.OWNER)
    assert ask(owner, rule, campaign_id="nothing").status in {200, 404, 422}


@EACH
def test_the_organisation_is_no_campaign(house: House, rule: Rule) -> None:
    owner = colleague(house, Role.OWNER)
    if "{campaign_id}" in rule.path:
        for name in (ORGANISATION, "%2A"):
            assert ask(owner, rule, campaign_id=name).status == 404


@EACH
def test_a_foreign_manager_sees_nothing_of_other_stands(house: House, rule: Rule) -> None:
    house.phone("istanbul")
    madrid = colleague(house, Role.MANAGER, popup_ids=frozenset({"madrid"}))
    nobody = colleague(house, Role.MANAGER, member_id="manager-2")
    for one in (madrid, nobody):
        answer = ask(one, rule)
        back = page_rule(rule).path.format(**PARTS)  # where the languages lead
        text = answer.body.decode(errors="replace").replace(rule.path.format(**PARTS), "")
        assert "istanbul" not in text.replace(back, "").lower()
        if "{popup_id}" in rule.path:
            assert answer.status in {403, 404}


def test_an_auditor_changes_nothing() -> None:
    theirs = {rule.path for rule in POSTS if rule.right in RIGHTS[Role.AUDITOR]}
    assert theirs == {"/console/sign-out"}


@EACH_POST
def test_a_form_of_another_site_or_session_does_nothing(house: House, rule: Rule) -> None:
    owner = colleague(house, Role.OWNER)
    other = colleague(house, Role.OWNER, member_id="owner-2")
    path, proof = rule.path.format(**PARTS), {"csrf": owner.proof()}
    forged: list[tuple[dict[str, str], dict[str, str]]] = [
        ({}, {}),
        ({"csrf": "0" * 40}, {}),
        ({"csrf": other.proof()}, {}),
        (proof, {"sec_fetch_site": "cross-site"}),
        (proof, {"sec_fetch_site": "same-site"}),
        (proof, {"origin": "https://evil.example"}),
        (proof, {"origin": "null"}),
    ]
    for fields, headers in forged:
        assert owner.submit(path, fields, **headers).status == 403
    assert owner.get("/console").status == 200, "still signed in"


FORMS = [rule.path.format(**PARTS) for rule in RULES if rule.method == "POST"]


def test_no_form_is_taken_without_the_proof_of_its_own_session(house: House) -> None:
    """What no page of ours wrote, another member's page wrote, or another site sent."""
    owner, other = colleague(house, Role.OWNER), colleague(house, Role.OWNER, member_id="other")
    before = everything(house)
    for path in FORMS:
        for proof in ({}, {"csrf": ""}, {"csrf": other.proof()}):
            assert owner.submit(path, proof).status == 403, path
        wish = {"csrf": owner.proof()}
        assert owner.submit(path, wish, sec_fetch_site="cross-site").status == 403, path
    assert everything(house) == before


def test_no_form_moves_a_counter_by_naming_it(house: House) -> None:
    house.browser().claim("istanbul", "coffee-pot-20")
    before = counters(house)
    assert before
    wish = dict.fromkeys(("left", "cap", "units", "given", "spent", "uses", "epoch", "ver"), "9")
    for number, path in enumerate(FORMS):  # one of them signs out
        owner = colleague(house, Role.OWNER, member_id=f"owner-{number}")
        assert owner.act(path, **wish).status < 500, path
    assert counters(house) == before


def everything(house: House) -> list[list[Json]]:
    return [house.items(table) for table in ("catalog", "ledger", "access")]


def counters(house: House) -> list[Json]:
    """Return the counters of limits, which everything that is given or used is taken from."""
    return [item for item in house.items() if item["pk"]["S"].startswith("C#")]
