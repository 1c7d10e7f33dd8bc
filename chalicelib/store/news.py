"""What members did to a campaign, put into the ledger so that its stream tells it. AP-169."""

import msgspec

from chalicelib.domain.event import Event, Kind
from chalicelib.domain.member import Scope
from chalicelib.store import engine, keys, tables
from chalicelib.store.engine import Raw


def note(scope: Scope, event: Event) -> None:
    """AP-169: keep an event of the scope's campaign, once. Cost: 1 WCU."""
    assert event.campaign_id == scope.area
    item = tables.NewsItem(
        *keys.news(event.campaign_id, event.event_id),
        camp=event.campaign_id,
        kind=event.kind,
        data=msgspec.json.encode(event.data).decode(),
        ver=1,
        updated_at=event.at,
    )
    engine.put(item, "attribute_not_exists(pk)")


def event_of(raw: Raw) -> Event:
    """Return the event that an item holds."""
    return Event(
        event_id=raw["sk"]["S"],
        kind=Kind(raw["kind"]["S"]),
        campaign_id=raw["camp"]["S"],
        at=engine.read_instant(raw["updated_at"]),
        data=msgspec.json.decode(raw["data"]["S"]),
    )
