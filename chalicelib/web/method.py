"""How deliveries are estimated, for everyone to read: boundary, factors, baseline."""

from chalice import Response

from chalicelib.domain import delivery as calculator
from chalicelib.domain.campaign import DeliveryPlan
from chalicelib.domain.errors import NotFound
from chalicelib.factors import shipped_factors
from chalicelib.usecases import choosing
from chalicelib.web import delivery_words, insights
from chalicelib.web.languages import catalogue
from chalicelib.web.pages import Pages

pages = Pages(__name__)


@pages.route("/method", methods=["GET"])
def get_method() -> Response:
    """Return the method with every factor that the calculator reads, its source and licence."""
    factors, plan, language = shipped_factors(), _plan(), pages.reader().language
    return pages.page(
        "visitor/method.html",
        factors=[factor for factor in factors.rows.values() if factor.role == "engine"],
        digest=factors.sha256,
        method_id=calculator.METHOD_ID,
        version=calculator.METHOD_VERSION,
        baseline_version=choosing.BASELINE_VERSION,
        left_out=_left_out(language),
        plan=plan,
        mass=_mass(plan, language),
    )


def _plan() -> DeliveryPlan | None:
    """Return what an order of the festival of the day is taken to be."""
    try:
        return insights.published_of(None).campaign.delivery
    except NotFound:
        return None


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
