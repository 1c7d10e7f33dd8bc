"""Vouchers and their uses as items in DynamoDB's own JSON, and back: one table for each kind.

PynamoDB's attributes would do the same at several times the cost, on the two hottest paths.
Reading is tolerant: what an item lacks is what the domain object has where nothing is said.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from chalicelib.domain import hold
from chalicelib.domain.counter import CounterId
from chalicelib.domain.source import source_of
from chalicelib.domain.voucher import PastUse, State, Use, Voucher
from chalicelib.store import engine, keys
from chalicelib.store.engine import Raw

Value = dict[str, Any]  # a value with its type: {"S": "text"}
Moved = tuple[tuple[CounterId, int], ...]


class Attribute(NamedTuple):
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


def flag(value: bool) -> Value:  # noqa: FBT001 - written from a table of attributes
    return {"BOOL": value}


def read_flag(value: Value) -> bool:
    return bool(value["BOOL"])


TEXT = engine.text, _text
NUMBER = engine.number, _number
INSTANT = engine.instant, engine.read_instant

# Names are short: the largest voucher stays below 1 KB, with every attribute of both tables.
VOUCHER = {
    "st": Attribute("state", engine.text, lambda value: State(value["S"])),
    "camp": Attribute("campaign_id", *TEXT),
    "pop": Attribute("popup_id", *TEXT),
    "offer": Attribute("offer_id", *TEXT),
    "merch": Attribute("merchant_id", *TEXT),
    "ord": Attribute("ordinal", *NUMBER),
    "vis": Attribute("visitor", *TEXT, unsaid=""),
    "iat": Attribute("issued_at", *INSTANT),
    "hour": Attribute("local_hour", *TEXT),
    "rev": Attribute("revision", *NUMBER),
    "gen": Attribute("generation", *NUMBER),
    "unit": Attribute("unit", _counter, _read_counter),
    "uses": Attribute("uses", *NUMBER, unsaid=0),
    "root": Attribute("root", *TEXT),
    "heir": Attribute("heir", *TEXT),
    "re": Attribute("reissued", flag, read_flag, unsaid=False),
    "hold_until": Attribute("hold_until", *INSTANT),
    "held_until": Attribute("held_until", *INSTANT),
    "rel": Attribute("released", *NUMBER, unsaid=0),
    "gift": Attribute("gift_hash", *TEXT),
    "gift_until": Attribute("gift_until", *INSTANT),
    "src": Attribute("source", engine.text, lambda value: source_of(value["S"])),
}
USE = {
    "nonce": Attribute("nonce", *TEXT),
    "dev": Attribute("device_id", *TEXT),
    "pop": Attribute("popup_id", *TEXT),
    "at": Attribute("scanned_at", *INSTANT),
    "rcv": Attribute("received_at", *INSTANT),
    "hour": Attribute("local_hour", *TEXT),
    "rev": Attribute("revision", *NUMBER),
    "req": Attribute("request_id", *TEXT),
    "disc": Attribute("discount_minor", *NUMBER, unsaid=0),
    "ccy": Attribute("currency", *TEXT),
    "moved": Attribute("moved", _moved, _read_moved, unsaid=()),
    "order": Attribute("order", *TEXT),
    "group": Attribute("group", *TEXT),
    "until": Attribute("held_until", *INSTANT),
    "seq": Attribute("seq", *NUMBER),
    "over": Attribute("overran", _moved, _read_moved, unsaid=()),
    "by": Attribute("shift", *TEXT),
}
_GIVEN_BACK = {
    "back_nonce": Attribute("nonce", *TEXT),
    "back_dev": Attribute("device_id", *TEXT),
    "back_at": Attribute("reversed_at", *INSTANT),
    "back_why": Attribute("why", *TEXT),
    "released": Attribute("released", flag, read_flag, unsaid=False),
}


def item_of(voucher: Voucher) -> Raw:
    """Return a voucher that nobody uses, as an item of its own."""
    head = head_of(keys.voucher(voucher.voucher_id), engine.instant(voucher.issued_at))
    due = hold.due_again(voucher.state, voucher, voucher.issued_at)
    head |= {"ver": engine.number(voucher.version), "st": engine.text(voucher.state)}
    head |= {"due": engine.text(due)} if due else {}
    head |= {"nonces": {"BS": sorted(voucher.nonces)}} if voucher.nonces else {}
    return head | facts_of(voucher)


def facts_of(voucher: Voucher) -> dict[str, Value]:
    """Return what a voucher says of itself, without its key, version and state."""
    facts = written(VOUCHER, voucher)
    del facts["st"]
    return facts


def voucher_of(raw: Raw) -> Voucher:
    """Return the voucher that an item holds."""
    facts = {"merchant_id": None, "visitor": ""} | read(VOUCHER, raw)
    voucher = Voucher(
        voucher_id=raw["pk"]["S"].partition("#")[2],
        nonces=frozenset(raw["nonces"]["BS"]) if "nonces" in raw else frozenset(),
        version=int(raw["ver"]["N"]),
        **facts,
    )
    return replace(voucher, use=_use(raw["cur"], voucher.uses)) if "cur" in raw else voucher


def use_attribute(use: Use) -> Value:
    """Return a use as the value of an attribute."""
    return {"M": written(USE, use)}


def past_item(voucher: Voucher, past: PastUse) -> Raw:
    """Return a use that ended as an item of its own; what was a use says of which offer it was."""
    where = keys.past_use(voucher.voucher_id, past.use.number)
    head = head_of(where, engine.instant(past.reversed_at))
    if not past.released:
        head |= {"camp": engine.text(voucher.campaign_id), "offer": engine.text(voucher.offer_id)}
    return head | {"use": use_attribute(past.use)} | written(_GIVEN_BACK, past)


def past_use_of(raw: Raw) -> PastUse:
    number = int(raw["sk"]["S"].partition("#")[2])
    return PastUse(use=_use(raw["use"], number), **read(_GIVEN_BACK, raw))


def _use(value: Value, number: int) -> Use:
    return Use(number=number, **read(USE, value["M"]))


def head_of(key: keys.Key, at: Value) -> dict[str, Value]:
    return engine.key(key) | {"ver": engine.number(1), "updated_at": at}


def written(table: Mapping[str, Attribute], thing: object) -> dict[str, Value]:
    said = ((name, row, getattr(thing, row.field)) for name, row in table.items())
    return {name: row.write(value) for name, row, value in said if value not in (None, row.unsaid)}


def read(table: Mapping[str, Attribute], raw: Raw) -> dict[str, Any]:
    return {row.field: row.read(raw[name]) for name, row in table.items() if name in raw}
