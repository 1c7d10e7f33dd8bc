"""Publishes whose instant has come are carried out: late where a minute is late, never twice.

Taking a schedule and beginning its publish are one write, on the condition that the draft still is
the version that was planned, and whoever planned it the member that was looked at. What died after
it is finished by the next minute.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chalicelib.domain import checking, trail
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.checking import Beside
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.member import Member
from chalicelib.domain.pointer import Pointer
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.schedule import Schedule, Stage, Why
from chalicelib.domain.trail import Entry, Facts


class Schedules(Protocol):
    """What is planned; `chalicelib.store.schedules` fits."""

    def everything(self) -> Iterator[Schedule]: ...

    def get(self, campaign_id: str) -> Schedule | None: ...

    def end(self, schedule: Schedule, entry: Entry) -> bool:
        """Forget one that is as it was read; False where it is not."""
        ...

    def stop(self, schedule: Schedule, why: Why, entry: Entry) -> bool:
        """Keep one that is as it was read, with why it did not happen; False where it is not."""
        ...


class Catalog(Protocol):
    """What it looks at; `chalicelib.store.campaigns` fits."""

    def draft(self, campaign_id: str) -> tuple[Campaign, int] | None: ...

    def revision(self, campaign_id: str, number: int) -> Campaign: ...

    def pointers(self) -> dict[str, Pointer]: ...


class Members(Protocol):
    """Who planned it; `chalicelib.store.members` fits."""

    def get(self, member_id: str) -> Member | None: ...


class Publisher(Protocol):
    """The use case of publishing, with the stores that it writes to."""

    def publish(self, schedule: Schedule, planner: Member, *, now: datetime) -> object:
        """Begin what is scheduled and carry it out: a pointer, a refusal or what is faulty.

        Where the draft or the planner is not as it was read, nothing is begun.
        """
        ...

    def finish(self, campaign_id: str, *, now: datetime) -> None: ...


def carry_out(
    schedules: Schedules,
    catalog: Catalog,
    members: Members,
    publisher: Publisher,
    *,
    at: datetime,
    noted_at: datetime,
) -> int:
    """Do everything that is due at `at` (business time); return how many came to their end.

    `noted_at` is the real instant, for the trail. What the tables refuse for now, waits a minute.
    """
    ended = 0
    for schedule in schedules.everything():
        if schedule.due(at):
            round_ = _Round(schedules, catalog, members, publisher, at, noted_at)
            try:
                ended += round_.settled(schedule)
            except TryAgain:
                continue
    return ended


@dataclass(frozen=True, slots=True)
class _Round:
    """One minute's go at one schedule."""

    schedules: Schedules
    catalog: Catalog
    members: Members
    publisher: Publisher
    at: datetime
    noted_at: datetime

    def settled(self, schedule: Schedule) -> bool:
        """Bring a schedule as far as it goes; tell whether this ended it."""
        if schedule.stage is Stage.WAITING:
            why = self._held_back(schedule)
            if why is not None and self._stopped(schedule, why):
                return True
        now = self.schedules.get(schedule.campaign_id)
        begun = now is not None and now.mark == schedule.mark and now.stage is Stage.BEGUN
        return self._finished(now) if now is not None and begun else False

    def _held_back(self, schedule: Schedule) -> Why | None:
        """Begin it, unless something speaks against it: return what does."""
        planner = self.members.get(schedule.member_id)
        if planner is None or not schedule.allowed(planner):
            return Why.NOT_ALLOWED
        return self._obstacle(schedule) or self._refused(schedule, planner)

    def _obstacle(self, schedule: Schedule) -> Why | None:
        """Return what speaks against it before anything is begun."""
        found = self.catalog.draft(schedule.campaign_id)
        if found is None or found[1] != schedule.version:
            return Why.EDITED
        live = {
            name: self.catalog.revision(name, pointer.revision)
            for name, pointer in self.catalog.pointers().items()
        }
        before = live.pop(schedule.campaign_id, None)
        beside = Beside(before, tuple(live.values()))
        return Why.BLOCKED if checking.checks(found[0], beside).blocks else None

    def _refused(self, schedule: Schedule, planner: Member) -> Why | None:
        match self.publisher.publish(schedule, planner, now=self.at):
            case Refusal(reason=Reason.LIMIT_BELOW_USE):
                return Why.BELOW_USE
            case Refusal(reason=Reason.EDITED_MEANWHILE):
                return Why.EDITED
            case Pointer() | Refusal():  # done, or another is at it: what is stored tells
                return None
        return Why.BLOCKED

    def _finished(self, schedule: Schedule) -> bool:
        """End one that was begun: finish its publish, and look whether that went back."""
        self.publisher.finish(schedule.campaign_id, now=self.at)
        assert schedule.goal is not None
        live = self.catalog.pointers().get(schedule.campaign_id)
        if live is None or _went_back(live, schedule.goal):
            return self._stopped(schedule, Why.BELOW_USE)
        facts = {"scheduled for": f"{schedule.wall} {schedule.time_zone}"}
        subject = f"revision {schedule.goal.revision}"
        return self.schedules.end(
            schedule, self._entry(schedule, "published as scheduled", subject, facts)
        )

    def _stopped(self, schedule: Schedule, why: Why) -> bool:
        subject = f"draft {schedule.version}"
        entry = self._entry(schedule, "not published as scheduled", subject, {"why": why})
        return self.schedules.stop(schedule, why, entry)

    def _entry(self, schedule: Schedule, action: str, subject: str, after: Facts) -> Entry:
        return trail.entry(
            schedule.scope,
            action,
            subject,
            at=self.noted_at,
            request_id=schedule.mark,
            after=after,
        )


def _went_back(live: Pointer, goal: Pointer) -> bool:
    """Tell whether use overtook the publish, so that the earlier revision is live again.

    Whatever is published or rolled back to later has a later revision; one that never got so far
    as the pointer stands below its epoch.
    """
    return live.epoch < goal.epoch or (
        live.epoch == goal.epoch + 1 and live.revision < goal.revision
    )
