"""By which print a visitor came: the code of each names it in the address of the stand's page."""

from enum import StrEnum


class Source(StrEnum):
    POSTER = "poster"
    CARD = "card"  # on the table


def source_of(tag: str | None) -> Source | None:
    """Return the print that a tag names; any other tag is dropped, and nothing of it is kept."""
    return next((source for source in Source if source == tag), None)
