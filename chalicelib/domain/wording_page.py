"""What a rendered page must show beside its estimates: rules D01 to D08, and words by C01 to C12.

The page is read as it is sent. A page without an estimate is judged by its words alone.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlsplit

from chalicelib.domain import wording_rules
from chalicelib.domain.wording_rules import Finding, Rules

_VOID: Final = frozenset(
    ["br", "circle", "col", "hr", "img", "input", "line", "link", "meta", "path", "use", "wbr"]
)
_SILENT: Final = frozenset(["script", "style", "pre", "code"])
_INLINE: Final = frozenset(["a", "abbr", "b", "bdi", "em", "strong", "time", "wbr", "small"])
_SPOKEN: Final = ("alt", "aria-label", "aria-valuetext", "content", "placeholder", "title")
_FIGURE: Final = ("value", "low", "high", "unit", "method", "baseline", "quality")
_PICTURES: Final = ("leaf", "globe", "recycl", "planet")
_DRAWN: Final = frozenset(["img", "use", "svg", "image", "i"])
_SECTIONS: Final = (
    *("boundary", "left-out", "range", "baseline", "points", "factors", "version", "update"),
)
_COLLECTED: Final = frozenset(["locker", "relay", "popup_collect", "shop_collect"])
METHOD_PATH: Final = "/method"


@dataclass(eq=False)
class Element:
    """One element of a page, with what it holds."""

    tag: str
    attributes: dict[str, str]
    parts: list["Element | str"] = field(default_factory=list)

    def every(self) -> Iterator["Element"]:
        """Yield this element and all below it, as they stand in the page."""
        yield self
        for part in self.parts:
            if isinstance(part, Element):
                yield from part.every()

    def having(self, attribute: str) -> list["Element"]:
        return [one for one in self.every() if attribute in one.attributes]

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    def text(self) -> str:
        return "".join(part if isinstance(part, str) else part.text() for part in self.parts)

    def below_its_heading(self) -> str:
        """Return the text of all that it holds but its heading."""
        below = (one for one in self.parts if isinstance(one, str) or one.tag != "h2")
        return "".join(one if isinstance(one, str) else one.text() for one in below)

    def blocks(self) -> Iterator[str]:
        """Yield the texts that a reader takes as one: inline elements stay in their sentence."""
        words = ""
        for part in self.parts:
            if isinstance(part, str):
                words += part
            elif part.tag in _INLINE:
                words += part.text()
            elif part.tag not in _SILENT and "code" not in part.classes:
                yield words
                words = ""
                yield from part.blocks()
        yield words


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].parts.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].parts.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if any(one.tag == tag for one in self._open[1:]):
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._open[-1].parts.append(data)


def read(html: str) -> Element:
    """Return the page as a tree."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.root


def page_findings(
    html: str, language: str, rules: Rules, *, method: str, points_words: Collection[str]
) -> Iterator[Finding]:
    """Yield all that a page breaks. `points_words` say that points cancel no emissions."""
    page = read(html)
    for text in (*page.blocks(), *_spoken(page)):
        yield from wording_rules.findings(text, language, rules)
    yield from _pictures(page)
    yield from _points(page, points_words)
    if page.having("data-co2e"):
        yield from _figures(page, method)
        yield from _list(page)


def method_findings(html: str) -> Iterator[Finding]:
    """Yield what the page "How we calculate" leaves unsaid (D02)."""
    texts = {one.attributes["id"]: one.below_its_heading() for one in read(html).having("id")}
    for section in _SECTIONS:
        if not texts.get(section, "").strip():
            yield _broken("D02", section, "the method page must show this part")


def _spoken(page: Element) -> Iterator[str]:
    """Yield what is read out, or shown elsewhere: names, alternatives, descriptions for links."""
    for one in page.every():
        yield from (one.attributes[name] for name in _SPOKEN if name in one.attributes)


def _pictures(page: Element) -> Iterator[Finding]:
    for one in page.every():
        if one.tag not in _DRAWN:
            continue
        said = " ".join(one.attributes.get(name, "") for name in ("class", "src", "href"))
        if any(picture in said for picture in _PICTURES):
            yield _broken("C04", said.strip(), "no leaf, globe or recycling sign beside an option")


def _figures(page: Element, method: str) -> Iterator[Finding]:
    for one in page.having("data-co2e"):
        missing = [name for name in _FIGURE if not one.attributes.get(f"data-{name}")]
        if missing:
            yield _broken("D01", ", ".join(missing), "a figure says how it was made")
    links = [urlsplit(one.attributes.get("href", "")) for one in page.every() if one.tag == "a"]
    if not any(link.path.startswith(METHOD_PATH) for link in links):
        yield _broken("D02", "", "link to how it was calculated")
    current = [one for one in page.having("data-co2e") if one not in _earlier(page)]
    for one in current:
        if one.attributes.get("data-method") != method:
            yield _broken("D07", one.attributes.get("data-method", ""), "not the current method")


def _earlier(page: Element) -> list[Element]:
    """Return the figures that are shown as those of an earlier version."""
    return [one for kept in page.having("data-earlier") for one in kept.having("data-co2e")]


def _list(page: Element) -> Iterator[Finding]:
    for each in page.having("data-sort"):
        if not _sorted(each):
            yield _broken("D03", each.attributes["data-sort"], "sort by what is said to sort")
        chosen = each.attributes.get("data-chosen")
        for one in each.every():
            if one.tag != "input" or one.attributes.get("type") != "radio":
                continue
            if "checked" in one.attributes and one.attributes.get("value") != chosen:
                yield _broken("D08", one.attributes.get("value", ""), "nothing is ticked before")
        for option in (one for one in each.every() if "choice" in one.classes):
            yield from _option(option)


def _sorted(each: Element) -> bool:
    """Say whether the ways stand by their price, as said; where none is known they stand last."""
    ways = each.having("data-kind")
    prices = [float(way.attributes.get("data-price", "inf")) for way in ways]
    return each.attributes["data-sort"] == "price" and prices == sorted(prices)


def _option(option: Element) -> Iterator[Finding]:
    name = " ".join(option.text().split())[:40]
    if not option.having("data-co2e"):
        yield _broken("D03", name, "each option shows its number, the worst, too")
    for way in option.having("data-kind"):
        collected = way.attributes["data-kind"] in _COLLECTED
        if collected and not any(c.text().strip() for c in way.having("data-condition")):
            yield _broken("D04", name, "the condition of the trip stands beside the figure")
        if way.attributes.get("data-verdict") != "no_clear_difference":
            continue
        if not any(words.text().strip() for words in way.having("data-verdict-words")):
            yield _broken("D05", name, "no clear difference is said in words")
        if way.having("data-points"):
            yield _broken("D05", name, "no clear difference earns no points")


def _points(page: Element, points_words: Collection[str]) -> Iterator[Finding]:
    wanted = [
        " ".join(words.split()) for words in points_words
    ]  # French sets a space before a colon
    for one in page.having("data-points"):
        said = " ".join(one.text().split())
        if not any(words in said for words in wanted):
            yield _broken("D06", said[:60], "say that points cancel no emissions")


def _broken(rule: str, words: str, message: str) -> Finding:
    return Finding(rule, "error", words, message)
