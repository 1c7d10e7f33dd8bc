"""The ticket: its states in words, who may see what, how its order travels."""

import gzip
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from house import Browser, House, path_of

from chalicelib.factors import shipped_factors
from local import places

TEN_PAST_FOUR = datetime(2026, 5, 20, 13, 10, tzinfo=UTC)  # on Istanbul's clock
FIGURE = ("data-value", "data-low", "data-high", "data-unit", "data-method", "data-baseline")


@pytest.fixture
def browser(house: House) -> Browser:
    return house.browser()


@pytest.fixture
def path(browser: Browser) -> str:
    """Return the address of a fresh voucher for copper coffee pots in Istanbul."""
    return path_of(browser.claim("istanbul", "coffee-pot-20")["url"])


def _code(page: str) -> str:
    found = re.search(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", page)
    assert found
    return found[0]


def _use(house: House, path: str) -> str:
    answer = house.phone().redeem(f"https://marquee.example{path}", total=(90_000, "TRY"))
    assert answer.status == 201, answer.text
    return str(answer.json["redemption_id"])


# --- what it says -------------------------------------------------------------------------------
def test_a_fresh_ticket_is_ready(browser: Browser, path: str) -> None:
    page = browser.get(path).text
    assert 'data-status="ready"' in page
    assert "Show it at any stand of Türkiye, until 24:00 tomorrow, Istanbul time." in page
    assert "Bakır Cezve" in page
    assert "−20%" in page
    assert "sample" in page


def test_a_used_ticket_says_when_and_where_and_how_much(
    house: House, browser: Browser, path: str
) -> None:
    house.at = TEN_PAST_FOUR
    _use(house, path)
    page = browser.get(path).text
    assert 'data-status="used"' in page
    assert "Used at 16:10 in Istanbul. Discount: ₺180." in page
    house.at += timedelta(days=1)
    assert "Used at 16:10 on 20 May in Istanbul." in browser.get(path).text


def test_a_use_that_was_given_back_makes_it_usable_again(
    house: House, browser: Browser, path: str
) -> None:
    phone = house.phone()
    used = phone.redeem(f"https://marquee.example{path}", total=(90_000, "TRY"))
    assert phone.reverse(used.json["redemption_id"]).status == 201
    page = browser.get(path).text
    assert "Usable again" in page
    assert 'data-status="ready"' in page


def test_before_its_day_it_says_from_when(house: House) -> None:
    house.at = datetime(2019, 10, 28, 9, tzinfo=UTC)
    browser = house.browser()
    path = path_of(browser.claim("istanbul-2019", "coffee-pot-20")["url"])
    page = browser.get(path).text
    assert 'data-status="early"' in page
    assert "from 00:00 on 11 Nov, Istanbul time." in page
    house.at = datetime(2019, 11, 10, 21, tzinfo=UTC)
    assert 'data-status="ready"' in browser.get(path).text
    house.at = datetime(2019, 11, 11, 21, tzinfo=UTC) - timedelta(seconds=1)
    assert 'data-status="ready"' in browser.get(path).text
    house.at = datetime(2019, 11, 11, 21, tzinfo=UTC)
    expired = browser.get(path).text
    assert "It could be used until 24:00 on 11 Nov, Istanbul time." in expired
    assert 'class="qr"' not in expired


def test_while_its_stand_is_closed_it_says_when_it_opens(house: House) -> None:
    browser = house.browser()
    path = path_of(browser.claim("rome", "notebook-5")["url"])
    house.at = datetime(2026, 5, 20, 12, tzinfo=UTC)
    assert "The stand in Rome is closed now; it opens 16:00 today." in browser.get(path).text


def test_a_voucher_in_an_order_says_until_when_and_is_free_again_by_itself(
    house: House, browser: Browser
) -> None:
    shop, voucher = house.shop(), browser.claim("milan", "parcel-10")
    path = path_of(voucher["url"])
    assert "Type its code in the online shop, until 24:00 tomorrow" in browser.get(path).text
    hold = shop.redeem(voucher["url"], total=(2_000, "EUR"), hold_seconds=600)
    assert hold.status == 201
    page = browser.get(path).text
    assert 'data-status="held"' in page
    words = "A shop holds it for your order until 14:10 today, Milan time; then it is free again."
    assert words in page
    house.at += timedelta(minutes=10)
    assert 'data-status="ready"' in browser.get(path).text
    assert browser.get(f"{path}/state").json["title"] == "Ready"


def test_a_hold_that_ended_after_a_reversal_leaves_it_usable_again(
    house: House, browser: Browser
) -> None:
    shop, voucher = house.shop(), browser.claim("milan", "parcel-10")
    used = shop.redeem(voucher["url"], total=(2_000, "EUR"))
    shop.reverse(used.json["redemption_id"])
    shop.redeem(voucher["url"], total=(2_000, "EUR"), hold_seconds=60)
    house.at += timedelta(minutes=1)
    assert "Usable again" in browser.get(path_of(voucher["url"])).text


def test_a_paused_offer_keeps_its_voucher(house: House, browser: Browser, path: str) -> None:
    house.live(paused_offers={"coffee-pot-20"})
    assert "your voucher stays valid" in browser.get(path).text


def test_a_revoked_voucher_says_so_and_shows_no_code(
    house: House, browser: Browser, path: str
) -> None:
    code = _code(browser.get(path).text)
    house.live(revoked={code.replace("-", "")[:15]})
    page = browser.get(path).text
    assert "Withdrawn" in page
    assert code not in page


# --- who may see it -----------------------------------------------------------------------------
def test_whoever_has_the_code_may_look_but_not_choose(house: House, path: str) -> None:
    page = house.browser().get(path).text
    assert 'class="qr"' in page
    assert 'id="delivery"' not in page
    assert "Only the browser that claimed it can choose the delivery" in page


@pytest.mark.parametrize("around", ["X%2FV%2F{}", "%0D%0AX-A:%20b%2FV%2F{}", "{}%2F..", "%20{}"])
def test_the_path_holds_a_token_and_nothing_else(
    house: House, browser: Browser, path: str, around: str
) -> None:
    address = "/V/" + around.format(path.removeprefix("/V/"))
    for reader in (browser, house.browser()):
        for part in ("", "/state", "/qr.svg", "/qr.png"):
            assert reader.get(address + part).status == 404
    assert browser.submit(f"{address}/delivery", {"option": "locker"}).status == 404


@pytest.mark.parametrize("mark", [".", ")", ",", ").", "%E2%80%8E", "%E2%81%A9.", "%0D%0A"])
def test_a_link_that_ends_a_sentence_leads_to_its_voucher(
    house: House, path: str, mark: str
) -> None:
    answer = house.browser().get(path + mark)
    assert (answer.status, answer.headers["location"]) == (303, path)


def test_a_path_too_long_for_a_picture_is_no_voucher(house: House, path: str) -> None:
    token = path.removeprefix("/V/")
    assert house.browser().get(f"/V/V%2FV%2F{token}%3F{'x' * 5000}").status == 404


@pytest.mark.parametrize(
    "forge",
    [
        lambda token: token[:-2] + ("AA" if not token.endswith("AA") else "BB"),
        lambda token: "A" * len(token),
        lambda _: "ABC",
        lambda _: "%00%ff",
        lambda _: "X" * 3000,
        lambda _: "%3Cscript%3E",
    ],
)
def test_a_forged_token_learns_nothing(house: House, path: str, forge: object) -> None:
    assert callable(forge)
    address = "/V/" + forge(path.removeprefix("/V/"))
    for part in ("", "/state", "/qr.svg", "/qr.png"):
        answer = house.browser().get(address + part)
        assert answer.status == 404
        assert "No voucher here" in answer.text
        assert "signature" not in answer.text
        assert "<script>" not in answer.text


def test_a_token_of_a_withdrawn_key_opens_nothing_for_others(house: House, path: str) -> None:
    house.live(withdrawn_keys={1})
    assert house.browser().get(path).status == 404


def test_it_is_kept_out_of_lists_caches_and_referrers(browser: Browser, path: str) -> None:
    page = browser.get(path)
    assert "noindex" in page.headers["x-robots-tag"]
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert '<meta name="robots" content="noindex' in page.text


def test_it_loads_no_font_and_fits_into_fourteen_kilobytes(browser: Browser, path: str) -> None:
    page = browser.get(path + "?coming_anyway=")
    assert "woff2" not in page.text
    sheet = re.search(r"/static/(voucher[^\"]*\.css)", page.text)
    assert sheet
    built = places.REPOSITORY / "static" / "built" / sheet[1]
    style = len(gzip.compress(built.read_bytes())) if built.exists() else 4_352
    assert style <= 4_352
    assert len(gzip.compress(page.body)) + style <= 14_336


# --- it turns by itself -------------------------------------------------------------------------
def test_the_state_is_read_again_at_no_cost_until_it_changes(
    house: House, browser: Browser, path: str
) -> None:
    first = browser.get(f"{path}/state")
    assert first.json["status"] == "ready"
    assert first.json["title"] == "Ready"
    unchanged = browser.get(f"{path}/state", if_none_match=first.headers["etag"])
    assert (unchanged.status, unchanged.body) == (304, b"")
    house.at = TEN_PAST_FOUR
    _use(house, path)
    changed = browser.get(f"{path}/state", if_none_match=first.headers["etag"])
    assert changed.status == 200
    assert changed.json["status"] == "used"
    assert changed.json["words"].startswith("Used at 16:10 in Istanbul.")


def test_the_state_is_in_the_readers_language(house: House, path: str) -> None:
    assert house.browser("tr").get(f"{path}/state").headers["etag"]


# --- delivery -----------------------------------------------------------------------------------
class _Figures(HTMLParser):
    """Collects the attributes of every element that shows grams."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what carries `data-co2e`."""
        del tag
        if "data-co2e" in dict(attrs):
            self.found.append(dict(attrs))


def _figures(page: str) -> Iterator[dict[str, str | None]]:
    parser = _Figures()
    parser.feed(page)
    yield from parser.found


def test_every_way_is_listed_in_neutral_order_with_nothing_ticked(
    browser: Browser, path: str
) -> None:
    page = browser.get(path).text
    options = re.findall(r'name="option" value="(\w+)"', page)
    collected = ["popup_collect", "locker"]
    home = ["home_van_diesel", "home_van_electric", "home_cargo_bike", "home_van_fast"]
    assert options == collected + home
    assert "All that this stand offers, the cheapest first." in page
    assert re.search(r"Örnek Kargo</bdi>, <bdi>22–24 May<", page)
    assert not re.search(r'name="option"[^>]* checked', page)


def test_every_figure_says_how_it_was_made(browser: Browser, path: str) -> None:
    figures = list(_figures(browser.get(path).text))
    assert len(figures) == 6
    for figure in figures:
        assert all(figure.get(name) for name in (*FIGURE, "data-quality")), figure
        low, value, high = (float(figure[n] or "") for n in ("data-low", "data-value", "data-high"))
        assert low <= value <= high
        assert figure["data-unit"] == "g"


def test_the_trip_is_stated_beside_what_is_collected(browser: Browser, path: str) -> None:
    open_question = browser.get(path).text
    assert open_question.count("If you walk or come anyway: about") == 2
    assert open_question.count("With a special trip by car: about 2.0 kg CO2e") == 2
    coming = browser.get(f"{path}?coming_anyway=yes").text
    assert coming.count("This counts no trip") == 2
    special = browser.get(f"{path}?coming_anyway=no").text
    assert special.count("This counts a special trip by car, 3.5 km each way.") == 2
    assert "more (range" in special


def test_no_clear_difference_is_said_and_earns_nothing(browser: Browser, path: str) -> None:
    ways = re.findall(r'<span class="way".*?</label>', browser.get(path).text, re.DOTALL)
    unclear = [way for way in ways if 'data-verdict="no_clear_difference"' in way]
    assert unclear
    for way in unclear:
        words = "No clear difference, compared with standard home delivery by diesel van"
        assert words in way or "The baseline" in way
        assert "delivery point" not in way


def test_a_choice_of_nothing_is_asked_for_again(browser: Browser, path: str) -> None:
    answer = browser.submit(f"{path}/delivery", {"coming_anyway": "yes"})
    assert answer.status == 303
    page = browser.get(answer.headers["location"].partition("#")[0]).text
    assert "Choose one of these first." in page
    assert "You chose" not in page


def test_the_holder_chooses_and_may_change_it(house: House, browser: Browser, path: str) -> None:
    form = {"option": "popup_collect", "coming_anyway": "yes"}
    answer = browser.submit(f"{path}/delivery", form)
    assert (answer.status, answer.headers["location"]) == (303, f"{path}#delivery")
    page = browser.get(path).text
    assert "You chose: Collect at the stand" in page
    assert page.count(" checked") == 2  # the way, and the answer about the trip
    assert page.count("This counts no trip") == 2
    browser.submit(f"{path}/delivery", {"option": "locker"})
    assert "You chose: Parcel locker" in browser.get(path).text
    assert 'id="delivery"' not in house.browser().get(path).text


def test_another_browser_may_not_choose(house: House, path: str) -> None:
    stranger, before = house.browser(), house.items()
    stranger.sign_in()
    assert stranger.submit(f"{path}/delivery", {"option": "locker"}).status == 403
    assert house.browser().submit(f"{path}/delivery", {"option": "locker"}).status == 403
    assert house.items() == before


@pytest.mark.parametrize(
    "form",
    [{"option": "teleport"}, {"option": "locker", "coming_anyway": "perhaps"}, {"a": "b"}],
)
def test_a_choice_that_is_not_offered_is_a_page(
    browser: Browser, path: str, form: dict[str, str]
) -> None:
    answer = browser.submit(f"{path}/delivery", form)
    assert answer.status == 422
    assert f'href="{path}"' in answer.text


def test_an_expired_voucher_shows_the_choice_that_was_made(
    house: House, browser: Browser, path: str
) -> None:
    browser.submit(f"{path}/delivery", {"option": "locker"})
    house.at += timedelta(days=5)
    page = browser.get(path).text
    assert "You chose: Parcel locker" in page
    assert "<form" not in page


def test_an_expired_voucher_without_a_choice_has_nothing_to_choose(
    house: House, browser: Browser, path: str
) -> None:
    house.at += timedelta(days=5)
    assert 'id="delivery"' not in browser.get(path).text


def test_points_count_once_the_voucher_is_used(house: House) -> None:
    browser = house.browser()
    browser.get("/p/milan")
    claimed = browser.submit("/p/milan/claims", {"offer_id": "moka-15"})
    path = claimed.headers["location"]
    form = {"option": "home_cargo_bike", "coming_anyway": ""}
    assert browser.submit(f"{path}/delivery", form).status == 303
    assert "data-points" not in browser.get("/me").text
    phone = house.phone("milan")
    used = phone.redeem(f"https://marquee.example{path}", total=(5_000, "EUR"))
    page = browser.get("/me").text
    assert re.search(r'data-points="([0-9]+)"', page)
    assert "Points reward a choice of delivery and cancel no emissions" in page
    assert phone.reverse(used.json["redemption_id"]).status == 201
    assert "data-points" not in browser.get("/me").text


# --- the method ---------------------------------------------------------------------------------
def test_the_method_shows_every_factor_that_the_calculator_reads(house: House) -> None:
    page = house.browser().get("/method").text
    for factor in shipped_factors().rows.values():
        assert (f'id="{factor.id}"' in page) == (factor.role == "engine"), factor.id
    for words in ("Left out:", "TR-home-diesel/2026-10", "cancel no emissions", "version 1.0.0"):
        assert words in page
