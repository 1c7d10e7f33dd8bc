"""What may not be said about emissions: a table of rules, each a pattern of one language.

Source: docs/method.md, "Wording". The patterns are Python's, read with IGNORECASE.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Literal, cast, get_args

Severity = Literal["error", "warn"]

COLUMNS: Final = ("id", "severity", "lang", "regex", "message", "basis")
ANY: Final = "*"
ENGLISH: Final = "en"  # its words turn up in the texts of every language
_SENTENCE: Final = re.compile(r"(?<=[.!?؟。])\s+|\n+")
_POINT: Final = re.compile(r"(?<=\d)\.(?=\d)")  # of a number: no sentence ends there
_TURKISH: Final = str.maketrans({"İ": "i", "I": "ı"})


class RulesError(ValueError):
    """The table of rules breaks its own law; the line says where."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern that breaks one rule of the checklist."""

    id: str
    severity: Severity
    lang: str
    pattern: re.Pattern[str] = field(repr=False)
    message: str
    basis: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, where it stands, and what to do about it."""

    rule: str
    severity: Severity
    words: str
    message: str


@dataclass(frozen=True, eq=False)
class Rules:
    """The whole table, by language."""

    rows: tuple[Rule, ...]

    @lru_cache(maxsize=64)  # noqa: B019 - there is one table a process
    def of(self, language: str) -> tuple[Rule, ...]:
        """Return the rules for a text of a language: its own, those of all, those in English."""
        wanted = {language.split("-", maxsplit=1)[0], ANY, ENGLISH}
        return tuple(rule for rule in self.rows if rule.lang in wanted)


def parse_rules(text: str) -> Rules:
    """Read the table from CSV text. Raises RulesError at the first fault."""
    reader = csv.DictReader(io.StringIO(text))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise RulesError(1, f"the columns must be {', '.join(COLUMNS)}")
    return Rules(tuple(_rule(row, reader.line_num) for row in reader))


def findings(text: str, language: str, rules: Rules) -> Iterator[Finding]:
    """Yield what a text of a language says that it may not, sentence by sentence."""
    for sentence in _SENTENCE.split(text):
        said = " ".join(sentence.split())
        if said:
            yield from _of_sentence(said, language, rules)


@lru_cache(maxsize=8192)  # the pages of one language repeat most of their sentences
def _of_sentence(sentence: str, language: str, rules: Rules) -> tuple[Finding, ...]:
    said = _POINT.sub(",", sentence)
    said = said.translate(_TURKISH) if language.startswith("tr") else said
    found = ((rule, rule.pattern.search(said)) for rule in rules.of(language))
    return tuple(
        Finding(rule.id, rule.severity, words[0].strip(), rule.message)
        for rule, words in found
        if words is not None
    )


def _rule(row: dict[str, str], line: int) -> Rule:
    if None in row.values() or None in row or not all(row.values()):
        raise RulesError(line, f"a rule has {len(COLUMNS)} cells, none of them empty")
    if row["severity"] not in get_args(Severity):
        raise RulesError(line, "the severity must be error or warn")
    try:
        pattern = re.compile(row["regex"], re.IGNORECASE)
    except re.error as error:
        raise RulesError(line, f"the pattern cannot be read: {error}") from error
    severity = cast("Severity", row["severity"])
    return Rule(row["id"], severity, row["lang"], pattern, row["message"], row["basis"])
