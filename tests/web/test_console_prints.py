"""Posters and cards: each stand's in its language, every code read from paper, one zip of all."""

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pypdfium2  # type: ignore[import-untyped]
import pytest
import zxingcpp
from colleague import Colleague, colleague, inputs, merchant
from house import PUBLIC_URL, House, enrol
from PIL import ImageOps

from chalicelib.domain import svg
from chalicelib.domain.branding import Branding
from chalicelib.domain.member import Role, Scope
from chalicelib.domain.source import Source
from chalicelib.store import campaigns, trails
from chalicelib.web import languages
from chalicelib.web.console import prints as routes

HOME = "/console/c/festival-now/prints"
URLS = {
    "poster": PUBLIC_URL + "/p/{}?s=poster",
    "card": PUBLIC_URL + "/p/{}?s=card",
    "help": PUBLIC_URL + "/staff/training?stand={}&s=help",
}
NONCE = {"nonce": "ab" * 16}  # of one form
ASKED = {"steward": "3", "supervisor": "1", "screen": "1", **NONCE}  # devices to enrol
SIZES = {"poster": (210, 297), "card": (105, 148), "help": (105, 148)}


def read(data: bytes) -> Iterator[list[str]]:
    """Yield what a reader makes of each page as it comes out of a printer of 150 dots an inch."""
    for page in pypdfium2.PdfDocument(data):
        picture = page.render(scale=150 / 72).to_pil().convert("1").convert("L")
        yield [code.text for code in zxingcpp.read_barcodes(picture)]


def words(data: bytes) -> str:
    return str(pypdfium2.PdfDocument(data)[0].get_textpage().get_text_range())


def unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_every_code_of_every_print_of_all_35_cities_is_read_from_paper(
    house: House, anna: Colleague
) -> None:
    answer = anna.get(f"{HOME}.zip")
    assert answer.headers["content-type"] == "application/zip"
    assert len(answer.body) * 4 / 3 < 6_000_000, "what Lambda may answer"
    files = unzipped(answer.body)
    popups = house.campaign().popups
    assert len(popups) == 35
    assert set(files) == {f"{popup.popup_id}/{kind}.pdf" for popup in popups for kind in URLS}
    for name, data in files.items():
        popup_id, kind = name.removesuffix(".pdf").split("/")
        assert list(read(data)) == [[URLS[kind].format(popup_id)]], name
        (page,) = pypdfium2.PdfDocument(data)
        assert tuple(round(side / 72 * 25.4) for side in page.get_size()) == SIZES[kind]


def test_each_print_that_leads_to_a_stand_is_one_whose_claims_are_counted() -> None:
    tags = {url.partition("/p/{}?s=")[2] for url in URLS.values() if "/p/" in url}
    assert tags == set(Source)


@pytest.mark.parametrize(
    ("popup_id", "city"),
    [
        ("istanbul", "İstanbul"),
        ("krakow", "Kraków"),
        ("moscow", "Москва"),
        ("sao-paulo", "São Paulo"),
        ("london", "London"),
    ],
)
def test_a_poster_speaks_the_language_of_its_stand(
    house: House, anna: Colleague, popup_id: str, city: str
) -> None:
    popup = house.campaign().popup[popup_id]
    line = languages.catalogue(popup.language[:2]).gettext("Scan, claim, show.")
    printed = words(anna.get(f"{HOME}/{popup_id}/poster").body)
    assert line in printed
    assert "Scan, claim, show." in printed
    assert city in printed


@pytest.mark.parametrize("popup_id", ["abu-dhabi", "dubai", "izmir", "saint-petersburg"])
@pytest.mark.parametrize(
    ("kind", "hem", "code", "side"), [("poster", 99, 129, 36), ("card", 32, 51, 6)]
)
def test_no_letter_of_the_city_touches_awning_or_code(
    anna: Colleague, popup_id: str, kind: str, hem: int, code: int, side: int
) -> None:
    page = pypdfium2.PdfDocument(anna.get(f"{HOME}/{popup_id}/{kind}").body)[0]
    picture = page.render(scale=5 * 25.4 / 72).to_pil().convert("L")
    name = picture.crop((5 * side, 5 * hem + 2, picture.width - 5 * side, 5 * code))
    _, top, _, bottom = ImageOps.invert(name).getbbox() or (0, 0, 0, 0)
    assert 0 < top < bottom < name.height


def test_an_arabic_poster_is_shown_right_to_left(anna: Colleague) -> None:
    page = anna.page(f"{HOME}/dubai?print=poster")
    line = languages.catalogue("ar").gettext("Scan, claim, show.")
    assert f'lang="ar" direction="rtl">{line}</text>' in page


