"""What became of requests with an Idempotency-Key. Access patterns AP-45 to AP-48."""

from datetime import datetime
from typing import Any

from chalicelib.domain.idempotency import KEPT, Record
from chalicelib.store import engine, keys, tables
from chalicelib.store.engine import Raw

# TTL deletes late, so the condition asks for the time. A repeat by botocore itself has the same
# request's id and is no other request.
_FREE = (
    "attribute_not_exists(pk) OR expires_at <= :now OR req = :req OR "
    "fp = :fp AND attribute_not_exists(answer) AND lease_until <= :now"
)


def take(record: Record) -> Record | None:
    """AP-45: take a key for a request, if it is free or the lease of the same request is over.

    Returns None when it is written, or the record that stands in the way. Cost: 1 WCU.
    """
    stands = engine.put(_item(record), _FREE, _values(record))
    return _record(stands.item) if stands and stands.item else None


def end(record: Record) -> None:
    """AP-46: keep the answer of a key, or let the key go where there is none; its owner may.

    Cost: 1 WCU a KB.
    """
    item = _item(record)
    if record.answer is None:
        item.expires_at = record.at
    engine.put(item, "req = :req", {":req": engine.text(record.owner)})


def get(record_id: str, at: datetime) -> Record | None:
    """AP-47: read the record of a key, or None where none holds at that instant. Cost: 1 RCU."""
    raw = engine.get(tables.OnceItem, keys.once(record_id))
    found = _record(raw) if raw else None
    return found if found and found.expires_at > at else None


def keep(record: Record) -> dict[str, object]:
    """AP-48: keep a success in the transaction that makes it. Returns its action. Cost: 2 WCU."""
    return {"Put": engine.put_action(_item(record), _FREE, _values(record))}


def _values(record: Record) -> dict[str, dict[str, Any]]:
    return {
        ":now": engine.number(tables.milliseconds(record.at)),
        ":fp": engine.text(record.fingerprint),
        ":req": engine.text(record.owner),
    }


def _item(record: Record) -> tables.OnceItem:
    return tables.OnceItem(
        *keys.once(record.record_id),
        fp=record.fingerprint,
        req=record.owner,
        lease_until=record.lease_until,
        expires_at=record.expires_at,
        answer=record.answer,
        ttl=int(record.expires_at.timestamp()),
    )


def _record(raw: Raw) -> Record:
    item = tables.OnceItem.from_raw_data(dict(raw))
    return Record(
        record_id=item.pk.partition("#")[2],
        fingerprint=item.fp,
        owner=item.req,
        at=item.expires_at - KEPT,
        answer=item.answer,
    )
