"""Publishes that wait for their instant. Access patterns AP-180 to AP-184."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.domain.member import Member, Scope
from chalicelib.domain.pointer import Pointer, PublishRecord
from chalicelib.domain.schedule import Schedule, Stage, Why
from chalicelib.domain.trail import Entry
from chalicelib.store import campaigns, engine, keys, members, news, tables, trails
from chalicelib.store.engine import Raw

_AS_READ = "#name = :name AND stage = :stage"
_NAME = {"#name": "name"}


def everything() -> Iterator[Schedule]:
    """AP-180: yield what is planned of all campaigns. Cost: 1 RCU for 4 KB."""
    return map(_schedule, engine.query(tables.ScheduleItem, keys.SCHEDULES))


def get(campaign_id: str) -> Schedule | None:
    """AP-181: return what is planned of a campaign, or None. Cost: 1 RCU."""
    raw = engine.get(tables.ScheduleItem, keys.schedule(campaign_id))
    return _schedule(raw) if raw else None


def plan(scope: Scope, schedule: Schedule, entry: Entry, *, over: str) -> bool:
    """AP-182: plan a publish in place of the one named `over` ('': of none), with its entry.

    Returns False where another stands there, or its publish is under way. Cost: 4 WCU.
    """
    assert schedule.campaign_id == scope.area, "a member plans for the scope's campaign alone"
    condition, values = "attribute_not_exists(pk)", None
    if over:
        condition = "#name = :name AND stage <> :stage"
        values = {":name": engine.text(over), ":stage": engine.text(Stage.BEGUN)}
    action = engine.put_action(_item(schedule), condition, values)
    if over:
        action["ExpressionAttributeNames"] = _NAME
    return _with_entry({"Put": action}, scope, entry)


def call_off(scope: Scope, mark: str, entry: Entry) -> bool:
    """AP-183: forget what is planned under this name; False where it is not, or is under way."""
    values = {":name": engine.text(mark), ":stage": engine.text(Stage.BEGUN)}
    return _with_entry(
        _delete(scope.area, "#name = :name AND stage <> :stage", values), scope, entry
    )


def end(schedule: Schedule, entry: Entry) -> bool:
    """AP-183, after its publish: forget one that is as it was read."""
    goal = schedule.goal
    assert goal is not None, "only what was begun comes to its end"
    told = news.left(entry, revision=goal.revision, epoch=goal.epoch)
    action = _delete(schedule.campaign_id, _AS_READ, _as_read(schedule))
    return _with_entry(action, schedule.scope, entry, told)


def stop(schedule: Schedule, why: Why, entry: Entry) -> bool:
    """AP-183, where it did not happen: keep one that is as it was read, with why."""
    action = _update(schedule, "SET stage = :next, why = :why", Stage.STOPPED)
    action["ExpressionAttributeValues"] |= {":why": engine.text(why)}
    return _with_entry({"Update": action}, schedule.scope, entry)


@dataclass(frozen=True, slots=True)
class Beginning:
    """The catalog, in which the beginning of a publish takes its schedule along.

    `planner` is whoever planned it, as read.
    """

    schedule: Schedule
    planner: Member

    draft = staticmethod(campaigns.draft)
    freeze = staticmethod(campaigns.freeze)
    revision = staticmethod(campaigns.revision)
    pointers = staticmethod(campaigns.pointers)
    move_pointer = staticmethod(campaigns.move_pointer)
    close_publish = staticmethod(campaigns.close_publish)
    publish_record = staticmethod(campaigns.publish_record)

    def open_publish(
        self,
        campaign_id: str,
        goal: Pointer,
        *,
        now: datetime,
        before: int | None = None,
        over: Pointer | None = None,
        entry: Entry | None = None,
    ) -> PublishRecord | None:
        """AP-184: begin a publish if it is still planned, of a draft that nobody edited.

        What is live already is taken without a publish. Cost: 8 transactional WCU.
        """
        assert entry is None, "what was planned has an entry of its own"
        if over is not None:  # the way back of a publish that was begun
            return campaigns.open_publish(campaign_id, goal, now=now, before=before, over=over)
        stands = PublishRecord(goal.revision, goal.epoch, done=False, before=before)
        if before == goal.revision:
            self._take(Pointer(goal.revision, 0))
            return stands
        item, condition, values = campaigns.publish_action(
            campaign_id, goal, now=now, before=before, over=None
        )
        opened = {"Put": engine.put_action(item, condition, values)}
        return None if self._take(goal, opened) else stands

    def _take(self, goal: Pointer, *actions: dict[str, Any]) -> bool:
        update = _update(self.schedule, "SET stage = :next, revision = :r, epoch = :e", Stage.BEGUN)
        update["ExpressionAttributeValues"] |= {
            ":r": engine.number(goal.revision),
            ":e": engine.number(goal.epoch),
        }
        unedited = {
            **engine.at(tables.DocumentItem, keys.draft(self.schedule.campaign_id)),
            "ConditionExpression": "version = :version",
            "ExpressionAttributeValues": {":version": engine.number(self.schedule.version)},
        }
        checks = ({"ConditionCheck": one} for one in (unedited, members.unchanged(self.planner)))
        whole = [*actions, {"Update": update}, *checks]
        return engine.transact(whole, _token(repr(whole))) is None


def _with_entry(
    action: dict[str, Any], scope: Scope, entry: Entry, *further: dict[str, Any]
) -> bool:
    """Write a change with its entry of the trail and what else goes with it, all or nothing."""
    actions = [action, trails.action(scope, entry), *further]
    return engine.transact(actions, _token(f"{entry.request_id}|{entry.at}|{action}")) is None


def _token(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:36]


def _as_read(schedule: Schedule) -> Raw:
    return {":name": engine.text(schedule.mark), ":stage": engine.text(schedule.stage)}


def _delete(campaign_id: str, condition: str, values: Raw) -> dict[str, Any]:
    return {
        "Delete": {
            **engine.at(tables.ScheduleItem, keys.schedule(campaign_id)),
            "ConditionExpression": condition,
            "ExpressionAttributeNames": _NAME,
            "ExpressionAttributeValues": values,
        }
    }


def _update(schedule: Schedule, expression: str, stage: Stage) -> dict[str, Any]:
    return {
        **engine.at(tables.ScheduleItem, keys.schedule(schedule.campaign_id)),
        "UpdateExpression": expression,
        "ConditionExpression": _AS_READ,
        "ExpressionAttributeNames": _NAME,
        "ExpressionAttributeValues": {**_as_read(schedule), ":next": engine.text(stage)},
    }


def _item(schedule: Schedule) -> tables.ScheduleItem:
    """Return the item of one that waits."""
    return tables.ScheduleItem(
        *keys.schedule(schedule.campaign_id),
        name=schedule.mark,
        version=schedule.version,
        at=schedule.at,
        wall=schedule.wall,
        zone=schedule.time_zone,
        member=schedule.member_id,
        email=schedule.email,
        stage=schedule.stage,
    )


def _schedule(raw: Raw) -> Schedule:
    item = tables.ScheduleItem.from_raw_data(dict(raw))
    goal = Pointer(int(item.revision), int(item.epoch)) if "revision" in raw else None
    return Schedule(
        campaign_id=item.sk,
        mark=item.name,
        version=int(item.version),
        at=item.at,
        wall=item.wall,
        time_zone=item.zone,
        member_id=item.member,
        email=item.email,
        stage=Stage(item.stage),
        why=Why(item.why) if item.why else None,
        goal=goal,
    )
