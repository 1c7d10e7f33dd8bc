"""The live page: counts of every city on a map and as a table, read again every few seconds."""

from functools import partial

from chalice import Response

from chalicelib.web import delivery_names, wording
from chalicelib.web.insights import Board, board_of, published_of
from chalicelib.web.pages import Pages

pages = Pages(__name__)


@pages.route("/live", methods=["GET"])
def get_live_page() -> Response:
    """Show the live board of the campaign of the day, or of `?campaign_id=`."""
    board = board_of(published_of(pages.query("campaign_id")))
    language = pages.reader().language
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
