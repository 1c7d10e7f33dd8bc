"""A logo's filled shapes as outlines for a sheet: paths, boxes, circles and polygons.

What a sheet has no way for (lines, words, gradients, arcs, what can be seen through) is not drawn a
little differently: a logo that has any of it, or reaches beyond its box, is not drawn at all.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from xml.etree import ElementTree as ET

from chalicelib.paper.outline import QUARTER, Outline, Step

_COMMAND = re.compile(r"([A-DF-Za-df-z])([^A-DF-Za-df-z]*)")  # `e` is a part of a number
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_CALL = re.compile(r"(?<!\w)(\w+)\s*\(([^()]*)\)")
_COLOUR = re.compile(r"#(?:[0-9A-Fa-f]{3}){1,2}")
_COUNTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4}
_NAMES = {"black": "#000000", "white": "#FFFFFF", "none": ""}
_USUAL = {"stroke": "none", "opacity": "1", "fill-opacity": "1", "clip-path": "none", "rx": "0"}
_UNSEEN = {"title", "desc", "defs", "clipPath", "line"}
_LEAST, _MOST = 1e-3, 1e6  # sides of a box: no number of a sheet loses its digits


@dataclass(frozen=True, slots=True)
class Shape:
    outline: Outline
    colour: str
    even_odd: bool


@dataclass(frozen=True, slots=True)
class Logo:
    """What a logo draws in a box from 0, 0 on."""

    width: float
    height: float
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class _Look:
    """What is said around an element. `right` and `down` are where a unit of it leads to."""

    fill: str = "#000000"
    even_odd: bool = False
    right: complex = 1
    down: complex = 1j
    origin: complex = 0

    def at(self, point: complex) -> complex:
        return self.right * point.real + self.down * point.imag + self.origin


def logo(text: str) -> Logo | None:
    """Return what a sanitised SVG draws, or None where a sheet cannot draw all of it."""
    root = ET.fromstring(text)  # noqa: S314 - sanitised: it declares no entity
    try:
        x, y, width, height = _numbers(root.get("viewBox", ""))
        shapes = tuple(_shapes(root, _Look(origin=-complex(x, y))))
    except (ValueError, OverflowError):
        return None
    if not (min(width, height) >= _LEAST and max(width, height) <= _MOST):
        return None
    ends = [n for shape in shapes for _, numbers in shape.outline for n in _pairs(numbers)]
    slack = max(width, height) / 100  # programs round
    inside = all(
        -slack <= end.real <= width + slack and -slack <= end.imag <= height + slack for end in ends
    )
    return Logo(width, height, shapes) if ends and inside else None


def _shapes(element: ET.Element, look: _Look) -> Iterator[Shape]:
    """Yield the shapes of an element and of what is in it. Raises ValueError."""
    tag, said = element.tag.rpartition("}")[2], element.attrib
    odd = any(said.get(name, usual) != usual for name, usual in _USUAL.items())
    if odd or tag in {"text", "ellipse"} or {"display", "visibility", "ry"} & said.keys():
        raise ValueError(tag)
    if tag in _UNSEEN:
        return
    look = _looking(look, said)
    outline = tuple(
        (name, _flat([look.at(point) for point in _pairs(numbers)]))
        for name, numbers in _drawn(tag, said)
    )
    if outline and outline[0][0] != "M":
        raise ValueError(tag)
    if outline and look.fill:
        yield Shape(outline, look.fill, look.even_odd)
    for inner in element:
        yield from _shapes(inner, look)


def _looking(look: _Look, said: dict[str, str]) -> _Look:
    fill, rule = said.get("fill", look.fill), said.get("fill-rule")
    fill = _NAMES.get(fill, fill)
    if fill and not _COLOUR.fullmatch(fill):
        raise ValueError(fill)
    if len(fill) == len("#abc"):
        fill = "#" + "".join(2 * digit for digit in fill[1:])
    look = replace(look, fill=fill, even_odd=rule == "evenodd" if rule else look.even_odd)
    for name, inside in _CALL.findall(said.get("transform", "")):
        match name, _numbers(inside):
            case "matrix", (a, b, c, d, e, f):
                right, down, origin = complex(a, b), complex(c, d), complex(e, f)
            case "translate", (x, *rest) if len(rest) < 2:
                right, down, origin = 1 + 0j, 1j, complex(x, *rest)
            case "scale", (x, *rest) if len(rest) < 2:
                right, down, origin = complex(x), 1j * (rest or [x])[0], 0j
            case _:
                raise ValueError(name)
        lines = replace(look, origin=0)
        look = replace(look, right=lines.at(right), down=lines.at(down), origin=look.at(origin))
    return look


def _drawn(tag: str, said: dict[str, str]) -> Iterator[Step]:
    """Yield the steps of a shape, nothing for what has none. Raises ValueError."""
    x, y, cx, cy, r, wide, high = (
        float(said.get(name, "0")) for name in ("x", "y", "cx", "cy", "r", "width", "height")
    )
    match tag:
        case "path":
            yield from _path(said.get("d", ""))
        case "polygon" | "polyline":
            yield from _path(f"M{said.get('points', '')}Z")
        case "rect":
            yield from _path(f"M{x} {y}h{wide}v{high}h{-wide}Z")
        case "circle":
            k = QUARTER * r
            yield from _path(
                f"M{cx - r} {cy}c0 {-k} {r - k} {-r} {r} {-r}s{r} {r - k} {r} {r}"
                f"s{k - r} {r} {-r} {r}s{-r} {k - r} {-r} {-r}Z"
            )


def _path(drawn: str) -> Iterator[Step]:
    """Yield a path's steps in absolute numbers. Raises ValueError for curves of other kinds."""
    at = start = handle = 0j
    for command, text in _COMMAND.findall(drawn):
        kind, numbers = command.upper(), _numbers(text)
        if kind == "Z":
            at = handle = start
            yield "Z", ()
            continue
        count = _COUNTS.get(kind, 0)
        if not count or len(numbers) % count:
            raise ValueError(command)
        for first in range(0, len(numbers), count):
            base, part = at if command.islower() else 0j, numbers[first : first + count]
            if count == 1:
                across = kind == "H"
                points = [
                    complex(base.real + part[0], at.imag)
                    if across
                    else complex(at.real, base.imag + part[0])
                ]
            else:
                points = [base + point for point in _pairs(part)]
            if kind == "S":
                points.insert(0, 2 * at - handle)
            at, handle = points[-1], points[-2] if kind in "CS" else points[-1]
            start = at if kind == "M" and not first else start
            step = "C" if kind in "CS" else "M" if kind == "M" and not first else "L"
            yield step, _flat(points)


def _numbers(text: str) -> list[float]:
    return [float(number) for number in _NUMBER.findall(text)]


def _pairs(numbers: list[float] | tuple[float, ...]) -> list[complex]:
    return [complex(*pair) for pair in zip(numbers[::2], numbers[1::2], strict=True)]


def _flat(points: list[complex]) -> tuple[float, ...]:
    return tuple(number for point in points for number in (point.real, point.imag))
