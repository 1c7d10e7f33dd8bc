"""A sheet of paper: areas and words in millimetres from its upper left corner, in order."""

from dataclasses import dataclass, field
from typing import Literal

from chalicelib.paper import letters
from chalicelib.paper.letters import Style
from chalicelib.paper.outline import Outline

Anchor = Literal["left", "middle", "right"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """An outline, filled, drawn as a line of a width, or both. Colours are `#RRGGBB`."""

    outline: Outline
    fill: str | None = None
    line_mm: float = 0
    even_odd: bool = False  # where an outline lies over itself it is open
    name: str = ""  # a class of the element, for pages


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One line of text; `y` is where its letters stand, `size` its em."""

    x: float
    y: float
    text: str
    size: float
    style: Style
    anchor: Anchor = "middle"
    colour: str = "#000000"

    @property
    def width(self) -> float:
        return letters.line(self.text, self.style).width * self.size

    @property
    def left(self) -> float:
        """Where the line begins on paper."""
        return self.x - {"left": 0.0, "middle": 0.5, "right": 1.0}[self.anchor] * self.width


@dataclass(slots=True, kw_only=True)
class Sheet:
    """What is printed on one side."""

    width: float
    height: float
    title: str
    language: str
    marks: list[Area | Words] = field(default_factory=list)

    def fill(
        self, outline: Outline, colour: str, name: str = "", *, even_odd: bool = False
    ) -> None:
        self.marks.append(Area(outline=outline, fill=colour, name=name, even_odd=even_odd))

    def draw(self, outline: Outline, line_mm: float) -> None:
        self.marks.append(Area(outline=outline, line_mm=line_mm))

    def say(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        style: Style,
        *,
        width: float,
        anchor: Anchor = "middle",
        colour: str = "#000000",
    ) -> None:
        """Write a line, smaller where it is wider than `width`."""
        wide = letters.line(text, style).width * size
        fits = size if wide <= width else size * width / wide
        self.marks.append(
            Words(x=x, y=y, text=text, size=fits, style=style, anchor=anchor, colour=colour)
        )

    def tell(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        style: Style,
        *,
        width: float,
        anchor: Anchor = "middle",
        leading: float = 1.2,
    ) -> float:
        """Write a text in lines of `width`, the first at `y`; return where the next would stand."""
        for row in letters.wrapped(text, style, width / size):
            self.say(x, y, row, size, style, width=width, anchor=anchor)
            y += leading * size
        return y
