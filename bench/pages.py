"""The visitors' other pages: bytes on the wire with style, script and signs, and CPU when warm.

Not counted: the display font, which a page does without while it is not there, the map's land.
"""

import gzip
import json
import re
from functools import partial

from bench import festival
from bench.festival import CAMPAIGN, STAND
from bench.stopwatch import Stopwatch
from local.places import REPOSITORY

WARM_UP, ROUNDS = 10, 80
_ASSET = re.compile(r'/static/([\w.-]+\.(?:css|js)|icons[\w.-]+\.svg)[#"]')
_IMPORT = re.compile(r'from "\./([\w.-]+\.js)"')


def measure() -> dict[str, float]:
    """Open each page over and over, as one who has a voucher."""
    watch, figures = Stopwatch(), dict[str, float]()
    with festival.opened() as opened:
        visitor = opened.visitor()
        voucher = json.loads(festival.ask(opened.claiming(visitor), 201))
        held = ("cookie", f"{visitor[1]}; __Host-stands={voucher['popup_id']}")
        for name, path in _PATHS.items():
            page = ""
            for number in range(WARM_UP + ROUNDS):
                kept = name if number >= WARM_UP else "warming up"
                page = watch.time(kept, partial(festival.ask, opened.getting(path, held), 200))
            figures[f"{name}_page_bytes"] = packed_size(page.encode()) + _parts(page)
            figures[f"{name}_page_ms"] = watch.ms(name)
    return figures


_PATHS = {
    "festival": "/",
    "stand": f"/p/{STAND}",
    "offers": f"/c/{CAMPAIGN}/offers?q=coffee",
    "merchant": f"/c/{CAMPAIGN}/m/cam-fener",
    "mine": "/me",
    "live": "/live",
}


def _parts(page: str) -> int:
    """Return the compressed size of what the page loads, modules that scripts import included."""
    names = set(_ASSET.findall(page))
    names |= {each for name in names if name.endswith(".js") for each in _imports(name)}
    return sum(packed_size(static_file(name)) for name in names)


def _imports(name: str) -> list[str]:
    return _IMPORT.findall(static_file(name).decode())


def static_file(name: str) -> bytes:
    """Return an asset as it is served."""
    return (REPOSITORY / "static" / "built" / name).read_bytes()


def packed_size(body: bytes) -> int:
    """Return how many bytes of it travel."""
    return len(gzip.compress(body, 6))
