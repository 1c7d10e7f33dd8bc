"""Words for the columns of a campaign's files: names, help, choices."""

from collections.abc import Mapping
from functools import lru_cache
from typing import get_args

from markupsafe import Markup

from chalicelib.domain.delivery_plan import Basis
from chalicelib.domain.member import Role
from chalicelib.domain.money import MINOR_DIGITS
from chalicelib.domain.offer import Kind, Reach, Scope
from chalicelib.domain.proposal import State
from chalicelib.domain.schedule import Why
from chalicelib.domain.sentence import N_
from chalicelib.web import invitations
from chalicelib.web.languages import catalogue, name_of

SHEETS: Mapping[str, str] = {
    "campaign": N_("Calendar"),
    "popups": N_("Stands"),
    "hours": N_("Opening hours"),
    "merchants": N_("Merchants"),
    "offers": N_("Offers"),
    "texts": N_("Texts"),
    "delivery": N_("Delivery"),
    "baselines": N_("Baselines"),
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
CHOICE_NAMES: Mapping[str, str] = {
    "yes": N_("yes"),
    "no": N_("no"),
    Kind.PERCENTAGE: N_("percentage"),
    Kind.AMOUNT: N_("amount"),
    Kind.GIFT: N_("gift"),
    Kind.DELIVERY: N_("delivery"),
    Reach.STAND: N_("stand"),
    Reach.CITY: N_("city"),
    Reach.COUNTRY: N_("country"),
    Reach.CAMPAIGN: N_("campaign"),
    Scope.POPUP: N_("each stand"),
    "online": N_("online"),
    "stand online": N_("stand and online"),
    "market_default": N_("usual in the market"),
    "most_chosen": N_("chosen most"),
}
_OPTION, _CHOSEN = Markup('<option value="{}"{}>{}</option>'), Markup(" selected")
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
    "id": N_("a-z, 0-9 and -; published ids stay"),
    "number": N_("Codes carry it: given once, never again"),
    "revealed_from": N_("Wall time in each stand's own zone, 2026-10-28T00:00"),
    "usable_from": N_("Wall time in each stand's own zone"),
    "usable_until": N_("Exclusive; a date alone means the end of that day"),
    "claimable_from": N_("Empty: from the reveal"),
    "languages": N_("Codes with spaces between; the first is the fallback after English"),
    "accent": N_("#B3261E; readable on light paper. Empty: Marquee's own"),
    "night": N_("#FF8A75; readable on dark paper. Empty: Marquee's own"),
    "stands": N_("* for all, or ids and countries with spaces between"),
    "channels": N_("Where vouchers may be used"),
    "percentage": N_("Per cent off; for the kind percentage"),
    "amount_minor": N_("In minor units: 500 is 5.00 EUR"),
    "cap_minor": N_("The most that is taken off, in minor units"),
    "minimum_minor": N_("The least order, in minor units"),
    "visitor_limit": N_("Vouchers for each visitor, 1 to 99"),
    "visitor_scope": N_("Counted at each stand, or over the campaign"),
    "stock_units": N_("Empty: no limit"),
    "stock_shards": N_("1; more for crowds, never fewer again"),
    "peak": N_("Claims expected in a second"),
    "day_limit": N_("Uses a day at each stand; empty: no limit"),
    "budget_minor": N_("All discounts together, in minor units; empty: no limit"),
    "presence": N_("Only for who stands at the stand"),
    "offline": N_("Without network; empty: where no day limit, budget or hold is set"),
    "offline_uses": N_("Uses that a device may accept without network before it hands them in"),
    "offline_value_minor": N_("Their value together, in minor units; empty: any"),
    "group": N_("Offers of one group exclude each other in an order"),
    "hold_minutes": N_("An unused claim gives its unit back after so long"),
    "days": N_("1-7, 1-5, 6 7; 1 is Monday"),
    "closes": N_("At or before opens: the next morning; 24:00: midnight"),
    "timezone": N_("IANA zone, Europe/Rome"),
    "photo": N_("The name of a photo that manage.py photo add brought in; empty: none"),
    "address": N_("Street and number, as visitors read it; empty: not shown"),
    "carrier": N_("Who carries it, as visitors read it"),
    "days_from": N_("Days until it arrives, at best"),
    "days_until": N_("Days until it arrives, at the latest"),
    "km_per_stop": N_("Measured; empty: the published default"),
    "fail_rate": N_("Measured share of failed first attempts, 0.06; empty: the published default"),
    "locker_km_per_parcel": N_("Measured; empty: the published default"),
    "feeder_km_per_parcel": N_("Measured; empty: the published default"),
    "measured_by": N_("Who measured, when and how; needed beside a measured figure"),
    "since": N_("The first day on which it is compared with, 2026-10-01"),
    "basis": N_("Why this way: the market's usual one, or the one chosen most"),
}


