"""The audit trail of the console. Access patterns AP-109 to AP-110."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.domain.member import Scope
from chalicelib.domain.trail import Entry, Filter
from chalicelib.store import engine, keys, tables
from chalicelib.store.engine import Raw

A_PAGE = 100
_BEYOND = 2_000
_FIRST, _LAST = "0", ":"  # before and behind every place, which begins with a digit


@dataclass(frozen=True, slots=True)
class Page:
    """Entries, the newest first. `place` is where earlier ones go on; None: there are none."""

    entries: list[Entry]
    place: str | None


def action(scope: Scope, entry: Entry) -> dict[str, Any]:
    """Return the entry as an action of the transaction that makes its change."""
    assert entry.area == scope.area, "a member leaves entries where the scope is"
    return left(entry)


def left(entry: Entry) -> dict[str, Any]:
    """Return the same for an entry that was begun in its scope, and is left by whoever ends it."""
    return {"Put": engine.put_action(_item(entry))}


def note(scope: Scope, entry: Entry) -> None:
    """AP-109: keep an entry by itself, for what takes more than one transaction. Cost: 1 WCU."""
    assert entry.area == scope.area
    engine.put(_item(entry))


def entries(scope: Scope) -> list[Entry]:
    """Return the last entries of an area (AP-110), the newest first."""
    return page(scope, Filter()).entries


def page(
    scope: Scope, wanted: Filter, *, place: str = "", most: int = A_PAGE, beyond: int = _BEYOND
) -> Page:
    """AP-110: return the last entries that are wanted, from a place of an earlier page back.

    It reads at most `beyond` entries more than `most`, however few are wanted. Cost: 1 RCU for
    4 KB.
    """
    start = _place(wanted.since) if wanted.since else _FIRST
    upto = min(place or _LAST, _place(wanted.until) if wanted.until else _LAST)
    if upto < start:
        return Page([], None)
    partition, found = keys.trail(scope.area), list[Entry]()
    rows = engine.backwards(tables.TrailItem, partition, start=start, upto=upto, a_page=most + 1)
    for read, raw in enumerate(rows):
        if len(found) == most or read == most + beyond:
            return Page(found, raw["sk"]["S"])
        entry = _entry(scope.area, raw)
        if wanted.takes(entry):
            found.append(entry)
    return Page(found, None)


def _place(at: datetime) -> str:
    return keys.trail_from(tables.milliseconds(at))


def _item(entry: Entry) -> tables.TrailItem:
    number = tables.milliseconds(entry.at)
    return tables.TrailItem(
        *keys.trail_entry(entry.area, number, f"{entry.request_id}.{entry.action}"),
        at=entry.at,
        member=entry.member_id,
        email=entry.email,
        action=entry.action,
        subject=entry.subject,
        facts=msgspec.json.encode([entry.before, entry.after]).decode(),
    )


def _entry(area: str, raw: Raw) -> Entry:
    item = tables.TrailItem.from_raw_data(dict(raw))
    before, after = msgspec.json.decode(item.facts, type=tuple[dict[str, str], dict[str, str]])
    return Entry(
        area=area,
        at=item.at,
        request_id=keys.request_of(item.sk),
        member_id=item.member,
        email=item.email,
        action=item.action,
        subject=item.subject,
        before=before,
        after=after,
    )
