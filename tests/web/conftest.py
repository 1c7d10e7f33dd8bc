"""Members of the console who are signed in."""

import pytest
from colleague import Colleague, colleague
from house import House

from chalicelib.domain.member import Role


@pytest.fixture
def owner(house: House) -> Colleague:
    return colleague(house, Role.OWNER)


@pytest.fixture
def anna(house: House) -> Colleague:
    return colleague(house, Role.MARKETER)
