"""This browser's vouchers, found again from the stands at which it claimed."""

from dataclasses import dataclass

from chalice import Response

from chalicelib.domain.errors import NotFound
from chalicelib.domain.live import Published
from chalicelib.domain.popup import Popup
from chalicelib.domain.voucher import State, Voucher
from chalicelib.store import choices
from chalicelib.web import benefits, holdings, session
from chalicelib.web import vouchers as shown
from chalicelib.web.context import context
from chalicelib.web.pages import Pages
from chalicelib.web.voucher_state import VoucherState, VoucherView, state_of

pages = Pages(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """One voucher of the list. Points count while its choice stands and it is used."""

    view: VoucherView
    state: VoucherState
    benefit: str
    token: str
    points: int
    chosen: bool


@pages.route("/me", methods=["GET"])
def get_me() -> Response:
    """Return the vouchers and delivery points of this browser."""
    visitor = session.visitor(pages)
    places = _places() if visitor else {}
    mine = (
        [_mine(v) for v in holdings.held(places.values(), visitor, holdings.gifts_of(pages))]
        if visitor
        else []
    )
    return pages.page("visitor/me.html", mine=mine, points=sum(each.points for each in mine))


def _places() -> dict[str, tuple[Published, Popup]]:
    """Return the stands of this browser's cookie that exist."""
    found = {}
    for popup_id in holdings.stands_of(pages):
        try:
            found[popup_id] = context.catalog.popup(popup_id)
        except NotFound:
            continue
    return found


def _mine(voucher: Voucher) -> Mine:
    published = context.catalog.campaign(voucher.campaign_id)
    view = VoucherView(
        published=published,
        popup=published.campaign.popup[voucher.popup_id],
        offer=published.campaign.offer[voucher.offer_id],
        voucher=voucher,
        at=context.now(),
        language=pages.reader().language,
    )
    choice = choices.get(voucher.voucher_id)
    used = voucher.state is State.REDEEMED
    return Mine(
        view=view,
        state=state_of(view),
        benefit=benefits.label(view.offer.benefit, view.language),
        token=shown.token_text(published, voucher),
        points=choice.points if choice and used else 0,
        chosen=choice is not None,
    )
