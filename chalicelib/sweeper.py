"""Every minute, what was scheduled is published, and holds that ended give back what they took."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

from chalice import Blueprint
from chalice.app import CloudWatchEvent

from chalicelib.config import read_settings
from chalicelib.domain.member import Member
from chalicelib.domain.schedule import Schedule
from chalicelib.store import campaigns, counters, holds, members, schedules, setup
from chalicelib.usecases import publishing, scheduling, sweeping
from chalicelib.usecases.sweeping import Swept

minutes = Blueprint(__name__)


@minutes.schedule("rate(1 minute)", name="sweeper")
def every_minute(_: CloudWatchEvent) -> dict[str, int]:
    """Lambda's entry; a sweep that dies is made up for by the next."""
    _connect()
    swept = sweep(datetime.now(UTC))
    return {"lapsed": swept.lapsed, "released": swept.released}


def sweep(at: datetime, go_on: Callable[[], bool] = lambda: True) -> Swept:
    """Publish what is due at that instant, and end every hold that is over, while `go_on` says so.

    `at` is business time; the trail has the real one. No trouble of a publish keeps holds waiting.
    """
    try:
        scheduling.carry_out(
            schedules, campaigns, members, _Publisher(), at=at, noted_at=datetime.now(UTC)
        )
    finally:
        swept = sweeping.sweep(holds, at=at, go_on=go_on)
    return swept


class _Publisher:
    """Publishing, with the stores of this deployment."""

    def publish(self, schedule: Schedule, planner: Member, *, now: datetime) -> object:
        return publishing.publish(
            schedules.Beginning(schedule, planner),
            counters,
            schedule.campaign_id,
            draft_version=schedule.version,
            now=now,
        )

    def finish(self, campaign_id: str, *, now: datetime) -> None:
        publishing.finish(campaigns, counters, campaign_id, now=now)


@cache
def _connect() -> None:
    """Point the store at this deployment's tables, once for each process."""
    setup.connect(read_settings())
