"""What people type and paste, as they see it: it brings along what nobody typed."""

import re
import unicodedata

# Chat programs and mails set direction marks and joiners, sentences end behind a link.
_MARKED = re.compile(r"([A-Za-z0-9]+)(?:[^\w/]|_){1,3}")


def seen(text: str) -> str:
    """Return a text without the characters that nobody sees, such as marks of direction."""
    if text.isascii():
        return text
    return "".join([one for one in text if unicodedata.category(one) != "Cf"])


def unmarked(part: str) -> str | None:
    """Return the last part of a link without the marks behind it; None where there are none.

    Letters and digits alone, so that it may stand in a header.
    """
    found = _MARKED.fullmatch(part)
    return found[1] if found else None
