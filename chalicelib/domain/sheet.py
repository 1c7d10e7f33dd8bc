"""A CSV file whose cells know their place, so that a fault can name file, line and column."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from math import inf, isfinite
from typing import Final, TypeVar

from chalicelib.domain.sentence import Sentence, said

Choice = TypeVar("Choice", bound=StrEnum)
MOST_ROWS: Final = 25_000  # of all files of a campaign
_MOST_COLUMNS: Final = 200
_MOST_LINES: Final = 10 * MOST_ROWS  # of a file, blank ones too: a packed zip has room for millions
_YES_NO: Final = {"yes": True, "no": False}
# How formulas begin, wide letters too, and the guard itself. Source: OWASP, CSV injection.
_RISKY: Final = tuple("=+-@'\t\r\n\uff1d\uff0b\uff0d\uff20")
_WHOLE: Final = re.compile(r"-?[0-9]{1,15}")
_NUMBER: Final = re.compile(r"-?[0-9]{1,17}(\.[0-9]{1,25})?(e[+-]?[0-9]{1,3})?")


@dataclass(frozen=True, order=True)
class Place:
    """A cell of a file. Line 1 is the header, as editors count."""

    file: str
    line: int
    column: str


@dataclass(frozen=True, order=True)
class SheetFault:
    """What is wrong with a cell, and what to do."""

    place: Place
    message: str

    def __str__(self) -> str:
        return self.told

    @property
    def told(self) -> Sentence:
        """The fault with its place."""
        place = self.place
        return said(
            "{file}, line {line}, column {column}: {message}",
            file=place.file,
            line=place.line,
            column=place.column,
            message=self.message,
        )


@dataclass
class Faults:
    """The faults found so far.

    `unread` holds the lines with a cell that could not be read: rules do not judge them yet.
    `torn` holds those with too few or too many cells, of which nothing else is said.
    """

    found: dict[SheetFault, None] = field(default_factory=dict)
    unread: set[tuple[str, int]] = field(default_factory=set)
    torn: set[tuple[str, int]] = field(default_factory=set)

    def add(self, place: Place, message: str) -> None:
        self.found[SheetFault(place, message)] = None

    def sorted(self) -> tuple[SheetFault, ...]:
        return tuple(sorted(self.found))


@dataclass(frozen=True)
class Row:
    """One line. A cell that cannot be read becomes a fault and a harmless value."""

    file: str
    line: int
    cells: Mapping[str, str]
    faults: Faults

    def place(self, column: str) -> Place:
        return Place(self.file, self.line, column)

    def fail(self, column: str, message: str) -> None:
        """Note a cell that cannot be read."""
        self.faults.unread.add((self.file, self.line))
        if (self.file, self.line) not in self.faults.torn:
            self.faults.add(self.place(column), message)

    def text(self, column: str) -> str:
        return self.cells[column].strip()

    def words(self, column: str) -> str:
        """Return what people read exactly as it stands there; a blank cell is empty."""
        return self.cells[column] if self.text(column) else ""

    def whole(self, column: str) -> int:
        """Return a whole number; the cell must be filled."""
        if not _WHOLE.fullmatch(self.text(column)):
            self.fail(
                column,
                said("'{given}' is no whole number; write for example 40", given=self.text(column)),
            )
            return 0
        return int(self.text(column))

    def whole_or_none(self, column: str) -> int | None:
        return self.whole(column) if self.text(column) else None

    def number(self, column: str) -> float:
        found = float(self.text(column)) if _NUMBER.fullmatch(self.text(column)) else inf
        if isfinite(found):
            return found
        self.fail(
            column,
            said("'{given}' is no number; write for example 41.0138", given=self.text(column)),
        )
        return 0.0

    def number_or_none(self, column: str) -> float | None:
        return self.number(column) if self.text(column) else None

    def choice(self, column: str, kind: type[Choice]) -> Choice:
        try:
            return kind(self.text(column))
        except ValueError:
            known = [str(one) for one in kind]
            self.fail(
                column,
                said(
                    "'{given}' is none of {known}; write one",
                    given=self.text(column),
                    known=", ".join(known),
                ),
            )
            return next(iter(kind))

    def choices(self, column: str, kind: type[Choice]) -> tuple[Choice, ...]:
        """Return the choices of a cell that names several, with spaces between them."""
        known = {str(one): one for one in kind}
        for name in self.text(column).split():
            if name not in known:
                self.fail(
                    column,
                    said(
                        "'{given}' is none of {known}; write one or more",
                        given=name,
                        known=", ".join(known),
                    ),
                )
        return tuple(known[name] for name in self.text(column).split() if name in known)

    def flag(self, column: str) -> bool:
        if self.text(column) not in _YES_NO:
            self.fail(
                column,
                said("'{given}' is neither yes nor no; write one of them", given=self.text(column)),
            )
        return _YES_NO.get(self.text(column), False)

    def flag_or_none(self, column: str) -> bool | None:
        return self.flag(column) if self.text(column) else None


@dataclass(frozen=True)
class Sheet:
    """A file: its header and its lines."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...] = ()

    def by(self, column: str) -> dict[str, list[Row]]:
        """Return the lines by what one column says, in their order."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.text(column), []).append(row)
        return found


@dataclass(frozen=True)
class Layout:
    """The columns of a file. `others` may be left out, then each cell is what is named here.

    `more` lets further columns follow.
    """

    columns: tuple[str, ...]
    others: Mapping[str, str] = field(default_factory=dict)
    more: bool = False


def layout(columns: str, others: str = "", *, more: bool = False) -> Layout:
    """Return a layout from names with spaces between; `sample=no` names an other's usual cell."""
    usual = (name.partition("=") for name in others.split())
    return Layout(tuple(columns.split()), {name: cell for name, _, cell in usual}, more)


