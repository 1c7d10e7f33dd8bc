"""What members did to a campaign, put into the ledger so that its stream tells it. AP-169."""

from collections.abc import Mapping
from typing import Any

import msgspec

from chalicelib.domain import event as events
from chalicelib.domain.event import Event, Kind
from chalicelib.domain.trail import Entry
from chalicelib.store import engine, keys, tables
from chalicelib.store.engine import Raw

_KINDS: Mapping[str, Kind] = {
    "published": Kind.CAMPAIGN_PUBLISHED,
    "published as scheduled": Kind.CAMPAIGN_PUBLISHED,
    "rolled back": Kind.CAMPAIGN_ROLLED_BACK,
    "paused": Kind.CAMPAIGN_PAUSED,
    "resumed": Kind.CAMPAIGN_RESUMED,
}


def left(entry: Entry, **data: object) -> dict[str, Any]:
    """AP-169: return what an entry of the trail tells the outside, for the same transaction.

    The same entry makes the same event, so that one which is written again tells nothing new.
    """
    kind, mark = _KINDS[entry.action], f"{entry.request_id}|{entry.at.isoformat()}"
    event = events.of_campaign(kind, entry.area, mark, at=entry.at, **data)
    return {"Put": engine.put_action(_item(event))}


def _item(event: Event) -> tables.NewsItem:
    return tables.NewsItem(
        *keys.news(event.campaign_id, event.event_id),
        camp=event.campaign_id,
        kind=event.kind,
        data=msgspec.json.encode(event.data).decode(),
        ver=1,
        updated_at=event.at,
    )


def event_of(raw: Raw) -> Event:
    """Return the event that an item holds."""
    return Event(
        event_id=raw["sk"]["S"],
        kind=Kind(raw["kind"]["S"]),
        campaign_id=raw["camp"]["S"],
        at=engine.read_instant(raw["updated_at"]),
        data=msgspec.json.decode(raw["data"]["S"]),
    )
