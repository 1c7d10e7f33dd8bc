"""Stream records as changes of the figures."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.insight import Change
from chalicelib.store import images

_TTL_SERVICE = "dynamodb.amazonaws.com"


def of(records: Iterable[Mapping[str, Any]]) -> Iterator[Change]:
    """Yield what each record changes, but for what time removed."""
    return (change_of(record) for record in records if not _removed_by_ttl(record))


def change_of(record: Mapping[str, Any]) -> Change:
    """Return what one record changes."""
    facts = record["dynamodb"]
    return images.change_of(facts, _instant(facts["ApproximateCreationDateTime"]))


def _instant(written: datetime | float) -> datetime:
    """Return when it was written: Lambda says it in seconds, the stream itself as an instant."""
    return written if isinstance(written, datetime) else datetime.fromtimestamp(written, UTC)


def _removed_by_ttl(record: Mapping[str, Any]) -> bool:
    """Tell whether DynamoDB itself deleted the item: time takes nothing from the figures.

    Lambda writes `principalId`, the stream itself `PrincipalId`.
    """
    who = {name.lower(): value for name, value in (record.get("userIdentity") or {}).items()}
    return record["eventName"] == "REMOVE" and who.get("principalid") == _TTL_SERVICE
