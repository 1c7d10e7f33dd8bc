"""What helps a holder to find the ticket again, and what a shared link shows of it."""

import re

import pytest
from house import Browser, House, path_of


@pytest.fixture
def browser(house: House) -> Browser:
    return house.browser()


@pytest.fixture
def path(browser: Browser) -> str:
    browser.get("/p/istanbul")
    answer = browser.submit("/p/istanbul/claims", {"offer_id": "coffee-pot-20"})
    return answer.headers["location"]


def _code(page: str) -> str:
    found = re.search(r'class="code"[^>]*>([0-9A-Z-]{19})<', page)
    assert found
    return found[1]


def test_the_code_alone_is_a_drawing_and_a_file_to_save(browser: Browser, path: str) -> None:
    drawing, picture = browser.get(f"{path}/qr.svg"), browser.get(f"{path}/qr.png")
    assert drawing.headers["content-type"] == "image/svg+xml"
    assert drawing.text.startswith("<svg ")
    assert picture.headers["content-type"] == "image/png"
    assert picture.headers["content-disposition"].startswith("attachment")
    assert picture.body.startswith(b"\x89PNG")
    assert f'href="{path}/qr.png">' in browser.get(path).text, "`download` would ask without Accept"


def test_the_calendars_entry_holds_the_days_of_use_and_not_the_code(
    browser: Browser, path: str
) -> None:
    code, answer = _code(browser.get(path).text), browser.get(f"{path}/use.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    text = answer.text.replace("\r\n ", "")
    assert "SUMMARY:−20% · 20% off copper coffee pots" in text
    assert "DTSTART;TZID=Europe/Istanbul:20260521T233000" in text
    assert "00:00 on 19 May 2026 – 24:00 on 21 May 2026" in text
    assert "DTEND;TZID=Europe/Istanbul:20260522T000000" in text
    assert "URL:https://marquee.example/me" in text
    assert code not in text
    assert path.removeprefix("/V/") not in text


def test_what_is_used_online_rings_by_no_stands_hours(house: House) -> None:
    browser = house.browser()
    online = path_of(browser.claim("milan", "parcel-10")["url"])
    text = browser.get(f"{online}/use.ics").text
    assert "DTSTART;TZID=Europe/Rome:20260521T233000" in text


def test_a_ticket_without_a_code_has_no_entry(house: House, browser: Browser, path: str) -> None:
    house.live(revoked={_id(_code(browser.get(path).text))})
    assert browser.get(f"{path}/use.ics").status == 409
    assert browser.get("/V/NOTOKEN/use.ics").status == 404


def _id(code: str) -> str:
    return code.replace("-", "")[:15]


def test_the_worker_of_tickets_stands_in_their_scope(browser: Browser) -> None:
    answer = browser.get("/V/sw.js")
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert re.fullmatch(r'importScripts\("/static/voucher-worker[.\w]*\.js"\);\n', answer.text)


def test_a_preview_of_the_link_shows_neither_code_nor_token(browser: Browser, path: str) -> None:
    page = browser.get(path).text
    head = page.partition("</head>")[0]
    assert '<meta property="og:image" content="https://marquee.example/static/share' in head
    assert '<meta property="og:title" content="Voucher · Istanbul · Marquee">' in head
    assert _code(page) not in head
    assert path not in head


def test_the_code_fills_the_screen_and_the_sheet_without_script(
    browser: Browser, path: str
) -> None:
    page = browser.get(path).text
    assert 'href="#code"' in page
    assert '<section class="large" id="code"' in page
    assert page.count('<use href="#qr"/>') == 2
    assert page.count(_code(page)) == 3
    assert f'href="{path}/use.ics"' in page


def test_what_needs_script_stays_hidden_without_it(browser: Browser, path: str) -> None:
    page = browser.get(path).text
    for button in ("copy", "print", "share"):
        assert re.search(f'id="{button}" hidden', page)
