"""What a stand's visitors may want to be reminded of: the reveal, and the days of use."""

from datetime import datetime, timedelta

from chalice import Response

from chalicelib import cities
from chalicelib.domain.live import Published
from chalicelib.domain.merchant import text_in
from chalicelib.domain.popup import Popup
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.redemption import rfc3339
from chalicelib.web import calendars, phrases, stand_view
from chalicelib.web.calendars import Event
from chalicelib.web.context import context
from chalicelib.web.languages import catalogue
from chalicelib.web.pages import Pages

pages = Pages(__name__)

_A_MINUTE, _A_MOMENT = timedelta(minutes=1), timedelta(minutes=30)


@pages.route("/p/{popup_id}/remind.ics", methods=["GET"])
def get_reminder(popup_id: str) -> Response | Refusal:
    """Return what is still to come at a stand as a file for the phone's calendar."""
    published, popup = context.catalog.popup(popup_id)
    at, language = context.now(), pages.reader().language
    ends = published.campaign.usable_until(popup)
    if at >= ends:
        return Refusal(Reason.EXPIRED, {"ended_at": rfc3339(ends), "time_zone": popup.time_zone})
    events = [*_reveals(published, popup, at, language), _use(published, popup, at, language)]
    return calendars.answer(events, popup.time_zone, name=popup_id, at=at, language=language)


def place_of(popup: Popup, language: str) -> str:
    """Return where a stand is, from the street to the country, as a calendar takes it."""
    city = cities.name_in(popup.city, language)
    country = stand_view.country(popup.country, language)
    return ", ".join(part for part in (popup.address, city, country) if part)


def next_opening(popup: Popup, span: tuple[datetime, datetime], at: datetime) -> datetime:
    """Return when the stand opens next in the span in which one may use something there.

    Where it opens no more, it is the last moment.
    """
    starts, ends = span
    opens = popup.opens_next(max(at, starts))
    waits = at >= starts or not popup.open_at(starts)
    if waits and opens and opens < ends and not popup.open_at(opens - _A_MINUTE):
        return opens
    return start_or_end(span, at)


def start_or_end(span: tuple[datetime, datetime], at: datetime) -> datetime:
    """Return the start of a span while it is to come, then the last moment of it."""
    starts, ends = span
    return starts if at < starts else max(at, ends - _A_MOMENT)


def _reveals(published: Published, popup: Popup, at: datetime, language: str) -> list[Event]:
    """Return each instant at which something here is unsealed; what it is, nobody is told."""
    campaign = published.campaign
    opens = {campaign.claimable_from(popup, offer) for offer in campaign.offers_at(popup)}
    summary = (
        catalogue(language)
        .gettext("{city}: offers are revealed")
        .format(city=cities.name_in(popup.city, language))
    )
    return [
        _event(
            "reveal",
            published,
            popup,
            language,
            (instant, instant + _A_MOMENT),
            (summary, phrases.dated(instant, None, popup, language)),
        )
        for instant in sorted(opens)
        if instant > at
    ]


def _use(published: Published, popup: Popup, at: datetime, language: str) -> Event:
    campaign = published.campaign
    whole = campaign.usable_from(popup), campaign.usable_until(popup)
    span = next_opening(popup, whole, at), whole[1]
    summary = (
        catalogue(language)
        .gettext("{city}: vouchers can be used")
        .format(city=cities.name_in(popup.city, language))
    )
    said = summary, phrases.dated(*whole, popup, language)
    return _event("use", published, popup, language, span, said)


def _event(
    kind: str,
    published: Published,
    popup: Popup,
    language: str,
    span: tuple[datetime, datetime],
    said: tuple[str, str],
) -> Event:
    url = f"{context.settings.public_url}/p/{popup.popup_id}"
    name = text_in(published.campaign.name, language)
    return Event(
        uid=f"{kind}-{span[1]:%Y%m%dT%H%M}-{popup.popup_id}@marquee",
        starts=span[0],
        ends=span[1],
        summary=said[0],
        description=f"{name}\n{said[1]}\n{url}",
        location=place_of(popup, language),
        url=url,
    )
