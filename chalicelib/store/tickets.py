"""A voucher and what its holder added to it; its holder forgotten. AP-35, AP-82 to AP-87."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.domain.choice import Choice
from chalicelib.domain.note import WRITABLE
from chalicelib.domain.voucher import Voucher
from chalicelib.store import choices, engine, keys, tables, uses, vouchers
from chalicelib.store.engine import Action, Raw
from chalicelib.store.keys import Key
from chalicelib.store.voucher_items import head_of, voucher_of

# What erasing and exporting ask of their neighbours.
get_many, past_use = vouchers.get_many, uses.past_use

_HEAD = frozenset({"pk", "sk", "ver", "updated_at"})
_WRITTEN = "updated_at = :now, ver = if_not_exists(ver, :zero) + :one"


@dataclass(frozen=True, slots=True)
class Attached:
    """What hangs on a voucher: the choice of delivery, and the sealed note."""

    choice: Choice | None = None
    note: bytes | None = None


def ticket(voucher_id: str) -> tuple[Voucher | None, Attached]:
    """AP-35: return a voucher with what hangs on it, in one request. Cost: 3 RCU."""
    here = keys.voucher(voucher_id), keys.choice(voucher_id), keys.note(voucher_id)
    found = {raw["sk"]["S"]: raw for raw in engine.get_many(tables.LedgerItem, here)}
    voucher = found.get(keys.VOUCHER)
    return voucher_of(voucher) if voucher else None, _attached(found)


def attached(voucher_ids: Iterable[str]) -> dict[str, Attached]:
    """AP-82: return what hangs on each of these vouchers. Cost: 2 RCU each, one request for 50."""
    here = [key for one in voucher_ids for key in (keys.choice(one), keys.note(one))]
    found: dict[str, dict[str, Raw]] = {}
    for raw in engine.get_many(tables.LedgerItem, here):
        found.setdefault(keys.voucher_id_of(raw["pk"]["S"]), {})[raw["sk"]["S"]] = raw
    return {voucher_id: _attached(raws) for voucher_id, raws in found.items()}


def write_note(
    voucher_id: str, visitor: str, sealed: bytes | None, *, at: datetime, token: str
) -> bool:
    """AP-83: keep a note, or with None take it away, where this visitor holds the voucher.

    Returns False where another does, or where it is past being held. Cost: 1 transaction.
    """
    states = {f":s{n}": engine.text(state) for n, state in enumerate(sorted(WRITABLE))}
    check = {
        **engine.at(tables.VoucherItem, keys.voucher(voucher_id)),
        "ConditionExpression": f"vis = :vis AND st IN ({', '.join(states)})",
        "ExpressionAttributeValues": {":vis": engine.text(visitor), **states},
    }
    values = _values(at)
    expression = f"SET {_WRITTEN} REMOVE note"
    if sealed is not None:
        expression, values[":note"] = f"SET note = :note, {_WRITTEN}", {"B": sealed}
    write = {
        **engine.at(tables.NoteItem, keys.note(voucher_id)),
        "UpdateExpression": expression,
        "ExpressionAttributeValues": values,
    }
    return engine.transact([{"ConditionCheck": check}, {"Update": write}], token) is None


def forget_holder(voucher_id: str, visitor: str, *, at: datetime) -> None:
    """AP-84: take the visitor off a voucher that is this visitor's; all else stays. Cost: 1 WCU."""
    engine.update(
        tables.VoucherItem,
        keys.voucher(voucher_id),
        UpdateExpression=f"SET {_WRITTEN} REMOVE vis",
        ConditionExpression="vis = :vis",
        ExpressionAttributeValues=_values(at) | {":vis": engine.text(visitor)},
    )


def forget_note(voucher_id: str, *, at: datetime) -> None:
    """AP-87: take the text off a note, where there is one. Cost: 1 WCU."""
    engine.update(
        tables.NoteItem,
        keys.note(voucher_id),
        UpdateExpression=f"SET {_WRITTEN} REMOVE note",
        ConditionExpression="attribute_exists(note)",
        ExpressionAttributeValues=_values(at),
    )


def moving(was: str, now: str, *, at: datetime) -> Iterator[Action]:
    """Yield what takes the choice from one voucher along to another, and what forgets the note.

    The link goes through a supervisor's hands, and nobody but the holder reads a note. The old
    items stay, and say nothing. What changes meanwhile stands in the way. Cost: 2 RCU, 4 to 6 WCU.
    """
    choice, note = keys.choice(was), keys.note(was)
    rows = engine.get_many(tables.LedgerItem, [choice, note])
    read = {raw["sk"]["S"]: raw for raw in rows}
    for old in (choice, note):
        raw = read.get(old.sk)
        said = {name: raw[name] for name in raw.keys() - _HEAD} if raw else {}
        if not said:
            yield {"ConditionCheck": _as_read(old, raw)}
            continue
        yield {"Update": _emptied(_as_read(old, raw), said, at)}
        if old == choice:
            head = head_of(keys.choice(now), engine.instant(at))
            yield {"Put": engine.put_raw(tables.LedgerItem, head | said)}


def _as_read(where: Key, raw: Raw | None) -> dict[str, Any]:
    """Return the condition that an item is still as it was read, or still not there."""
    if raw is None:
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(pk)"}
    else:
        condition = {
            "ConditionExpression": "ver = :seen",
            "ExpressionAttributeValues": {":seen": raw["ver"]},
        }
    return engine.at(tables.LedgerItem, where) | condition


def _emptied(as_read: dict[str, Any], said: Iterable[str], at: datetime) -> dict[str, Any]:
    names = {f"#{name}": name for name in said}
    return as_read | {
        "UpdateExpression": f"SET {_WRITTEN} REMOVE {', '.join(names)}",
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": as_read["ExpressionAttributeValues"] | _values(at),
    }


def _values(at: datetime) -> dict[str, dict[str, object]]:
    return {
        ":now": {"N": str(tables.milliseconds(at))},
        ":zero": {"N": "0"},
        ":one": {"N": "1"},
    }


def _attached(found: dict[str, Raw]) -> Attached:
    note = found.get(keys.NOTE, {})
    return Attached(
        choices.choice_of(found.get(keys.CHOICE)),
        bytes(note["note"]["B"]) if "note" in note else None,
    )
