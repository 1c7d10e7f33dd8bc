"""What people type and paste, as they see it: it brings along what nobody typed."""

import unicodedata


def seen(text: str) -> str:
    """Return a text without the characters that nobody sees, such as marks of direction."""
    if text.isascii():
        return text
    return "".join([one for one in text if unicodedata.category(one) != "Cf"])
