"""The stand's poster: a page to print, with the code that opens the stand."""

from chalice import Response
from markupsafe import Markup

from chalicelib.paper.svg import svg
from chalicelib.web import prints
from chalicelib.web.context import context
from chalicelib.web.kept import Kept
from chalicelib.web.pages import Pages
from chalicelib.web.prints import Stand

pages = Pages(__name__)

_drawn = Kept[Markup](70)  # a stand has one, whoever reads it


@pages.route("/p/{popup_id}/poster", methods=["GET"])
def get_poster(popup_id: str) -> Response:
    """Show the poster in the stand's own language, with one line in English beneath."""
    published, popup = context.catalog.popup(popup_id)
    campaign = published.campaign
    drawn = _drawn.of(campaign, popup_id, lambda: svg(prints.poster(Stand(campaign, popup))))
    return pages.page("visitor/poster.html", popup=popup, drawn=drawn)
