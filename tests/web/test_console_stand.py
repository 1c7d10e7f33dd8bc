"""A stand on its manager's phone: its state and what it says, at once everywhere."""

from typing import Any

import pytest
from colleague import Colleague, colleague, inputs
from handing import OfflinePhone
from house import House, path_of

from chalicelib.domain.member import Role
from chalicelib.domain.reasons import Reason

STAND = "/console/c/festival-now/stand/istanbul"


def manager(house: House, *stands: str, **facts: Any) -> Colleague:
    """Return a manager of these stands of the festival."""
    mine = frozenset(stands or ("istanbul",))
    return colleague(house, Role.MANAGER, popup_ids=mine, **facts)


@pytest.fixture
def mine(house: House) -> Colleague:
    return manager(house)


def test_a_paused_stand_says_why_to_visitors_its_screen_and_its_phones(
    house: House, mine: Colleague
) -> None:
    phone = OfflinePhone(house)
    answer = mine.act(f"{STAND}/state", state="paused", message="  Back at\n three ")
    assert answer.status == 303
    for path in ("/p/istanbul", "/screen/istanbul"):
        assert "Back at three" in house.browser().get(path).text
    assert "Paused for a moment" in house.browser().get("/p/istanbul").text
    told = phone.manifest().json
    assert (told["paused"], told["messages"]) == (True, ["Back at three"])
    refused = house.browser().try_to_claim("istanbul", "lantern-gift")
    assert refused.reason == Reason.PAUSED
    assert inputs(mine.page(STAND))["message"] == "Back at three"


def test_an_opened_stand_says_nothing_any_more(house: House, mine: Colleague) -> None:
    mine.act(f"{STAND}/state", state="paused", message="Back at three")
    mine.act(f"{STAND}/state", state="open", message="")
    assert "Back at three" not in house.browser().get("/p/istanbul").text
    house.browser().claim("istanbul", "lantern-gift")


def test_a_closed_stand_opens_by_itself_on_its_next_day(house: House, mine: Colleague) -> None:
    browser, phone = house.browser(), OfflinePhone(house)
    voucher = browser.claim("istanbul", "lantern-gift")
    mine.act(f"{STAND}/state", state="closed", message="Good night")
    page = house.browser().get("/p/istanbul").text
    assert "The stand is closed" in page
    assert "Closed, opens" in page
    assert (
        "The stand in Istanbul is closed now; it opens" in browser.get(path_of(voucher["url"])).text
    )
    assert house.phone().redeem(voucher["url"]).reason == Reason.NOT_NOW
    told = phone.manifest().json
    assert not told["paused"]
    assert told["closed_until"] == "2026-05-20T21:00:00Z"  # open day and night there
    house.at = house.at.replace(hour=21)
    page = house.browser().get("/p/istanbul").text
    assert "Good night" not in page
    assert "Open until" in page
    assert phone.manifest().json["closed_until"] is None
    assert house.phone().redeem(voucher["url"]).status == 201


def test_a_script_in_a_message_stays_text(house: House, mine: Colleague) -> None:
    mine.act(f"{STAND}/state", state="paused", message="<script>alert(1)</script>")
    for page in (house.browser().get("/p/istanbul"), house.browser().get("/screen/istanbul")):
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert" in page.text


def test_a_manager_reaches_only_own_stands(house: House, mine: Colleague) -> None:
    other = "/console/c/festival-now/stand/madrid"
    assert mine.get(other).status == 404
    assert mine.act(f"{other}/state", state="paused").status == 404
    assert mine.get("/console/c/festival-now/stand/nowhere").status == 404
    both = manager(house, "istanbul", "madrid", member_id="both")
    assert both.get(other).status == 200


@pytest.mark.parametrize("wish", [{"state": "shut"}, {}, {"state": "open", "message": "x" * 141}])
def test_what_makes_no_sense_changes_nothing(mine: Colleague, wish: dict[str, str]) -> None:
    answer = mine.act(f"{STAND}/state", **wish)
    assert answer.status == 422
    assert "Nothing was changed" in answer.text


def test_the_trail_has_each_change_with_its_words(house: House, mine: Colleague) -> None:
    mine.act(f"{STAND}/state", state="closed", message="Good night")
    mine.act(f"{STAND}/state", state="open")
    trail = colleague(house, Role.AUDITOR).page("/console/c/festival-now/trail")
    assert "stand opened" in trail
    assert "stand closed" in trail
    assert "Good night" in trail


def test_a_rollback_leaves_a_stand_as_its_manager_left_it(house: House, mine: Colleague) -> None:
    mine.act(f"{STAND}/state", state="paused", message="Back at three")
    house.roll_back("festival-now", 1)
    assert "Back at three" in house.browser().get("/p/istanbul").text
