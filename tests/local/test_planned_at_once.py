"""A planned publish, two sweepers, whoever calls it off and whoever publishes by hand, at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from random import Random
from threading import Barrier
from time import sleep
from typing import Any

import pytest
from made import ISTANBUL, NOW, campaign, offer

from chalicelib import sweeper
from chalicelib.domain import trail
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.member import ORGANISATION, Member, Role, Scope
from chalicelib.domain.offer import Stock
from chalicelib.domain.pointer import Pointer
from chalicelib.domain.schedule import Schedule
from chalicelib.domain.trail import Entry
from chalicelib.store import campaigns, counters, members, schedules, setup, trails
from chalicelib.usecases import publishing, scheduling
from chalicelib.web.context import context
from local import engine as engines
from local import ground

WAVES = 12


@pytest.fixture(autouse=True, scope="module")
def _tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Point the stores at an engine of this module's own, and back."""
    engine = engines.start(None, tmp_path_factory.mktemp("planned") / "engine.log")
    ground.ensure_tables(ground.settings_of("http://localhost", engine.url, None))
    yield
    engine.stop()
    setup.connect(context.settings)


def entry(scope: Scope, action: str, name: str) -> Entry:
    return trail.entry(scope, action, "draft 1", at=NOW, request_id=name)


def planned(wave: int) -> Schedule:
    """Save the draft of a campaign of this wave and plan its publish for now."""
    popups = (replace(ISTANBUL, popup_id=f"stand-{wave}"),)
    whole = campaign(
        offer(stock=Stock(units=5)),
        popups=popups,
        campaign_id=f"race-{wave}",
        number=wave + 1,
    )
    assert campaigns.save_draft(whole, over=0, now=NOW) == 1
    schedule = Schedule(
        campaign_id=whole.campaign_id,
        mark=f"plan-{wave}",
        version=1,
        at=NOW,
        wall="2026-05-20T12:00",
        time_zone="UTC",
        member_id=f"anna-{wave}",
        email="anna@example.org",
    )
    put(member(schedule), over=None)
    scope = schedule.scope
    assert schedules.plan(scope, schedule, entry(scope, "publish planned", "p"), over="")
    assert not schedules.plan(scope, schedule, entry(scope, "publish planned", "q"), over="")
    return schedule


def member(schedule: Schedule) -> Member:
    return Member(member_id=schedule.member_id, email=schedule.email, role=Role.MARKETER)


def put(now: Member, *, over: Member | None) -> None:
    """Keep a member as an owner would."""
    whole = Scope(area=ORGANISATION, member_id="operator", email="operator")
    assert members.keep(whole, now, entry(whole, "member changed", now.member_id), over=over)


def sweep() -> int:
    return scheduling.carry_out(
        schedules, campaigns, members, sweeper._Publisher(), at=NOW, noted_at=NOW
    )


def call_off(schedule: Schedule) -> bool:
    gone = entry(schedule.scope, "publish called off", "c")
    return schedules.call_off(schedule.scope, schedule.mark, gone)


def publish(schedule: Schedule) -> Any:
    try:
        return publishing.publish(
            campaigns, counters, schedule.campaign_id, draft_version=1, now=NOW
        )
    except TryAgain:
        return None


def at_once(dice: Random, *acts: Callable[[], Any]) -> list[Any]:
    """Do all of this within some milliseconds, in a chance order."""
    ready = Barrier(len(acts))

    def started(act: Callable[[], Any], pause: float) -> Any:
        ready.wait()
        sleep(pause)
        return act()

    with ThreadPoolExecutor(len(acts)) as threads:
        begun = [threads.submit(started, act, dice.uniform(0, 0.03)) for act in acts]
        return [one.result() for one in begun]


@pytest.mark.parametrize("wave", range(WAVES))
def test_a_plan_is_carried_out_once_or_called_off_and_never_both(wave: int) -> None:
    schedule = planned(wave)
    dice = Random(wave)  # noqa: S311 - a test repeats its choices
    gone, by_hand, *_ = at_once(
        dice, lambda: call_off(schedule), lambda: publish(schedule), sweep, sweep
    )
    sweep()
    assert schedules.get(schedule.campaign_id) is None
    told = [one.action for one in trails.entries(schedule.scope)]
    assert told.count("published as scheduled") == (0 if gone else 1)
    assert told.count("publish called off") == int(gone)
    record = campaigns.publish_record(schedule.campaign_id)
    live = campaigns.pointers().get(schedule.campaign_id)
    published = int(isinstance(by_hand, Pointer))
    if gone and not published:
        assert live is None
        return
    assert record is not None
    assert record.done
    assert live is not None
    assert live.revision == 1
    assert published <= live.epoch <= published + (not gone)


def test_what_is_edited_at_the_same_moment_is_published_as_planned_or_not_at_all() -> None:
    for wave in range(100, 100 + WAVES):
        schedule = planned(wave)
        found = campaigns.draft(schedule.campaign_id)
        assert found
        edited = replace(found[0], name={"en": "Edited"})
        at_once(
            Random(wave),  # noqa: S311 - a test repeats its choices
            lambda edited=edited: campaigns.save_draft(edited, over=1, now=NOW),  # type: ignore[misc]
            sweep,
            sweep,
        )
        sweep()
        told = [one.action for one in trails.entries(schedule.scope)]
        live = campaigns.pointers().get(schedule.campaign_id)
        assert ("published as scheduled" in told) != ("not published as scheduled" in told)
        assert (live is not None) == ("published as scheduled" in told)
        if live:
            assert campaigns.revision(schedule.campaign_id, live.revision).name == {"en": "A text"}


def test_who_is_removed_at_the_same_moment_published_before_or_not_at_all() -> None:
    for wave in range(200, 200 + WAVES):
        schedule = planned(wave)
        anna = member(schedule)
        at_once(
            Random(wave),  # noqa: S311 - a test repeats its choices
            lambda anna=anna: put(replace(anna, active=False), over=anna),  # type: ignore[misc]
            sweep,
            sweep,
        )
        sweep()
        told = [one.action for one in trails.entries(schedule.scope)]
        live = campaigns.pointers().get(schedule.campaign_id)
        assert told.count("published as scheduled") + told.count("not published as scheduled") == 1
        assert (live is not None) == ("published as scheduled" in told)
