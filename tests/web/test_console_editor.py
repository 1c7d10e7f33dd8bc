"""The editor's forms: unchanged they change nothing, stale they show both versions."""

import re
from dataclasses import replace
from html import unescape

import pytest
from colleague import Colleague, colleague
from house import House

from chalicelib.domain.campaign import Calendar, Campaign
from chalicelib.domain.member import Role
from chalicelib.domain.member import Scope as Reach
from chalicelib.domain.offer import Scope, Stock
from chalicelib.store import campaigns, trails
from chalicelib.store import desk as store
from chalicelib.web.console.labels import SHEETS

EDIT = "/console/c/festival-now/edit"
SCOPE = Reach(area="festival-now", member_id="x", email="x")
_FORM = re.compile(r'<form class="flow".*?</form>', re.DOTALL)
_FIELD = re.compile(
    r"<input\b(?P<input>[^>]*)>"
    r"|<select\b(?P<select>[^>]*)>(?P<options>.*?)</select>"
    r"|<textarea\b(?P<area>[^>]*)>\n(?P<text>.*?)</textarea>",
    re.DOTALL,
)


def draft() -> Campaign:
    found = store.draft(SCOPE)
    assert found is not None
    return found.campaign


def fields(page: str) -> dict[str, str]:
    """Return what a browser would send of the page's longest form, were nothing touched."""
    found: dict[str, str] = {}
    for match in _FIELD.finditer(max(_FORM.findall(page), key=len)):
        attributes = match["input"] or match["select"] or match["area"] or ""
        name = _attribute(attributes, "name")
        if match["select"] is not None:
            chosen = re.search(r'<option value="([^"]*)" selected>', match["options"])
            first = re.search(r'<option value="([^"]*)">', match["options"])
            value = (chosen or first)[1]  # type: ignore[index]
        elif match["area"] is not None:
            value = match["text"]
        elif _attribute(attributes, "type") == "checkbox":
            continue
        else:
            value = _attribute(attributes, "value")
        found[name] = unescape(value)
    return found


def _attribute(attributes: str, name: str) -> str:
    match = re.search(rf'\b{name}="(.*?)"', attributes, re.DOTALL)
    return unescape(match[1]) if match else ""


def form_of(one: Colleague, path: str) -> dict[str, str]:
    answer = one.get(path)
    assert answer.status == 200, answer.text
    return fields(answer.text)


def version() -> int:
    found = store.draft(SCOPE)
    assert found is not None
    return found.version


@pytest.mark.parametrize("sheet", [*SHEETS, "offers/lantern-gift", "offers/parcel-10"])
def test_a_form_that_is_saved_unchanged_changes_nothing(anna: Colleague, sheet: str) -> None:
    before, saved = draft(), version()
    form = form_of(anna, f"{EDIT}/{sheet}")
    assert len(form) > 4
    assert anna.submit(f"{EDIT}/{sheet}", form).status == 303
    assert draft() == before
    assert version() == saved
    assert trails.entries(SCOPE) == []


def test_a_change_is_saved_and_in_the_trail(anna: Colleague) -> None:
    form = form_of(anna, f"{EDIT}/offers/lantern-gift")
    form["cell:lantern-gift:visitor_limit"] = "2"
    answer = anna.submit(f"{EDIT}/offers/lantern-gift", form)
    assert "Saved as version" in anna.follow(answer).text
    assert draft().offer["lantern-gift"].visitor_limit == 2
    [entry] = trails.entries(SCOPE)
    assert entry.before == {"Offer lantern-gift: visitor limit": "1"}
    assert entry.after == {"Offer lantern-gift: visitor limit": "2"}


def titled(one: Colleague, title: str) -> str:
    """Type a title for the lantern, save it, and return the page of the checks."""
    form = form_of(one, f"{EDIT}/texts")
    assert "cell:lantern-gift.title:en" in form
    saved = one.submit(f"{EDIT}/texts", form | {"cell:lantern-gift.title:en": title})
    assert saved.status == 303
    return one.page("/console/c/festival-now")


def published(one: Colleague) -> int:
    return one.act("/console/c/festival-now/publish", version=str(version())).status


def test_a_forbidden_claim_leads_to_its_field_and_is_not_published(
    house: House, anna: Colleague
) -> None:
    page = titled(anna, "Green delivery")
    found = re.search(r'<li><a href="([^"]*)"><bdi[^>]*>([^<]*)</bdi></a>: C03, ([^<]*)', page)
    assert found, page
    assert found[1] == f"{EDIT}/texts#lantern-gift.title"
    assert found[2] == "lantern-gift, Title, English"
    assert found[3].startswith("'Green delivery'")
    assert 'id="lantern-gift.title"' in anna.page(f"{EDIT}/texts")
    assert published(anna) == 422
    assert house.campaign().offer["lantern-gift"].title["en"] != "Green delivery"


def test_a_doubtful_claim_is_a_warning_and_may_be_published(house: House, anna: Colleague) -> None:
    page = titled(anna, "The best delivery option")
    assert "Nothing blocks a publish." in page
    assert "C11, 'best delivery option'" in page.partition("Look again before you publish:")[2]
    assert published(anna) == 303
    assert house.campaign().offer["lantern-gift"].title["en"] == "The best delivery option"