def test_a_stand_is_shown_with_all_its_prints_or_with_one(anna: Colleague) -> None:
    page = anna.page(f"{HOME}/istanbul")
    assert page.count('<svg class="paper"') == 3
    one = anna.page(f"{HOME}/istanbul?print=card")
    assert one.count('<svg class="paper"') == 1
    assert f'href="{HOME}/istanbul/card"' in one


def test_the_list_leads_to_each_print_of_each_stand(house: House, anna: Colleague) -> None:
    page = anna.page(HOME)
    for popup in house.campaign().popups:
        for kind in URLS:
            assert f'href="{HOME}/{popup.popup_id}/{kind}"' in page
    assert f'href="{HOME}.zip?from=0"' in page
    assert 'data-stands="35"' in page


def test_the_stands_of_a_draft_are_printed_before_it_is_live(house: House, anna: Colleague) -> None:
    whole = house.campaign()
    rome = replace(whole.popup["rome"], popup_id="naples", city="Naples", number=99)
    stored = campaigns.draft("festival-now")
    drafted = replace(whole, popups=(*whole.popups, rome))
    assert campaigns.save_draft(drafted, over=stored[1] if stored else 0, now=house.at)
    assert list(read(anna.get(f"{HOME}/naples/poster").body)) == [
        [f"{PUBLIC_URL}/p/naples?s=poster"]
    ]
    assert "as soon as the stand is live" in anna.page(f"{HOME}/naples")
    assert anna.act(f"{HOME}/naples/sheet", **ASKED).status == 404


def test_a_merchant_prints_for_the_stands_of_its_offers_alone(house: House) -> None:
    one = merchant(house)
    mine = one.page(HOME)
    assert "/prints/istanbul/poster" in mine
    assert "/prints/rome/" not in mine
    assert one.get(f"{HOME}/rome/poster").status == 404
    zipped = {name.partition("/")[0] for name in unzipped(one.get(f"{HOME}.zip").body)}
    assert "istanbul" in zipped
    assert all(f'href="{HOME}/{popup_id}/poster"' in mine for popup_id in zipped)
    assert mine.count('/poster"') == len(zipped)


@pytest.mark.parametrize(
    "path", ["/istanbul/flyer", "/atlantis", "/atlantis/poster", ".zip?from=35", ".zip?count=0"]
)
def test_what_is_not_there_is_not_found(anna: Colleague, path: str) -> None:
    assert anna.get(HOME + path).status == 404


def test_a_zip_of_some_stands_has_these_alone(house: House, anna: Colleague) -> None:
    files = unzipped(anna.get(f"{HOME}.zip?from=33&count=5").body)
    last = [popup.popup_id for popup in house.campaign().popups][33:]
    assert {name.partition("/")[0] for name in files} == set(last)
    assert anna.get(f"{HOME}.zip?from=x&count=99999").status == 200


def test_a_campaign_without_stands_says_so(house: House, anna: Colleague) -> None:
    stored = campaigns.draft("festival-now")
    bare = replace(house.campaign(), popups=(), offers=(), delivery=None)
    assert campaigns.save_draft(bare, over=stored[1] if stored else 0, now=house.at)
    assert "No stand yet" in anna.page(HOME)


def worn(house: House, inside: str) -> None:
    """Save a draft with a logo."""
    box = 'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"'
    logo = svg.sanitised(f"<svg {box}>{inside}</svg>".encode())
    stored = campaigns.draft("festival-now")
    drafted = replace(house.campaign(), branding=Branding(logo=logo))
    assert campaigns.save_draft(drafted, over=stored[1] if stored else 0, now=house.at)


@pytest.mark.parametrize(("kind", "height"), [("poster", 31), ("card", 11)])
def test_the_campaigns_logo_hangs_on_a_board_over_the_code(
    house: House, anna: Colleague, kind: str, height: float
) -> None:
    def signed(path: str) -> tuple[int, ...]:
        (page,) = pypdfium2.PdfDocument(anna.get(path).body)
        picture = page.render(scale=1).to_pil().convert("RGB")
        middle = picture.width // 2, round(height / 2 / 25.4 * 72) + 8
        return tuple(picture.getpixel(middle))

    path = f"{HOME}/istanbul/{kind}"
    assert signed(path) != (0, 170, 0)
    worn(house, '<rect width="40" height="10" fill="#00aa00"/>')
    assert signed(path) == (0, 170, 0)
    assert list(read(anna.get(path).body)) == [[URLS[kind].format("istanbul")]]
    page = anna.page(f"{HOME}/istanbul?print={kind}")
    assert 'fill="#00aa00"' in page
    assert "not on these prints" not in page


def test_a_logo_that_paper_cannot_draw_is_left_out_and_the_page_says_so(
    house: House, anna: Colleague
) -> None:
    before = anna.get(f"{HOME}/istanbul/poster").body
    worn(house, '<text x="1" y="9">Ours</text>')
    assert anna.get(f"{HOME}/istanbul/poster").body == before
    assert "logo is not on these prints" in anna.page(f"{HOME}/istanbul")


