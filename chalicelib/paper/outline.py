"""Outlines: the paths of our own drawings read, moved and scaled."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

Step = tuple[str, tuple[float, ...]]  # M x y, L x y, C x1 y1 x2 y2 x y, Z
Outline = tuple[Step, ...]

_COMMAND = re.compile(r"([A-Za-z])([^A-Za-z]*)")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_COUNTS = {"M": 2, "L": 2, "V": 1, "h": 1, "v": 1, "l": 2, "a": 7, "z": 0}
QUARTER = 0.5522847498  # how far a quarter of a circle's handles lie, in radii


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a drawing lies on the sheet: scaled, then moved."""

    x: float
    y: float
    across: float = 1
    down: float = 1

    def of(self, outline: Outline) -> Outline:
        return tuple((name, self._moved(numbers)) for name, numbers in outline)

    def _moved(self, numbers: tuple[float, ...]) -> tuple[float, ...]:
        return tuple(
            self.y + self.down * number if index % 2 else self.x + self.across * number
            for index, number in enumerate(numbers)
        )


def rectangle(x: float, y: float, width: float, height: float) -> Outline:
    corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
    return _closed(corners)


def modules(rows: list[str]) -> Outline:
    """Return the dark modules of a code, one unit each: a rectangle for each run of a row."""
    found: list[Step] = []
    for y, row in enumerate(rows):
        for first, last in _runs(row):
            found += rectangle(first, y, last - first, 1)
    return tuple(found)


def _runs(row: str) -> Iterator[tuple[int, int]]:
    ends = [0]
    for _, group in groupby(row):
        ends.append(ends[-1] + len(list(group)))
    yield from ((first, last) for first, last in pairwise(ends) if row[first] == "1")


def path(drawn: str) -> Outline:
    """Read a path of the awnings: M L V h v l z, and a for a half circle below its ends."""
    found: list[Step] = []
    x = y = 0.0
    for command, text in _COMMAND.findall(drawn):
        numbers = tuple(map(float, _NUMBER.findall(text)))
        count = _COUNTS[command]
        for start in range(0, max(1, len(numbers)), max(1, count)):
            for name, points in _steps(command, numbers[start : start + count], x, y):
                found.append((name, points))
                x, y = points[-2:] or (x, y)
    return tuple(found)


def _steps(command: str, numbers: tuple[float, ...], x: float, y: float) -> Iterator[Step]:
    match command, numbers:
        case "M" | "L", point:
            yield command, point
        case "V", (down,):
            yield "L", (x, down)
        case "h", (across,):
            yield "L", (x + across, y)
        case "v", (down,):
            yield "L", (x, y + down)
        case "l", (across, down):
            yield "L", (x + across, y + down)
        case "a", (radius, *_, across, _):
            yield from _half_circle(radius, across, x, y)
        case _:
            yield "Z", ()


def _half_circle(radius: float, across: float, x: float, y: float) -> Iterator[Step]:
    """Draw two quarters: down to the lowest point, and up again."""
    handle, middle, low = QUARTER * radius, x + across / 2, y + radius
    aside = handle if across > 0 else -handle
    yield "C", (x, y + handle, middle - aside, low, middle, low)
    yield "C", (middle + aside, low, x + across, y + handle, x + across, y)


def _closed(points: tuple[tuple[float, float], ...]) -> Outline:
    first, *others = points
    return (("M", first), *(("L", point) for point in others), ("Z", ()))
