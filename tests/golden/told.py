"""Refusals with their facts as the server tells them; the phone has to say the same by itself.

Run it to write told.json, which pytest and node read:
PYTHONPATH=. .venv/bin/python tests/golden/told.py
"""

import json
from pathlib import Path

from chalicelib.domain.money import MINOR_DIGITS
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.web import languages, offline_words, wording

PATH = Path(__file__).with_suffix(".json")
AUTUMN = {"time_zone": "America/New_York"}
REFUSALS = (
    Refusal(
        Reason.NOT_STARTED,
        {"starts_at": "2026-11-10T21:00:00Z", "time_zone": "Europe/Istanbul"},
    ),
    Refusal(Reason.EXPIRED, {"ended_at": "2026-09-03T04:05:00Z"} | AUTUMN),
    Refusal(Reason.NOT_NOW, {"opens_at": "2026-05-21T14:00:00Z"} | AUTUMN),
    Refusal(Reason.NOT_NOW, AUTUMN),
    Refusal(Reason.WRONG_CITY, {"issued_at_city": "Ankara", "setting": "usable_at"}),
    Refusal(Reason.UNKNOWN_CODE, {"scanned_host": "example.com"}),
    Refusal(Reason.UNKNOWN_CODE, {"scanned_stand": "Rome"}),
    Refusal(Reason.UNKNOWN_CODE, {"typed_code": "0123-4567-89AB-CDEF"}),
    Refusal(Reason.ALREADY_REDEEMED, {"used_at": "2026-05-20T12:00:00Z", "used_place": "Istanbul"}),
    Refusal(Reason.MINIMUM_NOT_MET, {"minimum_minor": "123450", "currency": "TRY"}),
    Refusal(Reason.MINIMUM_NOT_MET, {"minimum_minor": "5000", "currency": "CLP"}),
)


def whole() -> list[dict[str, object]]:
    """Return every refusal in every language, with what its language brings along."""
    return [
        {
            "language": language,
            "comma": languages.comma(language),
            "minor_digits": MINOR_DIGITS,
            "row": offline_words.refusals(language)[refusal.reason],
            "facts": refusal.facts,
            "told": wording.told(refusal, language).detail,
        }
        for language, _ in languages.LANGUAGES
        for refusal in REFUSALS
    ]


if __name__ == "__main__":
    PATH.write_text(json.dumps(whole(), indent=1, ensure_ascii=False) + "\n")
