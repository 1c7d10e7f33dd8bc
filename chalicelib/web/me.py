"""This browser's vouchers, found again from the stands at which it claimed."""

from collections.abc import Iterable
from dataclasses import dataclass

from chalice import Response

from chalicelib.domain.errors import NotFound
from chalicelib.domain.live import Published
from chalicelib.domain.popup import Popup
from chalicelib.domain.voucher import State, Voucher
from chalicelib.store import tickets
from chalicelib.store.tickets import Attached
from chalicelib.web import benefits, gifts, holdings, session
from chalicelib.web import vouchers as shown
from chalicelib.web.context import context
from chalicelib.web.pages import Pages
from chalicelib.web.voucher_state import VoucherState, VoucherView, state_of

pages = Pages(__name__)

_GONE = frozenset({State.GIVEN, State.LAPSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """One voucher of the list. Points count while its choice stands and it is used."""

    view: VoucherView
    state: VoucherState
    benefit: str
    token: str
    points: int
    passed_on: str

    @property
    def gone(self) -> bool:
        """Tell whether it was passed on, or went back to the stand."""
        return self.view.voucher.state in _GONE


@pages.route("/me", methods=["GET"])
def get_me() -> Response:
    """Return the vouchers and delivery points of this browser."""
    return page()


def page(refused_address: str | None = None) -> Response:
    """Return the list; where no mail could go to an address, its form has that again, and why."""
    visitor = session.visitor(pages)
    places = places_of(holdings.stands_of(pages)) if visitor else []
    mine = mine_of(visitor, places, holdings.gifts_of(pages)) if visitor else []
    return pages.page(
        "visitor/me.html",
        status=200 if refused_address is None else 422,
        mine=[each for each in mine if not each.gone],
        given=[each for each in mine if each.view.voucher.state is State.GIVEN],
        points=sum(each.points for each in mine),
        known=visitor is not None,
        cookie=session.cookie_hint(pages),
        mails=context.post is not None,
        mailed=pages.query("mail") == "sent",
        refused_address=refused_address,
    )


def mine_of(
    visitor: str, places: Iterable[tuple[Published, Popup]], received: Iterable[str]
) -> list[Mine]:
    """Return every voucher of a visitor at these stands, or received, with its state in words."""
    held = holdings.of_visitor(places, visitor, received)
    used = [voucher.voucher_id for voucher in held if voucher.state is State.REDEEMED]
    more = tickets.attached(used)  # a choice counts once the voucher is used
    return [_mine(voucher, more.get(voucher.voucher_id, Attached())) for voucher in held]


def places_of(popup_ids: Iterable[str]) -> list[tuple[Published, Popup]]:
    """Return the stands of these ids that exist."""
    found = []
    for popup_id in popup_ids:
        try:
            found.append(context.catalog.popup(popup_id))
        except NotFound:
            continue
    return found


def _mine(voucher: Voucher, more: Attached) -> Mine:
    published = context.catalog.campaign(voucher.campaign_id)
    view = VoucherView(
        published=published,
        popup=published.campaign.popup[voucher.popup_id],
        offer=published.campaign.offer[voucher.offer_id],
        voucher=voucher,
        at=context.now(),
        language=pages.reader().language,
    )
    return Mine(
        view=view,
        state=state_of(view),
        benefit=benefits.label(view.offer.benefit, view.language),
        token=shown.token_text(published, voucher),
        points=more.choice.points if more.choice else 0,
        passed_on=gifts.passed_on(view),
    )
