"""The console in the reader's language: whole, in the right direction, switchable."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from colleague import Colleague, colleague
from house import House

from chalicelib.domain.campaign import Calendar
from chalicelib.domain.member import Role, Scope
from chalicelib.domain.sentence import said
from chalicelib.domain.sheet_files import LAYOUTS
from chalicelib.store import campaigns
from chalicelib.store import desk as store
from chalicelib.store.desk import Draft
from chalicelib.web import wording
from chalicelib.web.console import deeds, labels
from chalicelib.web.languages import LANGUAGES, direction, name_of

HOME = "/console/c/festival-now"
PATHS = [
    "/console",
    HOME,
    *(f"{HOME}/edit/{sheet}" for sheet in labels.SHEETS),
    f"{HOME}/edit/offers/lantern-gift",
    f"{HOME}/preview?popup=rome&as=staff&at=2026-05-20T12:00",
    f"{HOME}/trail",
    "/console/members",
    "/console/trail",
    "/console/import",
]
SCOPE = Scope(area="festival-now", member_id="x", email="x")
LOCALE = Path(__file__).resolve().parents[2] / "locale"
# Languages stand by their own names; columns and chosen cells as the files have them.
STAYS = {
    *(name for _, name in LANGUAGES),
    *(cell for cells in labels.CHOICES.values() for cell in cells),
    *(column for layout in LAYOUTS.values() for column in (*layout.columns, *layout.others)),
}
_READ = {"aria-label", "alt", "title", "placeholder", "aria-valuetext"}
_SILENT = {"script", "style", "textarea"}

each_language = pytest.mark.parametrize("language", ["tr", "ar"])


class Words(HTMLParser):
    """Collects what a reader is told in the page's own language."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in _READ]
        self._silent += tag in _SILENT

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in _SILENT

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(" ".join(data.split()))


def told(page: str) -> set[str]:
    words = Words()
    words.feed(re.sub(r'<(bdi|b|span)[^>]*\blang="en".*?</\1>', "", page, flags=re.DOTALL))
    return {word.strip(" :,·.") for word in words.found if word.strip()}


