"""Every page, on a small phone, in three languages: no barrier, nothing cut off, no error."""

import pytest
from playwright.sync_api import ConsoleMessage, Page, Response
from street import Street, violations

LOCALES = ["en-GB", "tr-TR", "ar-EG"]
PATHS = [
    "/",
    "/c/festival-2019",
    "/p/istanbul",
    "/p/istanbul/poster",
    "/voucher",
    "/me",
    "/method",
    "/live",
    "/staff/",
    "/style",
    "/developers",
    "/problems",
    "/problems/already_redeemed",
    "/nowhere",
]


def opened(street: Street, path: str, page: Page) -> Page:
    """Open a path; "/voucher" is the one of the demo, as a stranger sees it."""
    page.goto(street.voucher_path if path == "/voucher" else path)
    return page


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("path", PATHS)
def test_a_small_phone_shows_all_and_axe_finds_no_barrier(
    street: Street, path: str, locale: str
) -> None:
    page = opened(street, path, street.page(width=360, locale=locale))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert violations(page) == []
    page.context.close()


@pytest.mark.parametrize("path", PATHS)
def test_no_script_fails_and_nothing_breaks_the_policy(street: Street, path: str) -> None:
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
    opened(street, path, page).wait_for_load_state("networkidle")
    assert said == []
    page.context.close()


@pytest.mark.parametrize("locale", LOCALES)
def test_the_page_speaks_the_readers_language(street: Street, locale: str) -> None:
    page = opened(street, "/", street.page(locale=locale))
    html = page.locator("html")
    assert html.get_attribute("lang") == locale[:2]
    assert html.get_attribute("dir") == ("rtl" if locale == "ar-EG" else "ltr")
    page.context.close()
