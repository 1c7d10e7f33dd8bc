"""What an estimate is asked about: a parcel, its way, the last-mile option, the visitor's trip.

Impossible input cannot be built: the constructor names the field that is wrong.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal, cast, get_args

from chalicelib.domain.sentence import Sentence, said

Packaging = Literal["board_box", "film_mailer", "paper_mailer", "own_bag", "reused", "none"]
Mode = Literal["road", "road_hgv", "road_artic", "air", "rail", "sea", "sea_roro", "sea_ropax"]
KmBasis = Literal["driven", "planned", "gcd"]
Kind = Literal["home", "locker", "relay", "popup_collect", "shop_collect"]
Vehicle = Literal["van_diesel", "van_petrol", "van_cng", "van_bev", "cargo_bike"]
Speed = Literal["standard", "fast", "norush"]
TripMode = Literal["car", "car_bev", "bus", "tram", "metro", "moto", "ebike", "walk", "bike"]

PACKAGINGS: Final = frozenset[str](get_args(Packaging))
MODES: Final = frozenset[str](get_args(Mode))
KM_BASES: Final = frozenset[str](get_args(KmBasis))
KINDS: Final = frozenset[str](get_args(Kind))
VEHICLES: Final = frozenset[str](get_args(Vehicle))
SPEEDS: Final = frozenset[str](get_args(Speed))
TRIP_MODES: Final = frozenset[str](get_args(TripMode))

MAILERS: Final = frozenset[str]({"film_mailer", "paper_mailer"})
ROAD: Final = frozenset[str]({"road", "road_hgv", "road_artic"})
COLLECTION: Final = frozenset[str]({"popup_collect", "shop_collect"})
EARTH_RADIUS_KM: Final = 6371.0088


class ImpossibleInputError(ValueError):
    """An input that no delivery can have; `field` says which one."""

    def __init__(self, field: str, message: Sentence) -> None:
        self.sentence = said("{field} {message}", field=field, message=message)
        super().__init__(self.sentence)
        self.field = field


def _above_zero(field: str, number: float) -> None:
    if not 0 < number < math.inf:
        raise ImpossibleInputError(field, said("must be above 0"))


def _not_negative(field: str, number: float | None) -> None:
    if number is not None and not 0 <= number < math.inf:
        raise ImpossibleInputError(field, said("must not be negative"))


def _whole(field: str, number: float) -> None:
    if number % 1:  # also what is infinite or no number
        raise ImpossibleInputError(field, said("is no whole number"))


def _one_of(field: str, name: str | None, known: Collection[str]) -> None:
    if name not in known:
        raise ImpossibleInputError(
            field, said("must be one of {known}", known=", ".join(sorted(known)))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """The goods of one order and what they are packed in; `pack_g` is for the whole parcel."""

    goods_mass_g: float
    volume_cm3: float
    packaging: Packaging = "board_box"
    pack_g: float | None = None

    def __post_init__(self) -> None:
        _above_zero("goods_mass_g", self.goods_mass_g)
        _above_zero("volume_cm3", self.volume_cm3)
        _one_of("packaging", self.packaging, PACKAGINGS)
        _not_negative("pack_g", self.pack_g)
        if self.packaging in MAILERS and self.pack_g is None:
            raise ImpossibleInputError("pack_g", said("is needed for a mailer"))


@dataclass(frozen=True, slots=True, kw_only=True)
class LineHaul:
    """One stretch between the warehouse and the last depot."""

    mode: Mode
    km: float
    km_basis: KmBasis = "driven"

    def __post_init__(self) -> None:
        _one_of("mode", self.mode, MODES)
        _not_negative("km", self.km)
        _one_of("km_basis", self.km_basis, KM_BASES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """The visitor's way to the hand-over; None is a question not answered."""

    one_way_km: float | None = None
    mode: TripMode | None = None
    coming_anyway: bool | None = None

    def __post_init__(self) -> None:
        _not_negative("one_way_km", self.one_way_km)
        if self.mode is not None:
            _one_of("trip_mode", self.mode, TRIP_MODES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One way to hand an order over; figures that the operator has measured replace defaults."""

    kind: Kind
    vehicle: Vehicle
    speed: Speed = "standard"
    fail_rate: float | None = None
    km_per_stop: float | None = None
    locker_km_per_parcel: float | None = None
    feeder_km_per_parcel: float | None = None
    bulk_km: float | None = None
    bulk_parcels: int | None = None

    def __post_init__(self) -> None:
        _one_of("kind", self.kind, KINDS)
        _one_of("vehicle", self.vehicle, VEHICLES)
        _one_of("speed", self.speed, SPEEDS)
        if self.fail_rate is not None and not 0 <= self.fail_rate <= 1:
            raise ImpossibleInputError("fail_rate", said("must lie between 0 and 1"))
        _not_negative("km_per_stop", self.km_per_stop)
        _not_negative("locker_km_per_parcel", self.locker_km_per_parcel)
        _not_negative("feeder_km_per_parcel", self.feeder_km_per_parcel)
        _not_negative("bulk_km", self.bulk_km)
        if self.bulk_parcels is not None:
            _above_zero("bulk_parcels", self.bulk_parcels)
            _whole("bulk_parcels", self.bulk_parcels)
        if self.kind in COLLECTION:
            self.bulk_km_per_parcel()

    def bulk_km_per_parcel(self) -> float:
        """Return the share of one parcel in the run that fills the place of collection."""
        for field in ("bulk_km", "bulk_parcels"):
            if getattr(self, field) is None:
                raise ImpossibleInputError(field, said("is needed for collection"))
        return cast("float", self.bulk_km) / cast("int", self.bulk_parcels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """All that the options of one order share. `year` judges the age of the factors."""

    parcel: Parcel
    country: str
    year: int
    line_haul: tuple[LineHaul, ...] = ()
    orders_together: int = 1
    hubs: int = 2
    trip: Trip = Trip()

    def __post_init__(self) -> None:
        if not (len(self.country) == 2 and self.country.isascii() and self.country.isupper()):
            raise ImpossibleInputError("country", said("must be two capital letters"))
        if self.orders_together < 1:
            raise ImpossibleInputError("orders_together", said("must be at least 1"))
        _whole("orders_together", self.orders_together)
        _not_negative("hubs", self.hubs)
        _whole("hubs", self.hubs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The delivery that savings are told against, as it was agreed on for one market."""

    baseline_id: str
    version: str
    option_code: str
    option: Option


HOME_VAN_DIESEL: Final = Option(kind="home", vehicle="van_diesel")


def market_default(country: str, *, version: str) -> Baseline:
    """Return the baseline of a market without data: standard home delivery by diesel van."""
    return Baseline(
        baseline_id=f"{country}-home-diesel",
        version=version,
        option_code="home_van_diesel",
        option=HOME_VAN_DIESEL,
    )


def stand_options(*, bulk_km: float, bulk_parcels: int) -> dict[str, Option]:
    """Return what every stand offers, by code; the run that fills the stand is the operator's."""
    return {
        "home_van_diesel": HOME_VAN_DIESEL,
        "home_van_electric": Option(kind="home", vehicle="van_bev"),
        "locker": Option(kind="locker", vehicle="van_diesel"),
        "popup_collect": Option(
            kind="popup_collect",
            vehicle="van_diesel",
            bulk_km=bulk_km,
            bulk_parcels=bulk_parcels,
        ),
    }


def great_circle_km(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Return the distance of two (latitude, longitude) points in degrees, on a round earth."""
    (lat1, lon1), (lat2, lon2) = here, there
    north, south = math.radians(lat1), math.radians(lat2)
    half_lat, half_lon = (south - north) / 2, math.radians(lon2 - lon1) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(north) * math.cos(south) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, chord)))