def read(
    file: str, data: bytes | None, layout: Layout, faults: Faults, most: int = MOST_ROWS
) -> Sheet:
    """Read a file of this layout, None where it is missing, and one line more than `most`."""
    nothing, first = Sheet(file, layout.columns), layout.columns[0]
    if data is None:
        faults.add(
            Place(file, 1, first), said("there is no such file; add it, if only with its header")
        )
        return nothing
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        faults.add(Place(file, line, first), said("is not UTF-8; store the file as UTF-8"))
        return nothing
    if text.count("\n") + text.count("\r") > _MOST_LINES:
        told = said(
            "the files have more than {most} lines together; leave some out", most=_MOST_LINES
        )
        faults.add(Place(file, 1, first), told)
        return nothing
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = tuple(name.strip() for name in next(reader, ()))
        if not _is_header(header, layout, file, faults):
            return nothing
        rows = islice(_rows(reader, Sheet(file, header), layout, faults), most + 1)
        return Sheet(file, header, tuple(rows))
    except csv.Error as error:
        told = said("{error}; check the quotes, and save the file as CSV again", error=error)
        faults.add(Place(file, reader.line_num, first), told)
        return nothing


def write(columns: Sequence[str], lines: Iterable[Mapping[str, str]]) -> bytes:
    """Return a file that spreadsheets open: a cell that begins like a formula is guarded."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([guarded(line.get(column, "")) for column in columns] for line in lines)
    return out.getvalue().encode("utf-8-sig")


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; `unguarded` undoes it exactly."""
    return f"'{cell}" if cell.startswith(_RISKY) else cell


def unguarded(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_RISKY) else cell


def _is_header(header: tuple[str, ...], layout: Layout, file: str, faults: Faults) -> bool:
    if len(header) > _MOST_COLUMNS:
        told = said(
            "the first line has {found} columns; {most} is the most",
            found=len(header),
            most=_MOST_COLUMNS,
        )
        faults.add(Place(file, 1, layout.columns[0]), told)
        return False
    known = (*layout.columns, *layout.others)
    missing = [name for name in layout.columns if name not in header]
    unknown = [name for name in header if name not in known and not layout.more]
    repeated = [name for index, name in enumerate(header) if name in header[:index]]
    for name in missing:
        faults.add(Place(file, 1, name), said("this column is missing; add it to the first line"))
    for name in unknown:
        told = said(
            "this column is not known; remove it; the columns are {known}", known=", ".join(known)
        )
        faults.add(Place(file, 1, name or f"{header.index(name) + 1}"), told)
    for name in repeated:
        place = Place(file, 1, name or f"{header.index(name) + 1}")
        faults.add(place, said("this column stands here twice; remove one"))
    return not (missing or unknown or repeated)


def _rows(
    reader: Iterator[list[str]], sheet: Sheet, layout: Layout, faults: Faults
) -> Iterator[Row]:
    header, after = sheet.columns, 2
    for cells in reader:
        line, after = after, reader.line_num + 1  # type: ignore[attr-defined]
        if not cells:
            continue
        found = map(unguarded, [*cells, *[""] * len(header)])
        filled = {**layout.others, **dict(zip(header, found, strict=False))}
        row = Row(sheet.file, line, filled, faults)
        if len(cells) != len(header):
            told = said(
                "the line has {found} cells, not {wanted}; leave nothing between the commas of an "
                "empty cell, quote texts with a comma",
                found=len(cells),
                wanted=len(header),
            )
            row.fail(header[min(len(cells), len(header) - 1)], told)
            faults.torn.add((sheet.file, row.line))
        yield row
