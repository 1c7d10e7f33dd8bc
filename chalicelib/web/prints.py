"""What is printed for a stand, each in the stand's language: poster, table card, help card.

A sheet is drawn once, and shown as a page and as PDF. Black on white prints anywhere; the awning
has an outline, so that its stripes tell two cities apart without colour, too.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from chalicelib import cities, qr
from chalicelib.domain import svg
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.merchant import text_in
from chalicelib.domain.popup import Popup
from chalicelib.domain.sentence import N_
from chalicelib.paper import outline
from chalicelib.paper.letters import Style
from chalicelib.paper.logo import Logo, logo
from chalicelib.paper.outline import Placing
from chalicelib.paper.sheet import Anchor, Sheet
from chalicelib.web import languages, look, phrases, render, wording
from chalicelib.web.context import context

Words = Callable[[str], str]

_A4, _A6 = (210.0, 297.0), (105.0, 148.0)
_ABOVE, _HEM = 140, look.SEAM + look.FALL  # what of the awning's drawing is shown
_POLE = "#C8321F"
_FOOT_LINES = 4  # what fits between the poles under the campaign's name
_ENGLISH = N_("Scan, claim, show.")


@dataclass(frozen=True, slots=True)
class Stand:
    """A stand to print for, and the campaign it belongs to, live or still a draft."""

    campaign: Campaign
    popup: Popup

    @property
    def language(self) -> str:
        """Return the stand's own language, as far as the product speaks it."""
        return languages.chosen(None, self.popup.language)

    @property
    def city(self) -> str:
        """Return its city by the name that it has there."""
        return cities.name_in(self.popup.city, self.language)

    @property
    def words(self) -> Words:
        return languages.catalogue(self.language).gettext

    @property
    def rtl(self) -> bool:
        return self.style().rtl

    def style(self, *, bold: bool = False) -> Style:
        return Style(bold, self.language)

    def sheet(self, size: tuple[float, float], name: str) -> Sheet:
        title = f"{self.city} · {self.words(name)}"
        return Sheet(width=size[0], height=size[1], title=title, language=self.language)


def poster(stand: Stand) -> Sheet:
    """Draw the poster, A4 and any size of its shape: the stall itself, its code at the counter."""
    sheet, _ = stand.sheet(_A4, N_("Poster")), stand.words
    for x in (12, 28, 178, 194):
        sheet.fill(outline.rectangle(x, 40, 4, sheet.height - 40), _POLE)
        sheet.draw(outline.rectangle(x, 40, 4, sheet.height - 38), 0.4)
    awning(sheet, stand.popup.popup_id, 99)
    sign(sheet, stand, Placing(105, 14), 76, 34)
    bold, english = stand.style(bold=True), Style(bold=True)
    headline(sheet, stand, Placing(105, 122), 24, 138)
    code(sheet, url(stand, "poster"), Placing(105, 129), 90)
    sheet.say(105, 251, _(_ENGLISH), 12, bold, width=138)
    if stand.language != "en":
        sheet.say(105, 260, _ENGLISH, 7, english, width=138)
    y = sheet.tell(105, 269, _name(stand), 6, bold, width=138)
    address = [stand.popup.address] if stand.popup.address else []
    for text in [*address, _dates(stand), *_hours(stand)][:_FOOT_LINES]:
        sheet.say(105, y, text, 5, stand.style(), width=138)
        y += 6
    return sheet


def card(stand: Stand) -> Sheet:
    """Draw the card for the table, A6: the same in small, to be stood up or laid down."""
    sheet, _ = stand.sheet(_A6, N_("Table card")), stand.words
    awning(sheet, stand.popup.popup_id, 32)
    sign(sheet, stand, Placing(52.5, 4), 34, 14)
    headline(sheet, stand, Placing(52.5, 46), 13, 93)
    code(sheet, url(stand, "card"), Placing(52.5, 51), 52)
    sheet.say(52.5, 129, _(_ENGLISH), 8.5, stand.style(bold=True), width=93)
    if stand.language != "en":
        sheet.say(52.5, 135.5, _ENGLISH, 5, Style(bold=True), width=93)
    sheet.say(52.5, 142.5, _name(stand), 4, stand.style(), width=93)
    return sheet


