"""Words set in the faces of what is printed: which glyphs, where; Arabic joined, digits in order.

HarfBuzz shapes. It is loaded with the first line that is measured: no visitor's request does it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.paper import bidi

if TYPE_CHECKING:
    import uharfbuzz

_FACES = Path(__file__).resolve().parents[1] / "data" / "faces"
_EM = 1000  # units of all four faces
_UNUSED = (b"GSUB", b"GPOS", b"GDEF", b"kern", b"name", b"OS/2", b"post")  # by a PDF


class Style(NamedTuple):
    """How a line is set. `language` is a tag: some letters differ by it."""

    bold: bool = False
    language: str = "en"

    @property
    def rtl(self) -> bool:
        return self.language.partition("-")[0] == "ar"


@dataclass(frozen=True, slots=True)
class Glyph:
    """A glyph of a face, in ems from the beginning of its line; `says` is its part of the text."""

    face: str
    number: int
    x: float
    y: float
    says: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of glyphs from left to right. `width` is in ems."""

    glyphs: tuple[Glyph, ...]
    width: float


class _Run(NamedTuple):
    face: str
    level: int
    text: str


@lru_cache(maxsize=2048)
def line(text: str, style: Style) -> Line:
    """Set a text as one line."""
    runs = list(_runs(text, style))
    glyphs: list[Glyph] = []
    x = 0.0
    for place in bidi.order([run.level for run in runs]):
        shaped, width = _shaped(runs[place], style.language)
        glyphs += (Glyph(each.face, each.number, x + each.x, each.y, each.says) for each in shaped)
        x += width
    return Line(tuple(glyphs), x)


def wrapped(text: str, style: Style, width: float) -> list[str]:
    """Break a text after its words into lines of at most so many ems; a longer word stays whole."""
    lines: list[list[str]] = []
    blank, left = line(" ", style).width, 0.0
    for word in text.split():
        wide = line(word, style).width
        if wide + blank > left:
            lines.append([])
            left = width + blank
        lines[-1].append(word)
        left -= wide + blank
    return [" ".join(words) for words in lines]


def subset(face: str, glyphs: set[int]) -> bytes:
    """Return the face's file with these glyphs alone, under the numbers that they have."""
    import uharfbuzz as hb  # noqa: PLC0415 - see above

    wanted = hb.SubsetInput()
    wanted.glyph_set.update(glyphs)
    wanted.flags = hb.SubsetFlags.RETAIN_GIDS | hb.SubsetFlags.NO_HINTING
    wanted.drop_table_tag_set.update(int.from_bytes(table) for table in _UNUSED)
    return bytes(hb.subset(font(face).face, wanted).blob.data)


@cache
def font(face: str) -> "uharfbuzz.Font":
    """Return a face as HarfBuzz has it: bold, text, bold-arabic, text-arabic."""
    import uharfbuzz as hb  # noqa: PLC0415 - see above

    return hb.Font(hb.Face(hb.Blob.from_file_path(str(_FACES / f"{face}.ttf"))))


def _runs(text: str, style: Style) -> Iterator[_Run]:
    """Cut a text where its direction or its face changes."""
    levels = bidi.levels(text, rtl=style.rtl)
    placed = zip(text, levels, (_face(char, style) for char in text), strict=True)
    for (level, face), group in groupby(placed, key=lambda each: each[1:]):
        yield _Run(face, level, "".join(char for char, _, _ in group))


def _face(char: str, style: Style) -> str:
    """Return the face that has a character; what none has shows as a box."""
    latin = "bold" if style.bold else "text"
    arabic = f"{latin}-arabic"
    first, second = (arabic, latin) if style.rtl else (latin, arabic)
    return second if _lacks(first, char) and not _lacks(second, char) else first


@lru_cache(maxsize=4096)
def _lacks(face: str, char: str) -> bool:
    return not font(face).get_nominal_glyph(ord(char))


def _shaped(run: _Run, language: str) -> tuple[list[Glyph], float]:
    """Return a run's glyphs from left to right, and its width."""
    import uharfbuzz as hb  # noqa: PLC0415 - see above

    buffer = hb.Buffer()
    buffer.add_str(run.text)
    buffer.language = language
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if run.level % 2 else "ltr"
    hb.shape(font(run.face), buffer)
    says = _says(run.text, [info.cluster for info in buffer.glyph_infos])
    glyphs, x = [], 0
    for info, at, said in zip(buffer.glyph_infos, buffer.glyph_positions, says, strict=True):
        place = (x + at.x_offset) / _EM, at.y_offset / _EM
        glyphs.append(Glyph(run.face, info.codepoint, *place, said))
        x += at.x_advance
    return glyphs, x / _EM


def _says(text: str, clusters: list[int]) -> list[str]:
    """Return for each glyph which part of the text it shows: the first of a cluster all of it."""
    starts = sorted(set(clusters))
    ends = dict(zip(starts, [*starts[1:], len(text)], strict=True))
    return [
        "" if index and clusters[index - 1] == cluster else text[cluster : ends[cluster]]
        for index, cluster in enumerate(clusters)
    ]
