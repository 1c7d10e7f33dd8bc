"""The rules of wording that are shipped with the product."""

from functools import cache
from pathlib import Path

from chalicelib.domain.sentence import N_
from chalicelib.domain.wording_rules import Rules, parse_rules

TABLE = Path(__file__).parent / "data" / "claim_rules.csv"
# What the table's rules say, marked for translation; a test holds both together.
MESSAGES = frozenset(
    {
        N_("Neutral/zero wording"),
        N_("Offsets must not support a delivery claim; move to a separate page without comparison"),
        N_("Generic claim: say what is lower, by how much, against what"),
        N_(
            "Leaf/globe/recycling pictogram next to an option reads as an environmental claim "
            "or label"
        ),
        N_("Self-made label or badge"),
        N_("Future claim needs a public verified plan"),
        N_("Saving without its baseline in the same sentence"),
        N_("Percentage without range"),
        N_("More digits than the data allow"),
        N_("Claim must concern the delivery, not the product or the firm"),
        N_("Superlative needs all options compared and named"),
        N_("Equivalents hide uncertainty"),
    }
)


@cache
def shipped_rules() -> Rules:
    """Read the table once for each process."""
    return parse_rules(TABLE.read_text(encoding="utf-8"))
