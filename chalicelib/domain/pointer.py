"""Which revision of a campaign is live, and the publish that is making one so."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pointer:
    """A live revision; `epoch` rises with every publish and every rollback."""

    revision: int
    epoch: int


@dataclass(frozen=True, slots=True)
class PublishRecord:
    """A publish that was begun: its goal, and whether it came to its end.

    `before` is the revision whose limits it moves; whoever finishes it moves the same ones.
    """

    revision: int
    epoch: int
    done: bool
    before: int | None = None
