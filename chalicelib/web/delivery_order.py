"""What a request says of an order, as the calculator asks for it."""

from chalicelib.domain.delivery_inputs import (
    ImpossibleInputError,
    LineHaul,
    Parcel,
    Trip,
    great_circle_km,
)
from chalicelib.domain.errors import InvalidPayload
from chalicelib.domain.popup import Popup
from chalicelib.usecases.choosing import Asked
from chalicelib.web.delivery_schema import OrderFacts, Origin, ParcelFacts, TripFacts

Place = tuple[float, float]


def asked_of(facts: OrderFacts, popup: Popup) -> Asked:
    """Return the order of a request at a stand. Raises InvalidPayload."""
    return Asked(
        parcel=_parcel(facts.parcel) if facts.parcel else None,
        line_haul=_line_haul(facts, popup),
        country=facts.destination.country if facts.destination else None,
        orders_together=facts.orders_together,
        trip=trip_of(facts.trip),
    )


def trip_of(facts: TripFacts) -> Trip:
    return Trip(one_way_km=facts.one_way_km, mode=facts.mode, coming_anyway=facts.coming_anyway)


def _parcel(facts: ParcelFacts) -> Parcel:
    try:
        return Parcel(
            goods_mass_g=facts.goods_mass_g,
            volume_cm3=facts.volume_cm3,
            packaging=facts.packaging,
            pack_g=facts.pack_g,
        )
    except ImpossibleInputError as error:
        raise InvalidPayload([(f"/parcel/{error.field}", str(error))]) from error


def _line_haul(facts: OrderFacts, popup: Popup) -> tuple[LineHaul, ...] | None:
    """Return the stretches that are named, or the road between two places."""
    origin = facts.origin
    if origin is None:
        return None
    here = _place(origin.lat, origin.lon, "/origin")
    if (here is None) == (origin.line_haul is None):
        raise InvalidPayload([("/origin", "give lat and lon, or line_haul")])
    if here is None:
        return _stretches(origin)
    goal = facts.destination
    there = _place(goal.lat, goal.lon, "/destination") if goal else None
    km = great_circle_km(here, there or (popup.latitude, popup.longitude))
    return (LineHaul(mode="road", km=km, km_basis="gcd"),)


def _stretches(origin: Origin) -> tuple[LineHaul, ...]:
    return tuple(
        LineHaul(mode=one.mode, km=one.km, km_basis=one.km_basis) for one in origin.line_haul or ()
    )


def _place(lat: float | None, lon: float | None, pointer: str) -> Place | None:
    if lat is None and lon is None:
        return None
    if lat is None or lon is None:
        raise InvalidPayload([(pointer, "lat and lon come together")])
    return lat, lon
