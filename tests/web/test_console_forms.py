"""A form that was refused comes back on its page: as it was typed, with what is wrong beside it."""

import re
from collections.abc import Mapping

import pytest
from colleague import Colleague, colleague, inputs
from house import House

from chalicelib.domain.member import RIGHTS, Role
from chalicelib.web.console.desk import page_rule
from chalicelib.web.console.rules import RULES

HOME = "/console/c/festival-now"
_MARKED = re.compile(r'<(?:input|select)\b[^>]*\bname="(\w+)"[^>]*aria-invalid="true"')
FORMS = [
    ("/messages", "", {"message": "x" * 141, "all": "yes"}, "message"),
    ("/webhooks", "", {"url": "http://shop.example.org/", "event:voucher.claimed": "yes"}, "url"),
    ("/keys", "", {"role": "shop", "name": "Shop", "days": "0"}, "days"),
    ("/batches", "", {"offer": "moka-15", "popup": "rome", "count": "many"}, "count"),
    ("/stand/istanbul", "/state", {"message": "y" * 141, "state": "open"}, "message"),
]


@pytest.fixture
def owner(house: House) -> Colleague:
    return colleague(house, Role.OWNER)


def described(page: str, name: str) -> str:
    """Return what stands where a field says that it is described."""
    assert re.search(rf'name="{name}"[^>]*aria-describedby="[^"]*error-{name}"', page)
    found = re.search(rf'id="error-{name}">.*?<span>(.*?)</span>', page)
    assert found
    return found[1]


@pytest.mark.parametrize(("page", "deed", "typed", "wrong"), FORMS)
def test_what_was_typed_stays_and_the_wrong_field_says_why(
    owner: Colleague, page: str, deed: str, typed: Mapping[str, str], wrong: str
) -> None:
    answer = owner.act(f"{HOME}{page}{deed}", **typed)
    assert answer.status == 422
    assert _MARKED.findall(answer.text) == [wrong]
    assert inputs(answer.text)[wrong] == typed[wrong]
    assert described(answer.text, wrong)
    assert 'role="alert"' in answer.text
    assert answer.text.count(f'action="{HOME}{page}{deed}"') == 1


def test_a_choice_and_the_boxes_stay_as_they_were(owner: Colleague) -> None:
    batch = owner.act(f"{HOME}/batches", offer="moka-15", popup="rome", count="0").text
    assert '<option value="moka-15" selected>' in batch
    assert '<option value="rome" selected>' in batch
    nobody = owner.act(f"{HOME}/messages", message="Rain").text
    assert re.search(r'<fieldset class="ticks" aria-describedby="error-stands">', nobody)
    assert inputs(nobody)["message"] == "Rain"
    long = owner.act(f"{HOME}/messages", **{"message": "x" * 141, "stand:rome": "yes"}).text
    assert 'name="stand:rome" value="yes" checked' in long
    assert long.count(" checked") == 1
    none = owner.act(f"{HOME}/webhooks", url="https://shop.example.org/", hook_id="a" * 16).text
    assert " checked" not in none


def test_a_members_form_stays_with_its_role(owner: Colleague) -> None:
    wish = {"email": "anna@example.org", "role": "manager", "campaigns": "festival-now"}
    page = owner.act("/console/members", **wish).text
    assert _MARKED.findall(page) == ["stands"]
    assert '<option value="manager" selected>' in page
    assert inputs(page)["email"] == "anna@example.org"
    assert "name the stands that this person keeps" in described(page, "stands")


def test_a_filter_above_a_refused_form_filters_nothing(owner: Colleague) -> None:
    page = owner.act(f"{HOME}/devices/invite", popup="rome", profile="king").text
    assert '<select id="field-popup" name="popup"><option value="">' in page
    assert page.count('value="rome" selected') == 1
    assert page.count('aria-invalid="true"') == 1


def test_a_script_that_was_typed_stays_text(owner: Colleague) -> None:
    page = owner.act(f"{HOME}/webhooks", url='"><script>alert(1)</script>').text
    assert "<script>alert" not in page


def test_a_form_that_cannot_be_read_has_a_page_of_its_own(owner: Colleague) -> None:
    body = f"csrf={owner.proof()}&message=a&message=b".encode()
    form = {"content-type": "application/x-www-form-urlencoded"}
    answer = owner.ask("POST", f"{HOME}/messages", headers=form, body=body)
    assert answer.status == 422
    assert "Go back" in answer.text


def test_who_may_send_a_form_may_see_its_page() -> None:
    for rule in RULES:
        page = page_rule(rule)
        senders = [role for role in Role if rule.right in RIGHTS[role]]
        assert all(page.right in RIGHTS[role] for role in senders), (rule.path, page.path)
