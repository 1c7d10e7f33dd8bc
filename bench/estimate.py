"""One estimate of a delivery with its range, as the sample festival offers them."""

from functools import partial

from bench.festival import NOON, STAND
from bench.stopwatch import Stopwatch
from chalicelib.domain.delivery import (
    LineHaul,
    Parcel,
    Shipment,
    Trip,
    estimate,
    stand_options,
)
from chalicelib.factors import shipped_factors
from local import sample_loader

WARM_UP, ROUNDS = 50, 1_000


def measure() -> dict[str, float]:
    """Time every way of a stand; the slowest counts. The trip is left open, the most work."""
    options = stand_options(bulk_km=120, bulk_parcels=400)
    shipment, factors, watch = _shipment(), shipped_factors(), Stopwatch()
    for number in range(WARM_UP + ROUNDS):
        if number == WARM_UP:
            watch.forget()
        watch.round({c: partial(estimate, shipment, o, factors) for c, o in options.items()})
    return {"estimate_ms": max(watch.ms(code) for code in options)}


def _shipment() -> Shipment:
    campaign = sample_loader.festival_now(NOON.date())
    plan = campaign.delivery
    if plan is None:
        raise RuntimeError("the sample festival delivers nothing")
    return Shipment(
        parcel=Parcel(goods_mass_g=plan.goods_mass_g, volume_cm3=plan.volume_cm3),
        country=campaign.popup[STAND].country,
        year=NOON.year,
        line_haul=(LineHaul(mode="road", km=plan.road_km),),
        trip=Trip(),
    )
