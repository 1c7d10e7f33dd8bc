"""Draws an icon's SVG as PNG files, which phones want on their home screens.

It knows what our own icon needs: filled paths on a square, the later one on top. Curves become
short lines, and each pixel is the mean of SAMPLES by SAMPLES points; nothing has to be installed.
"""

import math
import re
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

SIZES = (180, 192, 512)  # 180 for the home screens of iOS, the others as the web manifest wants
SAMPLES = 4
_FLAT = 8  # lines for each curve

Point = tuple[float, float]


def pictures(svg: str, keep: Path) -> dict[str, bytes]:
    """Return the icon as PNG in each size, by its asset's name; each is drawn once."""
    return {f"staff/icon-{size}.png": _cached(svg, size, keep) for size in SIZES}


def _cached(svg: str, size: int, keep: Path) -> bytes:
    kept = keep / f"{sha256(f'{size} {SAMPLES} {svg}'.encode()).hexdigest()[:16]}.png"
    if not kept.exists():
        keep.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(png(svg, size))
    return kept.read_bytes()


def png(svg: str, size: int) -> bytes:
    """Return a PNG of an SVG of filled paths, `size` pixels wide and high."""
    unit = float(re.findall(r'viewBox="0 0 (\d+) \1"', svg)[0])
    fine = size * SAMPLES
    rows = [bytearray(fine) for _ in range(fine)]  # each point the number of its colour
    colours = [b"\xff\xff\xff"]
    for colour, path in re.findall(r'<path fill="#([0-9A-F]{6})" d="([^"]+)"/>', svg):
        for row, start, end in _spans(_edges(path, fine / unit), fine):
            rows[row][start:end] = bytes([len(colours)]) * (end - start)
        colours.append(bytes.fromhex(colour))
    mean = cache(lambda points: _mean(points, colours))
    return _file([_pixels(rows[top : top + SAMPLES], mean) for top in range(0, fine, SAMPLES)])


def _edges(path: str, scale: float) -> list[tuple[Point, Point]]:
    """Return the outline of a path as lines, in fine pixels."""
    pens: Any = import_module("fontTools.pens.recordingPen")
    parser: Any = import_module("fontTools.svgLib.path.parser")
    pen = pens.RecordingPen()
    parser.parse_path(path, pen)
    edges: list[tuple[Point, Point]] = []
    for outline in _outlines(pen.value):
        points = [(x * scale, y * scale) for x, y in outline]
        edges += zip(points, [*points[1:], points[0]], strict=True)
    return edges


def _outlines(steps: Sequence[tuple[str, Any]]) -> Iterator[list[Point]]:
    points: list[Point] = []
    for step, given in steps:
        if step == "moveTo":
            points = [given[0]]
        elif step == "lineTo":
            points.append(given[0])
        elif step == "curveTo":
            points += _curve(points[-1], *given)
        else:
            yield points


def _curve(start: Point, first: Point, second: Point, end: Point) -> list[Point]:
    """Return points on a cubic curve, its end the last of them."""
    return [_at(step / _FLAT, start, first, second, end) for step in range(1, _FLAT + 1)]


def _at(t: float, *corners: Point) -> Point:
    shares = [math.comb(3, i) * t**i * (1 - t) ** (3 - i) for i in range(4)]
    x, y = (sum(s * c[axis] for s, c in zip(shares, corners, strict=True)) for axis in (0, 1))
    return x, y


def _spans(edges: list[tuple[Point, Point]], size: int) -> Iterator[tuple[int, int, int]]:
    """Yield row, start and end of what lies inside, by the even-odd rule."""
    for row in range(size):
        y = row + 0.5
        crossed = sorted(
            x1 + (y - y1) * (x2 - x1) / (y2 - y1)
            for (x1, y1), (x2, y2) in edges
            if min(y1, y2) <= y < max(y1, y2)
        )
        for left, right in zip(crossed[::2], crossed[1::2], strict=True):
            yield row, max(0, round(left)), min(size, round(right))


def _pixels(fine: Sequence[bytearray], mean: Callable[[bytes], bytes]) -> bytes:
    """Return a row of pixels; most are of points that were seen before."""
    lefts = range(0, len(fine[0]), SAMPLES)
    return b"".join(
        mean(b"".join(bytes(row[left : left + SAMPLES]) for row in fine)) for left in lefts
    )


def _mean(points: bytes, colours: Sequence[bytes]) -> bytes:
    return bytes(sum(colours[p][band] for p in points) // len(points) for band in range(3))


def _file(rows: Sequence[bytes]) -> bytes:
    """Return the PNG file of rows of RGB pixels."""
    head = struct.pack(">IIBBBBB", len(rows[0]) // 3, len(rows), 8, 2, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    chunks = _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
