"""The list of offers: narrowed by a plain form; and the merchants behind them."""

from datetime import UTC, datetime, timedelta

import pytest
from house import House

from chalicelib.web.deals_view import folded

OFFERS = "/c/festival-now/offers"
REVEAL_IN_ISTANBUL = datetime(2019, 10, 27, 21, tzinfo=UTC)


def _titles(page: str) -> list[str]:
    parts = page.split('<h3 class="offer-title">')[1:]
    return [part.partition("</h3>")[0] for part in parts]


def test_without_a_wish_every_revealed_offer_is_there(house: House) -> None:
    page = house.browser().get(OFFERS).text
    assert len(_titles(page)) == len(house.campaign().offers)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("from=TR&kind=percentage", ["20% off copper coffee pots"]),
        ("from=RU&city=kazan&kind=percentage", ["10% off spoons and bowls"]),
        ("q=COFFEE+pots", ["20% off copper coffee pots"]),
        ("q=bakir", ["20% off copper coffee pots"]),  # the merchant is Bakır Cezve
        ("q=%E2%80%8Ebak%C2%ADir%E2%80%8B", ["20% off copper coffee pots"]),
        ("q=izmir", ["A tea glass for those who come by", "₺100 off glass lanterns"]),
    ],
)
def test_a_wish_narrows_the_list(house: House, query: str, titles: list[str]) -> None:
    assert _titles(house.browser().get(f"{OFFERS}?{query}").text) == titles


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ŁÓDŹ", "lodz"),
        ("Københavns Ø", "kobenhavns o"),
        ("Bǿrge", "borge"),
        ("IZMIR İzmir ızmir", "izmir izmir izmir"),
        ("\u2068cof\u00adfee\u2069\u200b", "coffee"),
    ],
)
def test_accents_strokes_and_what_nobody_sees_make_no_difference(typed: str, meant: str) -> None:
    assert folded(typed) == folded(meant) == meant


def test_the_search_reads_the_readers_language(house: House) -> None:
    page = house.browser("tr").get(f"{OFFERS}?q=FENER+hediye").text
    assert _titles(page) == ["Kâğıt fener hediye"]


@pytest.mark.parametrize("query", ["city=atlantis", "from=XX&kind=castle", "q=%20%20", "more=1"])
def test_a_wish_for_what_does_not_exist_counts_as_none(house: House, query: str) -> None:
    page = house.browser().get(f"{OFFERS}?{query}").text
    assert len(_titles(page)) == len(house.campaign().offers)


def test_a_list_with_nothing_in_it_has_a_next_step(house: House) -> None:
    page = house.browser().get(f"{OFFERS}?q=<script>alert(1)</script>").text
    assert "Nothing fits" in page
    assert f'href="{OFFERS}"' in page
    assert "<script>alert" not in page
    assert 'value="&lt;script&gt;' in page


def test_a_city_lists_what_its_own_clock_has_revealed(house: House) -> None:
    house.at = REVEAL_IN_ISTANBUL + timedelta(minutes=1)
    browser = house.browser()
    istanbul = browser.get("/c/festival-2019/offers?city=istanbul-2019").text
    assert 'href="/p/istanbul-2019#offers"' in istanbul
    madrid = browser.get("/c/festival-2019/offers?city=madrid-2019").text
    assert "offers are sealed" in _titles(madrid)[0]
    assert 'href="/p/madrid-2019/remind.ics"' in madrid
    assert "Clay" not in madrid


def test_before_the_first_reveal_no_choice_gives_anything_away(house: House) -> None:
    house.at = datetime(2019, 10, 20, tzinfo=UTC)
    page = house.browser().get("/c/festival-2019/offers").text
    assert 'name="from"><option value="">Every country</option></select>' in page
    assert house.browser().get("/c/festival-2019/m/bakir-cezve").status == 404


def test_a_merchants_page_tells_its_story_and_its_offers(house: House) -> None:
    page = house.browser().get("/c/festival-now/m/cam-fener").text
    assert "Glass lanterns and tea glasses, blown a few at a time." in page
    assert _titles(page) == ["A tea glass for those who come by", "₺100 off glass lanterns"]
    assert "so there are no photos" in page
    assert "Azar azar üflenen" in house.browser("tr").get("/c/festival-now/m/cam-fener").text


def test_offers_lead_to_their_merchant(house: House) -> None:
    link = 'href="/c/festival-now/m/bakir-cezve"'
    for path in ("/", OFFERS, "/p/istanbul"):
        assert link in house.browser().get(path).text


def test_a_merchant_that_is_not_there_is_an_empty_stand(house: House) -> None:
    page = house.browser().get("/c/festival-now/m/nobody")
    assert page.status == 404
    assert "bunting" not in page.text