def help_card(stand: Stand) -> Sheet:
    """Draw what staff say in each case, A6, with the code of the stand's practice codes."""
    sheet, _ = stand.sheet(_A6, N_("Help card")), stand.words
    rtl, bold, plain = stand.rtl, stand.style(bold=True), stand.style()
    anchor: Anchor = "right" if rtl else "left"
    side, middle = (99, 20) if rtl else (6, 85)
    awning(sheet, stand.popup.popup_id, 10)
    sheet.say(side, 19, _("What do I say?"), 7.5, bold, width=93, anchor=anchor)
    y = 25.5
    for when, words in _lines(stand.language):
        sheet.say(side, y, when, 4.4, bold, width=93, anchor=anchor)
        y = sheet.tell(side, y + 4.6, words, 4.1, plain, width=93, anchor=anchor, leading=1.1) + 1.4
    code(sheet, url(stand, "help"), Placing(middle, 114), 23)
    told = _("New at the stand? Scan the practice codes in training mode: nothing counts.")
    sheet.tell(side, 122, told, 4, plain, width=56, anchor=anchor)
    return sheet


KINDS: Mapping[str, Callable[[Stand], Sheet]] = {
    "poster": poster,
    "card": card,
    "help": help_card,
}


def url(stand: Stand, kind: str) -> str:
    """Return what the code of a print says; `s` names the print as the source."""
    home, popup_id = context.settings.public_url, stand.popup.popup_id
    if kind == "help":
        return f"{home}/staff/training?stand={popup_id}&s=help"
    return f"{home}/p/{popup_id}?s={kind}"


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time code for a device: what the device becomes, and the link that enrols it."""

    name: str
    code: str
    url: str


def enrolment(stand: Stand, invitations: list[Invitation], until: datetime) -> list[Sheet]:
    """Draw the sheets by which devices become the stand's: secrets, with the end of their life."""
    pages = [invitations[start : start + 4] for start in range(0, len(invitations), 4)]
    return [_enrolment(stand, page, until) for page in pages]


