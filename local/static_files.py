"""Built assets, served as CloudFront would: hashed names never change, others are asked again."""

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote

from chalicelib.web.security import DECODER_PATH, DECODER_POLICY

_HASHED = re.compile(r"\.[0-9a-f]{8,}\.")
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file with the headers it is served with."""

    body: bytes
    content_type: str
    cache_control: str
    etag: str
    policy: str | None = None


def find(root: Path, path: str) -> StaticFile | None:
    """Return the file at a URL path below `root`, or None. Nothing outside `root` is found."""
    name = unquote(path).lstrip("/")
    if "\0" in name:
        return None
    file = (root / name).resolve()
    kind = _TYPES.get(file.suffix)
    if kind is None or not file.is_relative_to(root.resolve()) or not file.is_file():
        return None
    body = file.read_bytes()
    lasting = "public, max-age=31536000, immutable"
    cache = lasting if _HASHED.search(file.name) else "no-cache"
    policy = DECODER_POLICY if f"/static/{name}".startswith(DECODER_PATH) else None
    return StaticFile(body, kind, cache, f'"{sha256(body).hexdigest()[:16]}"', policy)
