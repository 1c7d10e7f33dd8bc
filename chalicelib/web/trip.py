"""The answer about the trip to the stand, as a form or an address says it."""

import re
from typing import Final

from chalicelib.domain.delivery_inputs import Trip
from chalicelib.usecases.choosing import SPECIAL_TRIP_KM

FARTHEST_KM: Final = 30
_KILOMETRES: Final = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3})?")
_ANSWERS: Final = {"yes": True, "no": False}


def trip_of(answer: str, km: str) -> Trip:
    """Read the answer of a form; how far counts for a special trip alone."""
    coming = _ANSWERS.get(answer)
    return Trip(coming_anyway=coming, one_way_km=kilometres(km) if coming is False else None)


def kilometres(text: str) -> float:
    """Read kilometres in half ones, within what a visitor drives; else those of the method."""
    plain = text.strip().replace(",", ".")
    if not _KILOMETRES.fullmatch(plain):
        return SPECIAL_TRIP_KM
    return min(FARTHEST_KM, round(float(plain) * 2) / 2)