def test_a_cell_that_cannot_be_read_is_told_beside_it_and_nothing_is_lost(anna: Colleague) -> None:
    before = draft()
    form = form_of(anna, f"{EDIT}/offers/lantern-gift")
    form |= {"cell:lantern-gift:visitor_limit": "many", "cell:lantern-gift:group": "tea"}
    answer = anna.submit(f"{EDIT}/offers/lantern-gift", form)
    assert answer.status == 422
    again = fields(answer.text)
    assert again["cell:lantern-gift:visitor_limit"] == "many"
    assert again["cell:lantern-gift:group"] == "tea"
    assert 'aria-invalid="true"' in answer.text
    assert draft() == before


@pytest.mark.parametrize("path", ["offers", "offers/lantern-gift"])
def test_what_is_wrong_is_told_by_line_and_column_not_by_file(anna: Colleague, path: str) -> None:
    form = form_of(anna, f"{EDIT}/{path}") | {"cell:lantern-gift:visitor_limit": "many"}
    page = unescape(anna.submit(f"{EDIT}/{path}", form).text)
    wrong = "'many' is no whole number; write for example 40"
    assert f"<li><bdi>lantern-gift</bdi>, Visitor limit: {wrong}</li>" in page
    assert f"<span>{wrong}</span>" in page
    assert "offers.csv" not in page


def test_what_an_edit_breaks_in_another_form_is_told_by_that_forms_name(anna: Colleague) -> None:
    form = form_of(anna, f"{EDIT}/offers") | {"cell:lantern-gift:id": "coffee-pot-20"}
    page = unescape(anna.submit(f"{EDIT}/offers", form).text)
    assert "<li><bdi>Texts</bdi>, Of: coffee-pot-20,title stands here twice" in page


def test_a_stale_edit_shows_both_versions_and_saves_what_is_chosen(
    house: House, anna: Colleague
) -> None:
    berk = colleague(house, Role.MARKETER, member_id="berk")
    mine = form_of(anna, f"{EDIT}/offers/lantern-gift")
    theirs = form_of(berk, f"{EDIT}/offers/lantern-gift")
    theirs |= {"cell:lantern-gift:visitor_limit": "2", "cell:lantern-gift:peak": "50"}
    assert berk.submit(f"{EDIT}/offers/lantern-gift", theirs).status == 303
    mine |= {"cell:lantern-gift:visitor_limit": "3", "cell:lantern-gift:group": "tea"}
    answer = anna.submit(f"{EDIT}/offers/lantern-gift", mine)
    assert answer.status == 412
    assert "both changed it" in answer.text
    chosen = {name: v for name, v in fields(answer.text).items() if not name.startswith("cell:")}
    chosen |= {"cell:lantern-gift:visitor_limit": "3", "cell:lantern-gift:group": "tea"}
    assert anna.submit(f"{EDIT}/offers/lantern-gift", chosen).status == 303
    lantern = draft().offer["lantern-gift"]
    assert (lantern.visitor_limit, lantern.group) == (3, "tea")
    assert lantern.stock is not None
    assert lantern.stock.peak_per_second == 50


def test_a_column_is_copied_down_without_saving(anna: Colleague) -> None:
    before = draft()
    form = form_of(anna, f"{EDIT}/popups") | {"copy": "currency"}
    form["cell:milan:currency"] = "USD"
    copied = fields(anna.submit(f"{EDIT}/popups", form).text)
    assert {v for name, v in copied.items() if name.endswith(":currency")} >= {"USD"}
    assert copied["cell:istanbul:currency"] == "USD"
    assert draft() == before


def test_a_stand_is_added_and_another_removed(house: House, anna: Colleague) -> None:
    form = form_of(anna, f"{EDIT}/popups")
    madrid = {n: v for n, v in form.items() if n.startswith("cell:madrid:")}
    form |= {n.replace("madrid", "new"): v for n, v in madrid.items()}
    form |= {"cell:new:id": "porto", "cell:new:number": "36", "gone:milan": "yes"}
    assert anna.submit(f"{EDIT}/popups", form).status == 303
    assert "porto" in draft().popup
    assert "milan" not in draft().popup
    assert "milan" in house.campaign().popup


def test_an_offer_is_added(anna: Colleague) -> None:
    page = anna.page(f"{EDIT}/offers/new")
    assert "<h1>New offer</h1>" in page
    assert "Title and terms" not in page
    form = form_of(anna, f"{EDIT}/offers/new")
    form |= {
        "cell:new:id": "new-gift",
        "cell:new:number": "40",
        "cell:new:kind": "gift",
        "cell:new:stands": "*",
        "cell:new:visitor_limit": "1",
        "cell:new:stock_units": "40",
    }
    assert anna.submit(f"{EDIT}/offers/new", form).status == 303
    assert draft().offer["new-gift"].popup_ids == ("*",)
    assert draft().offer["new-gift"].stock == Stock(units=40, per=Scope.POPUP, shards=1)
    assert "Title and terms" in anna.page(f"{EDIT}/offers/new-gift")


