"""What chosen deliveries add up to: sums of values, of low and of high ends, never of versions.

Every choice adds to one row, named by what made its figures and by whom it concerns; a report
adds rows up along one of these names and keeps methods and baselines apart.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from chalicelib.domain.choice import CentigramRange
from chalicelib.domain.delivery import Verdict

By = Literal["campaign", "city", "merchant", "option"]
NOBODY: Final = "-"  # a choice of no merchant's offer
_KIND: Final = "DELIVERY"


class Row(NamedTuple):
    """One row of figures, read back from its name."""

    method: str
    baseline: str
    popup_id: str
    merchant_id: str
    option: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a report. `saving` is the sum over the choices that had a baseline."""

    name: str
    method: str
    baseline: str
    chosen: int
    compared: int
    no_clear_difference: int
    total: CentigramRange
    saving: CentigramRange

    @property
    def unclear_share(self) -> float | None:
        """The share of compared choices without a clear difference; None where none is."""
        return self.no_clear_difference / self.compared if self.compared else None


def row_of(
    *, method: str, baseline: str, popup_id: str, merchant_id: str | None, option: str
) -> str:
    """Name the row that a choice adds to."""
    return "#".join((_KIND, method, baseline, popup_id, merchant_id or NOBODY, option))


def columns(
    verdict: Verdict, total: CentigramRange, saving: CentigramRange | None
) -> Mapping[str, int]:
    """Return what one choice adds to its row, by column."""
    found = {"chosen": 1, "cg": total.value, "low_cg": total.low, "high_cg": total.high}
    if saving is not None:
        found |= {
            "compared": 1,
            "save_cg": saving.value,
            "save_low_cg": saving.low,
            "save_high_cg": saving.high,
        }
    if verdict == "no_clear_difference":
        found["unclear"] = 1
    return found


def report(
    rows: Mapping[str, Mapping[str, int]],
    by: By,
    merchant_ids: Collection[str] | None = None,
    popup_ids: Collection[str] | None = None,
) -> tuple[Line, ...]:
    """Add up rows of figures; a name has a line for each method and baseline it was made with.

    With `merchant_ids`, the choices of their offers alone; with `popup_ids`, those of the stands.
    """
    sums: dict[tuple[str, str, str], Counter[str]] = {}
    for name, found in rows.items():
        row = Row(*name.split("#")[1:])
        if merchant_ids is not None and row.merchant_id not in merchant_ids:
            continue
        if popup_ids is not None and row.popup_id not in popup_ids:
            continue
        about = {
            "campaign": "",
            "city": row.popup_id,
            "merchant": row.merchant_id,
            "option": row.option,
        }[by]
        sums.setdefault((about, row.method, row.baseline), Counter()).update(found)
    return tuple(_line(key, sums[key]) for key in sorted(sums) if sums[key]["chosen"])


def _line(key: tuple[str, str, str], found: Counter[str]) -> Line:
    name, method, baseline = key
    return Line(
        name=name,
        method=method,
        baseline=baseline,
        chosen=found["chosen"],
        compared=found["compared"],
        no_clear_difference=found["unclear"],
        total=_range(found, ""),
        saving=_range(found, "save_"),
    )


def _range(found: Counter[str], kind: str) -> CentigramRange:
    return CentigramRange(
        value=found[f"{kind}cg"], low=found[f"{kind}low_cg"], high=found[f"{kind}high_cg"]
    )
