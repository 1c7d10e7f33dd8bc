"""A whole campaign as a zip of CSV files, out and in again: the same revision comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.domain import archive, sheet_cells
from chalicelib.domain.archive import BadArchiveError
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.photo import Photo
from chalicelib.domain.sentence import said
from chalicelib.domain.sheet import MOST_ROWS, Faults, Place, SheetFault
from chalicelib.domain.sheet_campaign import Reading
from chalicelib.domain.sheet_files import LAYOUTS, LOGO, NO_PHOTOS, Sheets, read_all


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an import would do, row by row. `stops` keep all of it out; `cures` only a publish.

    There is a campaign where nothing stops it: all or nothing.
    """

    campaign: Campaign | None = None
    stops: tuple[SheetFault, ...] = ()
    cures: tuple[SheetFault, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)


def export(campaign: Campaign) -> bytes:
    """Return the zip of a campaign."""
    return archive.pack(sheet_cells.files(campaign))


def read(data: bytes, photos: Mapping[str, Photo] = NO_PHOTOS) -> Report:
    """Read a zip without doing anything: the dry run of an import.

    `photos` are those that are kept, by digest: the files name them and bring none.
    """
    try:
        files = archive.unpack(data, {*LAYOUTS, LOGO})
    except BadArchiveError as error:
        return Report(stops=(SheetFault(Place(said("the zip"), 1, "-"), error.sentence),))
    faults, cures = Faults(), Faults()
    sheets = read_all(files, faults, photos)
    rows = {sheet.file: len(sheet.rows) for sheet in sheets.all}
    _whole(sheets, faults)
    if faults.found:
        return Report(stops=faults.sorted(), rows=rows)
    reading = Reading(sheets, faults)
    campaign = reading.campaign()
    reading.judged(campaign, cures)
    stopped = bool(faults.found)
    return Report(
        campaign=None if stopped else campaign,
        stops=faults.sorted(),
        cures=cures.sorted(),
        rows=rows,
    )


def _whole(sheets: Sheets, faults: Faults) -> None:
    """Ask for the one line of the campaign, and for no more lines than can be checked at once."""
    lines = sheets.campaign.rows
    if not faults.found and len(lines) != 1:
        message = said("has {found} lines; a zip holds one campaign, in one line", found=len(lines))
        faults.add(Place("campaign.csv", 2, "id"), message)
    if sum(len(sheet.rows) for sheet in sheets.all) > MOST_ROWS:
        message = said(
            "the files have more than {most} lines together; leave some out", most=MOST_ROWS
        )
        faults.add(Place(said("the zip"), 1, "-"), message)
