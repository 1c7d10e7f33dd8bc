"""A holder or a shop chooses how the order travels, with each way's estimate in sight."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from typing import Protocol

from chalicelib.domain.choice import CentigramRange, Choice, Chooser
from chalicelib.domain.delivery import (
    METHOD_VERSION,
    Comparison,
    Estimate,
    Range,
    centigrams,
    estimate,
    judge,
)
from chalicelib.domain.delivery_inputs import Baseline, LineHaul, Parcel, Shipment, Trip
from chalicelib.domain.delivery_plan import Basis, DeliveryPlan, StandOption
from chalicelib.domain.emission_factors import Factors
from chalicelib.domain.errors import InvalidPayload
from chalicelib.domain.popup import Popup
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.voucher import Voucher

SPECIAL_TRIP_KM = 3.5  # one way, by car; source: docs/method.md, "Trip"
NO_BASELINE = "none"


class Choices(Protocol):
    """What a choice needs of the ledger; `chalicelib.store.choices` fits."""

    def choose(self, choice: Choice, chooser: Chooser, *, token: str) -> Reason | None:
        """Write the choice if the chooser may; None, or why not."""
        ...

    def get(self, voucher_id: str) -> Choice | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is known of the order; what is not said is taken from the plan of the stand."""

    parcel: Parcel | None = None
    line_haul: tuple[LineHaul, ...] | None = None
    country: str | None = None
    orders_together: int = 1
    trip: Trip = field(default_factory=Trip)


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which the order may travel, compared with the baseline of its market."""

    option: StandOption
    comparison: Comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Every way that a stand offers, the cheapest first, under one answer.

    Price is what everyone can check; what has none comes last, in the order of the campaign.
    """

    baseline: Baseline | None
    basis: Basis | None
    trip: Trip
    ways: tuple[Way, ...]

    @property
    def versions(self) -> str:
        """Name the baseline and its version, as they are kept with a choice."""
        told = self.baseline
        return f"{told.baseline_id}/{told.version}" if told else NO_BASELINE

    @property
    def coming_anyway(self) -> bool | None:
        return self.trip.coming_anyway

    def way(self, code: str) -> Way:
        """Return the way of this code. Raises InvalidPayload."""
        for way in self.ways:
            if way.option.code == code:
                return way
        raise InvalidPayload([("/option", f"{code} is not offered here")])


def ways(plan: DeliveryPlan, popup: Popup, asked: Asked, *, day: date, factors: Factors) -> Ways:
    """Estimate each way of a stand for one order, on the stand's own day."""
    shipment = Shipment(
        parcel=asked.parcel or plan.parcel,
        country=asked.country or popup.country,
        year=day.year,
        line_haul=asked.line_haul
        if asked.line_haul is not None
        else (LineHaul(mode="road", km=plan.road_km),),
        orders_together=asked.orders_together,
        trip=_trip(asked.trip),
    )
    found = plan.baseline_at(popup, day)
    baseline, basis = found or (None, None)
    against = estimate(shipment, baseline.option, factors) if baseline else None

    def _estimate(option: StandOption) -> Estimate:
        if baseline and against and option.code == baseline.option_code:
            return against
        return estimate(shipment, option.as_asked(), factors)

    offered = sorted(plan.options_at(popup.popup_id), key=partial(_place, popup.currency))
    compared = tuple(Way(option, judge(_estimate(option), against)) for option in offered)
    return Ways(baseline=baseline, basis=basis, trip=shipment.trip, ways=compared)


def _place(currency: str, option: StandOption) -> tuple[bool, int]:
    price = option.price_minor.get(currency)
    return price is None, price or 0


def choose(
    choices: Choices,
    voucher: Voucher,
    code: str,
    offered: Ways,
    chooser: Chooser,
    *,
    at: datetime,
    request_id: str,
) -> Choice | Refusal:
    """Keep a choice with its estimate and the versions that made it.

    A repeat of what stands when the shop confirmed gets that choice, however late it comes.
    Raises InvalidPayload for a way that is not offered.
    """
    choice = _choice(voucher, offered.way(code), offered, chooser, at)
    refused = choices.choose(choice, chooser, token=request_id)
    if refused is None:
        return choice
    if refused is Reason.ALREADY_CHOSEN:
        stands = choices.get(voucher.voucher_id)
        if stands is not None and stands.says_the_same_as(choice):
            return stands
    return Refusal(refused)


def _choice(voucher: Voucher, chosen: Way, offered: Ways, chooser: Chooser, at: datetime) -> Choice:
    compared, km = chosen.comparison, offered.trip.one_way_km
    return Choice(
        voucher_id=voucher.voucher_id,
        campaign_id=voucher.campaign_id,
        popup_id=voucher.popup_id,
        offer_id=voucher.offer_id,
        merchant_id=voucher.merchant_id,
        option=chosen.option.code,
        coming_anyway=offered.coming_anyway,
        trip_m=round(km * 1000) if km is not None else None,
        total=_stored(compared.estimate.total),
        saving=_stored(compared.saving) if compared.saving else None,
        verdict=compared.verdict,
        points=compared.points,
        method=METHOD_VERSION,
        baseline=offered.versions,
        chosen_at=at,
        order=chooser.order,
    )


def _stored(grams: Range) -> CentigramRange:
    return CentigramRange(
        value=centigrams(grams.value), low=centigrams(grams.low), high=centigrams(grams.high)
    )


def _trip(trip: Trip) -> Trip:
    """Take a special trip of which nothing more is said as the one of the method."""
    if trip.coming_anyway is not False:
        return trip
    km = SPECIAL_TRIP_KM if trip.one_way_km is None else trip.one_way_km
    return replace(trip, one_way_km=km, mode=trip.mode or "car")
