"""What a start publishes, and what it leaves as it was."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from house import NOON, House

from chalicelib.config import Settings
from chalicelib.domain.wall import instant
from chalicelib.store import campaigns
from chalicelib.web.context import context
from local import sample_loader, seed
from local.clock import ShiftedClock
from local.trouble import Trouble
from local.world import World

MIDNIGHT = datetime(2026, 5, 20, tzinfo=UTC)


def world_at(now: datetime, *, real: datetime = NOON) -> World:
    """Return a world whose clock stands still; it has no history."""
    return World(
        engine_url="",
        base_url="",
        settings=Settings(public_url=""),
        clock=ShiftedClock(now, real=lambda: real),
        sample=False,
    )


def start(house: House, now: datetime) -> seed.SeedReport:
    """Seed as a start at this instant does."""
    house.at = house.real_at = now
    report = seed.run(world_at(now, real=now))
    house.settled(None)
    return report


def revisions() -> dict[str, int]:
    return {name: len(campaigns.revisions(name)) for name in ("festival-2019", "festival-now")}


def test_a_second_start_on_one_day_publishes_nothing(house: House) -> None:
    start(house, NOON)
    before = revisions()
    assert start(house, NOON + timedelta(hours=1)).published == ()
    assert revisions() == before
    assert str(start(house, NOON)) == "as they were"


def test_the_next_day_publishes_a_revision_of_the_festival_that_is_now(house: House) -> None:
    start(house, NOON)
    before, pointers = revisions(), campaigns.pointers()
    assert start(house, NOON + timedelta(days=1)).published == ("festival-now",)
    assert revisions() == before | {"festival-now": before["festival-now"] + 1}
    assert campaigns.pointers()["festival-now"].epoch == pointers["festival-now"].epoch + 1
    assert house.campaign().calendar.usable_from == "2026-05-20T00:00"


@pytest.mark.parametrize(
    ("clock", "day"),
    [
        (datetime(2027, 1, 2, 3, tzinfo=UTC), date(2027, 1, 2)),
        (datetime(2019, 11, 11, 12, tzinfo=UTC), None),
    ],
)
def test_the_festival_lies_around_the_clock_but_never_in_2019(
    clock: datetime, day: date | None
) -> None:
    wanted = day or datetime.now(tz=UTC).date()
    found = world_at(clock).campaigns["festival-now"]
    assert found.calendar == sample_loader.festival_now(wanted).calendar


def test_the_festival_is_usable_from_yesterday_to_the_end_of_tomorrow(house: House) -> None:
    start(house, NOON)
    campaign = house.campaign()
    popup = campaign.popup["istanbul"]
    assert campaign.usable_from(popup) == instant("2026-05-19T00:00", popup.time_zone)
    assert campaign.usable_until(popup) == instant("2026-05-22T00:00", popup.time_zone)


def test_istanbul_gives_and_takes_at_each_hour_of_the_day(house: House) -> None:
    for hour in range(24):
        start(house, MIDNIGHT + timedelta(hours=hour))
        voucher = house.browser().claim("istanbul", "lantern-gift")
        used = house.phone().redeem(voucher["url"])
        assert used.status == 201, (hour, used.text)


def test_a_broken_promise_stops_the_start_with_its_cure(house: House) -> None:
    start(house, NOON)
    campaign = house.campaign()
    changed = replace(campaign, popups=campaign.popups[1:])
    with pytest.raises(Trouble, match=r"make reset\.$"):
        seed.publish(changed, NOON)


def test_a_publish_that_was_cut_off_is_finished_first(house: House) -> None:
    start(house, NOON)
    later = sample_loader.festival_now(date(2026, 5, 21))
    goal = replace(campaigns.pointers()["festival-now"], epoch=9)
    goal = replace(goal, revision=campaigns.freeze(later, now=NOON))
    assert campaigns.open_publish("festival-now", goal, now=NOON) is None
    assert start(house, NOON + timedelta(days=1)).published == ()
    assert context.catalog.campaign("festival-now").epoch == 9


def test_without_sample_nothing_is_claimed(house: House) -> None:
    assert seed.run(world_at(NOON)).history is None
    assert not [item for item in house.items() if item["pk"]["S"].startswith("V#")]
