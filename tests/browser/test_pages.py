"""Every page, on a small phone, in three languages: no barrier, nothing cut off, no error."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import ConsoleMessage, Page, Response
from street import Street, violations

LOCALES = ["en-GB", "tr-TR", "ar-EG"]
PATHS = [
    "/",
    "/c/festival-2019",
    "/c/festival-now/offers",
    "/c/festival-now/m/cam-fener",
    "/p/istanbul",
    "/p/istanbul/poster",
    "/voucher",
    "/voucher passed on",
    "/gift",
    "/me",
    "/me/erased",
    "/privacy",
    "/method",
    "/live",
    "/staff/",
    "/staff/self-test",
    "/staff/help",
    "/staff/training?stand=istanbul",
    "/staff/cases",
    "/screen/istanbul",
    "/style",
    "/developers",
    "/problems",
    "/problems/already_redeemed",
    "/problems/lapsed",
    "/nowhere",
]


@dataclass(frozen=True)
class Passing:
    """A voucher whose holder has made a link, and what its browser keeps."""

    voucher: str
    link: str
    cookies: list[Any]


@pytest.fixture(scope="module")
def passing(street: Street) -> Passing:
    """Claim a voucher and make its link, once for all the pages that show it."""
    page = street.page()
    page.goto("/p/istanbul")
    page.locator('form:has(input[value="lantern-gift"]) button').click()
    page.locator("#gift button").click()
    link = page.locator(".gift-link").inner_text()
    passing = Passing(urlsplit(page.url).path, urlsplit(link).path, list(page.context.cookies()))
    page.context.close()
    return passing


def opened(street: Street, passing: Passing, path: str, page: Page) -> Page:
    """Open a path; "/voucher" is the demo's, as a stranger sees it, "/gift" what a friend sees."""
    if path == "/voucher passed on":
        page.context.add_cookies(passing.cookies)
    named = {
        "/voucher": street.voucher_path,
        "/voucher passed on": passing.voucher,
        "/gift": passing.link,
    }
    page.goto(named.get(path, path))
    return page


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("path", PATHS)
def test_a_small_phone_shows_all_and_axe_finds_no_barrier(
    street: Street, passing: Passing, path: str, locale: str
) -> None:
    page = opened(street, passing, path, street.page(width=360, locale=locale))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert violations(page) == []
    page.context.close()


@pytest.mark.parametrize("path", PATHS)
def test_no_script_fails_and_nothing_breaks_the_policy(
    street: Street, passing: Passing, path: str
) -> None:
    page = street.page()
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and "404" not in message.text:
            said.append(message.text)

    def look(answer: Response) -> None:
        if answer.status >= 500:
            said.append(f"{answer.status} {answer.url}")

    page.on("console", hear)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("response", look)
    opened(street, passing, path, page).wait_for_load_state("networkidle")
    assert said == []
    page.context.close()


@pytest.mark.parametrize("locale", LOCALES)
def test_the_page_speaks_the_readers_language(street: Street, locale: str) -> None:
    page = street.page(locale=locale)
    page.goto("/")
    html = page.locator("html")
    assert html.get_attribute("lang") == locale[:2]
    assert html.get_attribute("dir") == ("rtl" if locale == "ar-EG" else "ltr")
    page.context.close()
