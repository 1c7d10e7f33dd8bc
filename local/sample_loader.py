"""The sample input of the local run: CSV files in, campaigns out, each fault with its place.

`data/popup_cities.csv` holds the cities, `local/sample/` the rest; local/sample/README.md says
what each column means. The rules of a publish judge the result, so files that load here can be
published.
"""

import sys
from datetime import UTC, date, datetime
from pathlib import Path

from chalicelib.domain import validation
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.offer import EVERYWHERE
from local.sample_parts import Draft
from local.sample_sheets import Sheets, read_all
from local.sheet import BadSheetsError, Faults, Place, Row

HERE = Path(__file__).parent
CITIES = HERE.parent / "data" / "popup_cities.csv"
SAMPLE = HERE / "sample"
NEEDED = ("festival-2019", "festival-now")


def festival_2019() -> Campaign:
    """Return the reconstruction of 2019, with its true calendar."""
    return _named(load(date(2019, 11, 11)), "festival-2019")


def festival_now(today: date) -> Campaign:
    """Return the festival whose calendar lies around `today`."""
    return _named(load(today), "festival-now")


def load(today: date, *, cities: Path = CITIES, sample: Path = SAMPLE) -> tuple[Campaign, ...]:
    """Return the campaigns of the files. Raises BadSheetsError with all their faults at once."""
    faults = Faults()
    sheets = read_all(cities, sample, faults)
    drafts = [Draft(sheets, row, today) for row in sheets.campaigns.rows]
    campaigns = tuple(draft.campaign() for draft in drafts)
    _names(sheets, faults)
    for draft, campaign in zip(drafts, campaigns, strict=True):
        _judge(draft, campaign, faults)
    if faults.found:
        raise BadSheetsError(tuple(sorted(faults.found)))
    return campaigns


def _judge(draft: Draft, campaign: Campaign, faults: Faults) -> None:
    """Add what the rules of a publish say, at the cells behind it."""
    for fault in validation.faults(campaign):
        place, cure = draft.place(fault.pointer)
        if (place.file, place.line) not in faults.unread:
            faults.add(place, fault.message + cure)


def _names(sheets: Sheets, faults: Faults) -> None:
    """Find lines that speak of things which no other file has."""
    campaigns = {row.text("id") for row in sheets.campaigns.rows}
    for name in NEEDED:
        if name not in campaigns:
            place = Place("campaigns.csv", 1, "id")
            faults.add(place, f"there is no campaign {name}, which the local run shows; add it")
    _repeats(sheets.campaigns.rows, "id", faults)
    _repeats(sheets.campaigns.rows, "number", faults)
    places = {EVERYWHERE, *(row.text("id") for row in sheets.cities.rows)}
    for row in sheets.hours.rows:
        _known(row, "campaign", campaigns, "campaigns.csv")
        _known(row, "city", places, "popup_cities.csv")
    wanted = set(sheets.wanted_texts())
    seen: set[tuple[str, str]] = set()
    for row in sheets.texts.rows:
        text = (row.text("of"), row.text("field"))
        if text not in wanted:
            cure = "write the id of a campaign (name), merchant (story) or offer (title, terms)"
            row.fail("of", f"nothing has the text {text[0]},{text[1]}; {cure}, or remove the line")
        if text in seen:
            row.fail("of", f"{text[0]},{text[1]} stands here twice; remove one")
        seen.add(text)


def _repeats(rows: tuple[Row, ...], column: str, faults: Faults) -> None:
    values = [row.text(column) for row in rows]
    for index, row in enumerate(rows):
        if row.text(column) in values[:index]:
            faults.add(row.place(column), f"{row.text(column)!r} stands here twice; change one")


def _known(row: Row, column: str, names: set[str], file: str) -> None:
    if row.text(column) not in names:
        row.fail(column, f"{row.text(column)!r} is not in {file}; add it there or remove this line")


def _named(campaigns: tuple[Campaign, ...], campaign_id: str) -> Campaign:
    return next(one for one in campaigns if one.campaign_id == campaign_id)


def main() -> int:
    """Check the files and say what they hold: `python -m local.sample_loader`."""
    try:
        campaigns = load(datetime.now(tz=UTC).date())
    except BadSheetsError as error:
        print(error, file=sys.stderr)
        return 1
    for one in campaigns:
        counts = (
            f"{len(one.popups)} stands, {len(one.merchants)} merchants, {len(one.offers)} offers"
        )
        window = f"usable {one.calendar.usable_from} to {one.calendar.usable_until}"
        print(f"{one.campaign_id}: {counts}, {window}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
