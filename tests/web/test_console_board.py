"""The live board: page, file, cities and ledger add up to the same; each sees what is theirs."""

import csv
import io
import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from html import unescape
from urllib.parse import unquote

import pytest
from colleague import Colleague, colleague, merchant
from handing import OfflinePhone
from house import House

from chalicelib.domain.member import Role

HOME = "/console/c/festival-now/board"
LAMPS, POTS = "cam-fener", "bakir-cezve"
Rows = list[dict[str, str]]

_ROW = re.compile(r"<tr><th scope=\"row\">(.*?)</th>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<td[^>]*>(.*?)</td>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def rows(one: Colleague, query: str = "") -> Rows:
    answer = one.get(f"{HOME}/csv{query}")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def shown(one: Colleague, query: str = "", table: int = 0) -> dict[str, list[str]]:
    """Return the lines of a table of the page, in order: what each cell says by the name."""
    page = unescape(one.get(f"{HOME}{query}").text).split("<table")[1 + table]
    return {
        _TAG.sub("", name): [_TAG.sub("", cell) for cell in _CELL.findall(cells)]
        for name, cells in _ROW.findall(page)
    }


@pytest.fixture
def crowd(house: House) -> House:
    """Return a festival at which many claimed in four cities, and some used what they had."""
    for popup_id, claims, uses in (("istanbul", 7, 3), ("ankara", 4, 4), ("milan", 3, 0)):
        phone = house.phone(popup_id)
        urls = [house.browser().claim(popup_id, "lantern-gift")["url"] for _ in range(claims)]
        for url in urls[:uses]:
            assert phone.redeem(url).status == 201
    pots = [house.browser().claim("istanbul", "coffee-pot-20")["url"] for _ in range(2)]
    used = house.phone("ankara").redeem(pots[0], total=(125_000, "TRY"))  # claimed elsewhere
    assert used.status == 201
    back = house.phone("istanbul")
    given = back.redeem(pots[1], total=(125_000, "TRY")).json["redemption_id"]
    assert back.reverse(given).status == 201
    house.project()
    return house


# --- what it adds up to ---------------------------------------------------------------------------
def test_page_file_cities_and_ledger_add_up_to_the_same(crowd: House) -> None:
    anna = colleague(crowd, Role.MARKETER)
    *lines, total = rows(anna)
    cities = [line for line in lines if line["of"] == "city"]
    assert len(cities) == 35
    for column in ("claimed", "redeemed", "stock_left", "devices", "offline_backlog"):
        assert int(total[column]) == sum(int(line[column] or 0) for line in lines)
    vouchers = [item for item in crowd.items() if item["sk"]["S"] == "V"]
    states = Counter(item["st"]["S"] for item in vouchers)
    assert (int(total["claimed"]), int(total["redeemed"])) == (len(vouchers), states["redeemed"])
    assert (total["claimed"], total["redeemed"]) == ("16", "8")
    counters = [item for item in crowd.items() if item["pk"]["S"].startswith("C#stock.")]
    number = f"C#stock.{crowd.campaign().number}."
    left = sum(int(c["left"]["N"]) for c in counters if c["pk"]["S"].startswith(number))
    assert int(total["stock_left"]) == left
    page = shown(anna)
    assert [cell.replace(",", "") for cell in page["Total"][:2]] == ["16", "8"]
    assert int(page["Total"][3].replace(",", "")) == left
    assert {line["name"] for line in cities} == page.keys() - {"Total", "Shared by all cities"}


def test_a_city_has_what_was_claimed_and_what_was_used_there(crowd: House) -> None:
    page = shown(colleague(crowd, Role.AUDITOR))
    assert page["Istanbul"][:3] == ["9", "3", "33%"]
    assert page["Ankara"][:3] == ["4", "5", "125%"]
    assert page["Madrid"][:3] == ["0", "0", "–"]
    assert page["Shared by all cities"][3] == "600"


def test_claims_by_print_add_up_to_all_claims_on_the_page_and_in_the_file(crowd: House) -> None:
    for popup_id, offer_id, tag in (
        ("istanbul", "coffee-pot-20", "poster"),
        ("milan", "lantern-gift", "poster"),
        ("milan", "lantern-gift", "card"),
    ):
        browser = crowd.browser()
        browser.get(f"/p/{popup_id}?s={tag}")
        form = {"offer_id": offer_id, "source": tag}
        assert browser.submit(f"/p/{popup_id}/claims", form).status == 303
    crowd.project()
    anna = colleague(crowd, Role.MARKETER)
    assert shown(anna, table=1) == {
        "Poster": ["2"],
        "Table card": ["1"],
        "Other ways": ["16"],
        "Total": ["19"],
    }
    *lines, total = rows(anna)
    ways = ("claimed_poster", "claimed_card", "claimed_otherwise")
    for line in (*lines, total):
        assert int(line["claimed"]) == sum(int(line[way]) for way in ways), line["name"]
    assert [int(total[way]) for way in ways] == [2, 1, 16]
    for way in ways:
        assert int(total[way]) == sum(int(line[way]) for line in lines)
    (milan,) = [line for line in lines if line["id"] == "milan"]
    assert [int(milan[way]) for way in ways] == [1, 1, 3]
    mine = shown(merchant(crowd, POTS), table=1)
    assert (mine["Poster"], mine["Total"]) == (["1"], ["3"]), "of its own offers"


def test_what_can_still_be_claimed_is_what_the_counters_have(crowd: House) -> None:
    page = shown(colleague(crowd, Role.OWNER))
    # lanterns, tea glasses and coffee pots: what was claimed is off, given back or not
    assert page["Istanbul"][3] == "2,791"


# --- as of, and nothing twice -----------------------------------------------------------------
def test_a_reader_who_has_these_figures_is_told_so_with_the_new_instant(crowd: House) -> None:
    anna = colleague(crowd, Role.MARKETER)
    first = anna.get(HOME)
    etag = first.headers["etag"]
    assert "20 May 12:00:00 (UTC)" in first.text
    assert f'data-etag="{etag}"' in unescape(first.text)
    crowd.wait(timedelta(seconds=9))
    crowd.project()
    again = anna.get(HOME, if_none_match=etag)
    assert (again.status, again.text) == (304, "")
    assert unquote(again.headers["x-as-of"]) == "20 May 12:00:09 (UTC)"
    crowd.browser().claim("rome", "lantern-gift")
    crowd.project()
    assert anna.get(HOME, if_none_match=etag).status == 200


@pytest.mark.parametrize("header", [{"accept_language": "ar"}, {"cookie_theme": "dark"}])
def test_what_else_is_seen_is_another_answer(house: House, header: dict[str, str]) -> None:
    anna = colleague(house, Role.MARKETER)
    etag = anna.get(HOME).headers["etag"]
    if "cookie_theme" in header:
        anna.cookies["theme"], header = header["cookie_theme"], {}
    assert anna.get(HOME, if_none_match=etag, **header).status == 200
    assert anna.get(f"{HOME}?sort=rate", if_none_match=etag).status == 200


def test_within_a_second_nothing_is_read_again(house: House) -> None:
    anna = colleague(house, Role.MARKETER)
    before = anna.get(HOME).headers["etag"]
    house.browser().claim("rome", "lantern-gift")
    assert anna.get(HOME, if_none_match=before).status == 304


# --- order ---------------------------------------------------------------------------------------
def test_a_link_in_each_head_sorts_and_says_how_it_stands(crowd: House) -> None:
    anna = colleague(crowd, Role.MARKETER)
    page = anna.page(HOME)
    assert '<th scope="col" aria-sort="ascending"><a id="by-name"' in page
    assert f'href="{HOME}?sort=claimed&dir=desc#by-claimed"' in page
    assert list(shown(anna, "?sort=claimed&dir=desc"))[:3] == ["Istanbul", "Ankara", "Milan"]
    turned = anna.page(f"{HOME}?sort=claimed&dir=desc")
    assert f'href="{HOME}?sort=claimed&dir=asc#by-claimed"' in turned
    assert 'aria-sort="descending"><a id="by-claimed"' in turned
    assert [row["name"] for row in rows(anna, "?sort=rate&dir=desc")][:2] == ["Ankara", "Istanbul"]


@pytest.mark.parametrize("query", ["?sort=moon", "?sort=claimed&dir=up"])
def test_an_order_that_is_none_is_refused(house: House, query: str) -> None:
    assert colleague(house, Role.MARKETER).get(f"{HOME}{query}").status == 422


# --- who sees what ------------------------------------------------------------------------------
def test_a_merchant_sees_its_own_offers_and_no_figure_of_others(crowd: House) -> None:
    pots = merchant(crowd, POTS)
    assert [(row["of"], row["id"], row["claimed"]) for row in rows(pots)] == [
        ("offer", "coffee-pot-20", "2"),
        ("total", "", "2"),
    ]
    page = pots.page(HOME)
    assert "Ankara" not in page
    assert "Devices" not in page
    lamps = merchant(crowd, LAMPS, member_id="merchant-2")
    assert {row["claimed"] for row in rows(lamps)} == {"0"}
    assert {row["id"] for row in rows(lamps)} == {"tea-glass-gift", "lamp-100", ""}


def test_a_manager_sees_the_own_stands_and_no_figure_of_others(crowd: House) -> None:
    lina = colleague(crowd, Role.MANAGER, popup_ids=frozenset({"ankara", "milan"}))
    assert [(row["id"], row["claimed"], row["redeemed"]) for row in rows(lina)] == [
        ("ankara", "4", "5"),
        ("milan", "3", "0"),
        ("", "7", "5"),
    ]
    page = lina.page(HOME)
    assert "Istanbul" not in page
    assert "Shared" not in page
    assert page.count('class="map-pole"') == 2
    alone = colleague(crowd, Role.MANAGER, member_id="manager-2", popup_ids=frozenset({"milan"}))
    assert "(Rome)" in alone.page(HOME), "one stand alone has its own clock"
    nobody = colleague(crowd, Role.MANAGER, member_id="manager-3")
    assert [row["of"] for row in rows(nobody)] == ["total"]


def test_a_cell_that_would_be_a_formula_is_guarded(house: House) -> None:
    whole = house.campaign()
    popups = (replace(whole.popups[0], city="=1+1"), *whole.popups[1:])
    house.settled(house.publish(replace(whole, popups=popups)))
    assert "'=1+1" in {row["name"] for row in rows(colleague(house, Role.OWNER))}


def test_what_was_never_published_has_no_board(house: House) -> None:
    assert colleague(house, Role.OWNER).get("/console/c/nothing/board").status == 404


# --- devices ------------------------------------------------------------------------------------
def test_devices_and_what_waits_in_them_are_told_by_city(house: House) -> None:
    phone, other = OfflinePhone(house), house.phone("istanbul")
    house.phone("madrid")
    house.real_at += timedelta(minutes=20)
    path = "/api/v1/devices/self/manifest?waiting=4"
    assert house.ask("GET", path, headers=phone.headers).status == 200
    page = shown(colleague(house, Role.OWNER))
    assert page["Istanbul"][4:] == ["2 (1 silent)", "4"]
    assert page["Madrid"][4:] == ["1 (1 silent)", "0"]
    assert page["Total"][4:] == ["3 (2 silent)", "4"]
    house.live(revoked_devices={other.device_id})
    house.project()
    (istanbul,) = (row for row in rows(colleague(house, Role.AUDITOR)) if row["id"] == "istanbul")
    told = istanbul["devices"], istanbul["silent_devices"], istanbul["offline_backlog"]
    assert told == ("1", "0", "4")


def test_what_a_manager_reads_is_not_all_that_others_see(house: House) -> None:
    """Both read within the same second, of which one reading is kept."""
    house.phone("istanbul")
    house.connect()
    owner = colleague(house, Role.OWNER)
    ankara = colleague(house, Role.MANAGER, popup_ids=frozenset({"ankara"}))
    assert ankara.get(HOME).status == 200
    devices = {row["id"]: row["devices"] for row in rows(owner)}
    assert (devices["istanbul"], devices["ankara"]) == ("1", "0")


# --- the map ------------------------------------------------------------------------------------
def test_each_city_is_a_pole_with_words(crowd: House) -> None:
    page = colleague(crowd, Role.MARKETER).page(HOME)
    assert page.count('class="map-pole"') == 35
    assert "<title>Istanbul: 9 claimed, 3 used, 33%</title>" in page
