"""The holder of a voucher chooses how the order travels, with each way's estimate in sight."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast

from chalicelib.domain.campaign import DeliveryPlan, StandOption
from chalicelib.domain.choice import Choice
from chalicelib.domain.delivery import METHOD_VERSION, Comparison, centigrams, estimate, judge
from chalicelib.domain.delivery_inputs import (
    Baseline,
    Kind,
    LineHaul,
    Option,
    Packaging,
    Parcel,
    Shipment,
    Speed,
    Trip,
    Vehicle,
    market_default,
)
from chalicelib.domain.emission_factors import Factors
from chalicelib.domain.errors import InvalidPayload
from chalicelib.domain.popup import Popup
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.voucher import Voucher

SPECIAL_TRIP_KM = 3.5  # one way, by car; source: docs/method.md, "Trip"
BASELINE_VERSION = "2026-10"


class Choices(Protocol):
    """What a choice needs of the ledger; `chalicelib.store.choices` fits."""

    def choose(self, choice: Choice, visitor: str, *, token: str) -> Reason | None:
        """Write the choice if this visitor holds the voucher; None, or why not."""
        ...


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which the order may travel, compared with the baseline of its market."""

    option: StandOption
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Ways:
    """Every way that a stand offers, in the order of the campaign, under one answer."""

    baseline: Baseline
    coming_anyway: bool | None
    ways: tuple[Way, ...]

    def way(self, code: str) -> Way:
        """Return the way of this code. Raises InvalidPayload."""
        for way in self.ways:
            if way.option.code == code:
                return way
        raise InvalidPayload([("/option", f"{code} is not offered here")])


def ways(
    plan: DeliveryPlan, popup: Popup, *, coming_anyway: bool | None, year: int, factors: Factors
) -> Ways:
    """Estimate each way of a stand. None: the visitor has not said if the trip is a special one."""
    baseline = market_default(popup.country, version=BASELINE_VERSION)
    shipment = Shipment(
        parcel=Parcel(
            goods_mass_g=plan.goods_mass_g,
            volume_cm3=plan.volume_cm3,
            packaging=cast("Packaging", plan.packaging),
        ),
        country=popup.country,
        year=year,
        line_haul=(LineHaul(mode="road", km=plan.road_km),),
        trip=_trip(coming_anyway=coming_anyway),
    )
    against = estimate(shipment, baseline.option, factors)
    compared = tuple(
        Way(option, judge(estimate(shipment, _option(option), factors), against))
        for option in plan.options
    )
    return Ways(baseline, coming_anyway, compared)


def choose(
    choices: Choices,
    voucher: Voucher,
    chosen: Way,
    offered: Ways,
    *,
    visitor: str,
    at: datetime,
    request_id: str,
) -> Choice | Refusal:
    """Keep the holder's choice with its estimate and the versions that made it."""
    total = chosen.comparison.estimate.total
    choice = Choice(
        voucher_id=voucher.voucher_id,
        campaign_id=voucher.campaign_id,
        popup_id=voucher.popup_id,
        offer_id=voucher.offer_id,
        merchant_id=voucher.merchant_id,
        option=chosen.option.code,
        coming_anyway=offered.coming_anyway,
        centigrams=centigrams(total.value),
        low_centigrams=centigrams(total.low),
        high_centigrams=centigrams(total.high),
        points=chosen.comparison.points,
        method=METHOD_VERSION,
        baseline=f"{offered.baseline.baseline_id}/{offered.baseline.version}",
        chosen_at=at,
    )
    refused = choices.choose(choice, visitor, token=request_id)
    return Refusal(refused) if refused else choice


def _trip(*, coming_anyway: bool | None) -> Trip:
    if coming_anyway is False:
        return Trip(one_way_km=SPECIAL_TRIP_KM, mode="car", coming_anyway=False)
    return Trip(coming_anyway=coming_anyway)


def _option(option: StandOption) -> Option:
    return Option(
        kind=cast("Kind", option.kind),
        vehicle=cast("Vehicle", option.vehicle),
        speed=cast("Speed", option.speed),
        bulk_km=option.bulk_km,
        bulk_parcels=option.bulk_parcels,
    )
