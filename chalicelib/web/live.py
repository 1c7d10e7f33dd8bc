"""The live page: counts of every city on a map and as a table, read again every few seconds."""

from functools import partial

from chalice import Response

from chalicelib.web import delivery_names, wording
from chalicelib.web.context import context
from chalicelib.web.insights import Board, board_of, figures_of, published_of
from chalicelib.web.kept import Kept
from chalicelib.web.pages import Pages

pages = Pages(__name__)

_drawn = Kept[Response](100)


@pages.route("/live", methods=["GET"])
def get_live_page() -> Response:
    """Show the live board of the campaign of the day, or of `?campaign_id=`.

    It is the same for all who watch, so it is drawn once a second, as its figures are read.
    """
    published, reader = published_of(pages.query("campaign_id")), pages.reader()
    campaign_id, second = published.campaign.campaign_id, context.now().replace(microsecond=0)
    key = (second, campaign_id, reader.language, reader.theme, reader.path)
    response = _drawn.of(
        figures_of(campaign_id), key, lambda: _draw(board_of(published), reader.language)
    )
    return Response(response.body, dict(response.headers), response.status_code)


def _draw(board: Board, language: str) -> Response:
    return pages.page(
        "visitor/live.html",
        board=board,
        label_of=partial(_label, board, language),
        as_of=wording.moment(board.as_of, "UTC", language),
        busiest=_busiest(board),
    )


def _label(board: Board, language: str, code: str) -> str:
    return delivery_names.label_of(board.campaign.delivery, code, language)


def _busiest(board: Board) -> int:
    """Return the highest count of claims, for the bars' common scale."""
    return max((city.counts["claimed"] for city in board.cities), default=0) or 1
