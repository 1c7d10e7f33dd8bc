"""A sentence in English that remembers its template and its variables.

Whatever stores or compares it has plain English; the edge says the template in another language.
"""

from collections.abc import Mapping


class Sentence(str):
    """What a reader is told. `values` that are sentences themselves are translated, too."""

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, object]


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for a mark
    """Mark a text for translation; it is translated where it is shown."""
    return text


def said(template: str, /, **values: object) -> Sentence:
    """Return a sentence; the braces of its template name the values."""
    made = Sentence(template.format(**values))
    made.template, made.values = template, values
    return made
