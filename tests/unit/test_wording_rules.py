"""A corpus of good and bad sentences in every language, and the table's own law."""

import csv
from pathlib import Path

import pytest

from chalicelib.claim_rules import TABLE, shipped_rules
from chalicelib.domain.wording_rules import ANY, RulesError, findings, parse_rules
from chalicelib.web import languages

CORPUS = Path(__file__).parents[1] / "golden" / "claims.csv"
with CORPUS.open(encoding="utf-8", newline="") as file:
    SENTENCES = [(row["lang"], row["rule"], row["sentence"]) for row in csv.DictReader(file)]
LANGUAGES = {code for code, _ in languages.LANGUAGES}
OWN_UNITS = {"en", "ru", "ar", "pt", "pl", "de", "nl"}
CHECKLIST = [f"C{number:02}" for number in range(1, 13)]
HEAD = "id,severity,lang,regex,message,basis\n"


@pytest.mark.parametrize(
    ("lang", "sentence"), [(lang, said) for lang, rule, said in SENTENCES if not rule]
)
def test_what_may_be_said_is_let_through(lang: str, sentence: str) -> None:
    assert list(findings(sentence, lang, shipped_rules())) == []


@pytest.mark.parametrize(("lang", "rule", "sentence"), [one for one in SENTENCES if one[1]])
def test_what_may_not_be_said_is_found_by_its_rule(lang: str, rule: str, sentence: str) -> None:
    assert rule in {found.rule for found in findings(sentence, lang, shipped_rules())}


def test_each_language_has_each_rule_and_sentences_of_both_kinds() -> None:
    rows = shipped_rules().rows
    for rule in CHECKLIST:
        covered = {row.lang for row in rows if row.id == rule}
        # Figures with Latin units are found by the English row of C09 in every language.
        wanted = {ANY} if rule == "C04" else OWN_UNITS if rule == "C09" else LANGUAGES
        assert covered == wanted, rule
    for lang in LANGUAGES:
        assert {bool(rule) for at, rule, _ in SENTENCES if at == lang} == {True, False}


def test_each_sentence_of_a_text_is_judged_by_itself() -> None:
    text = "Compared with the van.\nSaves 200 g CO2e. We plant trees!"
    assert [found.rule for found in findings(text, "en", shipped_rules())] == ["C07", "C02"]


def test_a_regional_language_has_the_rules_of_its_own() -> None:
    (found,) = findings("Elige el envío verde.", "es-MX", shipped_rules())
    assert (found.rule, found.severity, found.words) == ("C03", "error", "envío verde")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("id,severity\n", 1),
        (HEAD + "C01,error,en,a,b\n", 2),
        (HEAD + "C01,error,en,,message,basis\n", 2),
        (HEAD + "C01,error,en,a,message,basis,more\n", 2),
        (HEAD + "C01,fatal,en,a,message,basis\n", 2),
        (HEAD + "C01,error,en,(a,message,basis\n", 2),
    ],
)
def test_a_table_that_cannot_be_trusted_is_not_read(text: str, line: int) -> None:
    with pytest.raises(RulesError) as error:
        parse_rules(text)
    assert error.value.line == line


def test_the_shipped_table_says_on_what_each_rule_stands() -> None:
    rules = parse_rules(TABLE.read_text(encoding="utf-8")).rows
    assert all(rule.message and rule.basis for rule in rules)
