"""Pages for developers: every route with a call, every reason with cause, cure and example."""

import re
from html import unescape

import pytest
from house import House

from chalicelib.domain.reasons import Reason
from chalicelib.web import problems
from chalicelib.web.operations import OPERATIONS

REASONS = pytest.mark.parametrize("reason", list(Reason))


def test_the_developers_page_shows_every_route_with_a_call(house: House) -> None:
    page = house.browser().get("/developers")
    assert page.status == 200
    for operation in OPERATIONS:
        assert operation.path in page.text
    assert page.text.count("curl ") == len(OPERATIONS) + 1
    assert "BASE=https://marquee.example" in page.text


def test_nothing_on_these_pages_comes_from_elsewhere(house: House) -> None:
    for path in ("/developers", "/problems", "/problems/not_now", "/style"):
        loaded = re.findall(r'(?:src|href)="(https?:[^"]*)"', house.browser().get(path).text)
        assert loaded == []


def test_links_to_operations_have_their_targets(house: House) -> None:
    anchors = set(re.findall(r'id="([\w-]+)"', house.browser().get("/developers").text))
    asked = re.findall(r"/developers#([\w-]+)", house.browser().get("/problems/try_again").text)
    assert len(asked) == len(OPERATIONS)
    assert set(asked) <= anchors


@REASONS
def test_each_reason_has_a_page_with_cause_cure_and_example(house: House, reason: Reason) -> None:
    page = house.browser().get(f"/problems/{reason}")
    row, text = problems.ROWS[reason], unescape(page.text)
    assert page.status == 200
    for words in (row.title, row.cause, row.cure):
        assert words in text
    assert f'"reason": "{reason}"' in text
    assert f'"status": {row.status}' in text


@REASONS
def test_the_list_links_each_reason(house: House, reason: Reason) -> None:
    assert f'href="/problems/{reason}"' in house.browser().get("/problems").text


@pytest.mark.parametrize("path", ["/problems/no_such_reason", "/problems/NOT_NOW", "/problems/%20"])
def test_an_unknown_reason_is_not_found(house: House, path: str) -> None:
    assert house.browser().get(path).status == 404


def test_the_style_page_shows_itself(house: House) -> None:
    page = house.browser().get("/style")
    assert page.status == 200
    assert 'class="ticket' in page.text


@pytest.mark.parametrize("language", ["en", "tr", "ar"])
def test_the_pages_are_there_in_each_language(house: House, language: str) -> None:
    for path in ("/developers", "/problems", "/problems/expired", "/style"):
        page = house.browser(language).get(path)
        assert (page.status, page.headers["content-language"]) == (200, language)
