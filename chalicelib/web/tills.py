"""Where vouchers are used: at a stand by its device, or online by a shop."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.api_key import Shop
from chalicelib.domain.device import DeviceToken
from chalicelib.domain.errors import InvalidPayload
from chalicelib.domain.live import Published
from chalicelib.domain.offer import Channel, Offer
from chalicelib.domain.popup import Popup
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.web.context import context
from chalicelib.web.schema import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Till:
    """Who uses vouchers, of which campaign, for whose goods.

    `popup` is the stand; None is online, where the place is the stand that issued the voucher.
    """

    device_id: str
    published: Published
    popup: Popup | None = None
    merchant_ids: frozenset[str] | None = None

    @property
    def channel(self) -> Channel:
        return Channel.STAND if self.popup else Channel.ONLINE

    def order(self, reference: str | None) -> str | None:
        """Return the name of an order among those of all stands and shops."""
        owner = self.popup.popup_id if self.popup else self.device_id
        return f"{owner}#{reference}" if reference is not None else None

    def check_currency(self, order_total: Money | None) -> None:
        """Raise InvalidPayload where a stand is told of money in which it does not count."""
        if self.popup and order_total and order_total.currency != self.popup.currency:
            raise InvalidPayload(
                [("/order_total/currency", f"the stand's is {self.popup.currency}")]
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One voucher as it is shown, and for what order."""

    scanned: str
    nonce: str
    scanned_at: datetime
    order_ref: str | None = None
    order_total: Money | None = None
    hold_seconds: int | None = None
    shift: str | None = None
    simulate: bool = False

    def total_at(self, used: Popup, offer: Offer) -> int | Refusal | None:
        """Return the order's total in the stand's currency, None where it does not matter."""
        total = self.order_total
        if total is None or total.currency == used.currency:
            return total.amount_minor if total else None
        if offer.needs_order_total or offer.benefit.takes_money_off:
            return Refusal(Reason.ORDER_TOTAL_REQUIRED, {"currency": used.currency})
        return None


def till_of(caller: DeviceToken | Shop) -> Till:
    """Return where this caller uses vouchers. Raises NotFound for a campaign that is not live."""
    if isinstance(caller, DeviceToken):
        published, popup = context.catalog.popup(caller.popup_id)
        return Till(device_id=caller.device_id, published=published, popup=popup)
    return Till(
        device_id=caller.device_id,
        published=context.catalog.campaign(caller.campaign_id),
        merchant_ids=caller.merchant_ids,
    )
