"""Messages from the console: all stands or some, on scanners, screens and pages."""

import pytest
from colleague import Colleague
from house import House

from chalicelib.domain.device import Profile
from chalicelib.domain.member import Scope
from chalicelib.store import trails

HOME = "/console/c/festival-now/messages"
FESTIVAL = Scope(area="festival-now", member_id="operator", email="operator")
RAIN = "Rain: the stand is in the arcade"


def test_a_message_to_some_stands_is_read_there_alone(house: House, owner: Colleague) -> None:
    wish = {"message": f"  {RAIN}\n", "stand:rome": "yes", "stand:milan": "yes"}
    assert owner.act(HOME, **wish).status == 303
    assert RAIN in house.browser().get("/p/rome").text
    assert RAIN in house.browser().get("/screen/milan").text
    assert RAIN not in house.browser().get("/p/istanbul").text
    assert RAIN in str(house.phone("rome").manifest().json)
    assert RAIN not in str(house.phone("istanbul").manifest().json)
    assert owner.page(HOME).count(RAIN) == 2
    (entry,) = trails.entries(FESTIVAL)
    assert (entry.action, set(entry.subject.split())) == ("message set", {"rome", "milan"})
    assert (entry.before, entry.after) == ({}, {"message": RAIN})


def test_a_message_to_all_is_read_everywhere_until_it_is_taken_away(
    house: House, owner: Colleague
) -> None:
    assert owner.act(HOME, message=RAIN, all="yes").status == 303
    for stand in ("rome", "istanbul"):
        assert RAIN in house.browser().get(f"/p/{stand}").text
    screen = house.phone("rome", Profile.SCREEN)
    assert screen.device_id
    assert owner.act(HOME, message="", all="yes").status == 303
    assert RAIN not in house.browser().get("/p/rome").text
    gone = next(one for one in trails.entries(FESTIVAL) if not one.after)
    assert (gone.subject, gone.before) == ("all stands", {"message": RAIN})


@pytest.mark.parametrize(
    "wish",
    [
        {"message": RAIN},
        {"message": RAIN, "stand:nowhere": "yes"},
        {"message": RAIN, "stand:*": "yes"},
        {"message": "x" * 141, "all": "yes"},
    ],
)
def test_what_reaches_nobody_is_not_said(owner: Colleague, wish: dict[str, str]) -> None:
    assert owner.act(HOME, **wish).status == 422
    assert trails.entries(FESTIVAL) == []


def test_a_script_in_it_stays_text(house: House, owner: Colleague) -> None:
    owner.act(HOME, message="<script>alert(1)</script>", all="yes")
    assert "<script>alert" not in owner.get(HOME).text
    assert "<script>alert" not in house.browser().get("/p/rome").text
