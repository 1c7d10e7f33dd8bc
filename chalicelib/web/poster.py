"""The stand's poster: a page to print, with the code that opens the stand."""

from chalice import Response

from chalicelib import qr
from chalicelib.web import languages, wording
from chalicelib.web.context import context
from chalicelib.web.pages import Pages

pages = Pages(__name__)


@pages.route("/p/{popup_id}/poster", methods=["GET"])
def get_poster(popup_id: str) -> Response:
    """Show the poster in the stand's own language, with one line in English beneath."""
    published, popup = context.catalog.popup(popup_id)
    campaign = published.campaign
    own = languages.chosen(popup.language, None)
    _ = languages.catalogue(pages.reader().language).gettext
    return pages.page(
        "visitor/poster.html",
        popup=popup,
        campaign=campaign,
        code=qr.svg(stand_url(popup_id), _("QR code of this stand")),
        own=own,
        own_dir=languages.direction(own),
        line=languages.catalogue(own).gettext("Scan, claim, show."),
        starts=wording.moment(campaign.usable_from(popup), popup.time_zone, own),
        ends=wording.moment(campaign.usable_until(popup), popup.time_zone, own),
    )


def stand_url(popup_id: str) -> str:
    """Return what the poster's code says; `s` names the poster as the source."""
    return f"{context.settings.public_url}/p/{popup_id}?s=poster"