def test_missing_texts_are_marked(house: House, anna: Colleague) -> None:
    first, *others = draft().offers
    whole = replace(draft(), offers=(replace(first, terms={"en": "One"}), *others))
    stored = campaigns.draft("festival-now")
    assert campaigns.save_draft(whole, over=stored[1] if stored else 0, now=house.at)
    assert "missing tr ar it es ru" in anna.page(f"{EDIT}/texts")


def test_dates_stand_beside_the_instants_they_mean(anna: Colleague) -> None:
    page = anna.page(f"{EDIT}/campaign")
    assert "in Los Angeles" in page
    told = anna.page("/console/c/festival-now/instants?cell:campaign:usable_from=2026-11-11T00:00")
    assert "11 Nov 2026 08:00 UTC" in told
    assert "no wall time yet" in anna.page("/console/c/festival-now/instants?cell:a:b=tomorrow")


@pytest.mark.parametrize("path", ["nothing", "offers/nothing", "popups/nothing"])
def test_what_is_no_form_is_not_found(anna: Colleague, path: str) -> None:
    assert anna.get(f"{EDIT}/{path}").status == 404


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
@pytest.mark.parametrize("sheet", ["texts", "merchants", "popups"])
def test_a_script_in_any_text_stays_text(anna: Colleague, sheet: str, text: str) -> None:
    form = form_of(anna, f"{EDIT}/{sheet}")
    names = ("city", "name", "en", "tr")
    form |= {n: text for n in form if n.rpartition(":")[2] in names and n.startswith("cell:")}
    form = {n: v for n, v in form.items() if not n.startswith("cell:new:")}
    assert anna.submit(f"{EDIT}/{sheet}", form).status == 303
    for path in (f"{EDIT}/{sheet}", "/console/c/festival-now", "/console/c/festival-now/preview"):
        assert text not in anna.get(path).text


class TestPreview:
    """Any version at any instant, as visitor and as staff."""

    PATH = "/console/c/festival-now/preview"

    def test_a_stand_before_and_after_its_reveal(self, anna: Colleague) -> None:
        early = anna.page(f"{self.PATH}?popup=istanbul&at=2026-05-16T23:59")
        late = anna.page(f"{self.PATH}?popup=istanbul&at=2026-05-17T00:00")
        assert "Sealed until the reveal" in early
        assert "Sealed until the reveal" not in late
        assert "lantern" in late.lower()
        assert "/claims" not in late

    @pytest.mark.parametrize(
        ("language", "word"), [("en", "Offers here"), ("tr", 'lang="tr"'), ("ar", 'dir="rtl"')]
    )
    def test_in_any_language(self, anna: Colleague, language: str, word: str) -> None:
        assert word in anna.page(f"{self.PATH}?popup=rome&lang={language}")

    def test_staff_see_what_the_scanner_would_say(self, anna: Colleague) -> None:
        at = "popup=istanbul&as=staff&at="
        assert "Not yet" in anna.page(f"{self.PATH}?{at}2026-05-18T12:00")
        assert ">Used<" in anna.page(f"{self.PATH}?{at}2026-05-20T12:00").replace(" Used", ">Used")
        ended = anna.page(f"{self.PATH}?{at}2026-05-22T12:00")
        assert "Used</span>" not in ended
        assert '<td><span class="named"><svg' in ended

    def test_a_revision_by_its_number_and_hours_of_the_slider(self, anna: Colleague) -> None:
        page = anna.page(f"{self.PATH}?revision=1&popup=istanbul&hour=24")
        assert "revision 1" in page
        assert "00:00" in page
        assert anna.get(f"{self.PATH}?revision=9").status == 404
        assert anna.get(f"{self.PATH}?revision=x").status == 404

    @pytest.mark.parametrize(
        "query", ["at=tomorrow", "at=9999-99-99", "hour=x", "hour=99999999", "popup=no", "lang=xx"]
    )
    def test_what_makes_no_sense_is_now(self, anna: Colleague, query: str) -> None:
        assert anna.get(f"{self.PATH}?{query}").status == 200

    def test_a_clock_change_lies_between_two_instants(self, house: House, anna: Colleague) -> None:
        """In Madrid the night of 25 October 2026 has 25 hours."""
        night = Calendar(
            revealed_from="2026-10-24", usable_from="2026-10-25", usable_until="2026-10-26"
        )
        stored = campaigns.draft("festival-now")
        whole = replace(draft(), calendar=night)
        assert campaigns.save_draft(whole, over=stored[1] if stored else 0, now=house.at)
        pages = (anna.page(f"{self.PATH}?popup=madrid&hour={n}") for n in (49, 50, 51, 52))
        shown = [re.search(r"<b>(\w+ \d+ \w+ 2026 \d\d:\d\d)</b>", page) for page in pages]
        assert [found[1][-5:] for found in shown if found] == ["01:00", "02:00", "02:00", "03:00"]
