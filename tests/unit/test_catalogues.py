"""Every text of the product in every language: whole, with its variables, and nothing left over."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po

from chalicelib.claim_rules import MESSAGES, shipped_rules
from chalicelib.domain.wording_rules import findings
from chalicelib.web.languages import DEFAULT, LANGUAGES, catalogue
from tools import messages

ROOT = Path(__file__).resolve().parents[2]
TRANSLATED = [code for code, _ in LANGUAGES if code != DEFAULT]
CALLS = {"_", "N_", "said", "gettext", "ngettext"}
VARIABLE = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
COUNT = "%(num)d"  # a plural form may write its number out, or do without

each_language = pytest.mark.parametrize("language", TRANSLATED)


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """Return what `make messages` would find now."""
    path = tmp_path_factory.mktemp("locale") / "messages.pot"
    messages.extract(path)
    return frozenset(_first(message.id) for message in _read(path) if message.id)


@cache
def _catalogue(language: str) -> Catalog:
    return _read(ROOT / "locale" / language / "LC_MESSAGES" / "messages.po", language)


def _read(path: Path, language: str | None = None) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def _first(text: str | tuple[str, ...] | list[str]) -> str:
    return text if isinstance(text, str) else text[0]


def _messages(language: str) -> Iterator[tuple[Message, tuple[str, ...]]]:
    """Yield each message with its translations: one, or one for each plural form."""
    for message in _catalogue(language):
        if message.id:
            made = message.string
            yield message, (made,) if isinstance(made, str) else tuple(made)


def _wanted(message: Message) -> set[str]:
    texts = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    return {variable for text in texts for variable in VARIABLE.findall(text)}


def test_the_tool_makes_a_catalogue_for_each_language_but_the_source() -> None:
    assert list(messages.LANGUAGES) == TRANSLATED


def test_the_tool_says_how_many_texts_are_missing(tmp_path: Path) -> None:
    path = tmp_path / "messages.po"
    path.write_text(
        """
msgid "one"
msgstr "bir"

msgid "two"
msgstr ""

msgid "%(num)d three"
msgid_plural "%(num)d threes"
msgstr[0] "%(num)d üç"
msgstr[1] ""
""",
        encoding="utf-8",
    )
    assert messages.counted(path) == (3, 2)


@each_language
def test_every_text_is_in_the_catalogue(language: str, extracted: frozenset[str]) -> None:
    known = {_first(message.id) for message, _ in _messages(language)}
    assert sorted(extracted - known) == [], "run `make messages`, then translate"
    assert sorted(known - extracted) == [], "run `make messages`: nobody says these any more"


@each_language
def test_every_text_is_translated(language: str) -> None:
    bare = [message.id for message, made in _messages(language) if not all(map(str.strip, made))]
    assert bare == []


@each_language
def test_no_translation_is_a_guess(language: str) -> None:
    assert [message.id for message, _ in _messages(language) if message.fuzzy] == []


@each_language
def test_every_plural_form_of_the_language_is_there(language: str) -> None:
    forms = get_plural(language)[0]
    assert _catalogue(language).num_plurals == forms
    counted = [(message, made) for message, made in _messages(language) if message.pluralizable]
    assert counted
    assert [message.id for message, made in counted if len(made) != forms] == []


@each_language
def test_a_translation_holds_the_same_variables(language: str) -> None:
    wrong = []
    for message, made in _messages(language):
        wanted = _wanted(message)
        *few, last = (set(VARIABLE.findall(text)) for text in made)
        if last != wanted or any(form | {COUNT} != wanted | {COUNT} for form in few):
            wrong.append(message.id)
    assert wrong == []


@each_language
def test_a_translation_has_no_stray_braces_or_percent_signs(language: str) -> None:
    wrong = [
        text
        for _, made in _messages(language)
        for text in made
        if re.search(r"[{}]|%(?!\d)", VARIABLE.sub("", text))
    ]
    assert wrong == []


@each_language
def test_what_the_reader_sees_ends_as_the_source_ends(language: str) -> None:
    """A label stays a label, a sentence a sentence; Turkish headings may ask."""
    ends = (".", "؟", "?", "!", "؛")
    wrong = [
        message.id
        for message, made in _messages(language)
        if _first(message.id).endswith(".") and not all(text.endswith(ends) for text in made)
    ]
    assert wrong == []


@each_language
def test_no_ending_hangs_on_a_variable(language: str) -> None:
    """Which ending fits depends on the word, and that is not known before it stands there."""
    hanging = re.compile(rf"(?:{VARIABLE.pattern})['’]?[^\W\d_]")
    wrong = [text for _, made in _messages(language) for text in made if hanging.search(text)]
    assert wrong == []


def test_no_text_of_the_code_hides_from_extraction(extracted: frozenset[str]) -> None:
    """Neither inside an f-string, which not every Python looks into, nor behind a name."""
    said = {
        text
        for path in (ROOT / "chalicelib").rglob("*.py")
        for text in _said(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert said
    assert sorted(said - extracted) == []


def _said(module: ast.Module) -> Iterator[str]:
    """Yield what the calls of a module say, also where they say it by a constant's name."""
    named = {
        _name(target): made.value
        for made in module.body
        if isinstance(made, ast.Assign)
        for target in made.targets
    }
    for call in ast.walk(module):
        if isinstance(call, ast.Call) and _name(call.func) in CALLS and call.args:
            said = named.get(_name(call.args[0]), call.args[0])
            if isinstance(said, ast.Constant) and isinstance(said.value, str):
                yield said.value


def _name(called: ast.expr) -> str:
    match called:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def test_no_text_of_the_product_says_of_emissions_what_the_rules_forbid() -> None:
    """Pages, the scanner, letters and the API take their words from here.

    What the rules themselves say names what they forbid.
    """
    texts = [(DEFAULT, _first(m.id)) for m, _ in _messages(TRANSLATED[0]) if m.id not in MESSAGES]
    texts += [
        (language, one)
        for language in TRANSLATED
        for message, made in _messages(language)
        if message.id not in MESSAGES
        for one in made
    ]
    rules = shipped_rules()
    found = [
        (text, one.rule) for language, text in texts for one in findings(text, language, rules)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("count", "said"), [(3, "عروض"), (13, "عرضًا"), (99, "عرضًا"), (100, "عرض"), (102, "عرض")]
)
def test_arabic_counts_in_the_forms_that_its_numbers_ask_for(count: int, said: str) -> None:
    words = catalogue("ar").ngettext("%(num)d offer", "%(num)d offers", count)
    assert words == f"%(num)d {said}"
