"""What a campaign wears beside Marquee's own look: an accent by day and by night, a logo."""

import re
from dataclasses import dataclass
from typing import Final

from chalicelib.domain import svg
from chalicelib.domain.fault import Fault, Faults
from chalicelib.domain.sentence import said

LEAST: Final = 4.5  # WCAG 2.2, 1.4.3: the accent is the colour of texts, and of what carries them
# Grounds of static/marquee.css, with which a test compares them. Text on an accent is white by day
# and night's paper by night, which the same figure covers: both are the farther of the two.
GROUNDS: Final = {
    "accent": {"paper": "#FFF8EC", "card": "#FFFFFF"},
    "night": {"paper": "#17121F", "card": "#241C30"},
}
ON_ACCENT: Final = {"accent": "#FFFFFF", "night": "#17121F"}
_COLOUR: Final = re.compile(r"#[0-9A-Fa-f]{6}")


@dataclass(frozen=True, kw_only=True)
class Branding:
    """Colours as `#RRGGBB`; '' is Marquee's own. The logo is sanitised SVG, or ''."""

    accent: str = ""
    night: str = ""
    logo: str = ""


def made(accent: str, night: str, logo: str) -> Branding | None:
    """Return a branding, or None where nothing is said: then a document says nothing of it."""
    if not (accent or night or logo):
        return None
    return Branding(accent=accent, night=night, logo=logo)


def is_colour(text: str) -> bool:
    """Tell whether a text is a colour and nothing more: a draft holds whatever was typed."""
    return _COLOUR.fullmatch(text) is not None


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG measures it, 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def faults(branding: Branding) -> Faults:
    """Yield what keeps a campaign's own look from being published."""
    for name, grounds in GROUNDS.items():
        colour = getattr(branding, name)
        pointer = f"/branding/{name}"
        if colour and not is_colour(colour):
            told = said("'{given}' is no colour; write for example #B3261E", given=colour)
            yield Fault(pointer, told)
        elif colour:
            ratio, ground = min((contrast(colour, one), one) for one in grounds.values())
            if ratio < LEAST:
                told = said(
                    "{colour} has a contrast of {ratio} on {ground}; {least} is needed: "
                    "take a darker one by day, a lighter one by night",
                    colour=colour,
                    ratio=f"{int(ratio * 100) / 100:.2f}",
                    ground=ground,
                    least=LEAST,
                )
                yield Fault(pointer, told)
    if branding.logo and not svg.is_sanitised(branding.logo):
        yield Fault("/branding/logo", said("was not cleaned; upload it again"))


def _luminance(colour: str) -> float:
    """Return the relative luminance of `#RRGGBB`."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
