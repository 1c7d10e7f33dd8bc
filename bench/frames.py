"""Camera frames of voucher codes as a stand sees them: small, blurred, turned, dim, in motion.

Each is drawn from a code's own modules, on a phone in front of a crowd. The choices are those of
a seed, so that a share that was measured once is measured again.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from chalicelib import qr

WIDTH, HEIGHT = 1280, 720
SEED = 11_11
QUALITY = 85  # of JPEG, as cameras give it
_MIDDLE = (WIDTH // 2, HEIGHT // 2)

Picture = Image.Image
Corners = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Frame:
    """What a camera gives, and what a decoder should read in it."""

    kind: str
    text: str
    jpeg: bytes


def degraded(texts: Sequence[str]) -> Iterator[Frame]:
    """Yield the whole set, eight frames of each kind, one text after the other."""
    random = Random(SEED)  # noqa: S311 - choices to be made again, not secrets
    for number, (kind, change) in enumerate(
        (kind, change) for kind, change in KINDS.items() for _ in range(8)
    ):
        text = texts[number % len(texts)]
        yield Frame(kind, text, jpeg(change(text, random)))


def jpeg(picture: Picture) -> bytes:
    """Return a picture as a camera hands it over."""
    out = BytesIO()
    picture.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def shown(
    text: str, *, height: int = 420, turned: float = 0, at: tuple[int, int] = _MIDDLE
) -> Picture:
    """Return a frame in which a phone shows a code, `height` pixels with its quiet zone."""
    scene = street().copy()
    phone = _phone(code(text).resize((height, height), Image.Resampling.LANCZOS))
    phone = phone.rotate(turned, Image.Resampling.BICUBIC, expand=True)
    scene.paste(phone, (at[0] - phone.width // 2, at[1] - phone.height // 2), phone)
    return scene.convert("RGB")


@cache
def street() -> Picture:
    """Return what is behind the phone: a stand's stripes, and people in dark coats."""
    scene = Image.linear_gradient("L").resize((WIDTH, HEIGHT)).convert("RGB")
    draw = ImageDraw.Draw(scene)
    for stripe in range(0, WIDTH, 160):
        draw.rectangle((stripe, 0, stripe + 80, 150), fill=(200, 50, 31))
    for coat in range(60, WIDTH, 310):
        draw.rounded_rectangle((coat, 300, coat + 170, HEIGHT), 60, fill=(52, 48, 66))
    return scene.convert("RGBA")


def code(text: str) -> Picture:
    """Return a code with its quiet zone, ten pixels for each module."""
    rows = qr.modules(text)
    small = Image.new("L", (len(rows), len(rows)), 255)
    small.putdata([0 if module == "1" else 255 for row in rows for module in row])
    bordered = ImageOps.expand(small, qr.QUIET_MODULES, 255)
    return bordered.resize((bordered.width * 10, bordered.height * 10), Image.Resampling.NEAREST)


