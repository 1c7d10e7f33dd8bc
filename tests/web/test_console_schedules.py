"""A planned publish: seen, changed, called off, carried out by the sweeper, in the trail."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from colleague import Colleague, colleague, inputs, joined
from house import House

from chalicelib import sweeper
from chalicelib.domain.member import Role, Scope
from chalicelib.domain.pointer import Pointer
from chalicelib.domain.schedule import Stage, Why
from chalicelib.store import campaigns, schedules, trails
from chalicelib.store import desk as store

HOME = "/console/c/festival-now"
SCOPE = Scope(area="festival-now", member_id="x", email="x")
AT_SIX = {"at": "2026-05-20T18:00", "zone": "Europe/Istanbul"}  # 15:00 UTC


def drafted(house: House, **facts: Any) -> str:
    """Save a draft with these facts changed; return its version."""
    found = store.draft(SCOPE)
    assert found
    whole = replace(found.campaign, **facts)
    stored = campaigns.draft("festival-now")
    version = campaigns.save_draft(whole, over=stored[1] if stored else 0, now=house.at)
    assert version
    return str(version)


def over(one: Colleague) -> str:
    return inputs(one.page(HOME))["over"]


def planned(house: House, one: Colleague, name: str = "Later") -> str:
    version = drafted(house, name={"en": name})
    answer = one.act(f"{HOME}/schedule", version=version, over=over(one), **AT_SIX)
    assert answer.status == 303, answer.text
    return version


def swept(house: House, **passed: float) -> None:
    house.wait(timedelta(**passed))
    house.swept()
    sweeper.sweep(house.at)
    house.settled(None)


def deeds() -> list[str]:
    return [entry.action for entry in trails.entries(SCOPE)][::-1]


def test_a_planned_publish_is_told_in_utc_and_in_the_first_and_last_city(
    house: House, anna: Colleague
) -> None:
    version = planned(house, anna)
    page = re.sub(r"<[^>]+>", "", anna.page(HOME))
    assert (
        f"Draft version {version} will be published on 20 May 2026 18:00 (Europe/Istanbul)" in page
    )
    assert "20 May 2026 15:00 UTC, in Yekaterinburg Wed 20 May 2026 20:00" in page
    assert "in Los Angeles Wed 20 May 2026 08:00" in page
    assert "Planned by marketer-1@example.org" in page


def test_it_happens_at_its_instant_and_the_trail_says_who_wanted_it(
    house: House, anna: Colleague
) -> None:
    planned(house, anna)
    before = house.campaign().name
    swept(house, hours=2)
    assert house.campaign().name == before
    swept(house, hours=1, minutes=9)
    assert house.campaign().name == {"en": "Later"}
    swept(house, minutes=1)
    assert deeds() == ["publish planned", "published as scheduled"]
    assert {entry.email for entry in trails.entries(SCOPE)} == {"marketer-1@example.org"}
    assert campaigns.pointers()["festival-now"].epoch == 2
    assert schedules.get("festival-now") is None
    assert "published as scheduled" in anna.page(f"{HOME}/trail")


def test_an_edit_since_keeps_it_back_and_the_page_says_so(house: House, anna: Colleague) -> None:
    version = planned(house, anna)
    drafted(house, name={"en": "Later still"})
    assert "as it stands, nothing will be published" in anna.page(HOME)
    swept(house, hours=3)
    page = anna.page(HOME)
    assert f"Draft version {version} was not published on 20 May 2026 18:00" in page
    assert "The draft was edited since." in page
    assert deeds() == ["publish planned", "not published as scheduled"]
    found = schedules.get("festival-now")
    assert found
    assert (found.stage, found.why) == (Stage.STOPPED, Why.EDITED)
    again = anna.act(
        f"{HOME}/schedule",
        version=inputs(page)["version"],
        over=found.mark,
        at="2026-05-20T23:00",
        zone="UTC",
    )
    assert again.status == 303
    swept(house, hours=8)
    assert house.campaign().name == {"en": "Later still"}


@pytest.mark.parametrize(
    "now",
    [
        {"active": False},
        {"role": Role.MANAGER},
        {"campaign_ids": frozenset({"festival-2019"})},
    ],
)
def test_who_lost_the_right_since_publishes_nothing_and_another_may_plan_it_anew(
    house: House, anna: Colleague, now: dict[str, Any]
) -> None:
    version = planned(house, anna)
    other = colleague(house, Role.MARKETER, member_id="marketer-2")
    assert "may no longer publish" not in other.page(HOME)
    joined(house, replace(anna.member, **now))
    told = "Who planned it may no longer publish: as it stands, nothing will be published."
    assert told in other.page(HOME)
    swept(house, hours=3)
    page = other.page(HOME)
    assert f"Draft version {version} was not published on 20 May 2026 18:00" in page
    assert "Who planned it may no longer publish. Look at the draft" in page
    assert deeds()[-1] == "not published as scheduled"
    assert campaigns.pointers()["festival-now"].epoch == 1
    again = {"version": version, "at": "2026-05-20T23:00", "zone": "UTC"}
    assert other.act(f"{HOME}/schedule", over=over(other), **again).status == 303
    swept(house, hours=8)
    assert house.campaign().name == {"en": "Later"}


def test_a_member_who_changed_since_it_was_read_begins_nothing(
    house: House, anna: Colleague
) -> None:
    planned(house, anna)
    found = schedules.get("festival-now")
    assert found
    stale = replace(anna.member, role=Role.OWNER)
    goal = Pointer(2, 2)
    for planner, begun in ((stale, False), (anna.member, True)):
        beginning = schedules.Beginning(found, planner)
        stands = beginning.open_publish("festival-now", goal, now=house.at, before=1)
        assert (stands is None) == begun


def test_it_may_be_called_off_and_planned_for_another_time(house: House, anna: Colleague) -> None:
    version = planned(house, anna)
    mark = over(anna)
    again = {"version": version, "at": "2026-05-21T09:30", "zone": "UTC"}
    assert anna.act(f"{HOME}/schedule", over=mark, **again).status == 303
    assert anna.act(f"{HOME}/schedule", over=mark, **again).status == 412
    assert anna.act(f"{HOME}/schedule", over="", **again).status == 412
    assert anna.act(f"{HOME}/unschedule", mark=mark).status == 412
    assert anna.act(f"{HOME}/unschedule", mark=over(anna)).status == 303
    assert anna.act(f"{HOME}/unschedule", mark=mark).status == 412
    assert "Nothing is planned." in anna.page(HOME)
    swept(house, hours=30)
    assert campaigns.pointers()["festival-now"].epoch == 1
    assert set(deeds()) == {"publish planned", "publish planned anew", "publish called off"}


def test_what_was_published_by_hand_meanwhile_is_not_published_twice(
    house: House, anna: Colleague
) -> None:
    version = planned(house, anna)
    assert anna.act(f"{HOME}/publish", version=version).status == 303
    swept(house, hours=3)
    assert campaigns.pointers()["festival-now"].epoch == 2
    assert schedules.get("festival-now") is None


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"at": "2026-05-20T11:59", "zone": "UTC"}, "is over already"),
        ({"at": "2026-05-21", "zone": "UTC"}, "'2026-05-21' is no date with a time"),
        ({"at": "soon", "zone": "UTC"}, "'soon' is no date with a time"),
        ({"at": "2026-05-21T10:00", "zone": "Mars/Olympus"}, "choose one of the list"),
    ],
)
def test_a_time_that_is_none_is_told_at_its_field_and_stays_typed(
    house: House, anna: Colleague, typed: dict[str, str], told: str
) -> None:
    version = drafted(house, name={"en": "Later"})
    answer = anna.act(f"{HOME}/schedule", version=version, over="", **typed)
    assert answer.status == 422
    assert told in answer.text.replace("&#39;", "'")
    assert f'value="{typed["at"]}"' in answer.text
    assert schedules.get("festival-now") is None


def test_a_stale_page_and_a_blocked_draft_plan_nothing(house: House, anna: Colleague) -> None:
    version = drafted(house, name={"en": "Later"})
    stale = drafted(house, name={"en": "Later still"})
    assert anna.act(f"{HOME}/schedule", version=version, over="", **AT_SIX).status == 412
    assert anna.act(f"{HOME}/schedule", version="0", over="", **AT_SIX).status == 412
    broken = drafted(house, number=0)
    assert anna.act(f"{HOME}/schedule", version=broken, over="", **AT_SIX).status == 422
    assert stale != broken
    assert schedules.get("festival-now") is None


def test_a_wall_time_that_a_clock_skips_means_the_jump(house: House, anna: Colleague) -> None:
    version = drafted(house, name={"en": "Later"})
    skipped = {"at": "2027-03-28T02:30", "zone": "Europe/Madrid"}
    assert anna.act(f"{HOME}/schedule", version=version, over="", **skipped).status == 303
    found = schedules.get("festival-now")
    assert found
    assert found.at.isoformat() == "2027-03-28T01:00:00+00:00"


def test_an_auditor_has_no_button(house: House, anna: Colleague) -> None:
    planned(house, anna)
    page = colleague(house, Role.AUDITOR).page(HOME)
    assert "unschedule" not in page
