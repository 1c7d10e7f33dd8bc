"""The shapes of bodies and forms, each prepared once, by one thread.

msgspec 0.22 works out the types of a shape at its first use. Two threads that do so at once end
the process (a segmentation fault, seen on a laptop's web server under load).
"""

import threading
from collections.abc import Hashable, Mapping
from functools import cache
from typing import Any, TypeVar, cast

import msgspec

Shape = TypeVar("Shape")
_one_at_a_time = threading.Lock()


def from_json(body: bytes, shape: type[Shape]) -> Shape:
    """Return JSON as `shape`. Raises msgspec.DecodeError, msgspec.ValidationError."""
    found: Shape = _prepared(shape).decode(body)
    return found


def from_fields(fields: Mapping[str, str], shape: type[Shape]) -> Shape:
    """Return the fields of a form as `shape`. Raises msgspec.ValidationError."""
    _prepared(shape)
    return msgspec.convert(fields, type=shape, strict=False)


@cache
def _prepared(shape: Hashable) -> "msgspec.json.Decoder[Any]":
    with _one_at_a_time:
        return msgspec.json.Decoder(cast("type[Any]", shape))
