"""The address of a program that is told what happens: https on 443, a name in the public DNS.

An address in numbers is none, in whichever notation: a certificate is for a name. Where the name
leads to is judged when it is resolved (`public_address.py`).
"""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from chalicelib.domain.sentence import Sentence, said

LONGEST_URL = 500
_VISIBLE = re.compile(r"[!-\[\]-~\u00a1-\U0010ffff]+")  # no blank, no control, no backslash
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
# The last label begins with a letter: 127.1, 0x7f.1 and 2130706433 are numbers, not names.
_NAME = re.compile(rf"(?=.{{4,253}}\Z)({_LABEL}\.)+[a-z]([a-z0-9-]{{0,61}}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Receiver:
    """A host in ASCII, and the path with its query."""

    host: str
    path: str

    @property
    def url(self) -> str:
        return f"https://{self.host}{self.path}"


def read(text: str) -> Receiver | Sentence:
    """Return the receiver that an address names, or the sentence that says what is wrong."""
    parts = _split(text)
    if parts is None:
        return said("is no address; write for example https://shop.example.org/marquee")
    if parts.scheme != "https" or parts.port not in {None, 443}:
        return said("has to begin with https:// and use port 443")
    if "@" in parts.netloc or "#" in text:
        return said("must hold no user, no password and no #")
    host = _ascii(parts.hostname or "")
    if host is None:
        return said("needs the full name of a host, such as shop.example.org, and no number")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii():
        return said(
            "has letters in its path that are not ASCII; copy the address from the bar of a browser"
        )
    return Receiver(host, path)


def _split(text: str) -> SplitResult | None:
    """Return the parts of an address; `port` of what is returned raises nothing."""
    if len(text) > LONGEST_URL or not _VISIBLE.fullmatch(text):
        return None
    try:
        parts = urlsplit(text)
        known = parts.port != 0
    except ValueError:
        return None
    return parts if known else None


def _ascii(name: str) -> str | None:
    """Return a name as DNS knows it, or None for what is none."""
    try:
        host = name.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError:
        return None
    return host if _NAME.fullmatch(host) else None
