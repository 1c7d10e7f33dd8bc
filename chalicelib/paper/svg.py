"""A sheet as SVG, for a page: its words stay words, in the faces of the PDF."""

from markupsafe import Markup

from chalicelib.paper.outline import Outline
from chalicelib.paper.sheet import Area, Sheet, Words

_ANCHORS = {"left": "start", "middle": "middle", "right": "end"}


def svg(sheet: Sheet) -> Markup:
    """Return the sheet as one picture that keeps its proportions."""
    marks = Markup().join(
        _area(mark) if isinstance(mark, Area) else _words(mark) for mark in sheet.marks
    )
    return Markup(
        '<svg class="paper" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" lang="{}">'
        "<title>{}</title>{}</svg>"
    ).format(_n(sheet.width), _n(sheet.height), sheet.language, sheet.title, marks)


def _area(area: Area) -> Markup:
    named = Markup(' class="{}"').format(area.name) if area.name else Markup()
    line = (
        Markup(' stroke="#000000" stroke-width="{}"').format(_n(area.line_mm))
        if area.line_mm
        else Markup()
    )
    rule = Markup(' fill-rule="evenodd"') if area.even_odd else Markup()
    return Markup('<path{} fill="{}"{}{} d="{}"/>').format(
        named, area.fill or "none", rule, line, _path(area.outline)
    )


def _words(words: Words) -> Markup:
    """Write a line; the browser joins and orders its letters, as any text's."""
    anchor = _ANCHORS[words.anchor]
    if words.style.rtl:  # where a line starts is at its right
        anchor = {"start": "end", "end": "start"}.get(anchor, anchor)
    return Markup(
        '<text x="{}" y="{}" font-size="{}" text-anchor="{}" fill="{}" class="{}" '
        'lang="{}" direction="{}">{}</text>'
    ).format(
        _n(words.x),
        _n(words.y),
        _n(words.size),
        anchor,
        words.colour,
        "paper-bold" if words.style.bold else "paper-text",
        words.style.language,
        "rtl" if words.style.rtl else "ltr",  # whatever the page's own is
        words.text,
    )


def _path(outline: Outline) -> str:
    return "".join(f"{name}{' '.join(map(_n, numbers))}" for name, numbers in outline)


def _n(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")
