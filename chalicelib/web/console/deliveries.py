"""What chosen deliveries add up to: for marketing all, for others what lies in their scope."""

from dataclasses import dataclass
from typing import get_args

from babel.numbers import format_decimal, format_percent
from chalice import Response

from chalicelib.domain.campaign import Campaign
from chalicelib.domain.delivery import METHOD_VERSION
from chalicelib.domain.delivery_report import NOBODY, By, Line
from chalicelib.domain.merchant import text_in
from chalicelib.domain.sentence import N_
from chalicelib.web import delivery_names, reports
from chalicelib.web.console.desk import desk
from chalicelib.web.console.visit import Visit
from chalicelib.web.context import context
from chalicelib.web.languages import catalogue

ALONG = {
    "campaign": N_("Campaign"),
    "city": N_("City"),
    "merchant": N_("Merchant"),
    "option": N_("Way of delivery"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of the report as the page shows it; kilograms are exact, never rounded sums."""

    line: Line
    name: str
    total: str
    saving: str
    unclear: str
    current: bool


def get_report(here: Visit) -> Response:
    """Return the report along one name, of a merchant's own offers, of a manager's own stands.

    Raises NotFound.
    """
    by, campaign = reports.by_of(desk.query("by")), _campaign(here)
    language = desk.reader().language
    found = reports.lines(here.scope.area, by, here.scope.merchant_ids, here.scope.popup_ids)
    return desk.show(
        "delivery.html",
        here,
        campaign=campaign,
        by=by,
        along={one: catalogue(language).gettext(ALONG[one]) for one in get_args(By)},
        lines=[_shown(line, by, campaign, language) for line in found],
        years=reports.factors_years(),
        as_of=context.now(),
        method=METHOD_VERSION,
    )


def get_spreadsheet(here: Visit) -> Response:
    """Return the same lines as CSV. Raises NotFound."""
    by = reports.by_of(desk.query("by"))
    scope = here.scope
    return reports.spreadsheet(scope.area, by, scope.merchant_ids, scope.popup_ids)


def _campaign(here: Visit) -> Campaign:
    return context.catalog.campaign(here.scope.area).campaign


def _shown(line: Line, by: By, campaign: Campaign, language: str) -> Shown:
    share = line.unclear_share
    return Shown(
        line=line,
        name=_name(line.name, by, campaign, language),
        total=_ranged(reports.kilograms(line.total), language),
        saving=_ranged(reports.kilograms(line.saving), language) if line.compared else "",
        unclear="" if share is None else format_percent(share, "0%", language),
        current=line.method == METHOD_VERSION,
    )


def _name(name: str, by: By, campaign: Campaign, language: str) -> str:
    """Return what a line is about in words; what the campaign no longer has keeps its id."""
    match by:
        case "campaign":
            return text_in(campaign.name, language) or campaign.campaign_id
        case "city":
            return campaign.popup[name].city if name in campaign.popup else name
        case "merchant":
            merchant = campaign.merchant.get(name)
            nobody = catalogue(language).gettext(N_("no merchant"))
            return merchant.name if merchant else nobody if name == NOBODY else name
        case "option":
            return delivery_names.label_of(campaign.delivery, name, language)


def _ranged(kilograms: tuple[float, float, float], language: str) -> str:
    value, low, high = (format_decimal(end, "#,##0.00", language) for end in kilograms)
    return f"{value} ({low} … {high})".replace("-", "\N{MINUS SIGN}")
