"""Emission factors: what one kilometre, kilogram or kilowatt-hour emits, each with its source."""

import csv
import hashlib
import io
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Final, Literal, cast, get_args

Role = Literal["engine", "check"]
Ground = Literal["published", "vendor", "assumption"]

COLUMNS: Final = (
    *("id", "role", "leg", "mode", "value", "unit", "low", "high", "region", "year"),
    *("source", "source_locator", "licence", "note"),
)
WORLD: Final = "grid_WORLD"
_PARSED: Final = frozenset({"value", "low", "high", "year"})


class FactorsError(ValueError):
    """The table of factors breaks its own law; line and column say where."""

    def __init__(self, line: int, column: str, message: str) -> None:
        super().__init__(f"line {line}, column {column}: {message}")
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True, eq=False)
class Factor:
    """One figure of the table; without low and high it is a constant.

    It is equal to itself alone, for estimates keep their sums by factor.
    """

    id: str
    role: Role
    leg: str
    mode: str
    value: float
    unit: str
    low: float
    high: float
    region: str
    year: int | None
    source: str
    source_locator: str
    licence: str
    note: str
    ground: Ground
    fall: float = field(init=False, repr=False)
    rise: float = field(init=False, repr=False)
    varies: bool = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Keep the relative steps to both ends: a product changes by them when this factor does.

        `fall` is never above 0, `rise` never below.
        """
        steady = not self.value  # what is 0 by definition emits nothing at either end
        fall = 0.0 if steady else self.low / self.value - 1
        rise = 0.0 if steady else self.high / self.value - 1
        object.__setattr__(self, "fall", fall)
        object.__setattr__(self, "rise", rise)
        object.__setattr__(self, "varies", bool(fall or rise))

    def mapped(self, through: Callable[[float], float]) -> "Factor":
        """Return what a rising function makes of this factor; its identity and source remain."""
        low, high = through(self.low), through(self.high)
        return replace(self, value=through(self.value), low=low, high=high)


@dataclass(frozen=True, slots=True)
class Gap:
    """A figure that nobody has published; the method page says what is done without it."""

    id: str
    leg: str
    mode: str
    unit: str
    source_locator: str
    note: str


@dataclass(frozen=True, slots=True, eq=False)
class Factors:
    """The whole table, as it was on one day: `sha256` names it in every answer."""

    rows: Mapping[str, Factor] = field(repr=False)
    gaps: Mapping[str, Gap]
    sha256: str
    engine: Mapping[str, Factor] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Keep what the calculator reads; check rows are shown on the method page only."""
        engine = {name: row for name, row in self.rows.items() if row.role == "engine"}
        object.__setattr__(self, "engine", engine)

    def __getitem__(self, factor_id: str) -> Factor:
        return self.engine[factor_id]

    def grid(self, country: str) -> Factor:
        """Return the electricity of a country, or the world's where none is known."""
        return self.rows.get(f"grid_{country}") or self.rows[WORLD]


def parse_factors(text: str) -> Factors:
    """Read the table from CSV text. Raises FactorsError at the first fault."""
    reader = csv.DictReader(io.StringIO(text))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise FactorsError(1, "id", f"the columns must be {', '.join(COLUMNS)}")
    rows: dict[str, Factor] = {}
    gaps: dict[str, Gap] = {}
    for row in reader:
        _check_row(row, reader.line_num)
        if row["id"] in rows or row["id"] in gaps:
            raise FactorsError(reader.line_num, "id", f"{row['id']} stands here twice")
        if row["role"] == "gap":
            gaps[row["id"]] = Gap(**{each.name: row[each.name] for each in fields(Gap)})
        else:
            rows[row["id"]] = _factor(row, reader.line_num)
    return Factors(rows=rows, gaps=gaps, sha256=hashlib.sha256(text.encode()).hexdigest())


def _check_row(row: Mapping[str, str], line: int) -> None:
    if None in row.values() or None in row:
        raise FactorsError(line, "note", f"a row has {len(COLUMNS)} cells")
    for column in ("id", "source"):
        if not row[column]:
            raise FactorsError(line, column, "must not be empty")
    if row["role"] not in {*get_args(Role), "gap"}:
        raise FactorsError(line, "role", "must be engine, check or gap")


def _factor(row: Mapping[str, str], line: int) -> Factor:
    value, low, high = _figures(row, line)
    texts = {name: row[name] for name in COLUMNS if name not in {*_PARSED, "role"}}
    year = int(_number(row, "year", line)) if row["year"] else None
    role, ground = cast("Role", row["role"]), _ground(row)
    return Factor(**texts, role=role, value=value, low=low, high=high, year=year, ground=ground)


def _figures(row: Mapping[str, str], line: int) -> tuple[float, float, float]:
    value = _number(row, "value", line)
    low = _number(row, "low", line) if row["low"] else value
    high = _number(row, "high", line) if row["high"] else value
    if not low <= value <= high:
        raise FactorsError(line, "low", "low, value and high must rise")
    if row["role"] == "engine" and low < 0:
        raise FactorsError(line, "low", "the calculator reads no negative factor")
    return value, low, high


def _number(row: Mapping[str, str], column: str, line: int) -> float:
    try:
        number = float(row[column])
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise FactorsError(line, column, f"{row[column]!r} is not a number")
    return number


def _ground(row: Mapping[str, str]) -> Ground:
    """Tell what a figure rests on; the table says so in words, in its source or its note."""
    words = f"{row['source']} {row['note']}".lower()
    if "assumption" in words or "no source" in words:
        return "assumption"
    return "vendor" if "vendor" in words else "published"
