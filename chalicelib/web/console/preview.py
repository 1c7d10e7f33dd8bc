"""Any revision at any instant: what a visitor sees, what the scanner would say."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

from chalice import Response
from markupsafe import Markup

from chalicelib.domain import view as views
from chalicelib.domain import wall
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.errors import NotFound
from chalicelib.domain.live import Live, Published
from chalicelib.domain.offer import Offer
from chalicelib.domain.popup import Popup
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.redemption import Scan, refusal
from chalicelib.store import desk as store
from chalicelib.web import (
    elsewhere,
    languages,
    phrases,
    render,
    stand_view,
    wording,
)
from chalicelib.web.console import plan as plans
from chalicelib.web.console.desk import desk
from chalicelib.web.console.visit import Visit
from chalicelib.web.context import context
from chalicelib.web.offer_cards import card
from chalicelib.web.reader import Reader

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_MOST_HOURS = 24 * 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is looked at: which version, as whom, where, when, in which language."""

    published: Published
    popup: Popup
    at: datetime
    language: str
    staff: bool
    revision: str
    starts: datetime
    hours: int

    @property
    def hour(self) -> int:
        """Where the slider stands."""
        return max(0, min(self.hours, int((self.at - self.starts) / _HOUR)))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the scanner would say of a voucher of this stand."""

    offer: Offer
    used: bool
    word: str
    sentence: str


def get_preview(here: Visit) -> Response | Refusal:
    """Return a stand as it will be, or was, at an instant.

    A draft may hold wall times and zones that are none: its checks say which, and nothing is shown.
    """
    try:
        return _preview(here)
    except (ValueError, OverflowError, ZoneInfoNotFoundError):
        return Refusal(Reason.NOT_FOUND)


def _preview(here: Visit) -> Response | Refusal:
    look = _look(here)
    if look is None:
        return Refusal(Reason.NOT_FOUND)
    reader: Reader = desk.reader()
    facts: dict[str, Any] = {
        "campaign": look.published.campaign,
        "look": look,
        "bar": _bar(look, reader.language),
    }
    if look.staff:
        verdicts = _verdicts(look, reader.language)
        return render.page("console/preview_staff.html", reader, verdicts=verdicts, **facts)
    reader = Reader(look.language, reader.theme, reader.path, reader.request_id)
    return render.page("console/preview.html", reader, **_stand(look), **facts)


def _look(here: Visit) -> Look | None:
    """Read the query; what makes no sense is the first stand, now, in the reader's language."""
    number = desk.query("revision") or ""
    campaign = views.of(_version(here, number), here.scope)
    if not campaign.popups:
        return None
    popup = campaign.popup.get(desk.query("popup") or "", campaign.popups[0])
    first = wall.instant(campaign.calendar.revealed_from, popup.time_zone) - _DAY
    last = wall.instant(campaign.calendar.usable_until, popup.time_zone, ends=True) + _DAY
    known = {code for code, _ in languages.LANGUAGES}
    language = desk.query("lang") or ""
    return Look(
        published=Published(campaign=campaign, revision=0, epoch=0, live=Live()),
        popup=popup,
        at=_instant(popup, first),
        language=language if language in known else desk.reader().language,
        staff=desk.query("as") == "staff",
        revision=number,
        starts=first,
        hours=min(_MOST_HOURS, max(1, int((last - first) / _HOUR))),
    )


def _version(here: Visit, number: str) -> Campaign:
    if not number:
        return plans.of(here.scope).campaign
    if not (number.isascii() and number.isdigit() and len(number) < 9):
        raise NotFound(f"no revision {number}")
    return store.revision(here.scope, int(number))


def _instant(popup: Popup, first: datetime) -> datetime:
    """Return the instant that is asked for: a wall time of the stand, or hours of the slider."""
    text, hour = desk.query("at") or "", desk.query("hour") or ""
    if text:
        try:
            return wall.instant(text, popup.time_zone)
        except ValueError:
            return context.now()
    if hour.isascii() and hour.isdigit() and int(hour[:5]) <= _MOST_HOURS:
        return (first + int(hour[:5]) * _HOUR).astimezone(UTC)
    return context.now()


def _bar(look: Look, language: str) -> Markup:
    """Return the bar over the preview, in the member's language, not in the one looked at."""
    campaign = look.published.campaign
    return render.fragment(
        "console/preview_bar.html",
        language,
        look=look,
        languages_of=languages.LANGUAGES,
        campaign=campaign,
        local=wording.day_and_time(look.popup.local(look.at), language),
        phase=campaign.popup_phase(look.popup, look.at),
        popups=campaign.popups,
    )


def _stand(look: Look) -> dict[str, Any]:
    """Return what the visitor's page of a stand shows, with nothing to press."""
    published, popup, at, language = look.published, look.popup, look.at, look.language
    stand = stand_view.view(published, popup, at, language)
    offers = published.campaign.offers_at(popup)
    return {
        "stand": stand,
        "waits": stand_view.waits(stand, at, language),
        "hours": phrases.hours(popup, language),
        "cards": [card(published, popup, offer, at, {}) for offer in offers],
        "gone": {},  # stock is of today, not of the instant
        "instead": elsewhere.instead_of(published, stand, at, language),
        "cookie": "",
        "presence": None,
        "source": None,
        "preview": True,
        "when": partial(phrases.when, popup=popup, now=at, language=language),
        "until": partial(phrases.until, popup=popup, now=at, language=language),
        "at": at,
    }


def _verdicts(look: Look, language: str) -> list[Verdict]:
    offers = look.published.campaign.offers_at(look.popup)
    return [_verdict(look, offer, language) for offer in offers]


def _verdict(look: Look, offer: Offer, language: str) -> Verdict:
    """Return what the scanner would say of an unused voucher of this stand, typed there."""
    scan = Scan(
        voucher_id="0" * 15,
        campaign_number=look.published.campaign.number,
        home=Live(),
        published=look.published,
        offer=offer,
        issued=look.popup,
        used=look.popup,
        at=look.at,
        device_id="preview",
        nonce="preview",
        scanned_at=look.at,
    )
    found = refusal(scan, None)
    if found is None:
        word = languages.catalogue(language).gettext("Used")
        return Verdict(offer, used=True, word=word, sentence="")
    text = wording.told(found, language)
    return Verdict(offer, used=False, word=text.title, sentence=text.detail)
