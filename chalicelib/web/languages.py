"""Which language a reader gets, and the catalogue of its texts."""

import gettext
from functools import cache
from pathlib import Path

LANGUAGES = (
    ("en", "English"),
    ("it", "Italiano"),
    ("es", "Español"),
    ("fr", "Français"),
    ("pt", "Português"),
    ("de", "Deutsch"),
    ("nl", "Nederlands"),
    ("pl", "Polski"),
    ("tr", "Türkçe"),
    ("ru", "Русский"),
    ("ar", "العربية"),
)
DEFAULT = "en"
DAY_FIRST = "en_GB"  # how English writes days here: 22–24 May
RIGHT_TO_LEFT = frozenset({"ar"})
_COMMAS = {"ar": "\N{ARABIC COMMA} "}
_CODES = frozenset(code for code, _ in LANGUAGES)
_LOCALE = Path(__file__).resolve().parents[2] / "locale"
_LONGEST_HEADER = 200


def chosen(cookie: str | None, accept_language: str | None) -> str:
    """Return the reader's language: their choice, else the best of what the browser asks for."""
    if cookie in _CODES:
        return cookie or DEFAULT
    for wanted in _by_weight((accept_language or "")[:_LONGEST_HEADER]):
        base = wanted.split("-", maxsplit=1)[0]
        if base in _CODES:
            return base
    return DEFAULT


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Return the texts of a language; what is missing stays English."""
    return gettext.translation("messages", _LOCALE, [language], fallback=True)


def name_of(code: str) -> str:
    """Return the name of a language in itself, `Português (pt-BR)`; an unknown one is its code."""
    names = dict(LANGUAGES)
    base = names.get(code.partition("-")[0])
    return names.get(code) or (f"{base} ({code})" if base else code)


def direction(language: str) -> str:
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def comma(language: str) -> str:
    """Return what stands between the parts of a list."""
    return _COMMAS.get(language, ", ")


def _by_weight(header: str) -> list[str]:
    """Order an Accept-Language header by weight; what cannot be read weighs nothing."""
    weighted = []
    for part in "".join(header.lower().split()).split(","):
        tag, _, quality = part.partition(";q=")
        try:
            weighted.append((float(quality or 1), tag))
        except ValueError:
            continue
    return [tag for weight, tag in sorted(weighted, key=lambda pair: -pair[0]) if weight > 0]
