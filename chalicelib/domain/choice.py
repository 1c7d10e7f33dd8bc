"""How the order of a voucher is to travel, as its holder chose it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One choice for one voucher. Grams are hundredths; versions say how they were made."""

    voucher_id: str
    campaign_id: str
    popup_id: str
    offer_id: str
    merchant_id: str | None
    option: str
    coming_anyway: bool | None
    centigrams: int
    low_centigrams: int
    high_centigrams: int
    points: int
    method: str
    baseline: str
    chosen_at: datetime
