"""Cities by the names that their readers know them by; documents keep the campaign's."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from house import House, path_of

OFFERS = "/c/festival-now/offers"
REVEAL_IN_ISTANBUL = datetime(2019, 10, 27, 21, tzinfo=UTC)
ISTANBUL = (("en", "Istanbul"), ("tr", "İstanbul"), ("ru", "Стамбул"), ("ar", "إسطنبول"))
MILAN = (("de", "Mailand"), ("tr", "Milano"), ("ru", "Милан"), ("ar", "ميلانو"))


# --- pages ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(("language", "name"), ISTANBUL)
def test_a_stand_is_headed_by_its_city_and_shared_by_it(
    house: House, language: str, name: str
) -> None:
    page = house.browser(language).get("/p/istanbul").text
    assert f"<h1><bdi>{name}</bdi></h1>" in page
    assert f"<title>{name} · " in page
    assert f'<meta property="og:title" content="{name} · ' in page


def test_a_city_that_nobody_has_named_stays_as_its_campaign_wrote_it(house: House) -> None:
    campaign = house.campaign()
    popups = [replace(p, city="Ordu <Merkez>") for p in campaign.popups if p.popup_id == "istanbul"]
    rest = [p for p in campaign.popups if p.popup_id != "istanbul"]
    house.publish(replace(campaign, popups=(*popups, *rest)))
    for language, _ in ISTANBUL:
        page = house.browser(language).get("/p/istanbul").text
        assert "<h1><bdi>Ordu &lt;Merkez&gt;</bdi></h1>" in page


def test_the_festival_names_its_cities_in_lists_on_the_map_and_in_sentences(house: House) -> None:
    house.at = REVEAL_IN_ISTANBUL - timedelta(hours=3)
    page = house.browser("ru").get("/c/festival-2019").text
    words = re.search(r'<p class="countdown-words">(.*?)</p>', page)
    assert words
    places = re.findall("Екатеринбург|Дубай|Стамбул|Yekaterinburg|Dubai|Istanbul", words[1])
    assert places == ["Екатеринбург", "Дубай", "Стамбул"]
    assert '<span class="city-name">Милан</span>' in page
    assert "<title>Рио-де-Жанейро: " in page
    assert "Istanbul" not in page


@pytest.mark.parametrize(("language", "name"), MILAN)
def test_no_page_of_a_visitor_has_the_other_name(house: House, language: str, name: str) -> None:
    browser = house.browser(language)
    ticket = path_of(browser.claim("milan", "notebook-5")["url"])
    browser.submit(f"{ticket}/gift")
    gift = re.search(r"/g/[a-z2-7]+", browser.get(ticket).text)
    assert gift
    browser.submit("/me/mail", {"address": "ayse@example.org"})
    private = path_of(next(word for word in house.mails[0].text.split() if "/r/" in word))
    for path in (
        *("/", "/live", "/me", "/p/milan", "/c/festival-now/m/righello-di-legno", OFFERS),
        *(ticket, gift[0], private, f"{OFFERS}?city=milan"),
    ):
        page = browser.get(path).text
        assert name in page, path
        assert re.search(r"\bMilan\b", page) is None, path


@pytest.mark.parametrize(("language", "name"), ISTANBUL)
def test_a_ticket_says_where_it_is_used_and_where_it_was(
    house: House, language: str, name: str
) -> None:
    browser = house.browser(language)
    voucher = browser.claim("istanbul", "coffee-pot-20")
    state = f"{path_of(voucher['url'])}/state"
    assert name in browser.get(state).json["words"]
    house.phone().redeem(voucher["url"], total=(90_000, "TRY"))
    assert name in browser.get(state).json["words"]


def test_where_else_it_is_open_is_said_too(house: House) -> None:
    house.at = datetime(2026, 5, 20, 13, tzinfo=UTC)  # Rome sleeps from 13:30 to 16:00
    assert '<a href="/p/milan">Милан</a>' in house.browser("ru").get("/p/rome").text


# --- the offers' list -----------------------------------------------------------------------------
@pytest.mark.parametrize("words", ["стамбул", "istanbul", "İSTANBUL"])
def test_the_search_finds_a_city_by_both_its_names(house: House, words: str) -> None:
    page = house.browser("ru").get(f"{OFFERS}?q={words}").text
    assert page.count("Bakır Cezve") == 1
    assert "Caffettiera Ammaccata" not in page


@pytest.mark.parametrize(
    ("language", "first", "last"),
    [("en", "Abu Dhabi", "Yekaterinburg"), ("ru", "Абу-Даби", "Эр-Рияд"), ("de", "Abu", "Wars")],
)
def test_cities_to_choose_from_are_in_the_order_of_the_readers_letters(
    house: House, language: str, first: str, last: str
) -> None:
    page = house.browser(language).get(OFFERS).text
    (choice,) = re.findall(r'<select id="city".*?</select>', page)
    cities = [unescape(city) for city in re.findall(r'<option value="[^"]+">([^<]+)<', choice)]
    assert len(cities) == 35
    assert cities[0].startswith(first)
    assert cities[-1].startswith(last)


# --- refusals -------------------------------------------------------------------------------------
@pytest.mark.parametrize(("language", "name"), ISTANBUL)
def test_a_refusal_names_the_citys_clock_on_a_page_alone(
    house: House, language: str, name: str
) -> None:
    house.at = REVEAL_IN_ISTANBUL - timedelta(minutes=1)
    browser, early = house.browser(language), {"offer_id": "coffee-pot-20"}
    browser.sign_in()
    refused = browser.submit("/p/istanbul-2019/claims", early)
    assert f"({name})" in refused.text
    document = browser.try_to_claim("istanbul-2019", "coffee-pot-20").json
    assert "(Istanbul)" in document["detail"]


# --- what keeps the campaign's name ---------------------------------------------------------------
def test_documents_and_scanners_keep_the_campaigns_name(house: House) -> None:
    browser, phone = house.browser("ru"), house.phone()
    stands = browser.get("/api/v1/campaigns/festival-now").json["popups"]
    board = browser.get("/api/v1/insights/live").json["cities"]
    assert "Istanbul" in {stand["city"] for stand in stands}
    assert "Istanbul" in {city["city"] for city in board}
    assert phone.manifest().json["campaign"]["popup"]["city"] == "Istanbul"


# --- what hangs at the stand ----------------------------------------------------------------------
@pytest.mark.parametrize(("popup_id", "name"), [("istanbul", "İstanbul"), ("dubai", "دبي")])
def test_poster_and_screen_have_the_name_that_the_city_has_there(
    house: House, popup_id: str, name: str
) -> None:
    browser = house.browser("de")
    assert f"<title>{name} · " in browser.get(f"/screen/{popup_id}").text
    poster = browser.get(f"/p/{popup_id}/poster").text
    assert re.search(f'<svg class="paper"[^>]*><title>{name} · ', poster)


def test_the_page_around_a_poster_is_its_readers(house: House) -> None:
    assert "<title>Mailand · " in house.browser("de").get("/p/milan/poster").text
