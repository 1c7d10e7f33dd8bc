"""A CSV file whose cells know their place, so that a fault can name file, line and column."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

Choice = TypeVar("Choice", bound=StrEnum)
_YES_NO = {"yes": True, "no": False}


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
        place = self.place
        return f"{place.file}, line {place.line}, column {place.column}: {self.message}"


class BadSheetsError(ValueError):
    """The files cannot be used; `faults` says where and why, all at once."""

    def __init__(self, faults: tuple[SheetFault, ...]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


@dataclass
class Faults:
    """The faults found so far.

    `unread` holds the lines with a cell that could not be read: rules do not judge them yet.
    `torn` holds those with too few or too many cells, of which nothing else is said.
    """

    found: list[SheetFault] = field(default_factory=list)
    unread: set[tuple[str, int]] = field(default_factory=set)
    torn: set[tuple[str, int]] = field(default_factory=set)

    def add(self, place: Place, message: str) -> None:
        fault = SheetFault(place, message)
        if fault not in self.found:
            self.found.append(fault)


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

    def whole(self, column: str) -> int:
        """Return a whole number; the cell must be filled."""
        try:
            return int(self.text(column))
        except ValueError:
            self.fail(column, f"{self.text(column)!r} is no whole number; write for example 40")
            return 0

    def whole_or_none(self, column: str) -> int | None:
        return self.whole(column) if self.text(column) else None

    def number(self, column: str) -> float:
        try:
            return float(self.text(column))
        except ValueError:
            self.fail(column, f"{self.text(column)!r} is no number; write for example 41.0138")
            return 0.0

    def number_or_none(self, column: str) -> float | None:
        return self.number(column) if self.text(column) else None

    def choice(self, column: str, kind: type[Choice]) -> Choice:
        try:
            return kind(self.text(column))
        except ValueError:
            known = [str(one) for one in kind]
            self.fail(column, f"{self.text(column)!r} is none of {', '.join(known)}; write one")
            return next(iter(kind))

    def choices(self, column: str, kind: type[Choice]) -> tuple[Choice, ...]:
        """Return the choices of a cell that names several, with spaces between them."""
        known = {str(one): one for one in kind}
        for name in self.text(column).split():
            if name not in known:
                self.fail(column, f"{name!r} is none of {', '.join(known)}; write one or more")
        return tuple(known[name] for name in self.text(column).split() if name in known)

    def flag(self, column: str) -> bool:
        if self.text(column) not in _YES_NO:
            self.fail(column, f"{self.text(column)!r} is neither yes nor no; write one of them")
        return _YES_NO.get(self.text(column), False)


@dataclass(frozen=True)
class Sheet:
    """A file: its header and its lines."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read(path: Path, columns: tuple[str, ...], faults: Faults, *, more: bool = False) -> Sheet:
    """Read a file with these columns. `more` lets further ones follow."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        faults.add(Place(path.name, 1, columns[0]), "there is no such file; restore it")
        return Sheet(columns, ())
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        faults.add(Place(path.name, line, columns[0]), "is not UTF-8; save the file as UTF-8")
        return Sheet(columns, ())
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = tuple(name.strip() for name in next(reader, ()))
        if not _is_header(header, columns, path.name, faults, more=more):
            return Sheet(columns, ())
        return Sheet(header, tuple(_rows(reader, header, path.name, faults)))
    except csv.Error as error:
        cure = "check the quotes, and save the file as CSV again"
        faults.add(Place(path.name, reader.line_num, columns[0]), f"{error}; {cure}")
        return Sheet(columns, ())


def _is_header(
    header: tuple[str, ...], columns: tuple[str, ...], file: str, faults: Faults, *, more: bool
) -> bool:
    missing = [name for name in columns if name not in header]
    unknown = [name for name in header if name not in columns and not more]
    repeated = [name for index, name in enumerate(header) if name in header[:index]]
    for name in missing:
        faults.add(Place(file, 1, name), "this column is missing; add it to the first line")
    for name in unknown:
        cure = f"remove it; the columns are {', '.join(columns)}"
        faults.add(Place(file, 1, name), f"this column is not known; {cure}")
    for name in repeated:
        faults.add(Place(file, 1, name), "this column stands here twice; remove one")
    return not (missing or unknown or repeated)


def _rows(
    reader: Iterator[list[str]], header: tuple[str, ...], file: str, faults: Faults
) -> Iterator[Row]:
    line = 2
    for cells in reader:
        filled = dict(zip(header, [*cells, *[""] * len(header)], strict=False))
        row = Row(file, line, filled, faults)
        line = reader.line_num + 1  # type: ignore[attr-defined]
        if cells and len(cells) != len(header):
            cure = "leave nothing between the commas of an empty cell, quote texts with a comma"
            column = header[min(len(cells), len(header) - 1)]
            row.fail(column, f"the line has {len(cells)} cells, not {len(header)}; {cure}")
            faults.torn.add((file, row.line))
        if cells:
            yield row
