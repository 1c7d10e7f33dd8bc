"""The lines of delivery.csv and baselines.csv: ways of delivery, and what they are told against."""

from collections.abc import Mapping
from typing import Final, cast

from chalicelib.domain.delivery_plan import BaselineRecord, Basis, StandOption
from chalicelib.domain.money import MINOR_DIGITS
from chalicelib.domain.sheet import Row

_MEASURED: Final = ("km_per_stop", "fail_rate", "locker_km_per_parcel", "feeder_km_per_parcel")
# Which column stands behind each value below a pointer.
OPTION: Final[Mapping[str, str]] = {
    **{name: name for name in ("code", "kind", "vehicle", "speed", "bulk_km", "bulk_parcels")},
    **{name: name for name in ("carrier", "days_from", "days_until", "measured_by", *_MEASURED)},
    "popup_ids": "stands",
}
BASELINE: Final[Mapping[str, str]] = {
    "baseline_id": "id",
    "option_code": "option",
    **{name: name for name in ("version", "since", "country", "basis")},
}


def option(row: Row, popup_ids: tuple[str, ...]) -> StandOption:
    """Return the way of delivery of a line of delivery.csv."""
    return StandOption(
        code=row.text("code"),
        kind=row.text("kind"),
        vehicle=row.text("vehicle"),
        speed=row.text("speed"),
        price_minor={name: row.whole(name) for name in sorted(MINOR_DIGITS) if row.text(name)},
        bulk_km=row.number_or_none("bulk_km"),
        bulk_parcels=row.whole_or_none("bulk_parcels"),
        popup_ids=popup_ids,
        carrier=row.words("carrier"),
        days_from=row.whole_or_none("days_from"),
        days_until=row.whole_or_none("days_until"),
        measured_by=row.words("measured_by"),
        **{name: row.number_or_none(name) for name in _MEASURED},
    )


def baseline(row: Row) -> BaselineRecord:
    """Return the record of a line of baselines.csv; a publish judges what it says."""
    return BaselineRecord(
        baseline_id=row.text("id"),
        version=row.text("version"),
        since=row.text("since"),
        option_code=row.text("option"),
        basis=cast("Basis", row.text("basis")),
        country=row.text("country"),
    )
