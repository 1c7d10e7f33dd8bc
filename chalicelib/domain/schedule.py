"""A publish that waits for its instant: of which draft, who wants it, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.member import Member, Right, Scope
from chalicelib.domain.pointer import Pointer


class Stage(StrEnum):
    """How far it came. What was published, or called off, is not there any more."""

    WAITING = "waiting"
    BEGUN = "begun"  # its publish is under way, and will be finished by whoever comes
    STOPPED = "stopped"  # it did not happen; `why` says so


class Why(StrEnum):
    """What kept a publish from happening at its instant."""

    EDITED = "edited"
    BLOCKED = "blocked"
    BELOW_USE = "below_use"
    NOT_ALLOWED = "not_allowed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """One a campaign. `mark` tells it from what was planned before it, or instead.

    `wall` and `time_zone` are as they were typed, `at` is the instant (UTC) that they mean.
    `goal` is what it began to publish.
    """

    campaign_id: str
    mark: str
    version: int
    at: datetime
    wall: str
    time_zone: str
    member_id: str
    email: str
    stage: Stage = Stage.WAITING
    why: Why | None = None
    goal: Pointer | None = None

    @property
    def scope(self) -> Scope:
        """In whose name it is carried out."""
        return Scope(area=self.campaign_id, member_id=self.member_id, email=self.email)

    def allowed(self, planner: Member | None) -> bool:
        """Tell whether whoever planned it may publish the campaign as this member is now."""
        if planner is None or not planner.may(Right.PUBLISH):
            return False
        return planner.scope(self.campaign_id) is not None

    def due(self, at: datetime) -> bool:
        """Tell whether there is something to do at an instant, however late."""
        return self.stage is Stage.BEGUN or (self.stage is Stage.WAITING and self.at <= at)