WORDS: Mapping[str, str] = {
    "id": N_("Id"),
    "number": N_("Number"),
    "name": N_("Name"),
    "of": N_("Of"),
    "field": N_("Field"),
    "title": N_("Title"),
    "terms": N_("Terms"),
    "story": N_("Story"),
    "en": N_("English"),
    "revealed_from": N_("Revealed from"),
    "usable_from": N_("Usable from"),
    "usable_until": N_("Usable until"),
    "claimable_from": N_("Claimable from"),
    "languages": N_("Languages"),
    "goods_mass_g": N_("Goods' mass in g"),
    "volume_cm3": N_("Volume in cm³"),
    "packaging": N_("Packaging"),
    "road_km": N_("Road km"),
    "sample": N_("Sample"),
    "accent": N_("Accent by day"),
    "night": N_("Accent by night"),
    "logo": N_("Logo"),
    "photo": N_("Photo"),
    "city": N_("City"),
    "country": N_("Country"),
    "timezone": N_("Time zone"),
    "latitude": N_("Latitude"),
    "longitude": N_("Longitude"),
    "currency": N_("Currency"),
    "language": N_("Language"),
    "offline_uses": N_("Offline uses"),
    "offline_value_minor": N_("Offline value"),
    "address": N_("Address"),
    "popup": N_("Stand"),
    "opens": N_("Opens"),
    "closes": N_("Closes"),
    "days": N_("Days"),
    "hours": N_("Opening hours"),
    "kind": N_("Kind"),
    "merchant": N_("Merchant"),
    "stands": N_("Stands"),
    "usable_at": N_("Usable at"),
    "channels": N_("Channels"),
    "percentage": N_("Percentage"),
    "amount_minor": N_("Amount"),
    "cap_minor": N_("Cap"),
    "minimum_minor": N_("Minimum"),
    "visitor_limit": N_("Visitor limit"),
    "visitor_scope": N_("Visitor scope"),
    "stock_units": N_("Stock units"),
    "stock_per": N_("Stock per"),
    "stock_shards": N_("Stock shards"),
    "day_limit": N_("Day limit"),
    "budget_minor": N_("Budget"),
    "presence": N_("Presence"),
    "offline": N_("Offline"),
    "group": N_("Group"),
    "hold_minutes": N_("Hold minutes"),
    "giftable": N_("Giftable"),
    "peak": N_("Peak"),
    "closed": N_("Closed"),
    "code": N_("Code"),
    "vehicle": N_("Vehicle"),
    "speed": N_("Speed"),
    "bulk_km": N_("Bulk km"),
    "bulk_parcels": N_("Bulk parcels"),
    "carrier": N_("Carrier"),
    "days_from": N_("Days from"),
    "days_until": N_("Days until"),
    "km_per_stop": N_("Km per stop"),
    "fail_rate": N_("Fail rate"),
    "locker_km_per_parcel": N_("Locker km per parcel"),
    "feeder_km_per_parcel": N_("Feeder km per parcel"),
    "measured_by": N_("Measured by"),
    "version": N_("Version"),
    "since": N_("Since"),
    "option": N_("Option"),
    "basis": N_("Basis"),
    "email": N_("Address"),
    "role": N_("Role"),
    "campaigns": N_("Campaigns"),
    "merchants": N_("Merchants"),
    "year": N_("Year"),
    "zip": N_("Zip of the files"),
    "campaign_id": N_("Id of the new campaign"),
    "revision": N_("Revision"),
    "profile": N_("Profile"),
    "device_id": N_("Device"),
    "offer": N_("Offer"),
    "count": N_("How many"),
    "batch": N_("Batch"),
    "first": N_("First serial"),
    "last": N_("Last serial"),
    "from": N_("From"),
    "until": N_("Until"),
    "key_id": N_("Key"),
    "message": N_("Message"),
    "url": N_("Address"),
    "events": N_("Events"),
    "comment": N_("Comment"),
}
PROPOSALS: Mapping[str, str] = {
    State.WRITING: N_("being written"),
    State.HANDED_IN: N_("handed in"),
    State.RETURNED: N_("returned with a comment"),
    State.ACCEPTED: N_("accepted"),
}
WHY_NOT: Mapping[str, str] = {
    Why.EDITED: N_("The draft was edited since. Look at it, then plan the publish anew."),
    Why.BLOCKED: N_("The checks blocked it. Mend what they name, then plan the publish anew."),
    Why.BELOW_USE: N_(
        "A limit of the draft was below what was given already. Raise it, then plan the publish "
        "anew."
    ),
    Why.NOT_ALLOWED: N_(
        "Who planned it may no longer publish. Look at the draft, then plan the publish anew."
    ),
}
ROLES: Mapping[str, str] = {
    Role.OWNER: N_("owner"),
    Role.MARKETER: N_("marketer"),
    Role.MANAGER: N_("manager"),
    Role.MERCHANT: N_("merchant"),
    Role.AUDITOR: N_("auditor"),
}


