"""Examples for people who write programs: a call of each operation, an answer of each no."""

import string
from dataclasses import dataclass
from typing import Any

import msgspec

from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.web import problems
from chalicelib.web.api import problem
from chalicelib.web.operations import ZIP, Caller, Operation
from chalicelib.web.reader import Reader
from chalicelib.web.session import VISITOR_COOKIE

_PATH_PARTS = {
    "{campaign_id}": "festival-now",
    "{case_id}": "ABCDEFGHJKMNPQR",
    "{code}": "ABCD-EFGH-JKMN-PQRS",
    "{batch}": "7",
    "{redemption_id}": "ABCDEFGHJKMNPQR.1",
}
_SHOWS = {
    Caller.VISITOR: f'-H "Cookie: {VISITOR_COOKIE}=$VISITOR"',
    Caller.DEVICE: '-H "Authorization: Bearer $DEVICE_TOKEN"',
    Caller.SHOP: '-H "Authorization: Bearer $SHOP_KEY"',
    Caller.MARKETER: '-H "Authorization: Bearer $MARKETER_KEY"',
}
_FACTS = {
    "starts_at": {"starts_at": "2019-11-10T21:00:00Z", "time_zone": "Europe/Istanbul"},
    "ended_at": {"ended_at": "2019-11-11T21:00:00Z", "time_zone": "Europe/Istanbul"},
    "opens_at": {"opens_at": "2019-11-11T07:00:00Z", "time_zone": "Europe/Istanbul"},
    "used_at": {"used_at": "2019-11-11T11:02:00Z", "time_zone": "Europe/Istanbul"},
    "used_place": {"used_place": "Istanbul", "used_popup_id": "istanbul-2019"},
    "minimum": {"minimum_minor": "50000", "currency": "TRY"},
    "currency": {"currency": "TRY"},
    "moved_to": {"moved_to": "PQRS"},
    "issued_at_city": {"issued_at_city": "Ankara"},
    "scanned_host": {"scanned_host": "shop.example"},
    "left": {"left": "12"},
    "most": {"most": "40"},
    "offer_id": {"offer_id": "lantern-gift"},
    "setting": {"setting": "stock"},
    "shift_name": {"shift_name": "Ayşe"},
}
_ERRORS = {Reason.INVALID_PAYLOAD: (("/nonce", "Object missing required field `nonce`"),)}
_INSTANCE = "6f1c2a9e-0d57-4c1b-9a43-2f6f0e3a7b11"


@dataclass(frozen=True, slots=True)
class Field:
    """One member of a body: its name, its type in words, whether it must be there."""

    name: str
    kind: str
    required: bool


def curl(operation: Operation) -> str:
    """Return the call of an operation for a shell, against `$BASE`."""
    path = operation.path
    for part, example in _PATH_PARTS.items():
        path = path.replace(part, example)
    verb = "" if operation.method == "GET" else f"-X {operation.method} "
    lines = [f'curl {verb}"$BASE{path}"']
    if operation.caller in _SHOWS:
        lines.append(_SHOWS[operation.caller])
    if operation.edits:
        lines.append('-H "If-Match: \\"1\\""')
    if operation.media == ZIP:
        lines.append(f'-H "Accept: {ZIP}" -o festival.zip')
    if operation.zipped:
        lines.append(f'-H "Content-Type: {ZIP}" --data-binary @festival.zip')
    if operation.body is not None:
        body = msgspec.json.encode(operation.body).decode()
        lines += ['-H "Content-Type: application/json"', f"-d '{body}'"]
    return " \\\n  ".join(lines)


def refusal(reason: Reason) -> Refusal:
    """Return a refusal with every fact that its plainest sentence speaks of."""
    sentence = problems.ROWS[reason].says[-1:]
    named = [name for text in sentence for _, name, _, _ in string.Formatter().parse(text) if name]
    return Refusal(reason, {key: fact for name in named for key, fact in _FACTS[name].items()})


def problem_text(reason: Reason, reader: Reader) -> str:
    """Return an example of a problem document, spread over lines."""
    asked = Reader(reader.language, reader.theme, reader.path, _INSTANCE)
    body = problem(refusal(reason), asked, _ERRORS.get(reason, ())).body
    return msgspec.json.format(str(body), indent=2)


def fields(schema: dict[str, Any], components: dict[str, Any]) -> list[Field]:
    """Return the members of a body by its schema; alternatives are listed one after the other."""
    if "anyOf" in schema:
        return [field for each in schema["anyOf"] for field in fields(each, components)]
    shape = components[_name(schema)] if "$ref" in schema else schema
    needed = shape.get("required", [])
    members = shape.get("properties", {}).items()
    return [Field(name, _kind(member), name in needed) for name, member in members]


def _kind(schema: dict[str, Any]) -> str:
    """Say a type in a few words."""
    if "$ref" in schema:
        return _name(schema)
    if "anyOf" in schema:
        return " or ".join(_kind(each) for each in schema["anyOf"])
    if "enum" in schema:
        return " or ".join(str(value) for value in schema["enum"])
    if schema.get("type") == "array":
        items = schema.get("items")
        return f"list of {_kind(items)}" if items else "list"
    return str(schema.get("format") or schema.get("type", "object"))


def _name(schema: dict[str, Any]) -> str:
    return str(schema["$ref"]).rpartition("/")[2]
