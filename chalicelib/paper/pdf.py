"""Sheets as one PDF (ISO 32000-1): shapes as paths, words as glyphs of faces that it carries.

The same sheets give the same bytes: no date and no chance is in them.
"""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from chalicelib.paper import letters
from chalicelib.paper.outline import Outline
from chalicelib.paper.sheet import Area, Sheet, Words

_POINTS = 72 / 25.4  # a millimetre
_OPERATORS = {"M": "m", "L": "l", "C": "c", "Z": "h"}
_TO_UNICODE = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{}
endcmap
CMapName currentdict /CMap defineresource pop
end
end"""


def pdf(sheets: Sequence[Sheet]) -> bytes:
    """Return a document with one page a sheet, each of its own size."""
    file, faces = _File(), _Faces()
    root, pages = file.reserve(), file.reserve()
    contents = [file.stream(_content(sheet, faces)) for sheet in sheets]
    fonts = {name: _font(file, name, used) for name, used in faces.used.items()}
    resources = " ".join(f"/{name} {number} 0 R" for name, number in fonts.items())
    kids = [
        file.add(
            f"<</Type/Page/Parent {pages} 0 R/Contents {content} 0 R"
            f"/MediaBox[0 0 {_n(sheet.width * _POINTS)} {_n(sheet.height * _POINTS)}]"
            f"/Resources<</Font<<{resources}>>>>>>"
        )
        for sheet, content in zip(sheets, contents, strict=True)
    ]
    listed = " ".join(f"{kid} 0 R" for kid in kids)
    file.put(pages, f"<</Type/Pages/Count {len(kids)}/Kids[{listed}]>>")
    file.put(
        root,
        f"<</Type/Catalog/Pages {pages} 0 R/Lang{_text(sheets[0].language)}"
        "/ViewerPreferences<</DisplayDocTitle true/PrintScaling/None>>>>",
    )
    return file.bytes(root, file.add(f"<</Title{_text(sheets[0].title)}>>"))


@dataclass(slots=True)
class _File:
    """The objects of a document, which have numbers from 1 on."""

    objects: list[bytes] = field(default_factory=list)

    def reserve(self) -> int:
        self.objects.append(b"null")
        return len(self.objects)

    def put(self, number: int, body: str) -> None:
        self.objects[number - 1] = body.encode("ascii")

    def add(self, body: str) -> int:
        number = self.reserve()
        self.put(number, body)
        return number

    def stream(self, data: bytes, more: str = "") -> int:
        packed = zlib.compress(data, 9)
        head = f"<</Filter/FlateDecode/Length {len(packed)}{more}>>stream\n"
        self.objects.append(head.encode("ascii") + packed + b"\nendstream")
        return len(self.objects)

    def bytes(self, root: int, info: int) -> bytes:
        out, places = bytearray(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n"), []
        for number, body in enumerate(self.objects, 1):
            places.append(len(out))
            out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
        table = "".join(f"{place:010} 00000 n \n" for place in places)
        count, start = len(places) + 1, len(out)
        trailer = f"trailer<</Size {count}/Root {root} 0 R/Info {info} 0 R>>"
        end = f"xref\n0 {count}\n0000000000 65535 f \n{table}{trailer}\nstartxref\n{start}\n%%EOF\n"
        return bytes(out) + end.encode("ascii")


@dataclass(slots=True)
class _Faces:
    """Which glyphs of which face a document shows, and what each says."""

    used: dict[str, dict[int, str]] = field(default_factory=dict)

    def note(self, glyph: letters.Glyph) -> None:
        said = self.used.setdefault(glyph.face, {})
        said[glyph.number] = said.get(glyph.number) or glyph.says


def _content(sheet: Sheet, faces: _Faces) -> bytes:
    """Draw a sheet: millimetres from the upper left, as it has them."""
    lines = [f"{_n(_POINTS)} 0 0 {_n(-_POINTS)} 0 {_n(sheet.height * _POINTS)} cm 1 j"]
    for mark in sheet.marks:
        lines += _area(mark) if isinstance(mark, Area) else _words(mark, faces)
    return "\n".join(lines).encode("ascii")


def _area(area: Area) -> Iterable[str]:
    if area.fill:
        yield f"{_colour(area.fill)} rg"
    if area.line_mm:
        yield f"{_n(area.line_mm)} w"
    yield _path(area.outline)
    painted = {(True, False): "f", (False, True): "S", (True, True): "B"}[
        area.fill is not None, bool(area.line_mm)
    ]
    yield f"{painted}*" if area.even_odd else painted


def _path(outline: Outline) -> str:
    return " ".join(f"{' '.join(map(_n, numbers))} {_OPERATORS[name]}" for name, numbers in outline)


def _words(words: Words, faces: _Faces) -> Iterable[str]:
    """Show the glyphs where the shaping put them; letters are turned back, up is up for them."""
    yield f"{_colour(words.colour)} rg BT"
    glyphs = letters.line(words.text, words.style).glyphs
    for (face, rise), stretch in groupby(glyphs, key=lambda glyph: (glyph.face, glyph.y)):
        shown = list(stretch)
        x, y = words.left + shown[0].x * words.size, words.y - rise * words.size
        yield f"/{face} {_n(words.size)} Tf 1 0 0 -1 {_n(x)} {_n(y)} Tm [{_shown(shown)}] TJ"
        for glyph in shown:
            faces.note(glyph)
    yield "ET"


def _shown(glyphs: Sequence[letters.Glyph]) -> str:
    """Write glyphs of one height: between two of them, how far the second moves to the left."""
    parts, at = [], glyphs[0].x
    for glyph in glyphs:
        back = round((at - glyph.x) * 1000)
        parts += [str(back)] * bool(back) + [f"<{glyph.number:04X}>"]
        at = glyph.x + letters.font(glyph.face).get_glyph_h_advance(glyph.number) / 1000
    return "".join(parts).replace("><", "")


def _font(file: _File, name: str, used: Mapping[int, str]) -> int:
    """Add a face with the glyphs that are used; return its number."""
    data, font = letters.subset(name, {0, *used}), letters.font(name)
    program = file.stream(data, f"/Length1 {len(data)}")
    extents = font.get_font_extents("ltr")
    descriptor = file.add(
        f"<</Type/FontDescriptor/FontName/{name}/Flags 4/FontBBox[-500 -500 1500 1200]"
        f"/ItalicAngle 0/Ascent {extents.ascender}/Descent {extents.descender}/CapHeight 700"
        f"/StemV 100/FontFile2 {program} 0 R>>"
    )
    widths = "".join(f"{glyph}[{font.get_glyph_h_advance(glyph)}]" for glyph in sorted(used))
    descendant = file.add(
        f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDToGIDMap/Identity"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
        f"/FontDescriptor {descriptor} 0 R/W[{widths}]>>"
    )
    says = file.stream(_TO_UNICODE.format(_ranges(used)).encode("ascii"))
    return file.add(
        f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H"
        f"/DescendantFonts[{descendant} 0 R]/ToUnicode {says} 0 R>>"
    )


def _ranges(used: Mapping[int, str]) -> str:
    """Write what glyphs say; a section holds a hundred lines at most."""
    lines = [
        f"<{glyph:04X}> <{says.encode('utf-16-be').hex()}>"
        for glyph, says in sorted(used.items())
        if says
    ]
    parts = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    return "\n".join(f"{len(part)} beginbfchar\n{chr(10).join(part)}\nendbfchar" for part in parts)


def _text(text: str) -> str:
    return f"<FEFF{text.encode('utf-16-be').hex()}>"


def _colour(colour: str) -> str:
    return " ".join(_n(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))


def _n(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".") or "0"
