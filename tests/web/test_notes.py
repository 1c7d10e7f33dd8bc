"""A note to oneself: the holder's alone, sealed in the table, shown from its day on."""

from datetime import UTC, datetime

import pytest
from house import Browser, House, path_of

EVE = datetime(2019, 11, 10, 20, 59, tzinfo=UTC)  # 23:59 in Istanbul
THE_DAY = datetime(2019, 11, 10, 21, tzinfo=UTC)
NOTE = "a lamp & <b>tea</b> for me"
SHOWN = "a lamp &amp; &lt;b&gt;tea&lt;/b&gt; for me"


@pytest.fixture
def browser(house: House) -> Browser:
    house.at = EVE
    return house.browser()


@pytest.fixture
def path(browser: Browser) -> str:
    return path_of(browser.claim("istanbul-2019", "coffee-pot-20")["url"])


def test_a_note_is_sealed_until_its_day_and_then_the_holders(
    house: House, browser: Browser, path: str
) -> None:
    kept = browser.submit(f"{path}/note", {"note": NOTE})
    assert (kept.status, kept.headers["location"]) == (303, f"{path}#note")
    page = browser.get(path).text
    assert "Your note is kept. You read it here from 00:00 tomorrow on" in page
    assert "lamp &" not in page
    assert "lamp" not in str(house.items())
    house.at = THE_DAY
    assert SHOWN in browser.get(path).text
    assert SHOWN not in house.browser().get(path).text


def test_an_empty_note_takes_it_away(house: House, browser: Browser, path: str) -> None:
    browser.submit(f"{path}/note", {"note": NOTE})
    browser.submit(f"{path}/note", {"note": ""})
    house.at = THE_DAY
    page = browser.get(path).text
    assert SHOWN not in page
    assert "You alone read it" in page


def test_what_is_no_form_takes_nothing_away(house: House, browser: Browser, path: str) -> None:
    browser.submit(f"{path}/note", {"note": NOTE})
    for body in (b"", b'{"note": ""}', b"a note"):
        assert browser.ask("POST", f"{path}/note", body=body).status == 422
    house.at = THE_DAY
    assert SHOWN in browser.get(path).text


def test_a_stranger_with_a_photo_of_the_code_writes_nothing(
    house: House, browser: Browser, path: str
) -> None:
    stranger = house.browser()
    stranger.sign_in()
    for other in (stranger, house.browser()):
        refused = other.submit(f"{path}/note", {"note": "mine now"})
        assert refused.status == 403
        assert 'action="' + path + '/note"' not in other.get(path).text
    assert "NOTE" not in str(house.items())
    assert f'action="{path}/note"' in browser.get(path).text


@pytest.mark.parametrize(
    ("form", "status"),
    [({"note": "x" * 140}, 303), ({"note": "x" * 141}, 422), ({"text": "x"}, 422), ({}, 422)],
)
def test_a_note_has_its_bounds(
    browser: Browser, path: str, form: dict[str, str], status: int
) -> None:
    assert browser.submit(f"{path}/note", form).status == status


def test_a_note_on_nothing_is_nothing(browser: Browser) -> None:
    assert browser.submit("/V/NOTOKEN/note", {"note": NOTE}).status == 404


def test_a_note_passes_on_with_nobody(house: House, browser: Browser, path: str) -> None:
    browser.submit(f"{path}/note", {"note": NOTE})
    browser.submit(f"{path}/gift")
    page = browser.get(path).text
    link = page.partition('class="gift-link"')[2].partition(">")[2].partition("<")[0]
    friend = house.browser()
    friend.get(path_of(link))
    theirs = friend.submit(path_of(link)).headers["location"]
    house.at = THE_DAY
    assert SHOWN not in friend.get(theirs).text
    assert SHOWN in browser.get(path).text
