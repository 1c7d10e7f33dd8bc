"""The worked examples of docs/method.md, estimated by their names."""

import json
from pathlib import Path
from typing import Any

from chalicelib.domain.delivery import (
    Comparison,
    Estimate,
    LineHaul,
    Option,
    Parcel,
    Shipment,
    Trip,
    estimate,
    judge,
)
from chalicelib.factors import shipped_factors

GOLDEN: dict[str, Any] = json.loads(Path(__file__).with_name("delivery.json").read_text())
CASES: dict[str, dict[str, Any]] = {case["name"]: case for case in GOLDEN["cases"]}


def estimate_of(name: str) -> Estimate:
    told = dict(CASES[name]["shipment"])
    shipment = Shipment(
        parcel=Parcel(**told.pop("parcel")),
        line_haul=tuple(LineHaul(**each) for each in told.pop("line_haul")),
        trip=Trip(**told.pop("trip")),
        **told,
    )
    return estimate(shipment, Option(**CASES[name]["option"]), shipped_factors())


def comparison_of(name: str) -> Comparison:
    """Compare an example with the baseline of them all."""
    return judge(estimate_of(name), estimate_of(GOLDEN["baseline"]))
