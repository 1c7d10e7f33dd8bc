"""Estimates and comparisons as each language says them: what a reader of it has looked at.

Run it to write delivery_words.json, and read what changed:
PYTHONPATH=.:tests .venv/bin/python tests/golden/delivery_words.py
"""

import json
from dataclasses import replace
from pathlib import Path

from golden import worked

from chalicelib.domain.delivery import Comparison, Range
from chalicelib.domain.delivery_inputs import Option
from chalicelib.web import delivery_names, delivery_words, languages

PATH = Path(__file__).with_suffix(".json")
NAMES = ("G1", "G5", "G7")  # the baseline itself, one higher in kilograms, one lower with percent
SMALL = "less than 10 g"
_TINY = Range(4, 1, 9.99)


def whole() -> list[dict[str, str]]:
    """Return these examples and one below all that is shown, in every language."""
    return [
        {"language": language, "name": name} | _said(_example(name), language)
        for language, _ in languages.LANGUAGES
        for name in (*NAMES, SMALL)
    ]


def _said(one: Comparison, language: str) -> dict[str, str]:
    baseline = Option(**worked.CASES[worked.GOLDEN["baseline"]]["option"])
    against = delivery_names.phrase(baseline, language)
    return {
        "estimate": delivery_words.estimate(one.estimate.total, language),
        "against": delivery_words.verdict(one, against, language),
    }


def _example(name: str) -> Comparison:
    if name in NAMES:
        return worked.comparison_of(name)
    lower = worked.comparison_of("G7")
    return replace(lower, estimate=replace(lower.estimate, total=_TINY), saving=_TINY)


if __name__ == "__main__":
    PATH.write_text(json.dumps(whole(), indent=1, ensure_ascii=False) + "\n")
