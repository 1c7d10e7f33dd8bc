"""How much the rigs do: a little in `make test`, more in `make prove`, all of it from one seed."""

import random
from dataclasses import dataclass

import pytest

USUAL_MINUTES = 2.0  # what the rigs take together in `make test`, about
USUAL_SEED = 1


@dataclass(frozen=True, slots=True)
class Effort:
    """The seed of every choice, and how many times the usual is done."""

    seed: int = USUAL_SEED
    minutes: float = USUAL_MINUTES

    @property
    def scale(self) -> float:
        return max(1.0, self.minutes / USUAL_MINUTES)

    def times(self, usual: int = 1) -> int:
        """Return how often to do what is usually done so often."""
        return round(usual * self.scale)

    def seconds(self, usual: float) -> float:
        """Return how long to go on with what usually goes on so long."""
        return usual * self.scale

    def rng(self, name: str) -> random.Random:
        """Return the dice of one test; the same seed and name throw the same."""
        return random.Random(f"{self.seed}|{name}")  # noqa: S311 - dice


EFFORT = pytest.StashKey[Effort]()
