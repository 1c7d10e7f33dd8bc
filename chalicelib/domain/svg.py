"""A logo as SVG, made anew from what is allowed: shapes, gradients and plain text, nothing active.

Nothing of the original is copied as it stands: elements, attributes and their values are written
again from short lists. What is not on them is left out with all that is in it: scripts, handlers,
styles, links, pictures, animations, what another file or another place of this one holds.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from chalicelib.domain.sentence import Sentence, said

MOST_BYTES: Final = 8_192
_NAMESPACE: Final = "http://www.w3.org/2000/svg"
_DEEPEST: Final = 24
_SHAPES: Final = frozenset(
    ["path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text"]
)
_ELEMENTS: Final = _SHAPES | frozenset(
    [
        "svg",
        "g",
        "defs",
        "tspan",
        "title",
        "desc",
        "linearGradient",
        "radialGradient",
        "stop",
        "clipPath",
    ]
)
_WITH_TEXT: Final = frozenset(["text", "tspan", "title", "desc"])
_PAINT: Final = frozenset(["fill", "stroke", "clip-path"])
_ATTRIBUTES: Final = _PAINT | frozenset(
    [
        "id",
        "viewBox",
        "width",
        "height",
        "x",
        "y",
        "x1",
        "y1",
        "x2",
        "y2",
        "cx",
        "cy",
        "r",
        "rx",
        "ry",
        "fx",
        "fy",
        "dx",
        "dy",
        "d",
        "points",
        "transform",
        "preserveAspectRatio",
        "opacity",
        "fill-opacity",
        "fill-rule",
        "stroke-width",
        "stroke-opacity",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-miterlimit",
        "stroke-dasharray",
        "stroke-dashoffset",
        "clip-rule",
        "clipPathUnits",
        "gradientUnits",
        "gradientTransform",
        "spreadMethod",
        "offset",
        "stop-color",
        "stop-opacity",
        "color",
        "display",
        "visibility",
        "font-family",
        "font-size",
        "font-weight",
        "font-style",
        "text-anchor",
        "letter-spacing",
    ]
)
_ID: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_VALUE: Final = re.compile(r"[A-Za-z0-9 ,.#%()+\-\n\t\r]*")
_CALL: Final = re.compile(r"(?<![A-Za-z0-9#.%-])([A-Za-z0-9#.%-]*)\s*\(")
_CALLS: Final = frozenset(
    ["matrix", "translate", "scale", "rotate", "skewX", "skewY", "rgb", "rgba", "hsl", "hsla"]
)
_OWN: Final = re.compile(r"url\(\s*#([A-Za-z][A-Za-z0-9_-]{0,63})\s*\)")
_LENGTH: Final = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)(?:px)?\s*")
_BOX: Final = re.compile(r"\s*-?[0-9.]+([\s,]+-?[0-9.]+){3}\s*")
_XML_ONLY: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class BadSvgError(ValueError):
    """The bytes are no logo that is taken; the sentence says why and what to do."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def sanitised(data: bytes) -> str:
    """Return the logo as it is kept; made of a logo that is kept, the same again.

    Raises BadSvgError.
    """
    if len(data) > MOST_BYTES:
        raise BadSvgError(_too_large(len(data)))
    writing = _Writing()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = writing.start
    parser.EndElementHandler = writing.end
    parser.CharacterDataHandler = writing.text
    parser.StartDoctypeDeclHandler = _doctype
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        told = said("is no SVG that can be read; save it anew from a vector program")
        raise BadSvgError(told) from error
    made = "".join(writing.out)
    if not writing.drawn:
        raise BadSvgError(said("draws nothing: outlines of a vector program are what it needs"))
    if len(made.encode()) > MOST_BYTES:
        raise BadSvgError(_too_large(len(made.encode())))
    return made


def is_sanitised(text: str) -> bool:
    """Tell whether a text is a logo as it is kept."""
    try:
        return sanitised(text.encode()) == text
    except (BadSvgError, UnicodeEncodeError):
        return False


def _too_large(found: int) -> Sentence:
    return said(
        "has {found} bytes; {most} is the most: let a vector program make it simpler",
        found=found,
        most=MOST_BYTES,
    )


def _doctype(_name: str, _system: str | None, _public: str | None, has_subset: int) -> None:
    """Refuse a DOCTYPE with declarations: entities are made there, and nowhere else."""
    if has_subset:
        raise BadSvgError(said("declares entities in its DOCTYPE; save it as plain SVG"))


@dataclass
class _Writing:
    """The new document while the old one is read. `skipped` counts open elements left out."""

    out: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    skipped: int = 0
    drawn: bool = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        namespace, _, tag = name.rpartition(" ")
        if not self.open and not self.skipped and (namespace, tag) != (_NAMESPACE, "svg"):
            raise BadSvgError(said("is no SVG: its first element must be svg"))
        allowed = namespace == _NAMESPACE and tag in _ELEMENTS and (tag != "svg" or not self.open)
        if self.skipped or not allowed or len(self.open) >= _DEEPEST:
            self.skipped += 1
            return
        kept = dict(_kept(attributes))
        if tag == "svg":
            kept = {"xmlns": _NAMESPACE, **_box(kept)}
        self.drawn = self.drawn or tag in _SHAPES
        self.open.append(tag)
        written = "".join(f" {name}={quoteattr(text)}" for name, text in sorted(kept.items()))
        self.out.append(f"<{tag}{written}>")

    def end(self, _: str) -> None:
        if self.skipped:
            self.skipped -= 1
        else:
            self.out.append(f"</{self.open.pop()}>")

    def text(self, text: str) -> None:
        if not self.skipped and self.open and self.open[-1] in _WITH_TEXT:
            self.out.append(escape(_XML_ONLY.sub("", text)))


def _kept(attributes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the attributes that stay; a style counts as the attributes that it stands for."""
    for declaration in attributes.get("style", "").split(";"):
        name, colon, value = declaration.partition(":")
        if colon and name.strip() != "id" and _is_safe(name.strip(), value.strip()):
            yield name.strip(), value.strip()
    for name, value in attributes.items():
        if name not in _styled(attributes) and _is_safe(name, value):
            yield name, value


def _styled(attributes: Mapping[str, str]) -> frozenset[str]:
    """Return the names that a style gives a value: it goes before an attribute."""
    declared = attributes.get("style", "").split(";")
    return frozenset(one.partition(":")[0].strip() for one in declared)


def _is_safe(name: str, value: str) -> bool:
    if name not in _ATTRIBUTES:
        return False
    if name == "id":
        return _ID.fullmatch(value) is not None
    if name in _PAINT and _OWN.fullmatch(value):
        return True
    calls = _CALL.findall(value)
    return _VALUE.fullmatch(value) is not None and all(one in _CALLS for one in calls)


def _box(kept: Mapping[str, str]) -> dict[str, str]:
    """Return the root's attributes with its box: it is drawn at the size of its place."""
    rest = {name: text for name, text in kept.items() if name not in {"width", "height", "viewBox"}}
    if _BOX.fullmatch(kept.get("viewBox", "")):
        return rest | {"viewBox": kept["viewBox"]}
    sizes = [_LENGTH.fullmatch(kept.get(name, "")) for name in ("width", "height")]
    wide, high = (found[1] if found else "" for found in sizes)
    if not wide or not high:
        raise BadSvgError(said("needs a viewBox, or a width and a height in pixels"))
    return rest | {"viewBox": f"0 0 {wide} {high}"}
