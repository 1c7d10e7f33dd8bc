"""A merchant's photo: which sizes and kinds of it are kept, and what they are called."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from chalicelib.domain.sentence import said

WIDTHS: Final = (320, 640, 1280)  # in pixels; the narrowest is the least that a photo has
KINDS: Final = ("avif", "webp")  # the first that a browser knows is taken
MOST_BYTES: Final = 350_000  # of one size: an item of the table has 400 KB
TALLEST: Final = 2  # times its width
_DIGEST: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """`digest` names all that is kept of it; `width` and `height` are those of its widest size."""

    digest: str
    width: int
    height: int

    @property
    def widths(self) -> tuple[int, ...]:
        """The widths that are kept, in pixels, narrowest first."""
        return tuple(width for width in WIDTHS if width <= self.width)


def made(sizes: Mapping[str, bytes], *, width: int, height: int) -> Photo:
    """Return the photo of which these are the sizes, by their names: the same ones, the same."""
    whole = hashlib.sha256()
    for name, body in sorted(sizes.items()):
        whole.update(f"{name} {len(body)}\n".encode() + body)
    return Photo(digest=whole.hexdigest()[:32], width=width, height=height)


def size_name(width: int, kind: str) -> str:
    """Return what a size is called: `640.avif`."""
    return f"{width}.{kind}"


def may_be(digest: str, name: str) -> bool:
    """Tell whether there may be a photo of this digest, with a size of this name."""
    return _DIGEST.fullmatch(digest) is not None and name in _NAMES


def unknown(digest: str) -> str:
    """Return what is said of a digest that names no photo."""
    return said(
        "'{given}' is no photo that is kept here; leave it empty, or add one with "
        "manage.py photo add",
        given=digest,
    )


def is_sound(photo: Photo) -> bool:
    """Tell whether a photo may be published: `manage.py publish` takes documents of any origin."""
    sized = photo.width in WIDTHS and 0 < photo.height <= TALLEST * photo.width
    return sized and may_be(photo.digest, size_name(photo.width, KINDS[0]))


_NAMES: Final = frozenset(size_name(width, kind) for width in WIDTHS for kind in KINDS)
