"""Stream records as events for the webhooks."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from chalicelib.domain import event as events
from chalicelib.domain.event import Event
from chalicelib.store import changes, engine, keys, news


def of(records: Iterable[Mapping[str, Any]]) -> Iterator[Event]:
    """Yield the event of each record that is one; what is gone tells nothing."""
    for record in records:
        raw = record["dynamodb"].get("NewImage")
        event = _of_item(raw, record) if raw else None
        if event is not None:
            yield event


def _of_item(raw: engine.Raw, record: Mapping[str, Any]) -> Event | None:
    if keys.is_news(engine.key_of(raw)):
        return news.event_of(raw)
    change = changes.change_of(record)
    return events.of_change(change, keys.voucher_id_of(raw["pk"]["S"])) if change.new else None
