"""The shapes of bodies and forms, each prepared once, by one thread.

msgspec 0.22 works out the types of a shape at its first use. Two threads that do so at once end
the process (a segmentation fault, seen on a laptop's web server under load).
"""

import threading
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

Shape = TypeVar("Shape")
_one_at_a_time = threading.Lock()
_prepared: "dict[type[Any], msgspec.json.Decoder[Any]]" = {}


def from_json(body: bytes, shape: type[Shape]) -> Shape:
    """Return JSON as `shape`. Raises msgspec.DecodeError, msgspec.ValidationError."""
    return _decoder(shape).decode(body)


def from_fields(fields: Mapping[str, str], shape: type[Shape]) -> Shape:
    """Return the fields of a form as `shape`. Raises msgspec.ValidationError."""
    _decoder(shape)
    return msgspec.convert(fields, type=shape, strict=False)


def _decoder(shape: type[Shape]) -> "msgspec.json.Decoder[Shape]":
    with _one_at_a_time:
        if shape not in _prepared:
            _prepared[shape] = msgspec.json.Decoder(shape)
        return _prepared[shape]