def _phone(card: Picture) -> Picture:
    """Return a phone that shows a card; around it nothing is to be seen."""
    edge = card.width // 8
    size = (card.width + 2 * edge, round(card.height * 1.6))
    phone = Image.new("RGBA", size)
    ImageDraw.Draw(phone).rounded_rectangle((0, 0, *size), edge, fill=(20, 20, 24, 255))
    phone.paste(card.convert("RGBA"), (edge, (size[1] - card.height) // 2))
    return phone


# --- What happens to it -------------------------------------------------------------------------
def _clean(text: str, random: Random) -> Picture:
    return shown(text, height=random.randint(300, 560))


def _small(text: str, random: Random) -> Picture:
    """Show two to three pixels for each module, anywhere in the picture."""
    at = (random.randint(300, 980), random.randint(220, 500))
    return shown(text, height=random.randint(110, 160), at=at)


def _blurred(text: str, random: Random) -> Picture:
    """Out of focus by up to half a module."""
    radius = random.uniform(1.5, 3.2)
    return shown(text, height=random.randint(380, 520)).filter(ImageFilter.GaussianBlur(radius))


def _rotated(text: str, random: Random) -> Picture:
    return shown(text, height=random.randint(260, 380), turned=random.uniform(0, 360))


def _dim(text: str, random: Random) -> Picture:
    """Leave a tenth to a quarter of the light, with the grain that comes of it."""
    dark = ImageEnhance.Brightness(shown(text)).enhance(random.uniform(0.1, 0.25))
    return _grained(dark, random, strength=random.uniform(4, 9))


def _tilted(text: str, random: Random) -> Picture:
    """Seen from the side: one edge is farther away."""
    near, far = 1.0, random.uniform(0.6, 0.8)
    half = random.randint(200, 250)
    corners = ((-1, -near), (1, -far), (1, far), (-1, near))
    return _seen(shown(text, height=500), [(x * half, y * half) for x, y in corners], random)


def _inverted(text: str, random: Random) -> Picture:
    """Light on dark, as phones in dark mode may turn it."""
    return ImageChops.invert(_clean(text, random))


def _moving(text: str, random: Random) -> Picture:
    """Drawn along by the hand while the shutter was open, by up to a module and a half."""
    picture = shown(text, height=random.randint(420, 560))
    angle, length = random.uniform(0, math.pi), random.randint(5, 11)
    steps = [
        ImageChops.offset(picture, round(math.cos(angle) * step), round(math.sin(angle) * step))
        for step in range(length)
    ]
    mixed = steps[0]
    for number, step in enumerate(steps[1:], 2):
        mixed = Image.blend(mixed, step, 1 / number)
    return mixed


KINDS: dict[str, Callable[[str, Random], Picture]] = {
    "clean": _clean,
    "small": _small,
    "blurred": _blurred,
    "rotated": _rotated,
    "dim": _dim,
    "tilted": _tilted,
    "inverted": _inverted,
    "moving": _moving,
}


def _grained(picture: Picture, random: Random, *, strength: float) -> Picture:
    """Add the same kind of noise that sensors have, from a seed of ours."""
    grain = Image.frombytes("L", picture.size, random.randbytes(WIDTH * HEIGHT))
    soft = grain.point(lambda value: round(128 + (value - 128) * strength / 40))
    return ImageChops.add(picture, Image.merge("RGB", (soft,) * 3), 1, -128)


def _seen(picture: Picture, corners: Corners, random: Random) -> Picture:
    """Return the square in the middle as if it stood in these corners, around the middle."""
    turned = random.choice((0, 1, 2, 3))
    corners = [*corners[turned:], *corners[:turned]]
    half = 250
    square = [(-half, -half), (half, -half), (half, half), (-half, half)]
    onto = [(x + _MIDDLE[0], y + _MIDDLE[1]) for x, y in corners]
    source = [(x + _MIDDLE[0], y + _MIDDLE[1]) for x, y in square]
    return picture.transform(
        picture.size,
        Image.Transform.PERSPECTIVE,
        _projection(onto, source),
        Image.Resampling.BICUBIC,
    )


def _projection(onto: Corners, source: Corners) -> list[float]:
    """Return the eight numbers with which Pillow finds each pixel of `onto` in `source`."""
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(onto, source, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    return _solved(rows)


def _solved(rows: list[list[float]]) -> list[float]:
    """Solve as many equations as unknowns, by elimination."""
    for column in range(len(rows)):
        best = max(range(column, len(rows)), key=lambda row: abs(rows[row][column]))
        rows[column], rows[best] = rows[best], rows[column]
        pivot = rows[column][column]
        rows[column] = [value / pivot for value in rows[column]]
        for row, values in enumerate(rows):
            if row != column:
                factor = values[column]
                rows[row] = [a - factor * b for a, b in zip(values, rows[column], strict=True)]
    return [row[-1] for row in rows]