DONE: Mapping[str, str] = {
    "published": N_("Published. Visitors see it within 5 seconds."),
    "rolled-back": N_("Rolled back. Visitors see it within 5 seconds."),
    "paused": N_("The campaign is paused."),
    "resumed": N_("It goes on."),
    "cloned": N_("This is the new campaign, a draft still. Look at its dates and texts."),
    "imported": N_("Imported into the draft. Visitors see it once you publish it."),
}


def drawn(options: tuple[str, ...], value: str, language: str) -> Markup:
    """Return the options of a field with one chosen; a value that is none of them comes first."""
    if value in options:
        return _drawn(options, value, language)
    return _OPTION.format(value, _CHOSEN, value) + _drawn(options, None, language)


@lru_cache(maxsize=512)
def _drawn(options: tuple[str, ...], value: str | None, language: str) -> Markup:
    """Return the same for options alone: many lines of a grid have the same."""
    return Markup("").join(
        _OPTION.format(one, _CHOSEN if one == value else "", _choice(one, language))
        for one in options
    )


def _choice(value: str, language: str) -> str:
    """Return the name of what may be chosen; what has none stands for itself."""
    return catalogue(language).gettext(CHOICE_NAMES[value]) if value in CHOICE_NAMES else value


def label(column: str, language: str) -> str:
    """Return the words for a column; one of a language's texts has that language's own name."""
    name = column.replace(" ", "_")
    return catalogue(language).gettext(WORDS[name]) if name in WORDS else name_of(column)


def help_of(column: str, language: str) -> str:
    """Return what to type in a column."""
    return catalogue(language).gettext(HELP[column])


def sheets(language: str) -> dict[str, str]:
    """Return the parts of a campaign with their names."""
    return {sheet: catalogue(language).gettext(name) for sheet, name in SHEETS.items()}


def proposal(state: str, language: str) -> str:
    """Return where a proposal is."""
    return catalogue(language).gettext(PROPOSALS[state])


def done(deed: str, language: str) -> str:
    """Return what a page says after a deed; nothing for what is none."""
    return catalogue(language).gettext(DONE[deed]) if deed in DONE else ""


def why_not(why: str, language: str) -> str:
    """Return why a planned publish did not happen, and what to do."""
    return catalogue(language).gettext(WHY_NOT[why])


def role(name: str, language: str) -> str:
    """Return the name of a role."""
    return catalogue(language).gettext(ROLES[name])


def profiles(language: str) -> dict[str, str]:
    """Return what kinds of devices there are."""
    return {kind: catalogue(language).gettext(name) for kind, name in invitations.NAMES.items()}


def choices(sheet: str, column: str) -> tuple[str, ...]:
    """Return what may be chosen in a column, or nothing where it is typed."""
    if (sheet, column) == ("offers", "kind"):
        return KINDS
    if column == "basis":
        return BASES
    if column == "currency" and sheet == "popups":
        return CHOICES[column][1:]
    return CHOICES.get(column, ())
