"""What a stand offers for delivery: its options, what was measured of them, its baselines."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal, cast

from chalicelib.domain.delivery_inputs import (
    Baseline,
    Kind,
    Option,
    Packaging,
    Parcel,
    Speed,
    Vehicle,
)
from chalicelib.domain.offer import EVERYWHERE
from chalicelib.domain.popup import Popup

Basis = Literal["market_default", "most_chosen"]
DEFAULT_CODE: Final = "home_van_diesel"  # the baseline of a market without data
DEFAULT_VERSION: Final = "2026-10"


@dataclass(frozen=True, kw_only=True)
class StandOption:
    """One way in which an order travels. Prices by currency, minor units; None: not stated.

    What was measured takes the published default's place; `measured_by` says who measured it,
    when and how. `popup_ids` are the stands that offer it.
    """

    code: str
    kind: str
    vehicle: str
    speed: str = "standard"
    price_minor: Mapping[str, int] = field(default_factory=dict)
    bulk_km: float | None = None
    bulk_parcels: int | None = None
    popup_ids: tuple[str, ...] = (EVERYWHERE,)
    carrier: str = ""
    days_from: int | None = None
    days_until: int | None = None
    km_per_stop: float | None = None
    fail_rate: float | None = None
    locker_km_per_parcel: float | None = None
    feeder_km_per_parcel: float | None = None
    measured_by: str = ""

    @property
    def measured(self) -> bool:
        """Tell whether some default gave way to what the operator measured."""
        km = (self.km_per_stop, self.locker_km_per_parcel, self.feeder_km_per_parcel)
        return any(one is not None for one in (*km, self.fail_rate, self.bulk_km))

    def as_asked(self) -> Option:
        """Return the option as the calculator takes it. Raises ImpossibleInputError."""
        return Option(
            kind=cast("Kind", self.kind),
            vehicle=cast("Vehicle", self.vehicle),
            speed=cast("Speed", self.speed),
            fail_rate=self.fail_rate,
            km_per_stop=self.km_per_stop,
            locker_km_per_parcel=self.locker_km_per_parcel,
            feeder_km_per_parcel=self.feeder_km_per_parcel,
            bulk_km=self.bulk_km,
            bulk_parcels=self.bulk_parcels,
        )


@dataclass(frozen=True, kw_only=True)
class BaselineRecord:
    """What a market's savings are told against, from a day on; a new one is a new version."""

    baseline_id: str
    version: str
    since: str
    option_code: str
    basis: Basis = "market_default"
    country: str = EVERYWHERE


@dataclass(frozen=True, kw_only=True)
class DeliveryPlan:
    """What an order of this campaign is taken to weigh, and how it may travel."""

    goods_mass_g: float
    volume_cm3: float
    packaging: str
    road_km: float
    options: tuple[StandOption, ...]
    baselines: tuple[BaselineRecord, ...] = ()

    @property
    def parcel(self) -> Parcel:
        """The parcel that is estimated where nobody says more of the order."""
        packaging = cast("Packaging", self.packaging)
        return Parcel(
            goods_mass_g=self.goods_mass_g, volume_cm3=self.volume_cm3, packaging=packaging
        )

    def options_at(self, popup_id: str) -> tuple[StandOption, ...]:
        """Return what a stand offers. A line that names the stand goes before one for all."""
        found: dict[str, StandOption] = {}
        for option in self.options:
            own = popup_id in option.popup_ids
            if own or (EVERYWHERE in option.popup_ids and option.code not in found):
                found[option.code] = option
        return tuple(found.values())

    def baseline_at(self, popup: Popup, day: date) -> tuple[Baseline, Basis] | None:
        """Return what to compare with on a day, and why; None where it is not offered here.

        The newest record of the country goes before the newest for all, and any record before
        the market's default.
        """
        offered = {option.code: option for option in self.options_at(popup.popup_id)}
        record = self._record(popup.country, day)
        code = record.option_code if record else DEFAULT_CODE
        if code not in offered:
            return None
        baseline = Baseline(
            baseline_id=record.baseline_id if record else f"{popup.country}-home-diesel",
            version=record.version if record else DEFAULT_VERSION,
            option_code=code,
            option=offered[code].as_asked(),
        )
        return baseline, record.basis if record else "market_default"

    def _record(self, country: str, day: date) -> BaselineRecord | None:
        asked = [one for one in self.baselines if one.since <= day.isoformat()]
        for place in (country, EVERYWHERE):
            here = [one for one in asked if one.country == place]
            if here:
                return max(here, key=lambda one: (one.since, one.version))
        return None
