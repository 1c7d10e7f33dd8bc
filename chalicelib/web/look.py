"""Each city's own awning, computed from its id: the same on poster, page, scanner and print."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

STRIPE = 40  # width of one stripe in the flat drawing
SEAM = 200  # where the cloth ends and the valance begins
FALL = 28  # how deep the valance hangs; the drawing is SEAM + FALL + 2 high
VALANCES = ("round", "point", "square")
STRIPES = (5, 6, 7, 8, 9)

# Chosen so that the 35 cities of the first festival get 35 different awnings; a test says so.
SALT = "stall 249810"


@dataclass(frozen=True)
class Pair:
    """Two colours that print well together, on paper and at night; never a green."""

    name: str
    first: str
    second: str


PAIRS = (
    Pair(name="tomato", first="#C8321F", second="#FFF3DC"),
    Pair(name="saffron", first="#C8321F", second="#FFB81C"),
    Pair(name="harbour", first="#2B3A8F", second="#FFF3DC"),
    Pair(name="dusk", first="#2B3A8F", second="#FF9E7A"),
    Pair(name="fig", first="#7A2E8E", second="#FFB81C"),
    Pair(name="rose", first="#7A2E8E", second="#F7BFD3"),
)


@dataclass(frozen=True)
class Cloth:
    """Three SVG paths: the stripes of either colour, and the valance that lies over them."""

    first: str
    second: str
    valance: str


@dataclass(frozen=True)
class Awning:
    """What identifies a city's stand at a glance, with the paths that draw it.

    `flat` fills `width` x `height` and hangs from its upper edge; `roof` is seen from the
    street and spans 20 to 340 of a picture 360 wide, its seam at y = 78.
    """

    stripes: int
    valance: str
    pair: Pair
    flat: Cloth
    roof: Cloth

    @property
    def width(self) -> int:
        return self.stripes * STRIPE

    @property
    def height(self) -> int:
        return SEAM + FALL + 2


@lru_cache(maxsize=512)
def awning_of(popup_id: str) -> Awning:
    """Return the awning of a pop-up. A year at the end of the id is not part of the city."""
    city = re.sub(r"-\d{4}$", "", popup_id)
    number = int.from_bytes(sha256(f"{SALT}/{city}".encode()).digest()[:6], "big")
    number, pair = divmod(number, len(PAIRS))
    number, valance = divmod(number, len(VALANCES))
    return _awning(
        stripes=STRIPES[number % len(STRIPES)], valance=VALANCES[valance], pair=PAIRS[pair]
    )


def _awning(*, stripes: int, valance: str, pair: Pair) -> Awning:
    hem = HEMS[valance]
    return Awning(
        stripes=stripes,
        valance=valance,
        pair=pair,
        flat=_cloth(stripes, hem, left=0, width=STRIPE, ridge=(0, STRIPE), top=0, seam=SEAM),
        roof=_cloth(
            stripes,
            hem,
            left=20,
            width=320 / stripes,
            ridge=(44, 272 / stripes),
            top=26,
            seam=78,
        ),
    )


def _cloth(
    stripes: int,
    hem: Callable[[float], str],
    *,
    left: float,
    width: float,
    ridge: tuple[float, float],
    top: float,
    seam: float,
) -> Cloth:
    """Draw each stripe from the ridge down to the seam, and below it the valance's hem."""
    start, step = ridge
    stripe = [
        f"M{_n(left + i * width)} {_n(seam)}L{_n(start + i * step)} {_n(top)}h{_n(step)}"
        f"L{_n(left + (i + 1) * width)} {_n(seam)}{hem(width)}z"
        for i in range(stripes)
    ]
    edge = f"M{_n(left)} {_n(seam)}h{_n(stripes * width)}{hem(width) * stripes}z"
    return Cloth(first="".join(stripe[::2]), second="".join(stripe[1::2]), valance=edge)


def _round(width: float) -> str:
    radius = _n(width / 2)
    return f"v6a{radius} {radius} 0 0 1-{_n(width)} 0v-6"


def _point(width: float) -> str:
    half = _n(width / 2)
    return f"v6l-{half} 20-{half}-20v-6"


def _square(width: float) -> str:
    notch = _n(width / 10)
    return f"v6h-{notch}v18h-{_n(width * 0.8)}v-18h-{notch}v-6"


HEMS: dict[str, Callable[[float], str]] = {"round": _round, "point": _point, "square": _square}


def _n(value: float) -> str:
    """Write a coordinate short: two decimals at most, none for whole numbers."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
