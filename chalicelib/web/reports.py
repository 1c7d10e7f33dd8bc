"""Reports of chosen deliveries, as JSON and CSV, from the projector's figures."""

import csv
import io
from collections.abc import Collection, Sequence
from typing import Final, cast, get_args

from chalice import Response

from chalicelib.domain import delivery_report
from chalicelib.domain.choice import CentigramRange
from chalicelib.domain.delivery import METHOD_VERSION
from chalicelib.domain.delivery_report import By, Line
from chalicelib.domain.errors import InvalidPayload
from chalicelib.domain.reasons import Refusal
from chalicelib.domain.redemption import rfc3339
from chalicelib.factors import shipped_factors
from chalicelib.store import insights
from chalicelib.web import delivery_answers as answers
from chalicelib.web import session
from chalicelib.web.api import Routes, answer
from chalicelib.web.context import context
from chalicelib.web.security import JSON_HEADERS

api = Routes(__name__)

CENTIGRAMS_A_KG: Final = 100_000
COLUMNS: Final = (
    *("campaign_id", "by", "name", "method", "baseline", "chosen", "compared"),
    *("no_clear_difference", "total_kg", "total_low_kg", "total_high_kg"),
    *("saving_kg", "saving_low_kg", "saving_high_kg", "factors_from", "factors_to", "as_of"),
)


@api.route("/api/v1/insights/delivery", methods=["GET"])
def get_report() -> Response | Refusal:
    """Return the report; sums of different methods or baselines stand in lines of their own."""
    key = session.marketer(api, api.query("campaign_id"))
    if isinstance(key, Refusal):
        return key
    by = by_of(api.query("by"))
    return answer(
        answers.DeliveryReport(
            campaign_id=key.campaign_id,
            by=by,
            as_of=rfc3339(context.now()),
            factors_sha256=shipped_factors().sha256,
            factors_years=factors_years(),
            lines=[_line(line) for line in lines(key.campaign_id, by)],
        )
    )


@api.route("/api/v1/insights/delivery/csv", methods=["GET"])
def get_report_csv() -> Response | Refusal:
    """Return the same lines for a spreadsheet."""
    key = session.marketer(api, api.query("campaign_id"))
    if isinstance(key, Refusal):
        return key
    return spreadsheet(key.campaign_id, by_of(api.query("by")))


def spreadsheet(
    campaign_id: str,
    by: By,
    merchant_ids: Collection[str] | None = None,
    popup_ids: Collection[str] | None = None,
) -> Response:
    """Return the lines as CSV, each with how old it and its factors are. Raises NotFound."""
    written, as_of = io.StringIO(), rfc3339(context.now())
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(COLUMNS)
    for line in lines(campaign_id, by, merchant_ids, popup_ids):
        rows.writerow((campaign_id, by, *_cells(line), as_of))
    headers = JSON_HEADERS | {"Content-Type": "text/csv; charset=utf-8"}
    return Response(written.getvalue(), headers=headers)


def lines(
    campaign_id: str,
    by: By,
    merchant_ids: Collection[str] | None = None,
    popup_ids: Collection[str] | None = None,
) -> Sequence[Line]:
    """Return the lines of a campaign that is live. Raises NotFound."""
    context.catalog.campaign(campaign_id)
    return delivery_report.report(insights.deliveries(campaign_id), by, merchant_ids, popup_ids)


def by_of(asked: str | None) -> By:
    """Return along which name to add up. Raises InvalidPayload."""
    by = asked or "campaign"
    if by not in get_args(By):
        raise InvalidPayload([("/by", f"is one of {', '.join(get_args(By))}")])
    return cast("By", by)


def factors_years() -> answers.Years:
    """Return how old the factors are that the calculator reads."""
    rows = [factor for factor in shipped_factors().rows.values() if factor.role == "engine"]
    years = [factor.year for factor in rows if factor.year is not None]
    return answers.Years(oldest=min(years), newest=max(years), unknown=len(rows) - len(years))


def kilograms(sums: CentigramRange) -> tuple[float, float, float]:
    """Return an exact sum in kilograms: hundredths of a gram are its fifth decimal."""
    value, low, high = (end / CENTIGRAMS_A_KG for end in (sums.value, sums.low, sums.high))
    return value, low, high


def _line(line: Line) -> answers.ReportLine:
    share = line.unclear_share
    return answers.ReportLine(
        name=line.name,
        method=line.method,
        baseline=line.baseline,
        chosen=line.chosen,
        compared=line.compared,
        no_clear_difference=line.no_clear_difference,
        no_clear_difference_share=None if share is None else round(share, 4),
        total_kg=_kg(line.total),
        saving_kg=_kg(line.saving),
    )


def _cells(line: Line) -> tuple[object, ...]:
    kg = (f"{end:.5f}" for sums in (line.total, line.saving) for end in kilograms(sums))
    counts = (line.chosen, line.compared, line.no_clear_difference)
    return (line.name, line.method, line.baseline, *counts, *kg, *_ages(line))


def _ages(line: Line) -> tuple[object, object]:
    """Return the years of the factors behind a line; those of an earlier method are not here."""
    years = factors_years()
    return (years.oldest, years.newest) if line.method == METHOD_VERSION else ("", "")


def _kg(sums: CentigramRange) -> answers.Grams:
    value, low, high = kilograms(sums)
    return answers.Grams(value=value, low=low, high=high)
