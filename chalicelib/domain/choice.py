"""How the order of a voucher is to travel, as its holder or its shop chose it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.domain.delivery import Range, Verdict

SHOP_PREFIX: Final = "shop-"  # begins the device id of every shop (domain/api_key.py)


@dataclass(frozen=True, slots=True, kw_only=True)
class CentigramRange:
    """Grams as they are stored: integers of 0.01 g, with both ends."""

    value: int
    low: int
    high: int

    @property
    def grams(self) -> Range:
        return Range(self.value / 100, self.low / 100, self.high / 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One choice for one voucher. Versions say how its figures were made.

    `saving` is None where there was no baseline; `order` names the shop's order it belongs to.
    """

    voucher_id: str
    campaign_id: str
    popup_id: str
    offer_id: str
    merchant_id: str | None
    option: str
    coming_anyway: bool | None
    trip_m: int | None = None
    total: CentigramRange
    saving: CentigramRange | None
    verdict: Verdict
    points: int
    method: str
    baseline: str
    chosen_at: datetime
    order: str | None = None

    def says_the_same_as(self, other: "Choice") -> bool:
        """Tell whether somebody chose this already, for the same order."""
        return self.asked == other.asked

    @property
    def asked(self) -> tuple[object, ...]:
        """What was chosen, and under which answers."""
        return (self.option, self.coming_anyway, self.trip_m, self.order)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chooser:
    """Who chooses: the holder by the browser's id, or a shop by its key, for its order."""

    visitor: str | None = None
    device_id: str | None = None
    order: str | None = None
