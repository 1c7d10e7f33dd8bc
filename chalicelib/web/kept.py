"""What is the same for a whole crowd is made once, and kept while what it was made of lives."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Kept(Generic[Made]):
    """Things by key, each with the source that it was made of. A full store starts again."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._made: dict[Hashable, tuple[object, Made]] = {}

    def of(self, source: object, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what was made of this very source under this key, else make it."""
        found = self._made.get(key)
        if found is None or found[0] is not source:
            if len(self._made) >= self._most:
                self._made.clear()
            found = self._made[key] = source, make()
        return found[1]
