"""Delivery, with its CO2e estimate: the ways of a stand and a holder's choice, as JSON."""

from functools import partial

from chalice import Response

from chalicelib.domain import delivery as calculator
from chalicelib.domain import voucher as codes
from chalicelib.domain.choice import Choice
from chalicelib.domain.delivery import Range
from chalicelib.domain.errors import NotFound
from chalicelib.domain.live import Published
from chalicelib.domain.popup import Popup
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.redemption import rfc3339
from chalicelib.domain.voucher import Voucher
from chalicelib.factors import shipped_factors
from chalicelib.store import choices, vouchers
from chalicelib.usecases import choosing
from chalicelib.usecases.choosing import Way, Ways
from chalicelib.web import answers, journal, once, session
from chalicelib.web.api import Routes, answer
from chalicelib.web.context import context
from chalicelib.web.operations import Caller
from chalicelib.web.schema import ChoiceRequest, WaysRequest

api = Routes(__name__)


@api.route("/api/v1/delivery/options", methods=["POST"])
def post_options() -> Response:
    """Return every way in which an order of this stand may travel, each with its range."""
    body = api.body(WaysRequest)
    published, popup = context.catalog.popup(body.popup_id)
    return answer(_document(ways_of(published, popup, coming_anyway=body.coming_anyway)))


@api.route("/api/v1/delivery/choices", methods=["POST"])
def post_choice() -> Response | Refusal:
    """Keep the holder's choice for a voucher; a later one replaces it."""
    body = api.body(ChoiceRequest)
    visitor = session.visitor(api)
    if visitor is None:
        return Refusal(Reason.NOT_SIGNED_IN)
    return once.once(api, Caller.VISITOR, visitor, partial(_choose, body, visitor))


def _choose(body: ChoiceRequest, visitor: str) -> Response | Refusal:
    voucher_id = codes.read_code(body.voucher)
    voucher = vouchers.get(voucher_id) if voucher_id else None
    if voucher is None or voucher.visitor != visitor:
        return Refusal(Reason.UNKNOWN_CODE)
    choice = choose(
        voucher,
        body.option,
        coming_anyway=body.coming_anyway,
        visitor=visitor,
        request_id=api.request_id(),
    )
    if isinstance(choice, Refusal):
        return choice
    return answer(_chosen(choice), 201)


@api.route("/api/v1/delivery/method", methods=["GET"])
def get_method() -> Response:
    """Return the method's version, its factors with their sources, and its baseline."""
    factors = shipped_factors()
    return answer(
        answers.MethodDocument(
            **_METHOD,
            factors_sha256=factors.sha256,
            baseline_version=choosing.BASELINE_VERSION,
            excluded=list(calculator.NOT_COUNTED),
            factors=[
                answers.Factor(
                    id=factor.id,
                    value=factor.value,
                    low=factor.low,
                    high=factor.high,
                    unit=factor.unit,
                    region=factor.region,
                    year=factor.year,
                    source=factor.source,
                    licence=factor.licence,
                )
                for factor in factors.rows.values()
            ],
        )
    )


def ways_of(published: Published, popup: Popup, *, coming_anyway: bool | None) -> Ways:
    """Return the ways of a stand. Raises NotFound where the campaign has no delivery."""
    plan = published.campaign.delivery
    if plan is None:
        raise NotFound("this campaign delivers nothing")
    year = popup.local_day(context.now()).year
    return choosing.ways(
        plan, popup, coming_anyway=coming_anyway, year=year, factors=shipped_factors()
    )


def choose(
    voucher: Voucher, code: str, *, coming_anyway: bool | None, visitor: str, request_id: str
) -> Choice | Refusal:
    """Choose for this holder now; page and API go through here. Raises InvalidPayload."""
    published = context.catalog.campaign(voucher.campaign_id)
    popup = published.campaign.popup[voucher.popup_id]
    offered = ways_of(published, popup, coming_anyway=coming_anyway)
    choice = choosing.choose(
        choices,
        voucher,
        offered.way(code),
        offered,
        visitor=visitor,
        at=context.now(),
        request_id=request_id,
    )
    if isinstance(choice, Choice):
        journal.event("chosen", popup_id=popup.popup_id, option=choice.option)
    return choice


_METHOD = {
    "id": calculator.METHOD_ID,
    "version": calculator.METHOD_VERSION,
    "url": "/method",
    "boundary": "warehouse gate to consumer",
    "gwp": "100y",
}


def _document(offered: Ways) -> answers.Ways:
    first = offered.ways[0].comparison.baseline
    return answers.Ways(
        method=answers.Method(**_METHOD, factors_sha256=shipped_factors().sha256),
        baseline=answers.Baseline(
            id=offered.baseline.baseline_id,
            version=offered.baseline.version,
            option_code=offered.baseline.option_code,
            basis="market_default",
            total=_grams(first.total) if first else None,
        ),
        options=[_way(way) for way in offered.ways],
        excluded=list(calculator.NOT_COUNTED),
    )


def _way(way: Way) -> answers.Way:
    found, option, compared = way.comparison.estimate, way.option, way.comparison
    return answers.Way(
        code=option.code,
        kind=option.kind,
        vehicle=option.vehicle,
        speed=option.speed,
        total=_grams(found.total),
        transport_wtw=_grams(found.transport_wtw),
        legs=[answers.Leg(leg=leg.leg, g=round(leg.grams, 2)) for leg in found.legs],
        variants=[answers.Variant(name=v.name, total=_grams(v.total)) for v in found.variants],
        against_baseline=answers.AgainstBaseline(
            saving=_grams(compared.saving) if compared.saving else None,
            verdict=compared.verdict,
        ),
        points=compared.points,
        quality=answers.Quality(
            letter=found.quality.letter, primary_share=round(found.quality.primary_share, 2)
        ),
        warnings=list(found.warnings),
    )


def _chosen(choice: Choice) -> answers.DeliveryChoice:
    return answers.DeliveryChoice(
        voucher_id=choice.voucher_id,
        option=choice.option,
        coming_anyway=choice.coming_anyway,
        total=answers.Grams(
            value=choice.centigrams / 100,
            low=choice.low_centigrams / 100,
            high=choice.high_centigrams / 100,
        ),
        points=choice.points,
        method=choice.method,
        baseline=choice.baseline,
        chosen_at=rfc3339(choice.chosen_at),
    )


def _grams(grams: Range) -> answers.Grams:
    return answers.Grams(
        value=round(grams.value, 2), low=round(grams.low, 2), high=round(grams.high, 2)
    )
