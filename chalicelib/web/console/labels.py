"""Words for the columns of a campaign's files: names, help, choices."""

from collections.abc import Mapping
from typing import get_args

from chalicelib.domain.delivery_plan import Basis
from chalicelib.domain.money import MINOR_DIGITS
from chalicelib.domain.offer import Kind, Reach, Scope

SHEETS: Mapping[str, str] = {
    "campaign": "Calendar",
    "popups": "Stands",
    "hours": "Opening hours",
    "merchants": "Merchants",
    "offers": "Offers",
    "texts": "Texts",
    "delivery": "Delivery",
    "baselines": "Baselines",
}
_YES_NO = ("yes", "no")
CHOICES: Mapping[str, tuple[str, ...]] = {
    "sample": _YES_NO,
    "presence": _YES_NO,
    "offline": ("", *_YES_NO),
    "giftable": _YES_NO,
    "closed": _YES_NO,
    "usable_at": tuple(Reach),
    "visitor_scope": tuple(Scope),
    "stock_per": ("", *Scope),
    "channels": ("stand", "online", "stand online"),
    "currency": ("", *sorted(MINOR_DIGITS)),
}
BASES = get_args(Basis)
KINDS = tuple(Kind)
DATES: Mapping[str, bool] = {
    "revealed_from": False,
    "usable_from": False,
    "usable_until": True,
    "claimable_from": False,
}
USUAL: Mapping[str, str] = {
    "kind": "gift",
    "stands": "*",
    "usable_at": "stand",
    "channels": "stand",
    "visitor_limit": "1",
    "visitor_scope": "popup",
    "presence": "no",
    "offline": "",
    "offline_uses": "1000",
    "giftable": "yes",
    "closed": "no",
    "sample": "no",
    "speed": "standard",
    "basis": BASES[0],
}
HELP: Mapping[str, str] = {
    "id": "a-z, 0-9 and -; published ids stay",
    "number": "Codes carry it: given once, never again",
    "revealed_from": "Wall time in each stand's own zone, 2026-10-28T00:00",
    "usable_from": "Wall time in each stand's own zone",
    "usable_until": "Exclusive; a date alone means the end of that day",
    "claimable_from": "Empty: from the reveal",
    "languages": "Codes with spaces between; the first is the fallback after English",
    "stands": "* for all, or ids and countries: istanbul IT",
    "channels": "Where vouchers may be used",
    "percentage": "Per cent off; for the kind percentage",
    "amount_minor": "In minor units: 500 is 5.00 EUR",
    "cap_minor": "The most that is taken off, in minor units",
    "minimum_minor": "The least order, in minor units",
    "visitor_limit": "Vouchers for each visitor, 1 to 99",
    "visitor_scope": "Counted at each stand, or over the campaign",
    "stock_units": "Empty: no limit",
    "stock_shards": "1; more for crowds, never fewer again",
    "peak": "Claims expected in a second",
    "day_limit": "Uses a day at each stand; empty: no limit",
    "budget_minor": "All discounts together, in minor units; empty: no limit",
    "presence": "Only for who stands at the stand",
    "offline": "Without network; empty: where no day limit, budget or hold is set",
    "offline_uses": "Uses that a device may accept without network before it hands them in",
    "offline_value_minor": "Their value together, in minor units; empty: any",
    "group": "Offers of one group exclude each other in an order",
    "hold_minutes": "An unused claim gives its unit back after so long",
    "days": "1-7, 1-5, 6 7; 1 is Monday",
    "closes": "At or before opens: the next morning; 24:00: midnight",
    "timezone": "IANA zone, Europe/Rome",
    "carrier": "Who carries it, as visitors read it",
    "days_from": "Days until it arrives, at best",
    "days_until": "Days until it arrives, at the latest",
    "km_per_stop": "Measured; empty: the published default",
    "fail_rate": "Measured share of failed first attempts, 0.06; empty: the published default",
    "locker_km_per_parcel": "Measured; empty: the published default",
    "feeder_km_per_parcel": "Measured; empty: the published default",
    "measured_by": "Who measured, when and how; needed beside a measured figure",
    "since": "The first day on which it is compared with, 2026-10-01",
    "basis": "Why this way: the market's usual one, or the one chosen most",
}


def label(column: str) -> str:
    """Return the words for a column."""
    said = column.replace("_minor", "").replace("_", " ")
    return said if said.isupper() else said[:1].upper() + said[1:]


def choices(sheet: str, column: str) -> tuple[str, ...]:
    """Return what may be chosen in a column, or nothing where it is typed."""
    if (sheet, column) == ("offers", "kind"):
        return KINDS
    if column == "basis":
        return BASES
    if column == "currency" and sheet == "popups":
        return CHOICES[column][1:]
    return CHOICES.get(column, ())
