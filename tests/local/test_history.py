"""The sample history: planned the same each time, lived once, through the rules of everyone."""

import json
import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from soon import soon

from chalicelib.domain.counter import CounterId, CounterKind
from chalicelib.domain.offer import Scope
from chalicelib.domain.reasons import Reason
from chalicelib.store import counters, holds, insights
from local import ground, house, sample_loader, seed, visits
from local.clock import real_now
from local.visits import Claim, Scan, Visit
from local.world import World

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
NOON = datetime(2026, 5, 20, 12, tzinfo=UTC)  # no midnight comes in between
NEAR = 0.15  # how far the counts may lie from the round numbers they aim at


def planned(now: datetime = NOW) -> list[Visit]:
    campaign = sample_loader.festival_now(NOW.date())
    return [visit for lane in visits.plan(campaign, now) for visit in lane]


# --- the plan ------------------------------------------------------------------------------------
def test_the_plan_is_the_same_each_time() -> None:
    assert planned() == planned()


def test_no_visitor_comes_twice() -> None:
    names = Counter(visit.visitor for visit in planned())
    assert max(names.values()) == 1


def test_nothing_happens_in_the_future_or_before_the_reveal() -> None:
    campaign = sample_loader.festival_now(NOW.date())
    for visit in planned():
        revealed = campaign.claimable_from(campaign.popup[visit.popup_id])
        assert all(revealed <= act.at <= NOW for act in visit.acts)


def test_the_acts_of_a_visit_are_in_order() -> None:
    for visit in planned():
        instants = [act.at for act in visit.acts]
        assert instants == sorted(instants)


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_at_each_hour_there_is_a_history_of_some_twenty_stands(hour: int) -> None:
    found = planned(NOW.replace(hour=hour))
    assert len({visit.popup_id for visit in found}) >= 20
    claims = sum(isinstance(act, Claim) for visit in found for act in visit.acts)
    scans = sum(isinstance(act, Scan) for visit in found for act in visit.acts)
    assert claims > 500
    assert scans > 300


def test_before_the_first_reveal_nobody_came() -> None:
    before = datetime(2019, 10, 27, 19, 0, tzinfo=UTC)
    assert visits.plan(sample_loader.festival_2019(), before) == []


def test_an_hour_before_madrids_reveal_only_the_east_has_visitors() -> None:
    at = datetime(2019, 10, 27, 22, 50, tzinfo=UTC)
    stands = {lane[0].popup_id for lane in visits.plan(sample_loader.festival_2019(), at)}
    assert "istanbul-2019" in stands
    assert "madrid-2019" not in stands


# --- lived ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Lived:
    """A house with its history, what the start wrote, and what it logged."""

    house: house.House
    report: seed.SeedReport
    events: list[dict[str, Any]]


class _Events(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.seen: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(json.loads(record.getMessage()))


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    events, log = _Events(), logging.getLogger("marquee.events")
    level = log.level
    log.addHandler(events)
    log.setLevel(logging.INFO)
    try:
        with house.opened(house.Plan(log=tmp_path_factory.mktemp("log"), at=NOON)) as opened:
            report = seed.run(_with_sample(opened.world))
            yield Lived(opened, report, events.seen)
    finally:
        log.removeHandler(events)
        log.setLevel(level)


def _with_sample(world: World) -> World:
    return replace(world, sample=True)


def test_about_600_claims_and_400_uses_are_written(lived: Lived) -> None:
    history = lived.report.history
    assert history is not None
    assert history.done["claims"] == pytest.approx(600, rel=NEAR)
    assert history.done["uses"] == pytest.approx(400, rel=NEAR)
    assert history.done["deliveries chosen"] > 100
    assert history.done["given back"] > 5


def test_eight_reasons_and_more_are_refused_and_in_the_log(lived: Lived) -> None:
    history = lived.report.history
    assert history is not None
    logged = Counter(
        Reason(event["reason"]) for event in lived.events if event["event"] == "refused"
    )
    busy = logged.pop(Reason.TRY_AGAIN, 0)  # by the engine of a machine with much to do
    assert logged >= history.refused
    assert (logged - history.refused).total() <= busy
    assert len(logged) >= 8
    assert all(event["sample"] == 1 for event in lived.events)
    assert {Reason.OUT_OF_STOCK, Reason.ALREADY_REDEEMED, Reason.WRONG_CITY} <= set(logged)


def test_a_second_start_writes_nothing(lived: Lived) -> None:
    settings = lived.house.world.settings
    lived.house.projector.drain(30)
    soon(lambda: holds.swept_to() is not None)  # a sweep writes how far it came
    before = ground.items_by_table(settings)
    assert seed.run(_with_sample(lived.house.world)).history is None
    assert ground.items_by_table(settings) == before


def test_the_figures_are_those_of_the_report(lived: Lived) -> None:
    history = lived.report.history
    assert history is not None
    lived.house.projector.drain(30)
    campaign_id = lived.house.world.campaign_at(real_now())
    total = insights.figures(campaign_id)["TOTAL"]
    assert total["claimed"] == history.done["claims"]
    assert total["redeemed"] == history.done["uses"] - history.done["given back"]
    assert total["chosen"] == history.done["deliveries chosen"]


def test_one_stand_has_given_out_all_of_an_offer(lived: Lived) -> None:
    campaign = lived.house.world.campaigns["festival-now"]
    small = [o for o in campaign.offers if o.stock and o.stock.units <= visits.SMALL_STOCK]
    assert small
    stock = small[0].stock
    assert stock is not None
    assert stock.per is Scope.POPUP
    popup = campaign.popup[small[0].popup_ids[-1]]
    numbers = campaign.number, small[0].number, popup.number
    shards = [CounterId(CounterKind.STOCK, *numbers, str(shard)) for shard in range(stock.shards)]
    assert [counter.left for counter in counters.read(shards).values()] == [0] * stock.shards
