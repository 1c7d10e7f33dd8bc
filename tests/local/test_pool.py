"""The laptop's pool: people sign in through its real pages, with the code that AWS runs."""

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chalicelib.cognito import Cognito
from chalicelib.domain.member import Role
from chalicelib.store import members
from commands import owner
from local import ground, pool
from local.house import House, Plan, opened
from local.rest import Headers, Request

HOST: Headers = (("host", "localhost"), ("sec-fetch-site", "same-origin"))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    ground.keep_home()
    directory = tmp_path_factory.mktemp("house")
    with opened(Plan(log=directory / "log", state=directory / "state")) as house:
        yield house


def cookie(house: House, role: Role) -> str:
    """Sign in by the strip and return the session's cookie."""
    press = Request("POST", "/_local/persona", HOST, f"to={role}".encode())
    pressed = house.server.answerer(press)
    kept = (pressed.header("set-cookie") or "").partition(";")[0]
    back = Request("GET", pressed.header("location") or "", (("cookie", kept),))
    landed = house.server.answerer(back)
    assert (landed.status, landed.header("location")) == (303, "/console/")
    return (landed.header("set-cookie") or "").partition(";")[0]


@pytest.mark.parametrize("role", list(Role))
def test_the_strip_signs_in_as_each_role(house: House, role: Role) -> None:
    home = Request("GET", "/console/", (("cookie", cookie(house, role)),))
    page = house.server.answerer(home)
    assert page.status == 200
    assert house.people.email(role).encode() in page.body


def test_a_wrong_password_opens_nothing(house: House) -> None:
    guess = pool.People("wrong", house.people.engine_url)
    with pytest.raises(RuntimeError, match="did not let them in"):
        pool.signed_in(guess, Role.OWNER, house.server.answerer, Request("POST", "/", HOST))


def test_the_command_makes_an_owner_and_finds_one_again(house: House) -> None:
    said: list[str] = []
    for email in ("First@Owner.example", "first@owner.example", "nobody"):
        asked = argparse.Namespace(email=email, settings=house.world.settings)
        owner.run(asked, datetime.now(UTC), said.append)
    assert said[0] == said[1]
    assert "owns the console" in said[0]
    assert "is no address" in said[2]
    subject = Cognito(house.world.settings).invite("first@owner.example")
    found = members.get(subject)
    assert found is not None
    assert found.role is Role.OWNER


def test_who_is_invited_finds_a_letter_with_a_first_password(house: House) -> None:
    Cognito(house.world.settings).invite("new@example.org")
    letter = pool.letters(house.people.engine_url)[0]
    assert letter.to == "new@example.org"
    assert "password" in letter.text


def test_a_code_is_taken_once_and_keys_are_the_pools(house: House) -> None:
    cognito = Cognito(house.world.settings)
    assert cognito.exchange("no code", "no verifier") is None
    assert all(key.modulus.bit_length() == 2048 for key in cognito.keys().values())


def test_another_start_has_the_same_people(tmp_path: Path) -> None:
    ground.keep_home()
    subjects = []
    for _ in range(2):
        with opened(Plan(log=tmp_path / "log", state=tmp_path / "state")) as house:
            subjects.append(Cognito(house.world.settings).invite("owner@sample.example"))
    assert subjects[0] == subjects[1]
