"""A sentence is plain English for whoever stores it, and a template for whoever translates it."""

from chalicelib.claim_rules import MESSAGES, shipped_rules
from chalicelib.domain.sentence import said
from chalicelib.web import wording


def test_a_sentence_is_its_english_text() -> None:
    sentence = said("'{given}' is no time; write {example}", given="{x}", example="10:00")
    assert sentence == "'{x}' is no time; write 10:00"
    assert hash(sentence) == hash("'{x}' is no time; write 10:00")
    assert sentence.values == {"given": "{x}", "example": "10:00"}


def test_it_is_said_in_a_language_with_the_sentences_in_it() -> None:
    whole = said("{fault}; {cure}", fault=said("must not be empty"), cure=said("add a line"))
    assert whole == "must not be empty; add a line"
    assert wording.said(whole, "tr") == "boş olmamalı; bir satır ekleyin"
    assert wording.said("as it was typed", "tr") == "as it was typed"


def test_every_message_of_the_rules_of_wording_is_marked_for_translation() -> None:
    assert {rule.message for rule in shipped_rules().rows} == MESSAGES
