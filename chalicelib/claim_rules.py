"""The rules of wording that are shipped with the product."""

from functools import cache
from pathlib import Path

from chalicelib.domain.wording_rules import Rules, parse_rules

TABLE = Path(__file__).parent / "data" / "claim_rules.csv"


@cache
def shipped_rules() -> Rules:
    """Read the table once for each process."""
    return parse_rules(TABLE.read_text(encoding="utf-8"))
