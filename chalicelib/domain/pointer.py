"""Which revision of a campaign is live, and the publish that is making one so."""

from dataclasses import dataclass

from chalicelib.domain.trail import Entry


@dataclass(frozen=True, slots=True)
class Pointer:
    """A live revision; `epoch` rises with every publish and every rollback."""

    revision: int
    epoch: int


@dataclass(frozen=True, slots=True)
class PublishRecord:
    """A publish that was begun: its goal, and whether it came to its end.

    `before` is the revision whose limits it moves; whoever finishes it moves the same ones, and
    leaves `entry` in the trail: what its publisher would have left there.
    """

    revision: int
    epoch: int
    done: bool
    before: int | None = None
    entry: Entry | None = None

    @property
    def goal(self) -> Pointer:
        return Pointer(self.revision, self.epoch)
