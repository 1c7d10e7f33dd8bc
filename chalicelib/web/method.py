"""How deliveries are estimated, for everyone to read: boundary, factors, baseline."""

from collections.abc import Iterable

from chalice import Response

from chalicelib.domain import delivery as calculator
from chalicelib.domain.delivery_plan import DEFAULT_VERSION, DeliveryPlan
from chalicelib.domain.emission_factors import Factor
from chalicelib.domain.errors import NotFound
from chalicelib.domain.offer import EVERYWHERE
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.factors import shipped_factors
from chalicelib.web import delivery_names, delivery_words, insights, stand_view
from chalicelib.web.languages import catalogue
from chalicelib.web.pages import Pages

pages = Pages(__name__)


@pages.route("/method/{version}", methods=["GET"])
def get_version(version: str) -> Response | Refusal:
    """Return the method of that version, the one that this deployment calculates by."""
    return get_method() if version == calculator.METHOD_VERSION else Refusal(Reason.NOT_FOUND)


@pages.route("/method", methods=["GET"])
def get_method() -> Response:
    """Return the method with every factor that the calculator reads, its source and licence."""
    factors, plan, language = shipped_factors(), _plan(), pages.reader().language
    return pages.page(
        "visitor/method.html",
        factors=_by_leg(factors.rows.values()),
        digest=factors.sha256,
        method_id=calculator.METHOD_ID,
        version=calculator.METHOD_VERSION,
        baselines=_baselines(plan, language),
        last_update=max(_versions(plan)),
        left_out=_left_out(language),
        plan=plan,
        mass=_mass(plan, language),
    )


def _by_leg(factors: Iterable[Factor]) -> dict[str, list[Factor]]:
    """Return the factors that the calculator reads, by the leg that they are of."""
    legs: dict[str, list[Factor]] = {}
    for factor in factors:
        if factor.role == "engine":
            legs.setdefault(factor.leg, []).append(factor)
    return legs


def _plan() -> DeliveryPlan | None:
    """Return what an order of the festival of the day is taken to be."""
    try:
        return insights.published_of(None).campaign.delivery
    except NotFound:
        return None


def _baselines(plan: DeliveryPlan | None, language: str) -> list[dict[str, str]]:
    """Return every record of a baseline, the newest first, as a table shows it."""
    _ = catalogue(language).gettext
    basis = {
        "market_default": _("no data of this market: the method's default"),
        "most_chosen": _("the way most chosen in this market in twelve months"),
    }
    records = sorted(plan.baselines if plan else (), key=lambda one: one.since, reverse=True)
    return [
        {
            "id": f"{one.baseline_id}/{one.version}",
            "since": one.since,
            "place": stand_view.country(one.country, language)
            if one.country != EVERYWHERE
            else _("everywhere"),
            "way": delivery_names.label_of(plan, one.option_code, language),
            "basis": basis[one.basis],
        }
        for one in records
    ]


def _versions(plan: DeliveryPlan | None) -> list[str]:
    return (
        [DEFAULT_VERSION, *(one.version for one in plan.baselines)] if plan else [DEFAULT_VERSION]
    )


def _mass(plan: DeliveryPlan | None, language: str) -> str:
    return delivery_words.mass(plan.goods_mass_g, language) if plan else ""


def _left_out(language: str) -> list[str]:
    _ = catalogue(language).gettext
    words = {
        "returns": _("returns"),
        "vehicle_manufacture": _("the making of vehicles"),
        "locker_electricity": _("the electricity of lockers (no data)"),
        "rider_food": _("what riders eat"),
    }
    return [words.get(name, name) for name in calculator.NOT_COUNTED]
