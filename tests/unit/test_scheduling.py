"""A planned publish happens at its instant or says why not: once, whoever dies or comes twice."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from fakes import Catalog, Crashed, Fate, Fragile, Ledger
from made import ANKARA, ISTANBUL, NOW, campaign, offer

from chalicelib.domain.campaign import Campaign
from chalicelib.domain.counter import CounterId, CounterKind
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.limits import Change
from chalicelib.domain.member import Member, Role
from chalicelib.domain.offer import Stock
from chalicelib.domain.pointer import Pointer, PublishRecord
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.schedule import Schedule, Stage, Why
from chalicelib.domain.trail import Entry
from chalicelib.usecases import publishing, scheduling

ANNA = Member(member_id="anna", email="anna@example.org", role=Role.MARKETER)
UNIT = CounterId(CounterKind.STOCK, 7, 1, 1, "0")


@dataclass
class Members:
    """Who works in the console, in memory."""

    known: dict[str, Member]

    def get(self, member_id: str) -> Member | None:
        return self.known.get(member_id)


@dataclass
class Plans:
    """What is planned, in memory: each method is one conditional write."""

    catalog: Catalog
    ledger: Ledger = field(default_factory=Ledger)
    planned: dict[str, Schedule] = field(default_factory=dict)
    members: Members = field(default_factory=lambda: Members({"anna": ANNA}))
    entries: list[Entry] = field(default_factory=list)

    def everything(self) -> Iterator[Schedule]:
        yield from list(self.planned.values())

    def get(self, campaign_id: str) -> Schedule | None:
        return self.planned.get(campaign_id)

    def end(self, schedule: Schedule, entry: Entry) -> bool:
        if self.planned.get(schedule.campaign_id) != schedule:
            return False
        del self.planned[schedule.campaign_id]
        self.entries.append(entry)
        return True

    def stop(self, schedule: Schedule, why: Why, entry: Entry) -> bool:
        if self.planned.get(schedule.campaign_id) != schedule:
            return False
        self.planned[schedule.campaign_id] = replace(schedule, stage=Stage.STOPPED, why=why)
        self.entries.append(entry)
        return True

    def told(self) -> list[tuple[str, str]]:
        return [(entry.action, entry.subject) for entry in self.entries]


@dataclass
class Beginning:
    """The catalog in which a publish takes its schedule along."""

    plans: Plans
    schedule: Schedule
    planner: Member

    def __getattr__(self, name: str) -> Any:
        return getattr(self.plans.catalog, name)

    def open_publish(self, campaign_id: str, goal: Pointer, **facts: Any) -> PublishRecord | None:
        if facts.get("over"):
            return self.plans.catalog.open_publish(campaign_id, goal, **facts)
        draft = self.plans.catalog.draft(campaign_id)
        assert draft
        planned = self.plans.planned.get(campaign_id) == self.schedule
        unchanged = self.plans.members.get(self.schedule.member_id) == self.planner
        if not planned or not unchanged or draft[1] != self.schedule.version:
            return PublishRecord(goal.revision, goal.epoch, done=False)
        stands = self.plans.catalog.open_publish(campaign_id, goal, **facts)
        if stands is None:
            self.plans.planned[campaign_id] = replace(self.schedule, stage=Stage.BEGUN, goal=goal)
        return stands


@dataclass
class Publisher:
    """The use case on these stores, in a process that may die."""

    plans: Plans
    fate: Fate = field(default_factory=lambda: Fate(10**6))

    def publish(self, schedule: Schedule, planner: Member, *, now: Any) -> object:
        return publishing.publish(
            Fragile(Beginning(self.plans, schedule, planner), self.fate),
            Fragile(self.plans.ledger, self.fate),
            schedule.campaign_id,
            draft_version=schedule.version,
            now=now,
        )

    def finish(self, campaign_id: str, *, now: Any) -> None:
        publishing.finish(
            Fragile(self.plans.catalog, self.fate),
            Fragile(self.plans.ledger, self.fate),
            campaign_id,
            now=now,
        )


def stocked(units: int, **facts: Any) -> Campaign:
    return campaign(offer(stock=Stock(units=units)), popups=(ISTANBUL,), **facts)


def planned(document: Campaign, **facts: Any) -> Plans:
    """Return a plan to publish a document that is the draft, at noon."""
    plans = Plans(Catalog())
    plan(plans, document, **facts)
    return plans


def plan(plans: Plans, document: Campaign, **facts: Any) -> None:
    whole: dict[str, Any] = {
        "campaign_id": "festival",
        "mark": "req-1",
        "version": plans.catalog.save(document),
        "at": NOW,
        "wall": "2026-05-20T15:00",
        "time_zone": "Europe/Istanbul",
        "member_id": "anna",
        "email": "anna@example.org",
        **facts,
    }
    plans.planned["festival"] = Schedule(**whole)


def minute(plans: Plans, *, minutes: int = 0, publisher: Any = None) -> int:
    return scheduling.carry_out(
        plans,
        plans.catalog,
        plans.members,
        publisher or Publisher(plans),
        at=NOW + timedelta(minutes=minutes),
        noted_at=NOW,
    )


def published(plans: Plans) -> None:
    """Publish the first document, as a marketer would have before."""
    version = plans.catalog.save(stocked(5))
    outcome = publishing.publish(
        plans.catalog, plans.ledger, "festival", draft_version=version, now=NOW
    )
    assert outcome == Pointer(1, 1)


def test_a_publish_waits_for_its_instant_and_happens_once() -> None:
    plans = planned(stocked(5))
    assert minute(plans, minutes=-1) == 0
    assert plans.catalog.live == {}
    assert minute(plans, minutes=3) == 1
    assert plans.catalog.live == {"festival": Pointer(1, 1)}
    assert minute(plans, minutes=4) == 0
    [entry] = plans.entries
    assert (entry.action, entry.subject) == ("published as scheduled", "revision 1")
    assert (entry.email, entry.request_id) == ("anna@example.org", "req-1")
    assert entry.after == {"scheduled for": "2026-05-20T15:00 Europe/Istanbul"}


def test_what_was_edited_since_is_not_published() -> None:
    plans = planned(stocked(5))
    plans.catalog.save(stocked(6))
    assert minute(plans) == 1
    assert plans.planned["festival"].why is Why.EDITED
    assert plans.catalog.live == {}
    assert plans.told() == [("not published as scheduled", "draft 1")]
    assert minute(plans) == 0


def test_what_has_no_draft_any_more_is_not_published() -> None:
    plans = planned(stocked(5))
    plans.catalog.draft = lambda _: None  # type: ignore[method-assign,assignment]
    assert minute(plans) == 1
    assert plans.planned["festival"].why is Why.EDITED


def test_what_the_checks_block_is_not_published() -> None:
    plans = planned(stocked(0))
    assert minute(plans) == 1
    assert plans.planned["festival"].why is Why.BLOCKED


def test_a_stand_of_another_live_campaign_blocks_it() -> None:
    plans = planned(stocked(5))
    other = campaign(campaign_id="other", number=9, popups=(ISTANBUL, ANKARA))
    plans.catalog.live["other"] = Pointer(plans.catalog.freeze(other, now=NOW), 1)
    assert minute(plans) == 1
    assert plans.planned["festival"].why is Why.BLOCKED


@pytest.mark.parametrize(
    "anna",
    [
        None,
        replace(ANNA, active=False),
        replace(ANNA, role=Role.AUDITOR),
        replace(ANNA, campaign_ids=frozenset({"other"})),
    ],
)
def test_what_was_planned_by_who_may_no_longer_publish_is_not_published(
    anna: Member | None,
) -> None:
    plans = planned(stocked(5))
    plans.members.known = {"anna": anna} if anna else {}
    assert minute(plans) == 1
    assert plans.planned["festival"].why is Why.NOT_ALLOWED
    assert plans.catalog.live == {}
    assert plans.told() == [("not published as scheduled", "draft 1")]
    [entry] = plans.entries
    assert entry.after == {"why": "not_allowed"}
    assert minute(plans) == 0
    plan(plans, stocked(6), mark="req-2", member_id="berta")
    plans.members.known["berta"] = replace(ANNA, member_id="berta")
    assert minute(plans) == 1
    assert plans.catalog.live == {"festival": Pointer(1, 1)}


def test_who_may_still_publish_in_another_role_keeps_the_plan() -> None:
    plans = planned(stocked(5))
    plans.members.known["anna"] = replace(ANNA, role=Role.OWNER)
    assert minute(plans) == 1
    assert plans.catalog.live == {"festival": Pointer(1, 1)}


def test_rights_that_end_between_the_look_and_the_write_end_the_plan() -> None:
    plans = planned(stocked(5))
    publisher = Publisher(plans)
    usual = publisher.publish

    def publish(*args: Any, **facts: Any) -> object:
        plans.members.known["anna"] = replace(ANNA, active=False)
        return usual(*args, **facts)

    publisher.publish = publish  # type: ignore[method-assign]
    assert minute(plans, publisher=publisher) == 0
    assert plans.catalog.live == {}
    assert plans.planned["festival"].stage is Stage.WAITING, "the next minute looks anew"
    assert minute(plans) == 1
    assert plans.planned["festival"].why is Why.NOT_ALLOWED


def test_what_was_begun_is_finished_whatever_becomes_of_who_planned_it() -> None:
    plans = Plans(Catalog())
    published(plans)
    plan(plans, stocked(9))
    calls = 0
    while plans.planned["festival"].stage is Stage.WAITING:
        calls += 1
        with contextlib.suppress(Crashed):
            minute(plans, publisher=Publisher(plans, Fate(calls)))
    plans.members.known.clear()
    assert minute(plans) == 1
    assert plans.catalog.live == {"festival": Pointer(2, 2)}
    assert plans.told() == [("published as scheduled", "revision 2")]


def test_a_limit_below_its_use_keeps_it_back() -> None:
    plans = Plans(Catalog())
    published(plans)
    for _ in range(4):
        assert plans.ledger._take(UNIT, 1)
    plan(plans, stocked(3))
    assert minute(plans) == 1
    assert plans.planned["festival"].why is Why.BELOW_USE
    assert plans.catalog.live == {"festival": Pointer(1, 1)}


class Overtaken(Ledger):
    """Counters of which visitors take the rest between the look and the change."""

    def change(self, changes: Sequence[Change], **facts: Any) -> bool:
        while self._take(UNIT, 1):
            pass
        return super().change(changes, **facts)


@pytest.mark.parametrize("before", [True, False])
def test_a_publish_that_use_overtook_goes_back_and_says_so(*, before: bool) -> None:
    plans = Plans(Catalog(), Overtaken())
    if before:
        plans.ledger = Ledger()
        published(plans)
        overtaken = Overtaken(counters=plans.ledger.counters)
        plans.ledger = overtaken
    plan(plans, stocked(3))
    if not before:
        plans.planned["festival"] = replace(
            plans.planned["festival"], stage=Stage.BEGUN, goal=Pointer(1, 1)
        )
    minute(plans)
    minute(plans)
    assert plans.planned["festival"].why is Why.BELOW_USE
    assert [action for action, _ in plans.told()] == ["not published as scheduled"]
    assert plans.catalog.live == ({"festival": Pointer(1, 3)} if before else {})


def test_what_another_is_publishing_waits_a_minute() -> None:
    plans = planned(stocked(5))
    plans.catalog.freeze(stocked(5), now=NOW)
    in_progress = Publisher(plans)
    in_progress.publish = lambda *_, **__: Refusal(  # type: ignore[method-assign]
        Reason.IN_PROGRESS
    )
    assert minute(plans, publisher=in_progress) == 0
    assert plans.planned["festival"].stage is Stage.WAITING
    assert minute(plans) == 1


@pytest.mark.parametrize(
    ("outcome", "why"),
    [
        (Refusal(Reason.EDITED_MEANWHILE), Why.EDITED),
        (publishing.Faulty(()), Why.BLOCKED),
    ],
)
def test_what_changes_under_its_eyes_keeps_it_back(outcome: Any, why: Why) -> None:
    plans = planned(stocked(5))
    refusing = Publisher(plans)
    refusing.publish = lambda *_, **__: outcome  # type: ignore[method-assign]
    assert minute(plans, publisher=refusing) == 1
    assert plans.planned["festival"].why is why


def test_one_that_was_called_off_meanwhile_is_left_alone() -> None:
    plans = planned(stocked(5))
    stale = plans.planned.pop("festival")
    plans.everything = lambda: iter([stale])  # type: ignore[method-assign]
    plans.catalog.save(stocked(6))
    assert minute(plans) == 0
    assert plans.entries == []


def test_one_that_was_planned_anew_meanwhile_is_left_alone() -> None:
    plans = planned(stocked(5))
    stale = plans.planned["festival"]
    plans.planned["festival"] = replace(stale, mark="req-2", at=NOW + timedelta(hours=1))
    plans.everything = lambda: iter([stale])  # type: ignore[method-assign]
    assert minute(plans) == 0
    assert plans.catalog.live == {}


def test_a_busy_table_keeps_no_other_campaign_waiting() -> None:
    plans = planned(stocked(5))
    plans.planned = {"busy": replace(plans.planned["festival"], campaign_id="busy")} | plans.planned
    usual = plans.catalog.draft

    def draft(campaign_id: str) -> Any:
        if campaign_id == "busy":
            raise TryAgain("busy")
        return usual(campaign_id)

    plans.catalog.draft = draft  # type: ignore[method-assign]
    assert minute(plans) == 1
    assert plans.catalog.live == {"festival": Pointer(1, 1)}
    assert set(plans.planned) == {"busy"}


def test_wherever_a_minute_dies_the_next_one_finishes_it_once() -> None:
    for calls in range(60):
        plans = Plans(Catalog())
        published(plans)
        plan(plans, stocked(9))
        try:
            minute(plans, publisher=Publisher(plans, Fate(calls)))
        except Crashed:
            assert minute(plans, minutes=1) == 1
            ended = False
        else:
            ended = True
        assert plans.catalog.live == {"festival": Pointer(2, 2)}, calls
        assert plans.told() == [("published as scheduled", "revision 2")]
        assert plans.ledger.counters[UNIT].cap == 9
        if ended:
            return
    raise AssertionError("it never came to its end")


def test_two_at_the_same_schedule_leave_one_entry() -> None:
    plans = planned(stocked(5))
    stale = plans.planned["festival"]
    assert minute(plans) == 1
    plans.everything = lambda: iter([stale])  # type: ignore[method-assign]
    assert minute(plans) == 0
    assert len(plans.entries) == 1
