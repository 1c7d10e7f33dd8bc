"""A shop settles the hold of its order, as JSON: confirmed, or released."""

from collections.abc import Callable
from typing import Literal

from chalice import Response

from chalicelib.domain import voucher as codes
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.redemption import rfc3339
from chalicelib.store import uses
from chalicelib.usecases import holding
from chalicelib.usecases.holding import Settled, Wish
from chalicelib.web import answers, journal, session
from chalicelib.web.api import Routes, answer
from chalicelib.web.context import context
from chalicelib.web.schema import Money

api = Routes(__name__)

Ending = Callable[[Wish], Settled | Refusal]


@api.route("/api/v1/redemptions/{redemption_id}/confirm", methods=["POST"])
def post_confirmation(redemption_id: str) -> Response | Refusal:
    """201 a use from now on, 200 confirmed before."""
    return _settle(redemption_id, "accepted", lambda wish: holding.confirm(uses, wish))


@api.route("/api/v1/redemptions/{redemption_id}/release", methods=["POST"])
def post_release(redemption_id: str) -> Response | Refusal:
    """201 free from now on, 200 released before."""
    return _settle(redemption_id, "released", lambda wish: holding.release(uses, wish))


def _settle(
    redemption_id: str, outcome: Literal["accepted", "released"], end: Ending
) -> Response | Refusal:
    shop = session.shop(api)
    if isinstance(shop, Refusal):
        return shop
    named = codes.read_redemption_id(redemption_id)
    if named is None:
        return Refusal(Reason.NOT_FOUND)
    voucher_id, number = named
    settled = end(
        Wish(voucher_id=voucher_id, number=number, device_id=shop.device_id, at=context.now())
    )
    if isinstance(settled, Refusal):
        return settled
    use = settled.use
    if settled.made:
        kind = "redeemed" if outcome == "accepted" else "released"
        journal.event(kind, popup_id=use.popup_id)
    document = answers.Settlement(
        redemption_id=codes.redemption_id(voucher_id, use.number),
        voucher_id=voucher_id,
        popup_id=use.popup_id,
        device_id=use.device_id,
        received_at=rfc3339(use.received_at),
        discount=Money(use.discount_minor, use.currency) if use.currency else None,
        outcome=outcome,
    )
    return answer(document, 201 if settled.made else 200)
