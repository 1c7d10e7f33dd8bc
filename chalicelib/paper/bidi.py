"""Which way each character of a line runs: the Unicode bidirectional algorithm (UAX 9).

Lines of ours have no embeddings, and their brackets stand in one direction: rules X and N0 are
left out, and controls of direction take no part.
"""

from collections.abc import Iterator
from itertools import groupby
from unicodedata import bidirectional

_NEUTRAL = {"B", "S", "WS", "ON"}
_CONTROLS = {*("BN", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")}


def levels(text: str, *, rtl: bool) -> list[int]:
    """Return each character's level: even ones run to the right, odd ones to the left."""
    base = int(rtl)
    kinds = [_kind(char) for char in text]
    _weak(kinds, "R" if rtl else "L")
    _neutral(kinds, "R" if rtl else "L")
    found = [base + _rise(kind, base) for kind in kinds]
    for index in range(len(text) - 1, -1, -1):  # L1: blanks at the end belong to the line
        if bidirectional(text[index]) not in {"WS", *_CONTROLS}:
            break
        found[index] = base
    return found


def order(levels: list[int]) -> list[int]:
    """Return the places of runs, which have these levels, from left to right (L2)."""
    places = list(range(len(levels)))
    least_odd = min((level for level in levels if level % 2), default=None)
    if least_odd is None:
        return places
    for least in range(max(levels), least_odd - 1, -1):
        places = _turned(places, [levels[place] >= least for place in places])
    return places


def _turned(places: list[int], high: list[bool]) -> list[int]:
    """Turn each stretch of places that are marked."""
    found: list[int] = []
    for marked, group in groupby(zip(places, high, strict=True), key=lambda each: each[1]):
        stretch = [place for place, _ in group]
        found += stretch[::-1] if marked else stretch
    return found


def _kind(char: str) -> str:
    kind = bidirectional(char) or "L"
    return "BN" if kind in _CONTROLS else kind


def _weak(kinds: list[str], base: str) -> None:
    """W1 to W7: marks, numbers and what stands in and beside numbers."""
    _numbered(kinds, base)
    kinds[:] = ["R" if kind == "AL" else kind for kind in kinds]
    _separated(kinds)
    for first, last, found in _runs(kinds, {"ET", "BN"}):
        if found and "ET" in kinds[first:last]:
            beside = {kinds[first - 1] if first else "", kinds[last] if last < len(kinds) else ""}
            kinds[first:last] = ["EN" if "EN" in beside else "ON"] * (last - first)
    strong = base
    for index, kind in enumerate(kinds):
        if kind in {"L", "R"}:
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[index] = "L"
        elif kind in {"ES", "CS"}:
            kinds[index] = "ON"


def _numbered(kinds: list[str], base: str) -> None:
    """W1 and W2: a mark is as its letter, a number after an Arabic letter is an Arabic one."""
    strong = before = base
    for index in range(len(kinds)):
        if kinds[index] == "NSM":
            kinds[index] = before
        if kinds[index] in {"L", "R", "AL"}:
            strong = kinds[index]
        if kinds[index] == "EN" and strong == "AL":
            kinds[index] = "AN"
        if kinds[index] != "BN":
            before = kinds[index]


def _separated(kinds: list[str]) -> None:
    """W4: one separator between two numbers of a kind is a part of them."""
    for index in range(1, len(kinds) - 1):
        before, kind, after = kinds[index - 1 : index + 2]
        if before == after and (kind, after) in {("ES", "EN"), ("CS", "EN"), ("CS", "AN")}:
            kinds[index] = before


def _neutral(kinds: list[str], base: str) -> None:
    """N1 and N2: what has no direction takes that of both its sides, or the line's."""
    for first, last, neutral in _runs(kinds, {*_NEUTRAL, "BN"}):
        if neutral:
            before = _side(kinds[first - 1]) if first else base
            after = _side(kinds[last]) if last < len(kinds) else base
            kinds[first:last] = [before if before == after else base] * (last - first)


def _runs(kinds: list[str], wanted: set[str]) -> Iterator[tuple[int, int, bool]]:
    first = 0
    for found, group in groupby(kinds[:], key=lambda kind: kind in wanted):
        last = first + len(list(group))
        yield first, last, found
        first = last


def _side(kind: str) -> str:
    return "L" if kind == "L" else "R"  # numbers count as right to left


def _rise(kind: str, base: int) -> int:
    """I1 and I2."""
    if base:
        return 0 if kind == "R" else 1
    return {"L": 0, "R": 1}.get(kind, 2)
