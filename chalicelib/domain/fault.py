"""A fault of a document, where it stands and what to do; and the checks that many parts share."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Final

from chalicelib.domain import country, money, wall
from chalicelib.domain.merchant import Texts
from chalicelib.domain.sentence import said

Faults = Iterator["Fault"]

LAST_NUMBER: Final = 65_535  # a token carries numbers in two bytes
_SLUG: Final = re.compile(r"[a-z0-9-]{2,32}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Z][A-Za-z]{1,3})?")
# A token's expiry ends in 2050, and a campaign is over 30 days before it.
_WALL: Final = re.compile(
    r"20(19|[234][0-9])-[0-9]{2}-[0-9]{2}(T(([01][0-9]|2[0-3]):[0-5][0-9]|24:00))?"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that keeps a document from being published. `pointer` is a JSON pointer."""

    pointer: str
    message: str


def at(*path: str | int) -> str:
    """Return the JSON pointer of a path (RFC 6901)."""
    return "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in path)


def slug(pointer: str, text: str) -> Faults:
    if not _SLUG.fullmatch(text):
        yield Fault(
            pointer,
            said(
                "'{given}' is no id: use 2 to 32 of a-z, 0-9 and -; "
                "write for example copper-kettle",
                given=text,
            ),
        )


def number(pointer: str, value: int) -> Faults:
    if not 1 <= value <= LAST_NUMBER:
        told = said(
            "{value} is outside 1 to {most}, which is all a token can say",
            value=value,
            most=LAST_NUMBER,
        )
        yield Fault(pointer, told)


def repeats(pointer: str, field: str, values: Sequence[object]) -> Faults:
    """Yield a fault for each value that stands before it already."""
    seen: set[object] = set()
    for index, value in enumerate(values):
        if value not in seen:
            seen.add(value)
        else:
            yield Fault(
                f"{pointer}/{index}/{field}",
                said(
                    "{value} stands here twice; give each {field} to one entry only",
                    value=repr(value),
                    field=field,
                ),
            )


def known(pointer: str, text: str, names: Collection[str], *, noun: str, example: str) -> Faults:
    """Yield a fault for a name that is not among the names, with the nearest one that is."""
    if text not in names:
        near = get_close_matches(text, names, n=1) or [example]
        told = said(
            "'{given}' is no {noun}; write for example {near}", given=text, noun=noun, near=near[0]
        )
        yield Fault(pointer, told)


def country_code(pointer: str, text: str) -> Faults:
    noun = said("ISO 3166 country code")
    yield from known(pointer, text, country.CODES, noun=noun, example="IT")


def currency_code(pointer: str, text: str) -> Faults:
    noun = said("currency known here (ISO 4217, chalicelib/domain/money.py)")
    yield from known(pointer, text, money.MINOR_DIGITS, noun=noun, example="EUR")


def language_tag(pointer: str, text: str) -> Faults:
    if not _LANGUAGE.fullmatch(text):
        told = said("'{given}' is no language tag; write for example it or pt-BR", given=text)
        yield Fault(pointer, told)


def filled(pointer: str, text: str) -> Faults:
    if not text.strip():
        yield Fault(pointer, said("must not be empty"))


def texts(pointer: str, given: Texts, languages: Collection[str]) -> Faults:
    """Ask for a text in English, and for no language that the campaign does not speak."""
    if "en" not in given:
        told = said("needs a text in English, which stands in for missing languages")
        yield Fault(pointer, told)
    elif not set(given) & set(languages):
        told = said("needs a text in one of {languages}", languages=", ".join(languages))
        yield Fault(pointer, told)
    for language, text in given.items():
        where = pointer + at(language)
        if language not in {*languages, "en"}:
            told = said("is not among the campaign's languages; add it there or remove it")
            yield Fault(where, told)
        yield from filled(where, text)


def wall_time(pointer: str, text: str) -> Faults:
    if wall_time_of(text) is None:
        yield Fault(
            pointer,
            said(
                "'{given}' is no wall time of 2019 to 2049; write for example 2026-11-11T00:00, "
                "2026-11-11T24:00 for the end of that day, or 2026-11-11",
                given=text,
            ),
        )


def wall_time_of(text: str, *, ends: bool = False) -> datetime | None:
    """Return the naive wall time, or None for what is none."""
    if not _WALL.fullmatch(text):
        return None
    try:
        return wall.parse(text, ends=ends)
    except ValueError:
        return None


def limits(pointer: str, values: Mapping[str, int | None], most: int) -> Faults:
    """Refuse 0 as a limit: some read it as "none left", others as "no limit"."""
    for field, value in values.items():
        if value is not None and not 1 <= value <= most:
            yield Fault(
                pointer + at(*field.split(".")),
                said(
                    "{value} is outside 1 to {most}; leave it out (null) for no limit, "
                    "or close the offer to give no more",
                    value=value,
                    most=most,
                ),
            )
