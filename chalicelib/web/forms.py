"""Form posts, read as strictly as JSON bodies: each field once, none unknown."""

from typing import TypeVar
from urllib.parse import parse_qs

import msgspec

from chalicelib.domain.errors import InvalidPayload
from chalicelib.web import shapes
from chalicelib.web.api import Routes

Struct = TypeVar("Struct")
_MOST_FIELDS = 20


def read(routes: Routes, shape: type[Struct]) -> Struct:
    """Return the posted form as `shape`. Raises InvalidPayload, PayloadTooLarge."""
    try:
        return shapes.from_fields(_fields(routes.raw_body()), shape)
    except (msgspec.ValidationError, ValueError) as error:
        raise InvalidPayload([("", str(error))]) from error


def _fields(body: bytes) -> dict[str, str]:
    """Return the fields, empty ones too. Raises ValueError for a body that is no form."""
    found = parse_qs(
        body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict"
    )
    twice = [name for name, values in found.items() if len(values) > 1]
    if twice:
        raise ValueError(f"{twice[0]} is given twice")
    return {name: values[0] for name, values in found.items()}
