"""Photos of merchants, named by their content: never changed. Access patterns AP-190 to AP-192."""

from collections.abc import Mapping

from chalicelib.domain.photo import Photo
from chalicelib.store import engine, keys, tables


def keep(photo: Photo, sizes: Mapping[str, bytes]) -> None:
    """AP-190: keep a photo, its sizes first; again is the same. Cost: 1 WCU a KB."""
    for name, body in sizes.items():
        engine.put(tables.PartItem(*keys.photo_size(photo.digest, name), body=body))
    item = tables.PhotoItem(*keys.photo(photo.digest), width=photo.width, height=photo.height)
    engine.put(item)


def size(digest: str, name: str) -> bytes | None:
    """AP-191: return a size of a photo, or None where there is none. Cost: 0.5 RCU for 4 KB."""
    raw = engine.get(tables.PartItem, keys.photo_size(digest, name), consistent=False)
    return bytes(raw["body"]["B"]) if raw else None


def known() -> dict[str, Photo]:
    """AP-192: return all photos by digest. Cost: 1 RCU for 4 KB, that is for 40 of them."""
    rows = engine.query(tables.PhotoItem, keys.PHOTOS)
    return {raw["sk"]["S"]: _photo(raw) for raw in rows}


def _photo(raw: engine.Raw) -> Photo:
    return Photo(
        digest=raw["sk"]["S"], width=int(raw["width"]["N"]), height=int(raw["height"]["N"])
    )