def test_many_stands_are_several_zips(house: House, anna: Colleague) -> None:
    whole = house.campaign()
    many = tuple(
        replace(whole.popups[0], popup_id=f"stand-{number}", number=number)
        for number in range(1, 61)
    )
    stored = campaigns.draft("festival-now")
    drafted = replace(whole, popups=many, offers=(), delivery=None)
    assert campaigns.save_draft(drafted, over=stored[1] if stored else 0, now=house.at)
    page = anna.page(HOME)
    assert f'href="{HOME}.zip?from={routes.A_ZIP}"' in page
    assert "Stands 51 to 60 as a zip" in page


class TestEnrolment:
    """The sheet of one-time codes: made when it is asked for, for members who may."""

    def test_each_code_is_read_from_paper_and_enrols_one_device(
        self, house: House, anna: Colleague
    ) -> None:
        answer = anna.act(f"{HOME}/istanbul/sheet", **ASKED, **{"as": "pdf"})
        assert answer.headers["cache-control"] == "no-store"
        urls = [url for page in read(answer.body) for url in page]
        assert sorted(url.partition("#enrol=")[0] for url in urls) == [
            f"{PUBLIC_URL}/screen/istanbul?s=sheet",
            *[f"{PUBLIC_URL}/staff/?s=sheet"] * 4,
        ]
        profiles = [enrol(house, url.partition("#enrol=")[2]).json["profile"] for url in urls]
        assert sorted(profiles) == ["screen", "steward", "steward", "steward", "supervisor"]
        assert "12:15" not in words(answer.body)
        assert "15:15" in words(answer.body), "the end, on the clock of Istanbul"

    def test_the_page_shows_the_codes_once_and_their_end(self, anna: Colleague) -> None:
        answer = anna.act(f"{HOME}/istanbul/sheet", **ASKED)
        assert answer.status == 200
        assert answer.text.count('<svg class="paper"') == 2
        assert "the codes end at 15:15 (Istanbul)" in answer.text

    def test_the_trail_says_who_asked_for_how_many_and_no_code(self, anna: Colleague) -> None:
        anna.act(f"{HOME}/istanbul/sheet", **ASKED)
        scope = Scope(area="festival-now", member_id="x", email="x")
        entry = trails.entries(scope)[0]
        assert (entry.action, entry.subject) == ("codes for devices", "istanbul")
        assert entry.after == {
            "Scanner": "3",
            "Supervisor's scanner": "1",
            "The stand's screen": "1",
        }

    def test_a_form_that_is_sent_again_shows_the_same_codes_as_a_page_and_as_pdf(
        self, house: House, anna: Colleague
    ) -> None:
        page = anna.page(f"{HOME}/istanbul")
        wish = ASKED | {"nonce": inputs(page)["nonce"]}
        shown = anna.act(f"{HOME}/istanbul/sheet", **wish)
        house.real_at += timedelta(minutes=1)
        again = anna.act(f"{HOME}/istanbul/sheet", **wish)
        assert again.text == shown.text
        files = [anna.act(f"{HOME}/istanbul/sheet", **wish, **{"as": "pdf"}) for _ in range(2)]
        first, second = ([url for page in read(each.body) for url in page] for each in files)
        assert first == second
        assert all(url.partition("#enrol=")[2] for url in first)
        scope = Scope(area="festival-now", member_id="x", email="x")
        assert [one.action for one in trails.entries(scope)] == ["codes for devices"]

    def test_another_wish_under_the_same_nonce_and_no_nonce_make_nothing(
        self, anna: Colleague
    ) -> None:
        assert anna.act(f"{HOME}/istanbul/sheet", **ASKED).status == 200
        other = anna.act(f"{HOME}/istanbul/sheet", **ASKED | {"steward": "2"})
        assert other.status == 422
        assert anna.act(f"{HOME}/rome/sheet", **ASKED).status == 422
        assert anna.act(f"{HOME}/istanbul/sheet", **ASKED | {"nonce": ""}).status == 422
        scope = Scope(area="festival-now", member_id="x", email="x")
        assert [one.action for one in trails.entries(scope)] == ["codes for devices"]

    @pytest.mark.parametrize("wrong", ["0", "13", "-1", "many", ""])
    def test_none_too_many_and_nonsense_are_refused(self, anna: Colleague, wrong: str) -> None:
        asked = {"steward": wrong, "supervisor": "0", "screen": "0", **NONCE}
        assert anna.act(f"{HOME}/istanbul/sheet", **asked).status == 422

    def test_who_may_not_has_no_form(self, house: House) -> None:
        auditor = colleague(house, Role.AUDITOR)
        assert "/istanbul/sheet" not in auditor.page(f"{HOME}/istanbul")
        assert auditor.act(f"{HOME}/istanbul/sheet", **ASKED).status == 403
