"""Estimates in the reader's words: the agreed figures, in every language."""

import json

import pytest
from golden import delivery_words as golden
from golden import worked

from chalicelib.claim_rules import shipped_rules
from chalicelib.domain import wording_rules
from chalicelib.web import delivery_words


def test_every_language_says_what_was_read_and_agreed() -> None:
    assert json.loads(golden.PATH.read_text()) == golden.whole(), (
        "run tests/golden/delivery_words.py"
    )


def test_no_language_breaks_a_rule_of_wording() -> None:
    texts = [
        (one["language"], one[key]) for one in golden.whole() for key in ("estimate", "against")
    ]
    rules = shipped_rules()
    assert [text for tag, text in texts if list(wording_rules.findings(text, tag, rules))] == []


@pytest.mark.parametrize("name", worked.CASES)
def test_in_english_the_pages_say_the_agreed_sentences(name: str) -> None:
    total = worked.estimate_of(name).total
    assert delivery_words.estimate(total, "en") == worked.CASES[name]["shown"]


def test_in_english_a_comparison_names_its_baseline_and_its_ends() -> None:
    said = {one["name"]: one["against"] for one in golden.whole() if one["language"] == "en"}
    baseline = worked.GOLDEN["baseline_in_words"]
    assert said == {
        "G1": f"No clear difference, compared with {baseline}",
        "G5": f"About 1.3 kg more (range 820 g to 1.8 kg), compared with {baseline}",
        "G7": f"About 200 g less (range 100 g to 280 g), compared with {baseline}"
        ", about 25% (range 10% to 40%)",
        "less than 10 g": f"Lower by less than 10 g, compared with {baseline}",
    }
