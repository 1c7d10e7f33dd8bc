"""What happens to an order of the sample shop: each step is one call of the client."""

from dataclasses import dataclass, field, replace
from typing import Final, Literal

from clients.python.marquee_client import (
    Money,
    Option,
    Options,
    Parcel,
    Redemption,
    Refused,
    Shop,
    Trip,
)

State = Literal["held", "ordered", "released", "given back"]

CURRENCY: Final = "EUR"


@dataclass(frozen=True, slots=True)
class Goods:
    """Something that the shop sells."""

    name: str
    price_minor: int
    mass_g: int

    @property
    def price(self) -> Money:
        return Money(self.price_minor, CURRENCY)


GOODS: Final = (
    Goods("Moka pot, three cups", 2990, 620),
    Goods("Two espresso cups", 1400, 480),
    Goods("Spare gasket", 600, 20),
)
BASKET: Final = Parcel(goods_mass_g=sum(one.mass_g for one in GOODS), volume_cm3=9_000)
TOTAL: Final = Money(sum(one.price_minor for one in GOODS), CURRENCY)


@dataclass(frozen=True, kw_only=True)
class Order:
    """One order as it stands. `offered` is what may still be chosen of, and how it was made."""

    ref: str
    voucher: str
    held: Redemption
    state: State = "held"
    trip: Trip = field(default_factory=Trip)
    offered: Options
    chosen: str | None = None

    @property
    def option(self) -> Option | None:
        return next((one for one in self.offered.options if one.code == self.chosen), None)

    @property
    def discount_minor(self) -> int:
        """What the voucher takes off, in the order's currency."""
        off = self.held.discount
        return off.amount_minor if off and off.currency == CURRENCY else 0


def begun(shop: Shop, ref: str, voucher: str) -> Order:
    """Hold the voucher for the basket and ask how it may travel. Raises Refused."""
    held = shop.hold(voucher, order_ref=ref, total=TOTAL)
    try:
        offered = _offered(shop, voucher, Trip())
    except Refused:
        shop.release(held.redemption_id)
        raise
    return Order(ref=ref, voucher=voucher, held=held, offered=offered, chosen=offered.chosen)


def asked(shop: Shop, order: Order, trip: Trip) -> Order:
    """Ask for the ways of delivery under an answer about the trip. Raises Refused."""
    offered = _offered(shop, order.voucher, trip)
    return replace(order, trip=trip, offered=offered, chosen=offered.chosen)


def chosen(shop: Shop, order: Order, option: str) -> Order:
    """Choose a way, which stays open until the order is confirmed. Raises Refused."""
    kept = shop.choose(order.voucher, option, order_ref=order.ref, parcel=BASKET, trip=order.trip)
    return replace(order, chosen=kept.option)


def confirmed(shop: Shop, order: Order) -> Order:
    """Make it final. Raises Refused."""
    shop.confirm(order.held.redemption_id)
    return replace(order, state="ordered")


def cancelled(shop: Shop, order: Order) -> Order:
    """Give the voucher back: before the confirmation a release, after it a reversal."""
    if order.state == "ordered":
        shop.reverse(order.held.redemption_id, reason="the customer cancelled")
        return replace(order, state="given back")
    shop.release(order.held.redemption_id)
    return replace(order, state="released")


def _offered(shop: Shop, voucher: str, trip: Trip) -> Options:
    return shop.options(voucher, parcel=BASKET, trip=trip, locale="en")
