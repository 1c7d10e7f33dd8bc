"""What helps a holder to find the ticket again: a picture, a calendar's entry, an offline copy."""

from chalice import Response

from chalicelib import qr
from chalicelib.domain.merchant import text_in
from chalicelib.domain.offer import Channel
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.web import benefits, calendars, phrases, reminders, voucher_page
from chalicelib.web import vouchers as shown
from chalicelib.web.calendars import Event
from chalicelib.web.context import context
from chalicelib.web.pages import Pages
from chalicelib.web.render import asset
from chalicelib.web.security import PAGE_HEADERS
from chalicelib.web.voucher_state import place, state_of

pages = Pages(__name__)


@pages.route("/V/{token}/qr.svg", methods=["GET"])
def get_drawing(token: str) -> Response | Refusal:
    """Return the QR code alone, as lines."""
    url = _said(token)
    if isinstance(url, Refusal):
        return url
    headers = PAGE_HEADERS | voucher_page.ROBOTS | {"Content-Type": "image/svg+xml"}
    return Response(str(qr.svg(url)), headers=headers)


@pages.route("/V/{token}/qr.png", methods=["GET"])
def get_picture(token: str) -> Response | Refusal:
    """Return the same as a file for the album: for links, since gateways spoil PNGs in pages."""
    url = _said(token)
    if isinstance(url, Refusal):
        return url
    headers = PAGE_HEADERS | voucher_page.ROBOTS | {"Content-Type": "image/png"}
    headers["Content-Disposition"] = 'attachment; filename="voucher.png"'
    return Response(qr.png(url), headers=headers)


def _said(token: str) -> str | Refusal:
    """Return the address that the code of a genuine token says."""
    view = voucher_page.found(token)
    return view if isinstance(view, Refusal) else shown.url_of(token.upper())


@pages.route("/V/{token}/use.ics", methods=["GET"])
def get_calendar(token: str) -> Response | Refusal:
    """Return the days of use for a calendar; calendars are shared, so the code is not in it."""
    view = voucher_page.found(token)
    if isinstance(view, Refusal):
        return view
    if not state_of(view).shows_code:
        return Refusal(Reason.EXPIRED)
    campaign, popup, offer, language = view.campaign, view.popup, view.offer, view.language
    starts, ends = campaign.usable_from(popup, offer), campaign.usable_until(popup, offer)
    said = phrases.dated(starts, ends, popup, language)
    rings = (
        reminders.next_opening(popup, (starts, ends), view.at)
        if Channel.STAND in offer.channels
        else reminders.start_or_end((starts, ends), view.at)
    )
    address = f"{context.settings.public_url}/me"
    event = Event(
        uid=f"voucher-{popup.popup_id}-{offer.number}-{starts:%Y%m%dT%H%M}@marquee",
        starts=rings,
        ends=ends,
        summary=f"{benefits.label(offer.benefit, language)} · {text_in(offer.title, language)}",
        description=f"{place(view)}\n{said}\n{address}",
        location=reminders.place_of(popup, language),
        url=address,
    )
    return calendars.answer([event], popup.time_zone, name="voucher", at=view.at, language=language)


@pages.route("/V/sw.js", methods=["GET"])
def get_worker() -> Response:
    """Return the worker that keeps opened tickets; it stands here because of its scope."""
    headers = PAGE_HEADERS | {
        "Content-Type": "text/javascript; charset=utf-8",
        "Cache-Control": "no-cache",
    }
    return Response(f'importScripts("{asset("voucher-worker.js")}");\n', headers=headers)
