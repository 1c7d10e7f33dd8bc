"""The visitor's pages: the festival, a stand, a claim."""

from datetime import datetime
from functools import partial
from typing import Annotated

from chalice import Response
from msgspec import Meta, Struct

from chalicelib.domain.live import Published
from chalicelib.domain.merchant import text_in
from chalicelib.domain.popup import Popup
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.web import (
    benefits,
    claims,
    forms,
    holdings,
    insights,
    languages,
    phrases,
    session,
    stand_view,
)
from chalicelib.web import vouchers as shown
from chalicelib.web.context import context
from chalicelib.web.festival_view import festival
from chalicelib.web.offer_cards import Card, card
from chalicelib.web.pages import Pages
from chalicelib.web.reader import THEMES
from chalicelib.web.schema import Slug
from chalicelib.web.security import PAGE_HEADERS

pages = Pages(__name__)

_A_YEAR = 31_536_000
_MOST_DRAWN = 100
_drawn: dict[tuple[str, ...], tuple[Published, datetime, Response]] = {}


class ClaimForm(Struct, frozen=True, forbid_unknown_fields=True):
    """Which offer is claimed; the ordinal is for offers that may be had more than once."""

    offer_id: Slug
    ordinal: Annotated[int, Meta(ge=1, le=99)] = 1


@pages.route("/", methods=["GET"])
def get_home() -> Response:
    """Return the festival of the day."""
    return _festival(insights.published_of(None))


@pages.route("/c/{campaign_id}", methods=["GET"])
def get_campaign(campaign_id: str) -> Response:
    """Return any festival."""
    return _festival(context.catalog.campaign(campaign_id))


@pages.route("/p/{popup_id}", methods=["GET"])
def get_stand(popup_id: str) -> Response:
    """Return a stand; a browser without the visitor's cookie gets one."""
    published, popup = context.catalog.popup(popup_id)
    visitor, at, language = session.visitor(pages), context.now(), pages.reader().language
    stand = stand_view.view(published, popup, at, language)
    headers: dict[str, str | list[str]] = {}
    if visitor is None:
        headers["Set-Cookie"] = session.new_visitor_cookie()
    return pages.page(
        "visitor/stand.html",
        headers=headers,
        campaign=published.campaign,
        stand=stand,
        waits=stand_view.waits(stand, at, language),
        hours=phrases.hours(popup, language),
        cards=_cards(published, popup, visitor),
        cookie=_cookie_hint(visitor),
        benefit_of=partial(benefits.face, language=language),
        when=partial(phrases.when, popup=popup, now=at, language=language),
        until=partial(phrases.until, popup=popup, now=at, language=language),
        at=at,
    )


@pages.route("/p/{popup_id}/claims", methods=["POST"])
def post_claim(popup_id: str) -> Response | Refusal:
    """303 to the voucher; without a valid cookie 303 back with one, and nothing is written."""
    published, popup = context.catalog.popup(popup_id)
    visitor = session.visitor(pages)
    if visitor is None and session.from_elsewhere(pages):
        return see_other(f"/p/{popup_id}")
    if visitor is None:
        return see_other(f"/p/{popup_id}?cookie=new", session.new_visitor_cookie())
    form = forms.read(pages, ClaimForm)
    offer = published.campaign.offer.get(form.offer_id)
    if offer is None:
        return Refusal(Reason.NOT_FOUND)
    claimed = claims.claim(published, popup, offer, visitor, form.ordinal, pages.request_id())
    if isinstance(claimed, Refusal):
        return claimed
    token = shown.token_text(published, claimed.voucher)
    return see_other(f"/V/{token}", holdings.stands_cookie(pages, popup_id))


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
    return see_other(local_address(pages.query("to")), *cookies)


def see_other(address: str, *cookies: str) -> Response:
    """Return a 303 that is never stored."""
    headers = PAGE_HEADERS | {"Location": address}
    if cookies:
        headers["Set-Cookie"] = list(cookies)
    return Response("", headers=headers, status_code=303)


def local_address(address: str | None) -> str:
    """Return an address of this site, else the first page: nobody is sent elsewhere."""
    if not address or not address.startswith("/") or address.startswith("//"):
        return "/"
    safe = address.isprintable() and address.isascii() and not set(address) & {"\\", " "}
    return address if safe else "/"


def _festival(published: Published) -> Response:
    """Return a festival's page. It is the same for a whole crowd, so it is drawn once a second."""
    at, reader = context.now().replace(microsecond=0), pages.reader()
    key = (published.campaign.campaign_id, reader.language, reader.theme, reader.path)
    drawn = _drawn.get(key)
    if drawn is None or drawn[0] is not published or drawn[1] != at:
        if len(_drawn) >= _MOST_DRAWN:
            _drawn.clear()
        drawn = _drawn[key] = published, at, _draw(published, at, reader.language)
    response = drawn[2]
    return Response(response.body, dict(response.headers), response.status_code)


def _draw(published: Published, at: datetime, language: str) -> Response:
    return pages.page(
        "visitor/festival.html",
        campaign=published.campaign,
        name=_unbroken(text_in(published.campaign.name, language)),
        festival=festival(published, at, language),
        benefit_of=partial(benefits.face, language=language),
        at=at,
    )


def _unbroken(name: str) -> str:
    """Keep a line from ending at a hyphen: a name set in large letters is no running text."""
    return name.replace("-", "-\N{WORD JOINER}")


def _cards(published: Published, popup: Popup, visitor: str | None) -> list[Card]:
    """Return the stand's offers, with the visitor's own vouchers in place of claims."""
    owned: dict[str, dict[int, str]] = {}
    for voucher in holdings.held([(published, popup)], visitor) if visitor else []:
        tokens = owned.setdefault(voucher.offer_id, {})
        tokens[voucher.ordinal] = shown.token_text(published, voucher)
    return [
        card(published, popup, offer, context.now(), owned.get(offer.offer_id, {}))
        for offer in published.campaign.offers_at(popup)
    ]


def _cookie_hint(visitor: str | None) -> str:
    """Return what to say to a browser that came back from a claim without a cookie."""
    if pages.query("cookie") is None:
        return ""
    return "again" if visitor else "refused"
