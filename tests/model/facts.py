"""The festival of the model: three stands on three clocks, three offers, four devices, two shops.

Everything that never changes is here; `Terms` is what a publish may change.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from made import FIVE_OFF, GIFT, ISTANBUL, MADRID, campaign, offer

from chalicelib.domain.campaign import Calendar, Campaign
from chalicelib.domain.device import Profile
from chalicelib.domain.offer import Channel, Offer, Reach, Scope, Stock
from chalicelib.domain.popup import Session

CAMPAIGN = "festival"
# Open past midnight in Istanbul; Van keeps another clock in the same country and currency.
STANDS = {
    "istanbul": replace(ISTANBUL, hours=(Session("10:00", "02:00"),)),
    "van": replace(ISTANBUL, popup_id="van", number=2, city="Van", time_zone="Asia/Dubai"),
    "madrid": MADRID,
}
ZONES = {stand: ZoneInfo(popup.time_zone) for stand, popup in STANDS.items()}
REVEAL = datetime(2026, 5, 19, 20)  # noqa: DTZ001 - on each stand's own clock
STARTS = datetime(2026, 5, 20)  # noqa: DTZ001
ENDS = datetime(2026, 5, 22)  # noqa: DTZ001
_CALENDAR = Calendar(
    revealed_from="2026-05-19T20:00", usable_from="2026-05-20", usable_until="2026-05-21"
)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a publish may change of an offer; None is no limit."""

    stock: int | None = None
    day_limit: int | None = None
    budget: int | None = None
    visitor_limit: int = 1
    closed: bool = False


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What an offer is for ever."""

    offer: Offer
    stands: tuple[str, ...]
    country_wide: bool = False
    everywhere: bool = False
    one_stock: bool = False
    one_voucher: bool = False
    money_off: int = 0
    online: bool = False
    group: str | None = None
    hold: timedelta | None = None


OFFERS = {
    "gift": Kind(
        offer=offer("gift", 1, benefit=GIFT, channels=tuple(Channel), group="wares"),
        stands=("istanbul", "van", "madrid"),
        online=True,
        group="wares",
    ),
    "lamp": Kind(
        offer=offer(
            "lamp",
            2,
            benefit=FIVE_OFF,
            popup_ids=("istanbul", "van"),
            usable_at=Reach.COUNTRY,
            channels=tuple(Channel),
            group="wares",
            hold_minutes=60,
            offline=False,
        ),
        stands=("istanbul", "van"),
        country_wide=True,
        one_stock=True,
        money_off=500,
        online=True,
        group="wares",
        hold=timedelta(minutes=60),
    ),
    "tea": Kind(
        offer=offer(
            "tea", 3, usable_at=Reach.CAMPAIGN, visitor_scope=Scope.CAMPAIGN, offline=False
        ),
        stands=("istanbul", "van", "madrid"),
        everywhere=True,
        one_voucher=True,
    ),
}
FIRST = {
    "gift": Terms(stock=3, visitor_limit=2),
    "lamp": Terms(stock=4, budget=1200),
    "tea": Terms(day_limit=2),
}


@dataclass(frozen=True)
class Device:
    """An enrolled device, or a shop, which has no stand and no profile."""

    device_id: str
    stand: str
    profile: Profile | None

    @property
    def supervises(self) -> bool:
        return self.profile is Profile.SUPERVISOR

    @property
    def online(self) -> bool:
        return self.profile is None


DEVICES = (
    Device("phone-1", "istanbul", Profile.STEWARD),
    Device("phone-2", "istanbul", Profile.SUPERVISOR),
    Device("phone-3", "van", Profile.STEWARD),
    Device("phone-4", "madrid", Profile.SUPERVISOR),
)
SHOPS = (Device("shop-1", "", None), Device("shop-2", "", None))


def document(terms: dict[str, Terms], shards: int) -> Campaign:
    """Return the campaign that marketing publishes for these terms."""
    offers = (_offer(OFFERS[offer_id], terms[offer_id], shards) for offer_id in OFFERS)
    return campaign(*offers, calendar=_CALENDAR, popups=tuple(STANDS.values()))


def _offer(kind: Kind, terms: Terms, shards: int) -> Offer:
    per = Scope.CAMPAIGN if kind.one_stock else Scope.POPUP
    stock = None if terms.stock is None else Stock(units=terms.stock, per=per, shards=shards)
    return replace(
        kind.offer,
        stock=stock,
        day_limit=terms.day_limit,
        budget_minor=terms.budget,
        visitor_limit=terms.visitor_limit,
        closed=terms.closed,
    )
