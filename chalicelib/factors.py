"""The table of emission factors that is shipped with the product."""

from functools import cache
from pathlib import Path

from chalicelib.domain.emission_factors import Factors, parse_factors

TABLE = Path(__file__).parent / "data" / "delivery_factors.csv"


@cache
def shipped_factors() -> Factors:
    """Read the table once for each process."""
    return parse_factors(TABLE.read_text(encoding="utf-8"))
