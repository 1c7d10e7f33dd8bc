"""An offer: what a voucher is worth, where and how often it may be had."""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain import money
from chalicelib.domain.merchant import Texts
from chalicelib.domain.popup import Popup

EVERYWHERE = "*"


class Kind(StrEnum):
    PERCENTAGE = "percentage"
    AMOUNT = "amount"
    GIFT = "gift"
    DELIVERY = "delivery"


class Reach(StrEnum):
    """Where a voucher may be used, seen from the stand that issued it."""

    STAND = "stand"
    CITY = "city"
    COUNTRY = "country"
    CAMPAIGN = "campaign"


class Channel(StrEnum):
    STAND = "stand"
    ONLINE = "online"


class Scope(StrEnum):
    """What a limit counts over."""

    POPUP = "popup"
    CAMPAIGN = "campaign"


@dataclass(frozen=True, kw_only=True)
class Benefit:
    """What the holder gets; frozen once published. Amounts are minor units of `currency`."""

    kind: Kind
    percentage: int | None = None
    amount_minor: int | None = None
    cap_minor: int | None = None
    minimum_minor: int | None = None
    currency: str | None = None

    @property
    def takes_money_off(self) -> bool:
        """Tell whether a use is worth nothing where its discount is zero."""
        return self.kind in {Kind.PERCENTAGE, Kind.AMOUNT}

    @property
    def needs_order_total(self) -> bool:
        """Tell whether the discount cannot be known without the order's total."""
        return self.kind is Kind.PERCENTAGE or self.minimum_minor is not None

    def discount(self, order_total_minor: int | None) -> int:
        """Return the discount in minor units, never above the order."""
        if self.kind is Kind.PERCENTAGE:
            discount = money.share_of(order_total_minor or 0, self.percentage or 0)
            return discount if self.cap_minor is None else min(discount, self.cap_minor)
        if self.kind is Kind.AMOUNT:
            amount = self.amount_minor or 0
            return amount if order_total_minor is None else min(amount, order_total_minor)
        return 0


@dataclass(frozen=True, kw_only=True)
class Stock:
    """Units to give, per stand or for the whole campaign, cut into shards for write load.

    `peak_per_second` is how many claims are expected at once; publishing makes shards for them.
    """

    units: int
    per: Scope = Scope.POPUP
    shards: int = 1
    peak_per_second: int | None = None

    def caps(self) -> tuple[int, ...]:
        """Return each shard's part; they sum to `units`."""
        least, rest = divmod(self.units, self.shards)
        return tuple(least + (shard < rest) for shard in range(self.shards))


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One offer. A limit that is None does not exist; 0 means none left to give.

    Windows are wall times; None means the campaign's own calendar. Offers of one `group` exclude
    each other in an order. A claim that is not used within `hold_minutes` gives its unit back.
    `offline` says whether phones without network may accept it; None leaves it to the rule.
    """

    offer_id: str
    number: int
    title: Texts
    terms: Texts
    benefit: Benefit
    popup_ids: tuple[str, ...]
    merchant_id: str | None = None
    usable_at: Reach = Reach.STAND
    channels: tuple[Channel, ...] = (Channel.STAND,)
    claimable_from: str | None = None
    usable_from: str | None = None
    usable_until: str | None = None
    visitor_limit: int = 1
    visitor_scope: Scope = Scope.POPUP
    stock: Stock | None = None
    day_limit: int | None = None
    budget_minor: int | None = None
    presence_required: bool = False
    group: str | None = None
    hold_minutes: int | None = None
    giftable: bool = True
    offline: bool | None = None
    closed: bool = False
    sample: bool = False

    def runs_at(self, popup_id: str) -> bool:
        """Tell whether this stand issues the offer."""
        return self.popup_ids == (EVERYWHERE,) or popup_id in self.popup_ids

    @property
    def needs_order_total(self) -> bool:
        """Tell whether staff must type the order's total: a budget needs the exact discount."""
        return self.benefit.needs_order_total or (
            self.budget_minor is not None and self.benefit.takes_money_off
        )

    @property
    def works_offline(self) -> bool:
        """Tell whether a phone without network may accept it: not what may run out meanwhile."""
        if self.offline is not None:
            return self.offline
        return not self.counted_at_use and self.hold_minutes is None

    @property
    def counted_at_use(self) -> bool:
        """Tell whether a use moves counters, so that it needs a transaction."""
        return self.day_limit is not None or self.budget_minor is not None

    def reaches(self, issued: Popup, used: Popup) -> bool:
        """Tell whether a voucher issued at one stand may be used at the other."""
        match self.usable_at:
            case Reach.STAND:
                return issued.popup_id == used.popup_id
            case Reach.CITY:
                return (issued.country, issued.city) == (used.country, used.city)
            case Reach.COUNTRY:
                return issued.country == used.country
        return True  # the whole campaign
