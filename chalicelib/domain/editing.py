"""A draft edited cell by cell, as its files would have it.

A form that is saved unchanged reads back the same campaign: forms and files share their cells
and their reader.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from chalicelib.domain import sheet_cells
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.exchange import Report
from chalicelib.domain.sheet import Faults, Row, Sheet, SheetFault
from chalicelib.domain.sheet_campaign import Reading
from chalicelib.domain.sheet_cells import Cells
from chalicelib.domain.sheet_files import LAYOUTS, Sheets

NEW: Final = "new"  # the key of a line that is not there yet
_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "popups": ("id",),
    "hours": ("popup",),
    "merchants": ("id",),
    "offers": ("id",),
    "delivery": ("code",),
    "baselines": ("id", "version"),
    "texts": ("of", "field"),
}
# Where else the ids of a file stand: whoever renames a line, renames it there.
_NAMED: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "popups": (("hours.csv", "popup"), ("offers.csv", "stands"), ("delivery.csv", "stands")),
    "merchants": (("texts.csv", "of"), ("offers.csv", "merchant")),
    "offers": (("texts.csv", "of"),),
}
Lines = dict[str, dict[str, str]]  # by key, cells by column


@dataclass(frozen=True, slots=True)
class Edit:
    """What a form says of one file: cells by line, and lines that go."""

    sheet: str
    cells: Mapping[str, Mapping[str, str]]
    gone: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Conflict:
    """A cell that a form changed while somebody else saved. `base` is what both had read."""

    key: str
    column: str
    base: str
    theirs: str
    mine: str

    @property
    def both(self) -> bool:
        """Tell whether they changed it, too."""
        return self.theirs not in {self.base, self.mine}


def lines(campaign: Campaign, sheet: str) -> Lines:
    """Return the lines of a file by keys that outlive an edit."""
    rows = sheet_cells.rows_of(campaign, f"{sheet}.csv")
    columns = columns_of(campaign, sheet)
    return {
        key: {column: row.get(column, "") for column in columns}
        for key, row in zip(_keys(sheet, rows), rows, strict=True)
    }


def columns_of(campaign: Campaign, sheet: str) -> tuple[str, ...]:
    """Return the columns of a file; those of texts are the campaign's languages, English first."""
    if sheet == "texts":
        return ("of", "field", *sheet_cells.languages(campaign))
    layout = LAYOUTS[f"{sheet}.csv"]
    return (*layout.columns, *layout.others)


def applied(campaign: Campaign, edit: Edit) -> Report:
    """Return the campaign with an edit in it, or what keeps it out; lines as in `lines_after`."""
    rows = {name: list(found) for name, found in sheet_cells.rows(campaign).items()}
    after_edit = lines_after(campaign, edit)
    rows[f"{edit.sheet}.csv"] = list(after_edit.values())
    for file, column in _NAMED.get(edit.sheet, ()):
        rows[file] = _renamed(rows[file], column, after_edit, edit.gone)
    rows["hours.csv"] = [row for row in rows["hours.csv"] if row["popup"]]
    rows["texts.csv"] = _texts(rows)
    faults = Faults()
    reading = Reading(_sheets(campaign, rows, faults), faults)
    after = reading.campaign()
    stops = faults.sorted()
    return Report(campaign=None if stops else after, stops=stops)


def lines_after(campaign: Campaign, edit: Edit) -> Lines:
    """Return the lines of the edited file, new ones last; unknown keys and columns are left out."""
    columns = columns_of(campaign, edit.sheet)
    usual = LAYOUTS[f"{edit.sheet}.csv"].others
    found = {k: v for k, v in lines(campaign, edit.sheet).items() if k not in edit.gone}
    for key, cells in edit.cells.items():
        typed = {column: cell for column, cell in cells.items() if column in columns}
        if key in found:
            stored = found[key]
            found[key] |= {c: cell for c, cell in typed.items() if cell != _sent(stored[c])}
        elif key.startswith(NEW) and any(cell.strip() for cell in typed.values()):
            blank = {column: usual.get(column, "") for column in columns}
            found[key] = blank | typed
    return found


def _sent(cell: str) -> str:
    """Return a cell as a form sends it back: the ends of its lines are one character."""
    return cell.replace("\r\n", "\n")


def conflicts(base: Campaign, current: Campaign, edit: Edit) -> tuple[Conflict, ...]:
    """Return what a form that was read from `base` changed, beside what stands there now."""
    return tuple(_conflicts(lines(base, edit.sheet), lines(current, edit.sheet), edit))


def _conflicts(base: Lines, current: Lines, edit: Edit) -> Iterator[Conflict]:
    for key, cells in edit.cells.items():
        for column, mine in cells.items():
            was = base.get(key, {}).get(column, "")
            if mine != _sent(was):
                yield Conflict(key, column, was, current.get(key, {}).get(column, ""), mine)


def faults_by_cell(
    faults: Sequence[SheetFault], keys: Sequence[str], sheet: str
) -> dict[tuple[str, str], str]:
    """Return what is wrong with the lines of an edit first, by key and column."""
    found = dict[tuple[str, str], str]()
    for key, column, message in faults_of(faults, keys, sheet):
        found.setdefault((key, column), message)
    return found


def faults_of(
    faults: Sequence[SheetFault], keys: Sequence[str], sheet: str
) -> Iterator[tuple[str, str, str]]:
    """Yield all that is wrong with the lines of an edit: key, column, message."""
    for fault in faults:
        index = fault.place.line - 2
        if fault.place.file == f"{sheet}.csv" and 0 <= index < len(keys):
            yield keys[index], fault.place.column, fault.message


def _keys(sheet: str, rows: Sequence[Cells]) -> list[str]:
    """Return a key a line: what it is about, with a number where several are about the same."""
    if sheet == "campaign":
        return ["campaign"]
    keys: list[str] = []
    seen: dict[str, int] = {}
    for row in rows:
        name = ".".join(row[column] for column in _KEYS[sheet])
        seen[name] = seen.get(name, 0) + 1
        keys.append(name if seen[name] == 1 else f"{name}.{seen[name]}")
    return keys


def _renamed(rows: Sequence[Cells], column: str, after: Lines, gone: frozenset[str]) -> list[Cells]:
    """Return lines with the new ids of what was renamed, without those of what is gone."""
    ids = dict.fromkeys(gone, "")
    ids |= {key: cells["id"].strip() for key, cells in after.items() if not key.startswith(NEW)}
    named = ((row, row[column].split()) for row in rows)
    return [
        {**row, column: " ".join(filter(None, (ids.get(word, word) for word in words)))}
        for row, words in named
    ]


def _texts(rows: Mapping[str, Sequence[Cells]]) -> list[Cells]:
    """Leave out the texts of what is gone."""
    owners = {
        row["id"] for name in ("campaign", "merchants", "offers") for row in rows[f"{name}.csv"]
    }
    return [row for row in rows["texts.csv"] if row["of"] in owners]


def _sheets(campaign: Campaign, rows: Mapping[str, Sequence[Cells]], faults: Faults) -> Sheets:
    sheets = {}
    for file, found in rows.items():
        name = file.removesuffix(".csv")
        columns = columns_of(campaign, name)
        whole = dict.fromkeys(columns, "")
        made = [Row(file, i + 2, whole | dict(row), faults) for i, row in enumerate(found)]
        sheets[name] = Sheet(file, columns, tuple(made))
    photos = (one.photo for one in campaign.merchants if one.photo)
    return Sheets(
        **sheets,
        logo=campaign.branding.logo if campaign.branding else "",
        photos={photo.digest: photo for photo in photos},
    )
