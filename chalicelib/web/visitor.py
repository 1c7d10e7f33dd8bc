"""The festival's page, and what a browser prefers."""

from datetime import datetime

from chalice import Response

from chalicelib.domain.live import Published
from chalicelib.domain.merchant import text_in
from chalicelib.web import insights, languages
from chalicelib.web.context import context
from chalicelib.web.festival_view import festival
from chalicelib.web.kept import Kept
from chalicelib.web.pages import Pages
from chalicelib.web.reader import THEMES
from chalicelib.web.security import PAGE_HEADERS

pages = Pages(__name__)

_A_YEAR = 31_536_000
_drawn = Kept[Response](100)


@pages.route("/", methods=["GET"])
def get_home() -> Response:
    """Return the festival of the day."""
    return _festival(insights.published_of(None))


@pages.route("/c/{campaign_id}", methods=["GET"])
def get_campaign(campaign_id: str) -> Response:
    """Return any festival."""
    return _festival(context.catalog.campaign(campaign_id))


@pages.route("/preferences", methods=["GET"])
def get_preferences() -> Response:
    """Keep language and colours in cookies, so that they are right at first paint."""
    cookies = []
    language, theme = pages.query("lang"), pages.query("theme")
    if language in {code for code, _ in languages.LANGUAGES}:
        cookies.append(f"lang={language}; Path=/; SameSite=Lax; Max-Age={_A_YEAR}")
    if theme is not None and (theme in THEMES or not theme):
        age = _A_YEAR if theme else 0
        cookies.append(f"theme={theme}; Path=/; SameSite=Lax; Max-Age={age}")
    return see_other(pages.query("to") or "/", *cookies)


def see_other(address: str, *cookies: str) -> Response:
    """Return a 303 that is never stored, to an address of this site, whatever came from outside."""
    headers = PAGE_HEADERS | {"Location": local_address(address)}
    if cookies:
        headers["Set-Cookie"] = list(cookies)
    return Response("", headers=headers, status_code=303)


def local_address(address: str) -> str:
    """Return an address of this site, else the first page: nobody is sent elsewhere."""
    if not address.startswith("/") or address.startswith("//"):
        return "/"
    safe = address.isprintable() and address.isascii() and not set(address) & {"\\", " "}
    return address if safe else "/"


def _festival(published: Published) -> Response:
    """Return a festival's page. It is the same for a whole crowd, so it is drawn once a second."""
    at, reader = context.now().replace(microsecond=0), pages.reader()
    key = (at, published.campaign.campaign_id, reader.language, reader.theme, reader.path)
    response = _drawn.of(published, key, lambda: _draw(published, at, reader.language))
    return Response(response.body, dict(response.headers), response.status_code)


def _draw(published: Published, at: datetime, language: str) -> Response:
    return pages.page(
        "visitor/festival.html",
        campaign=published.campaign,
        name=_unbroken(text_in(published.campaign.name, language)),
        festival=festival(published, at, language),
        at=at,
    )


def _unbroken(name: str) -> str:
    """Keep a line from ending at a hyphen: a name set in large letters is no running text."""
    return name.replace("-", "-\N{WORD JOINER}")
