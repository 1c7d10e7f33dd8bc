"""The audit trail of the console. Access patterns AP-109 to AP-110."""

from collections.abc import Iterator
from typing import Any

import msgspec

from chalicelib.domain.member import Scope
from chalicelib.domain.trail import Entry
from chalicelib.store import engine, keys, tables
from chalicelib.store.engine import Raw

_PAGE = 100


def action(scope: Scope, entry: Entry) -> dict[str, Any]:
    """Return the entry as an action of the transaction that makes its change."""
    return {"Put": engine.put_action(_item(scope, entry))}


def note(scope: Scope, entry: Entry) -> None:
    """AP-109: keep an entry by itself, for what takes more than one transaction. Cost: 1 WCU."""
    engine.put(_item(scope, entry))


def entries(scope: Scope) -> list[Entry]:
    """AP-110: return the last entries of an area, the newest first. Cost: 1 RCU for 4 KB."""
    rows = engine.latest(tables.TrailItem, keys.trail(scope.area), _PAGE)
    return list(_entries(scope.area, rows))


def _item(scope: Scope, entry: Entry) -> tables.TrailItem:
    number = tables.milliseconds(entry.at)
    return tables.TrailItem(
        *keys.trail_entry(scope.area, number, f"{entry.request_id}.{entry.action}"),
        at=entry.at,
        member=entry.member_id,
        email=entry.email,
        action=entry.action,
        subject=entry.subject,
        facts=msgspec.json.encode([entry.before, entry.after]).decode(),
    )


def _entries(area: str, rows: list[Raw]) -> Iterator[Entry]:
    for raw in rows:
        item = tables.TrailItem.from_raw_data(dict(raw))
        before, after = msgspec.json.decode(item.facts, type=tuple[dict[str, str], dict[str, str]])
        yield Entry(
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
