"""What differs between two versions of a campaign, in words and cells that people know."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.domain import sheet_cells
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.offer import EVERYWHERE
from chalicelib.domain.sentence import N_, said
from chalicelib.domain.sheet_cells import Cells

NOUNS: Final[Mapping[str, str]] = {
    "campaign.csv": N_("Campaign"),
    "popups.csv": N_("Stand {key}"),
    "hours.csv": N_("Opening hours of {key}"),
    "merchants.csv": N_("Merchant {key}"),
    "offers.csv": N_("Offer {key}"),
    "delivery.csv": N_("Way of delivery {key}"),
    "baselines.csv": N_("Baseline {key}"),
    "texts.csv": N_("Text {key}"),
}
Things = dict[str, Cells]


@dataclass(frozen=True, slots=True)
class Change:
    """One value that differs. `before` is None for what is new, `after` for what is gone."""

    subject: str
    field: str
    before: str | None
    after: str | None


def between(before: Campaign | None, after: Campaign) -> tuple[Change, ...]:
    """Return every change, in the order of the files."""
    old = _things(before) if before else {}
    new = _things(after)
    return tuple(change for name in NOUNS for change in _changes(name, old, new))


def facts_of(changes: tuple[Change, ...], most: int = 40) -> tuple[dict[str, str], dict[str, str]]:
    """Return what the trail says of changes: the first ones, and how many more there are."""
    before, after = {}, {}
    for change in changes[:most]:
        name = f"{change.subject}: {change.field}"
        if change.before is not None:
            before[name] = change.before[:200]
        if change.after is not None:
            after[name] = change.after[:200]
    if len(changes) > most:
        after["further changes"] = str(len(changes) - most)
    return before, after


def _changes(name: str, old: dict[str, Things], new: dict[str, Things]) -> Iterator[Change]:
    was, is_now = old.get(name, {}), new[name]
    for key in (*was, *(key for key in is_now if key not in was)):
        if was.get(key) != is_now.get(key):  # most lines are as they were
            yield from _of_thing(said(NOUNS[name], key=key), was.get(key), is_now.get(key))


def _of_thing(subject: str, old: Cells | None, new: Cells | None) -> Iterator[Change]:
    if old is None or new is None:
        yield Change(
            subject, "", None if old is None else "there", None if new is None else "there"
        )
        return
    for field in dict.fromkeys((*old, *new)):
        before, after = old.get(field) or None, new.get(field) or None
        if before != after:
            yield Change(subject, field.replace("_", " "), before, after)


def _things(campaign: Campaign) -> dict[str, Things]:
    """Return the lines of each file by what they are about."""
    rows = sheet_cells.rows(campaign)
    return {
        "campaign.csv": {"": {**rows["campaign.csv"][0], "logo": _logo(campaign)}},
        "popups.csv": {row["id"]: row for row in rows["popups.csv"]},
        "hours.csv": _hours(rows["hours.csv"]),
        "merchants.csv": {row["id"]: row for row in rows["merchants.csv"]},
        "offers.csv": {row["id"]: row for row in rows["offers.csv"]},
        "delivery.csv": {_way(row): row for row in rows["delivery.csv"]},
        "baselines.csv": {f"{row['id']} {row['version']}": row for row in rows["baselines.csv"]},
        "texts.csv": {f"{row['of']}, {row['field']}": row for row in rows["texts.csv"]},
    }


def _logo(campaign: Campaign) -> str:
    """Return what tells one logo from another."""
    logo = campaign.branding.logo if campaign.branding else ""
    return f"SVG {hashlib.sha256(logo.encode()).hexdigest()[:8]}" if logo else ""


def _way(row: Cells) -> str:
    """Return the name of a way; the same one may be another at some stands."""
    stands = row["stands"]
    return row["code"] if stands == EVERYWHERE else f"{row['code']} ({stands})"


def _hours(rows: list[Cells]) -> Things:
    """Return a stand's sessions as one text: their order and number may change."""
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["popup"], []).append(f"{row['days']} {row['opens']}-{row['closes']}")
    return {popup_id: {"hours": ", ".join(sessions)} for popup_id, sessions in found.items()}
