"""Facts as people write them: instants in the city's own time, money with its currency."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from babel.dates import format_datetime
from babel.numbers import format_currency, format_decimal

from chalicelib import cities
from chalicelib.domain import fault
from chalicelib.domain.money import MINOR_DIGITS
from chalicelib.domain.reasons import Refusal
from chalicelib.domain.sentence import Sentence
from chalicelib.domain.wall import zone_of
from chalicelib.web import languages, problems

City = Callable[[str], str]  # what a zone's city is called

_INSTANTS = ("starts_at", "ended_at", "opens_at", "used_at")


def city_of(time_zone: str) -> str:
    """Return the city that an IANA zone is named after."""
    return time_zone.rpartition("/")[2].replace("_", " ")


def city_in(language: str) -> City:
    """Return what calls a zone's city as readers of a language do: for what visitors read."""
    return lambda time_zone: cities.name_in(city_of(time_zone), language)


def shown(facts: Mapping[str, str], language: str, city: City = city_of) -> dict[str, str]:
    """Return a refusal's facts for its sentence."""
    zone = facts.get("time_zone", "UTC")
    words = dict(facts)
    for name in _INSTANTS:
        if name in facts:
            words[name] = moment(datetime.fromisoformat(facts[name]), zone, language, city)
    if "minimum_minor" in facts:
        words["minimum"] = money(int(facts["minimum_minor"]), facts["currency"], language)
    return words


def told(refusal: Refusal, language: str, city: City = city_of) -> problems.Text:
    """Return a refusal as its reader is told it."""
    facts = shown(refusal.facts, language, city)
    return problems.text(refusal, languages.catalogue(language), facts)


def moment(at: datetime, time_zone: str, language: str, city: City = city_of) -> str:
    """Write an instant in a zone, 24-hour clock, with the zone's city."""
    local = at.astimezone(zone_of(time_zone))
    day = format_datetime(local, "d MMM", locale=language)
    return f"{day}{languages.comma(language)}{clock(at, time_zone)} ({city(time_zone)})"


def clock(at: datetime, time_zone: str) -> str:
    """Write the time of day in a zone: digits are the same in every language."""
    return f"{at.astimezone(zone_of(time_zone)):%H:%M}"


def money(amount_minor: int, currency: str, language: str) -> str:
    """Write money with its currency's own decimals."""
    amount = Decimal(amount_minor).scaleb(-MINOR_DIGITS.get(currency, 2))
    return format_currency(amount, currency, locale=language)


def said(text: str, language: str) -> str:
    """Say a sentence of the domain in a language; what is no sentence stays as it is."""
    if not isinstance(text, Sentence):
        return text
    values = {name: _value(name, value, language) for name, value in text.values.items()}
    return languages.catalogue(language).gettext(text.template).format(**values)


def _value(name: str, value: object, language: str) -> object:
    """Return a value as it is read: languages by their names, sentences in the reader's."""
    if not isinstance(value, str):
        return value
    if name in {"language", "languages"}:
        return ", ".join(map(languages.name_of, value.split(", ")))
    return said(value, language)


def instant(at: datetime, language: str) -> str:
    """Write an instant in UTC."""
    return f"{format_datetime(at, 'd MMM y', locale=language)} {at:%H:%M} UTC"


def wall_time(text: str, language: str) -> str:
    """Write a wall time, or a date alone; what is neither stays as it was typed."""
    found = fault.wall_time_of(text)
    if found is None:
        return text
    day, _, time = text.partition("T")
    midnight = fault.wall_time_of(day)
    return f"{format_datetime(midnight, 'd MMM y', locale=language)} {time}".strip()


def day_and_time(local: datetime, language: str) -> str:
    """Write a local time with its weekday."""
    return f"{format_datetime(local, 'EEE d MMM y', locale=language)} {local:%H:%M}"


@lru_cache(maxsize=4096)
def number(value: int, language: str) -> str:
    """Write a whole number with its thousands apart."""
    return str(format_decimal(value, locale=language))
