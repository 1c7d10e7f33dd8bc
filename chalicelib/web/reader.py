"""Who reads the answer: language, colours and path, from headers alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie

from chalicelib.web import languages

THEMES = frozenset({"light", "dark"})


@dataclass(frozen=True, slots=True)
class Reader:
    """What pages and problems depend on. `theme` is '' where the system decides."""

    language: str
    theme: str
    path: str
    request_id: str


def reader_of(headers: Mapping[str, str], path: str, request_id: str) -> Reader:
    """Return the reader behind these headers (lower-case names)."""
    cookies = cookies_of(headers.get("cookie", ""))
    language = languages.chosen(cookies.get("lang"), headers.get("accept-language"))
    theme = cookies.get("theme", "")
    return Reader(language, theme if theme in THEMES else "", path, request_id)


def cookies_of(header: str) -> dict[str, str]:
    """Return the cookies of a header; one that cannot be read has none."""
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}
