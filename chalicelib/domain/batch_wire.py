"""What a device signs when it hands in the uses that it accepted without network.

The wire law. The signed text is the JSON of `device_id`, `device_now`, `entries` and `previous` as
they are posted: keys sorted, no spaces, UTF-8, nothing escaped that JSON does not ask for; whole
numbers and text only. In a browser that is `JSON.stringify` of the object with sorted keys. What a
phone leaves out is not signed. `previous` is the SHA-256 of the text of the batch before, in hex.
tests/golden/batch.json holds the bytes, for pytest and for node.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

SIGNED = ("device_now", "entries", "previous")
_DIGEST_SYMBOLS = 32


def signed_text(device_id: str, body: Mapping[str, Any]) -> bytes:
    """Return the bytes under a batch's signature. Raises ValueError where text is no text."""
    return _canonical({"device_id": device_id} | {name: body[name] for name in SIGNED})


def hash_of(text: bytes) -> str:
    """Return the name by which the next batch knows this one."""
    return hashlib.sha256(text).hexdigest()


def digest_of(entry: Mapping[str, Any]) -> str:
    """Return what tells an entry from another one under the same number."""
    return hashlib.sha256(_canonical(entry)).hexdigest()[:_DIGEST_SYMBOLS]


def _canonical(value: object) -> bytes:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()
