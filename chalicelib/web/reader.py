"""Who reads the answer: language, colours and path, from headers alone."""

from collections.abc import Mapping
from dataclasses import dataclass

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
    """Return the cookies of a header; what another program left there hides none of ours."""
    pairs = (pair.partition("=") for pair in header.split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}
