"""Bodies of the delivery routes: what is known of an order, and what is chosen for it."""

from typing import Annotated

from msgspec import Meta

from chalicelib.domain.delivery_inputs import KmBasis, Mode, Packaging, TripMode
from chalicelib.web.schema import Body, OrderRef, Scanned, Slug

Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]
Kilometres = Annotated[float, Meta(ge=0, le=40_000)]
TripKilometres = Annotated[float, Meta(ge=0, le=500)]
Country = Annotated[str, Meta(pattern=r"^[A-Z]{2}$(?!\n)")]
OptionCode = Annotated[str, Meta(pattern=r"^[a-z0-9_]{2,40}$(?!\n)")]


class ParcelFacts(Body, frozen=True):
    """The goods of one order and their packaging; a mailer needs `pack_g`."""

    goods_mass_g: Annotated[float, Meta(gt=0, le=1_000_000)]
    volume_cm3: Annotated[float, Meta(gt=0, le=10_000_000)]
    packaging: Packaging = "board_box"
    pack_g: Annotated[float, Meta(ge=0, le=100_000)] | None = None


class Stretch(Body, frozen=True):
    """One stretch between the warehouse and the last depot."""

    mode: Mode
    km: Kilometres
    km_basis: KmBasis = "driven"


class Origin(Body, frozen=True):
    """Where the order comes from: a place on the map, or the stretches that it travels."""

    lat: Latitude | None = None
    lon: Longitude | None = None
    line_haul: Annotated[list[Stretch], Meta(max_length=20)] | None = None


class Destination(Body, frozen=True):
    """Where the order goes; without a place it is the stand's city."""

    country: Country
    lat: Latitude | None = None
    lon: Longitude | None = None


class TripFacts(Body, frozen=True):
    """The visitor's way to a locker or a stand; what is absent was not answered."""

    one_way_km: TripKilometres | None = None
    mode: TripMode | None = None
    coming_anyway: bool | None = None


class OrderFacts(Body, frozen=True, kw_only=True):
    """What is known of the order; what is not said is taken from the stand's plan."""

    parcel: ParcelFacts | None = None
    origin: Origin | None = None
    destination: Destination | None = None
    orders_together: Annotated[int, Meta(ge=1, le=1_000)] = 1
    trip: TripFacts = TripFacts()


class WaysRequest(OrderFacts, frozen=True, kw_only=True):
    """Which stand's ways, for which order: the stand is named, or is that of a voucher."""

    popup_id: Slug | None = None
    voucher: Scanned | None = None
    locale: Annotated[str, Meta(max_length=35)] | None = None


class ChoiceRequest(OrderFacts, frozen=True, kw_only=True):
    """How the order of a voucher is to travel. A shop also names its order."""

    voucher: Scanned
    option: OptionCode
    order_ref: OrderRef | None = None
