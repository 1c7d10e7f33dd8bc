"""Ways of delivery, choices and the method as JSON."""

from datetime import date, timedelta

from chalicelib.domain import delivery as calculator
from chalicelib.domain.choice import CentigramRange, Choice
from chalicelib.domain.delivery import Leg, Range
from chalicelib.domain.delivery_plan import StandOption
from chalicelib.domain.popup import Popup
from chalicelib.domain.redemption import rfc3339
from chalicelib.factors import shipped_factors
from chalicelib.usecases.choosing import Way, Ways
from chalicelib.web import delivery_answers as answers
from chalicelib.web import delivery_words
from chalicelib.web.schema import money

METHOD_URL = f"/method/{calculator.METHOD_VERSION}"
_METHOD = {
    "id": calculator.METHOD_ID,
    "version": calculator.METHOD_VERSION,
    "url": METHOD_URL,
    "boundary": "warehouse gate to consumer",
    "gwp": "100y",
}


def ways(
    offered: Ways, popup: Popup, day: date, language: str, *, chosen: str | None
) -> answers.Ways:
    """Return every way with its figures and their words."""
    return answers.Ways(
        method=answers.Method(**_METHOD, factors_sha256=shipped_factors().sha256),
        baseline=_baseline(offered),
        options=[_way(way, offered, popup, day, language) for way in offered.ways],
        excluded=list(calculator.NOT_COUNTED),
        chosen=chosen,
    )


def method() -> answers.MethodDocument:
    """Return the method with every factor and its source."""
    factors = shipped_factors()
    return answers.MethodDocument(
        **_METHOD,
        factors_sha256=factors.sha256,
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


def days(option: StandOption, day: date) -> tuple[date | None, date | None]:
    """Return the first and the last day of arrival, counted from a day; None: not stated."""
    first, last = option.days_from, option.days_until
    return _after(day, first), _after(day, last)


def choice(kept: Choice) -> answers.DeliveryChoice:
    """Return a choice as it was kept."""
    return answers.DeliveryChoice(
        voucher_id=kept.voucher_id,
        option=kept.option,
        coming_anyway=kept.coming_anyway,
        total=_kept(kept.total),
        saving=_kept(kept.saving) if kept.saving else None,
        verdict=kept.verdict,
        points=kept.points,
        method=kept.method,
        baseline=kept.baseline,
        chosen_at=rfc3339(kept.chosen_at),
    )


def _baseline(offered: Ways) -> answers.Baseline | None:
    told, against = offered.baseline, offered.ways[0].comparison.baseline
    if told is None or against is None or offered.basis is None:
        return None
    return answers.Baseline(
        id=told.baseline_id,
        version=told.version,
        option_code=told.option_code,
        basis=offered.basis,
        total=_grams(against.total),
    )


def _way(way: Way, offered: Ways, popup: Popup, day: date, language: str) -> answers.Way:
    found, option, compared = way.comparison.estimate, way.option, way.comparison
    first, last = days(option, day)
    return answers.Way(
        code=option.code,
        kind=option.kind,
        vehicle=option.vehicle,
        speed=option.speed,
        carrier=option.carrier,
        price=money(option.price_minor.get(popup.currency), popup.currency),
        earliest=first.isoformat() if first else None,
        latest=last.isoformat() if last else None,
        total=_grams(found.total),
        transport_wtw=_grams(found.transport_wtw),
        non_co2_air=_rounded(found.non_co2_air),
        volumetric_total=_rounded(found.volumetric_total),
        legs=[_leg(leg) for leg in found.legs],
        variants=[answers.Variant(name=v.name, total=_grams(v.total)) for v in found.variants],
        against_baseline=answers.AgainstBaseline(
            saving=_grams(compared.saving) if compared.saving else None,
            verdict=compared.verdict,
        ),
        points=compared.points,
        quality=answers.Quality(
            letter=found.quality.letter, primary_share=round(found.quality.primary_share, 2)
        ),
        conditions=list(delivery_words.conditions(way, offered.trip, language)),
        warnings=[*found.warnings, *compared.warnings],
        display=answers.Display(
            total=delivery_words.estimate(found.total, language),
            against_baseline=delivery_words.against(way, offered, language),
        ),
    )


def _leg(leg: Leg) -> answers.Leg:
    return answers.Leg(
        leg=leg.leg,
        g=round(leg.grams, 2),
        mode=leg.mode,
        km=_rounded(leg.km),
        count=leg.count,
        vehicle=leg.vehicle,
    )


def _after(day: date, more: int | None) -> date | None:
    return day + timedelta(days=more) if more is not None else None


def _rounded(number: float | None) -> float | None:
    return round(number, 2) if number is not None else None


def _grams(grams: Range) -> answers.Grams:
    return answers.Grams(
        value=round(grams.value, 2), low=round(grams.low, 2), high=round(grams.high, 2)
    )


def _kept(grams: CentigramRange) -> answers.Grams:
    return _grams(grams.grams)
