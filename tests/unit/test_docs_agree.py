"""What the papers say is what the code does: reasons, access patterns, kinds, files."""

import re
from pathlib import Path

import pytest

from chalicelib.domain.campaign import Phase
from chalicelib.domain.offer import Kind, Reach
from chalicelib.domain.reasons import Reason
from chalicelib.web import problems

ROOT = Path(__file__).resolve().parents[2]
RULES = (ROOT / "docs" / "rules.md").read_text()
DATA = (ROOT / "docs" / "data.md").read_text()
STORE = sorted((ROOT / "chalicelib" / "store").glob("*.py"))


def test_the_rules_list_each_reason_once_with_its_status() -> None:
    listed = re.findall(r"^\| `(\w+)` \| (\d{3}) \|", RULES, re.MULTILINE)
    assert listed == [(str(reason), str(problems.ROWS[reason].status)) for reason in Reason]


def test_each_reason_has_a_row_of_words() -> None:
    assert list(problems.ROWS) == list(Reason)


@pytest.mark.parametrize("name", [*Kind, *Reach, *Phase])
def test_the_rules_name_each_kind_reach_and_phase(name: str) -> None:
    assert f"`{name}`" in RULES


def test_access_patterns_are_numbered_alike_in_code_and_papers() -> None:
    listed = re.findall(r"^\| (AP-\d{2,3}) \|", DATA, re.MULTILINE)
    code = "".join(path.read_text() for path in STORE)
    named = set(re.findall(r'"""(AP-\d{2,3})\b', code))
    assert listed == sorted(named, key=_number)


def test_each_module_of_the_store_names_the_range_of_its_patterns() -> None:
    for path in STORE:
        numbers = set(re.findall(r'    """(AP-\d{2,3})\b', path.read_text()))
        told = path.read_text().partition("\n")[0]
        assert not numbers or {
            min(numbers, key=_number),
            max(numbers, key=_number),
        } <= set(re.findall(r"AP-\d{2,3}", told))


def test_there_is_one_index_and_only_what_an_operator_asks_for_scans() -> None:
    code = {path.stem: path.read_text() for path in STORE}
    indexes = re.findall(r"class (\w+)\(GlobalSecondaryIndex", "".join(code.values()))
    assert indexes == ["DueIndex"]
    assert {name for name, text in code.items() if ".scan(" in text} == {
        "books",
        "generations",
    }


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "docs/rules.md", "docs/data.md"])
def test_files_that_the_papers_name_are_there(page: str) -> None:
    text = (ROOT / page).read_text()
    named = re.findall(r"`((?:chalicelib|docs|local|templates|tests)/[\w/.-]+\.\w+)`", text)
    named += re.findall(r"\]\(((?:docs/|local/)[\w/.-]+)\)", text)
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_decisions_are_numbered_in_order() -> None:
    text = (ROOT / "docs" / "decisions.md").read_text()
    numbers = [int(number) for number in re.findall(r"^## (\d+)\.", text, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))


def _number(pattern: str) -> int:
    return int(pattern.removeprefix("AP-"))
