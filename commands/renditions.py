"""A photo as it is kept: turned upright, in sRGB, in several sizes, with nothing else in it.

Pillow does it here, where the operator is: its wheel would take a package for Lambda beyond its
10 MB, and what decodes strange files is best kept away from what answers the public.
"""

import io
import warnings
from collections.abc import Iterator

from PIL import Image, ImageCms, ImageOps

from chalicelib.domain.photo import KINDS, MOST_BYTES, TALLEST, WIDTHS, size_name

LONGEST_FILE = 10_000_000  # bytes
MOST_PIXELS = 40_000_000
_READ = ("JPEG", "PNG", "WEBP")
_QUALITIES = {"avif": (60, 50, 40, 30, 20), "webp": (80, 70, 60, 50, 40, 30)}  # best first
_BROKEN = (OSError, SyntaxError, ValueError, EOFError)  # what Pillow's readers raise


class BadPhotoError(Exception):
    """A file of which no photo can be made; its text is a sentence that says what to do."""


def renditions(data: bytes) -> tuple[dict[str, bytes], tuple[int, int]]:
    """Return each size by its name, and width and height of the widest. Raises BadPhotoError."""
    whole = _upright(data)
    widths = [width for width in WIDTHS if width <= whole.width]
    if not widths:
        raise BadPhotoError(
            f"is {whole.width} pixels wide; {WIDTHS[0]} is the least. Take a larger one"
        )
    if whole.height > TALLEST * whole.width:
        raise BadPhotoError(f"is more than {TALLEST} times as high as wide. Cut it")
    sizes, high = dict[str, bytes](), 0
    for width in widths:
        high = max(1, round(whole.height * width / whole.width))
        small = whole.resize((width, high), Image.Resampling.LANCZOS, reducing_gap=3)
        sizes |= {size_name(width, kind): packed(small, kind) for kind in KINDS}
    return sizes, (widths[-1], high)


def _upright(data: bytes) -> Image.Image:
    """Decode a file, if it is no bomb, as it is to be seen."""
    if len(data) > LONGEST_FILE:
        raise BadPhotoError("is longer than 10 MB. Save it smaller")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of strange tags; pixels are counted here
            image = Image.open(io.BytesIO(data), formats=_READ)
            if image.width * image.height > MOST_PIXELS:
                raise BadPhotoError("has more than 40 million pixels. Save it smaller")
            return _plain(ImageOps.exif_transpose(image))
    except Image.DecompressionBombError:
        raise BadPhotoError("has more than 40 million pixels. Save it smaller") from None
    except _BROKEN:
        raise BadPhotoError("is no JPEG, PNG or WebP that can be read. Save it anew") from None


def _plain(image: Image.Image) -> Image.Image:
    """Return the picture in sRGB, on white where it is transparent, without any metadata."""
    profile = image.info.get("icc_profile")
    if image.mode != "CMYK":
        flat = Image.new("RGBA", image.size, "white")
        flat.alpha_composite(image.convert("RGBA"))
        image = flat.convert("RGB")
    plain = _srgb(image, profile) if profile else image.convert("RGB")
    plain.info.clear()
    return plain


def _srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Phones take photos in wider colours, which look dull where the profile is only dropped."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, source, srgb, outputMode="RGB") or image
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image.convert("RGB")  # a profile that is none, or of other colours


def packed(image: Image.Image, kind: str, most: int = MOST_BYTES) -> bytes:
    """Return the picture in the best quality of at most so many bytes. Raises BadPhotoError."""
    for body in _attempts(image, kind):
        if len(body) <= most:
            return body
    raise BadPhotoError(f"is longer than {most // 1000} KB in any quality. Take a calmer one")


def _attempts(image: Image.Image, kind: str) -> Iterator[bytes]:
    for quality in _QUALITIES[kind]:
        out = io.BytesIO()
        image.save(out, kind, quality=quality)
        yield out.getvalue()
