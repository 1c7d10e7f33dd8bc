"""The wording rules, read once from `data/claim_rules.csv`; each names its basis in law there."""

import csv
import re
from functools import cache
from pathlib import Path

from chalicelib.domain.checking import ClaimRule

_FILE = Path(__file__).resolve().parent / "data" / "claim_rules.csv"


@cache
def rules() -> tuple[ClaimRule, ...]:
    """Return every rule of the file."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            ClaimRule(row["lang"], re.compile(row["regex"], re.IGNORECASE), row["message"])
            for row in csv.DictReader(file)
        )