def _enrolment(stand: Stand, invitations: list[Invitation], until: datetime) -> Sheet:
    sheet, _ = stand.sheet(_A4, N_("Set up devices")), stand.words
    bold, plain = stand.style(bold=True), stand.style()
    awning(sheet, stand.popup.popup_id, 20)
    sheet.say(105, 36, sheet.title, 11, bold, width=186)
    told = _(
        "Scan each code with the device that it is for, or open the address and type the code. It "
        "works once, until %(time)s. Whoever has it becomes this stand's device: keep it from "
        "others."
    ) % {"time": wording.clock(until, stand.popup.time_zone)}
    sheet.tell(105, 45, told, 5, plain, width=180)
    for index, each in enumerate(invitations):
        x, y = 57.5 + 95 * (index % 2), 68 + 112 * (index // 2)
        sheet.draw(outline.rectangle(x - 45, y, 90, 106), 0.4)
        sheet.say(x, y + 10, _(each.name), 7, bold, width=84)
        code(sheet, each.url, Placing(x, y + 13), 58)
        groups = " ".join(each.code[at : at + 4] for at in range(0, len(each.code), 4))
        sheet.say(x, y + 94, groups, 6, Style(bold=True), width=84)
        sheet.say(x, y + 101, each.url.partition("?")[0], 4.5, Style(), width=84)
    return sheet


def awning(sheet: Sheet, popup_id: str, height: float) -> None:
    """Hang the city's awning over the sheet's whole width; it bleeds off three sides."""
    it = look.awning_of(popup_id)
    down = height / (_HEM - _ABOVE)
    place = Placing(0, -_ABOVE * down, sheet.width / it.width, down)
    sheet.fill(place.of(outline.path(it.flat.first)), it.pair.first)
    sheet.fill(place.of(outline.path(it.flat.second)), it.pair.second)
    sheet.draw(place.of(outline.path(it.flat.valance)), height / 150)


def headline(sheet: Sheet, stand: Stand, base: Placing, size: float, width: float) -> None:
    """Write the city's name between awning and code; `base` is the middle of its baseline.

    Arabic letters reach farther both ways: at full size the code would lie on their dots.
    """
    small, up = (0.75, size / 12) if stand.rtl else (1, 0)
    style = Style(True, stand.popup.language)
    sheet.say(base.x, base.y - up, stand.city, small * size, style, width=width)


def sign(sheet: Sheet, stand: Stand, top: Placing, width: float, height: float) -> None:
    """Hang the campaign's logo on a board before the awning, if it can be drawn.

    `top` is the board's middle. It is at most that wide and high: as the logo is, with a margin.
    """
    it = logo_of(stand.campaign)
    if it is None:
        return
    margin = height / 8
    scale = min((width - 2 * margin) / it.width, (height - 2 * margin) / it.height)
    wide, high = it.width * scale, it.height * scale
    left, down = top.x - wide / 2, top.y + margin
    board = outline.rectangle(left - margin, top.y, wide + 2 * margin, high + 2 * margin)
    sheet.fill(board, "#FFFFFF")
    sheet.draw(board, height / 85)
    for shape in it.shapes:
        placed = Placing(left, down, scale, scale).of(shape.outline)
        sheet.fill(placed, shape.colour, even_odd=shape.even_odd)


def logo_of(campaign: Campaign) -> Logo | None:
    """Return the campaign's logo as a sheet draws it, or None where there is none to draw."""
    text = campaign.branding.logo if campaign.branding else ""
    return _logo(text) if text else None


@lru_cache(maxsize=8)  # all prints of a campaign have the same
def _logo(text: str) -> Logo | None:
    return logo(text) if svg.is_sanitised(text) else None


def code(sheet: Sheet, text: str, top: Placing, size: float) -> None:
    """Draw a code with `size` mm of modules, its quiet zone of four around it; `top` is its middle.

    The ground is white whatever the paper: what is under it never reaches into the quiet zone.
    """
    rows = qr.modules(text)
    unit = size / len(rows)
    quiet = qr.QUIET_MODULES * unit
    left = top.x - size / 2
    whole = size + 2 * quiet
    ground = outline.rectangle(left - quiet, top.y, whole, whole)
    sheet.fill(ground, "#FFFFFF", name="poster-code")
    drawn = Placing(left, top.y + quiet, unit, unit).of(outline.modules(rows))
    sheet.fill(drawn, "#000000")


def _name(stand: Stand) -> str:
    return text_in(stand.campaign.name, stand.language) or stand.campaign.campaign_id


def _dates(stand: Stand) -> str:
    starts, ends = (
        wording.wall_time(text, stand.language)
        for text in (stand.campaign.calendar.usable_from, stand.campaign.calendar.usable_until)
    )
    return f"{starts} – {ends}"


def _hours(stand: Stand) -> list[str]:
    """Return the opening hours, three lines at most; the page of the stand has all of them."""
    found = [f"{days}: {times}" for days, times in phrases.hours(stand.popup, stand.language)]
    return found[:3]


def _lines(language: str) -> list[tuple[str, str]]:
    """Return what staff say in each case, as the scanner's dialog has it."""
    module = render.environment(language).get_template("staff/help_card.html").module
    lines: tuple[tuple[str, str, str, str], ...] = module.lines  # type: ignore[attr-defined]
    return [(str(when), str(words)) for _, _, when, words in lines]
