"""A stand's state and message in the live record, within a scope. AP-140 to AP-141."""

import hashlib
from collections.abc import Collection, Mapping
from typing import Any

from chalicelib.domain.errors import NotFound
from chalicelib.domain.live import LONGEST_MESSAGE, Closing, Message, StandState
from chalicelib.domain.member import Scope
from chalicelib.domain.trail import Entry
from chalicelib.store import engine, keys, tables, trails

Attributes = Mapping[str, dict[str, Any] | None]  # by name; None takes one away


def set_stand(
    scope: Scope,
    popup_id: str,
    state: StandState,
    message: str,
    entry: Entry,
    *,
    closing: Closing | None = None,
) -> None:
    """AP-140: open, pause or close a stand with its message (none: empty), within 5 s everywhere.

    A closing says since when and until when; its message ends with it. Raises NotFound where the
    stand is not within the scope. Cost: 1 transaction of 2 items, 2 WCU a KB.
    """
    assert (closing is not None) == (state is StandState.CLOSED), "a closing ends"
    verb = "ADD" if state is StandState.PAUSED else "DELETE"
    until = closing.until if closing else None
    attributes = {
        keys.CLOSING + popup_id: _closing(closing) if closing else None,
        keys.MESSAGE + popup_id: _message(Message(message, until)),
    }
    update = _update(attributes)
    update["UpdateExpression"] += f" {verb} paused_popups :stand"
    update.setdefault("ExpressionAttributeValues", {})[":stand"] = {"SS": [popup_id]}
    _write(scope, [popup_id], update, entry)


def set_message(scope: Scope, popup_ids: Collection[str], text: str, entry: Entry) -> None:
    """AP-141: say something at these stands (`*`: at all), or nothing any more, within 5 s.

    Raises NotFound where one of them is not within the scope. Cost: as AP-140.
    """
    update = _update({keys.MESSAGE + popup_id: _message(Message(text)) for popup_id in popup_ids})
    _write(scope, popup_ids, update, entry)


def _write(scope: Scope, popup_ids: Collection[str], update: dict[str, Any], entry: Entry) -> None:
    strange = next((popup_id for popup_id in popup_ids if not scope.reaches(popup_id)), None)
    if strange is not None:
        raise NotFound(f"no stand {strange}")
    where = engine.at(tables.LiveItem, keys.live(scope.area))
    token = hashlib.sha256(f"{entry.request_id}|{update}".encode()).hexdigest()[:36]
    engine.transact([{"Update": where | update}, trails.action(scope, entry)], token)


def _update(attributes: Attributes) -> dict[str, Any]:
    """Return an update that sets each attribute, or takes it away."""
    kept = {f":v{n}": value for n, value in enumerate(attributes.values()) if value is not None}
    sets = [f"#n{name[2:]} = {name}" for name in kept]
    removes = [f"#n{n}" for n, value in enumerate(attributes.values()) if value is None]
    clauses = [
        f"{verb} {', '.join(parts)}"
        for verb, parts in (("SET", sets), ("REMOVE", removes))
        if parts
    ]
    update: dict[str, Any] = {
        "UpdateExpression": " ".join(clauses),
        "ExpressionAttributeNames": {f"#n{n}": name for n, name in enumerate(attributes)},
    }
    return update | ({"ExpressionAttributeValues": kept} if kept else {})


def _closing(closing: Closing) -> dict[str, Any]:
    return {"M": {"at": engine.instant(closing.at), "until": engine.instant(closing.until)}}


def _message(message: Message) -> dict[str, Any] | None:
    assert len(message.text) <= LONGEST_MESSAGE
    if not message.text:
        return None
    until = {"until": engine.instant(message.until)} if message.until else {}
    return {"M": {"text": engine.text(message.text), **until}}