@cache
def english(language: str) -> frozenset[str]:
    """Return the English texts that the language says otherwise."""
    with (LOCALE / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        texts = {one.id: one.string for one in read_po(file, locale=language) if one.id}
    return frozenset(
        text.strip(" :,·.")
        for text, made in texts.items()
        if isinstance(text, str) and made != text and text not in STAYS
    )


def page_in(one: Colleague, language: str, path: str) -> str:
    answer = one.get(path, accept_language=language)
    assert answer.headers["content-language"] == language
    return answer.text


def drafted() -> Draft:
    found = store.draft(SCOPE)
    assert found is not None
    return found


@each_language
@pytest.mark.parametrize("path", PATHS)
def test_no_page_has_english_left(owner: Colleague, language: str, path: str) -> None:
    page = page_in(owner, language, path)
    assert f'<html lang="{language}" dir="{direction(language)}"' in page
    assert sorted(told(page) & english(language)) == []
    assert told(owner.get(path).text) & english(language), "the same page in English has some"


@each_language
def test_faults_and_differences_are_told_in_the_readers_language(
    house: House, owner: Colleague, language: str
) -> None:
    found = drafted()
    broken = Calendar(revealed_from="2026-05-22", usable_from="2026-05-21", usable_until="soon")
    whole = replace(found.campaign, calendar=broken)
    assert campaigns.save_draft(whole, over=found.version, now=house.at)
    page = page_in(owner, language, HOME)
    fault = wording.said(said("must not be after {field}", field="usable_from"), language)
    assert fault in page
    assert "must not be after" not in page
    assert "is no wall time" not in page
    assert f">{labels.label('usable_until', language)}</dt>" in page
    assert sorted(told(page) & english(language)) == []


@each_language
def test_refusals_and_wrong_forms_are_told_in_the_readers_language(
    house: House, owner: Colleague, language: str
) -> None:
    owner.proof()
    owner.language = language
    hours = {"cell:istanbul:days": "sunday"}
    answers = [
        owner.act("/console/members", email="nobody", role="owner"),
        owner.act("/console/members", email="a@b.example", role="king"),
        owner.act(f"{HOME}/edit/hours", **hours, version=str(drafted().version)),
        owner.act(f"{HOME}/edit/hours", **hours, version="99"),
        owner.act("/console/members/remove", member_id=owner.member.member_id),
        owner.get(f"{HOME}/edit/nothing"),
        colleague(house, Role.AUDITOR).get("/console/members", accept_language=language),
    ]
    assert [answer.status for answer in answers] == [422, 422, 422, 412, 403, 404, 403]
    for answer in answers:
        assert f'dir="{direction(language)}"' in answer.text
        assert sorted(told(answer.text) & english(language)) == []
        assert not re.search(r"is no (address|weekday)|is none of", answer.text)


def test_the_language_is_chosen_in_the_header_and_kept(owner: Colleague) -> None:
    assert "/preferences?lang=tr&amp;to=/console/members" in owner.get("/console/members").text
    owner.get("/preferences?lang=tr&to=/console/members")
    assert owner.get("/console/members").headers["content-language"] == "tr"


def test_the_bar_over_a_preview_speaks_to_the_member(owner: Colleague) -> None:
    """The page below it is in the language that is looked at."""
    page = owner.get(f"{HOME}/preview?popup=rome&lang=it", accept_language="ar").text
    assert '<html lang="it" dir="ltr"' in page
    assert '<form class="preview-bar" id="preview-bar"' in page
    assert 'lang="ar" dir="rtl" aria-label=' in page


def test_a_preview_begins_in_the_members_language(owner: Colleague) -> None:
    page = owner.get(f"{HOME}/preview?popup=rome", accept_language="tr").text
    assert '<html lang="tr" dir="ltr"' in page


def test_what_may_be_chosen_is_named_and_sent_as_the_files_have_it(owner: Colleague) -> None:
    page = owner.get(f"{HOME}/edit/offers/moka-15", accept_language="tr").text
    assert '<option value="yes" selected>evet</option>' in page


def test_the_columns_of_texts_are_called_by_the_names_of_their_languages(owner: Colleague) -> None:
    page = owner.get(f"{HOME}/edit/texts", accept_language="tr").text
    heads = re.findall(r'<th scope="col"><span>([^<]*)</span>', page)
    assert {"İngilizce", "Türkçe", "العربية", "Italiano"} <= set(heads)
    assert "ar" not in heads


def test_the_trail_keeps_english_and_tells_it_in_any_language() -> None:
    assert deeds.action("edited offers", "en") == "edited Offers"
    assert deeds.action("cloned from festival-now", "tr") == "kopyalandı: festival-now"
    assert deeds.action("rolled back", "tr") == "geri alındı"
    assert deeds.action("of another release", "tr") == "of another release"
    assert deeds.subject("revision 3", "tr") == "sürüm 3"
    assert deeds.subject("anna@example.org", "tr") == "anna@example.org"
    assert deeds.fact("Stand rome: usable from", "en") == "Stand rome: Usable from"
    assert deeds.fact("Stand rome: usable from", "tr") == "Stant rome: Kullanım başlangıcı"
    assert deeds.fact("Campaign: number", "tr") == "Kampanya: Numara"
    assert deeds.fact("Text moka-15, title: ar", "en") == "Text moka-15, Title: العربية"
    assert deeds.fact("Text moka-15, title: en", "tr").endswith(": İngilizce")
    assert deeds.thing("Opening hours of rome", "en") == "Opening hours of rome"
    assert deeds.fact("further changes", "tr") == "diğer değişiklikler"


def test_times_and_numbers_are_written_as_the_reader_writes_them() -> None:
    at = datetime(2026, 11, 11, 9, 5, tzinfo=UTC)
    assert wording.instant(at, "en") == "11 Nov 2026 09:05 UTC"
    assert wording.instant(at, "tr") == "11 Kas 2026 09:05 UTC"
    assert wording.wall_time("2026-11-11T24:00", "tr") == "11 Kas 2026 24:00"
    assert wording.wall_time("2026-11-11", "en") == "11 Nov 2026"
    assert wording.wall_time("soon", "ar") == "soon"
    assert wording.number(25_000, "tr") == "25.000"


@pytest.mark.parametrize(
    ("path", "back"),
    [
        ("/console/c/festival-now/publish", "/console/c/festival-now"),
        ("/console/c/festival-now/schedule", "/console/c/festival-now"),
        ("/console/c/festival-now/edit/offers", "/console/c/festival-now/edit/offers"),
        ("/console/c/festival-now/edit/offers/new", "/console/c/festival-now/edit/offers/new"),
        ("/console/members/remove", "/console/members"),
        ("/console/sign-out", "/console"),
    ],
)
def test_a_language_chosen_after_a_refused_form_leads_to_a_page(
    house: House, path: str, back: str
) -> None:
    anna = colleague(house, Role.OWNER)
    refused = anna.submit(path, {"csrf": "stale"})
    assert refused.status == 403
    assert f"/preferences?lang=tr&amp;to={back}&quot;" in refused.text.replace('"', "&quot;")
    assert anna.get(back).status == 200


@pytest.mark.parametrize(
    ("code", "name"), [("tr", "Türkçe"), ("pt-BR", "Português (pt-BR)"), ("ja", "ja")]
)
def test_a_language_is_called_by_its_own_name(code: str, name: str) -> None:
    assert name_of(code) == name
