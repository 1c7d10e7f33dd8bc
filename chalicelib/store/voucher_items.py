"""Vouchers and their uses as items in DynamoDB's own JSON, and back: one table for each kind.

PynamoDB's attributes would do the same at several times the cost, on the two hottest paths.
Reading is tolerant: what an item lacks is what the domain object has where nothing is said.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from chalicelib.domain import hold
from chalicelib.domain.counter import CounterId
from chalicelib.domain.voucher import PastUse, State, Use, Voucher
from chalicelib.store import engine, keys
from chalicelib.store.engine import Raw

Value = dict[str, Any]  # a value with its type: {"S": "text"}
Moved = tuple[tuple[CounterId, int], ...]


class _Attribute(NamedTuple):
    """How a field is written and read. `unsaid` is the value for which nothing is written."""

    field: str
    write: Callable[[Any], Value]
    read: Callable[[Value], Any]
    unsaid: object = None


def _text(value: Value) -> str:
    text: str = value["S"]
    return text


def _number(value: Value) -> int:
    return int(value["N"])


def _counter(counter: CounterId) -> Value:
    return {"S": keys.counter_text(counter)}


def _read_counter(value: Value) -> CounterId:
    return keys.read_counter_text(value["S"])


def _moved(moved: Moved) -> Value:
    return {"M": {keys.counter_text(counter): engine.number(n) for counter, n in moved}}


def _read_moved(value: Value) -> Moved:
    return tuple((keys.read_counter_text(text), int(n["N"])) for text, n in value["M"].items())


def _flag(value: bool) -> Value:  # noqa: FBT001 - written from a table of attributes
    return {"BOOL": value}


def _read_flag(value: Value) -> bool:
    return bool(value["BOOL"])


TEXT = engine.text, _text
NUMBER = engine.number, _number
INSTANT = engine.instant, engine.read_instant

# Names are short: the largest voucher stays below 1 KB, with every attribute of both tables.
VOUCHER = {
    "st": _Attribute("state", engine.text, lambda value: State(value["S"])),
    "camp": _Attribute("campaign_id", *TEXT),
    "pop": _Attribute("popup_id", *TEXT),
    "offer": _Attribute("offer_id", *TEXT),
    "merch": _Attribute("merchant_id", *TEXT),
    "ord": _Attribute("ordinal", *NUMBER),
    "vis": _Attribute("visitor", *TEXT, unsaid=""),
    "iat": _Attribute("issued_at", *INSTANT),
    "hour": _Attribute("local_hour", *TEXT),
    "rev": _Attribute("revision", *NUMBER),
    "gen": _Attribute("generation", *NUMBER),
    "unit": _Attribute("unit", _counter, _read_counter),
    "uses": _Attribute("uses", *NUMBER, unsaid=0),
    "root": _Attribute("root", *TEXT),
    "hold_until": _Attribute("hold_until", *INSTANT),
    "held_until": _Attribute("held_until", *INSTANT),
    "rel": _Attribute("released", *NUMBER, unsaid=0),
    "gift": _Attribute("gift_hash", *TEXT),
    "gift_until": _Attribute("gift_until", *INSTANT),
}
USE = {
    "nonce": _Attribute("nonce", *TEXT),
    "dev": _Attribute("device_id", *TEXT),
    "pop": _Attribute("popup_id", *TEXT),
    "at": _Attribute("scanned_at", *INSTANT),
    "rcv": _Attribute("received_at", *INSTANT),
    "hour": _Attribute("local_hour", *TEXT),
    "rev": _Attribute("revision", *NUMBER),
    "req": _Attribute("request_id", *TEXT),
    "disc": _Attribute("discount_minor", *NUMBER, unsaid=0),
    "ccy": _Attribute("currency", *TEXT),
    "moved": _Attribute("moved", _moved, _read_moved, unsaid=()),
    "order": _Attribute("order", *TEXT),
    "group": _Attribute("group", *TEXT),
    "until": _Attribute("held_until", *INSTANT),
}
_GIVEN_BACK = {
    "back_nonce": _Attribute("nonce", *TEXT),
    "back_dev": _Attribute("device_id", *TEXT),
    "back_at": _Attribute("reversed_at", *INSTANT),
    "back_why": _Attribute("why", *TEXT),
    "released": _Attribute("released", _flag, _read_flag, unsaid=False),
}


def item_of(voucher: Voucher) -> Raw:
    """Return a voucher that nobody uses, as an item of its own."""
    head = _head(keys.voucher(voucher.voucher_id), engine.instant(voucher.issued_at))
    due = hold.due_again(voucher.state, voucher, voucher.issued_at)
    head |= {"ver": engine.number(voucher.version), "st": engine.text(voucher.state)}
    head |= {"due": engine.text(due)} if due else {}
    head |= {"nonces": {"BS": sorted(voucher.nonces)}} if voucher.nonces else {}
    return head | facts_of(voucher)


def facts_of(voucher: Voucher) -> dict[str, Value]:
    """Return what a voucher says of itself, without its key, version and state."""
    facts = _written(VOUCHER, voucher)
    del facts["st"]
    return facts


def voucher_of(raw: Raw) -> Voucher:
    """Return the voucher that an item holds."""
    facts = {"merchant_id": None, "visitor": ""} | _read(VOUCHER, raw)
    voucher = Voucher(
        voucher_id=raw["pk"]["S"].partition("#")[2],
        nonces=frozenset(raw["nonces"]["BS"]) if "nonces" in raw else frozenset(),
        version=int(raw["ver"]["N"]),
        **facts,
    )
    return replace(voucher, use=_use(raw["cur"], voucher.uses)) if "cur" in raw else voucher


def use_attribute(use: Use) -> Value:
    """Return a use as the value of an attribute."""
    return {"M": _written(USE, use)}


def past_item(voucher_id: str, past: PastUse) -> Raw:
    head = _head(keys.past_use(voucher_id, past.use.number), engine.instant(past.reversed_at))
    return head | {"use": use_attribute(past.use)} | _written(_GIVEN_BACK, past)


def past_use_of(raw: Raw) -> PastUse:
    number = int(raw["sk"]["S"].partition("#")[2])
    return PastUse(use=_use(raw["use"], number), **_read(_GIVEN_BACK, raw))


def _use(value: Value, number: int) -> Use:
    return Use(number=number, **_read(USE, value["M"]))


def _head(key: keys.Key, at: Value) -> dict[str, Value]:
    return engine.key(key) | {"ver": engine.number(1), "updated_at": at}


def _written(table: Mapping[str, _Attribute], thing: object) -> dict[str, Value]:
    said = ((name, row, getattr(thing, row.field)) for name, row in table.items())
    return {name: row.write(value) for name, row, value in said if value not in (None, row.unsaid)}


def _read(table: Mapping[str, _Attribute], raw: Raw) -> dict[str, Any]:
    return {row.field: row.read(raw[name]) for name, row in table.items() if name in raw}
