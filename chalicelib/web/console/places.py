"""Where a fault of a draft is mended: the form that has the value, and what people call it."""

from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import quote

from chalicelib.domain import sheet_delivery, sheet_offer
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.delivery_plan import DeliveryPlan
from chalicelib.domain.fault import Fault
from chalicelib.domain.money import MINOR_DIGITS
from chalicelib.domain.sheet_campaign import POPUP
from chalicelib.web import languages
from chalicelib.web.console import labels

_SHEETS: Final = {
    **dict.fromkeys(("calendar", "languages", "number"), "campaign"),
    "name": "texts",
}
_IDS: Final[Mapping[str, Callable[[Campaign], list[str]]]] = {
    "popups": lambda whole: [one.popup_id for one in whole.popups],
    "merchants": lambda whole: [one.merchant_id for one in whole.merchants],
    "offers": lambda whole: [one.offer_id for one in whole.offers],
    "options": lambda whole: [one.code for one in _plan(whole).options],
    "baselines": lambda whole: [one.baseline_id for one in _plan(whole).baselines],
}
_TEXTS: Final = {"name", "story", "title", "terms"}
_PARTS: Final = {"calendar", "branding", "delivery"}  # of a campaign: their values stand alone
_COLUMNS: Final[Mapping[str, str]] = {
    **POPUP,
    **sheet_delivery.OPTION,
    **sheet_delivery.BASELINE,
    **sheet_offer.COLUMNS,
    **{f"price_minor/{currency}": currency for currency in MINOR_DIGITS},
    "campaign_id": "id",
    "hours": "hours",
}


def link(campaign: Campaign, found: Fault) -> str:
    """Return the address of the form in which the value of a fault is typed."""
    home = f"/console/c/{campaign.campaign_id}/edit"
    sheet, *rest = found.pointer.strip("/").split("/")
    if sheet == "branding":
        field = "field-logo" if rest == ["logo"] else f"cell:campaign:{rest[0]}"
        return f"{home}/campaign#{field}"
    if sheet == "delivery":
        lists = {"options": "delivery", "baselines": "baselines"}
        return f"{home}/{lists.get(rest[0] if rest else '', 'campaign')}"
    if sheet in _IDS and rest and rest[0].isdigit():
        return home + _line_of(sheet, _IDS[sheet](campaign)[int(rest[0])], rest[1:])
    return f"{home}/{_SHEETS.get(sheet, sheet)}"


def name(campaign: Campaign, found: Fault, language: str) -> str:
    """Return which value of what is meant, in the reader's language: `tea-10, Terms`."""
    path = found.pointer.strip("/").split("/")
    if path[0] in _PARTS and len(path) > 1:
        path = path[1:]
    said = list[str]()
    if path[0] in _IDS and path[1:] and path[1].isdigit():
        said.append(_IDS[path[0]](campaign)[int(path[1])])
        path = path[2:]
    if path:
        said.append(_label(path, language))
    if len(path) > 1 and path[0] in _TEXTS:
        said.append(languages.name_of(path[1]))
    return languages.comma(language).join(filter(None, said))


def _label(path: list[str], language: str) -> str:
    """Return the words for the column that has a value, or that has what holds it."""
    sheet = "delivery" if path == ["options"] else path[0]
    if sheet in labels.SHEETS and len(path) == 1:
        return labels.sheets(language)[sheet]
    heads = ("/".join(path[:length]) for length in range(len(path), 0, -1))
    column = next((_COLUMNS[head] for head in heads if head in _COLUMNS), path[0])
    return labels.label(column, language)


def _line_of(sheet: str, key: str, rest: list[str]) -> str:
    """Return the form of a line, or the place on the page that has its texts or hours."""
    if rest and rest[0] in _TEXTS - {"name"}:
        return f"/texts#{quote(f'{key}.{rest[0]}')}"
    if rest and rest[0] == "hours":
        return f"/hours#{quote(key)}"
    return f"/{sheet}{'/' if sheet == 'offers' else '#'}{quote(key)}"


def _plan(campaign: Campaign) -> DeliveryPlan:
    assert campaign.delivery is not None, "what has faults is there"
    return campaign.delivery
