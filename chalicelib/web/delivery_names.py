"""What a way of delivery is called, by what it is: as a title, and inside a sentence."""

from chalicelib.domain.delivery_inputs import Option
from chalicelib.domain.delivery_plan import DeliveryPlan, StandOption
from chalicelib.web.languages import catalogue


def label(option: StandOption, language: str) -> str:
    """Name a way of delivery; a speed that is not the usual one is said."""
    _ = catalogue(language).gettext
    home = {
        "van_diesel": _("Home, by diesel van"),
        "van_petrol": _("Home, by petrol van"),
        "van_cng": _("Home, by gas van"),
        "van_bev": _("Home, by electric van"),
        "cargo_bike": _("Home, by cargo bike"),
    }
    other = {
        "locker": _("Parcel locker"),
        "relay": _("Parcel shop"),
        "popup_collect": _("Collect at the stand"),
        "shop_collect": _("Collect at the shop"),
    }
    speed = {"fast": _("fast"), "norush": _("no rush")}.get(option.speed)
    name = home[option.vehicle] if option.kind == "home" else other[option.kind]
    return f"{name} · {speed}" if speed else name


def phrase(option: Option, language: str) -> str:
    """Name a way as a baseline inside a sentence."""
    _ = catalogue(language).gettext
    home = {
        "van_diesel": _("standard home delivery by diesel van"),
        "van_petrol": _("standard home delivery by petrol van"),
        "van_cng": _("standard home delivery by gas van"),
        "van_bev": _("standard home delivery by electric van"),
        "cargo_bike": _("standard home delivery by cargo bike"),
    }
    other = {
        "locker": _("delivery to a parcel locker"),
        "relay": _("delivery to a parcel shop"),
        "popup_collect": _("collection at the stand"),
        "shop_collect": _("collection at the shop"),
    }
    return home[option.vehicle] if option.kind == "home" else other[option.kind]


def label_of(plan: DeliveryPlan | None, code: str, language: str) -> str:
    """Name the way of this code, wherever it is offered; one that is gone keeps its code."""
    options = plan.options if plan else ()
    found = next((option for option in options if option.code == code), None)
    return label(found, language) if found else code
