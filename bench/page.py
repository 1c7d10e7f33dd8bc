"""The voucher's page as its holder opens it for the first time: bytes on the wire, and CPU."""

import gzip
import json
from functools import partial

from bench import festival
from bench.festival import Festival
from bench.stopwatch import Stopwatch
from chalicelib.web import render
from local.places import REPOSITORY
from local.rest import Event

WARM_UP, ROUNDS = 20, 150


def measure() -> dict[str, float]:
    """Open the pages of fresh vouchers, each with a QR code that was never drawn before."""
    watch, sizes = Stopwatch(), []
    with festival.opened() as opened:
        for number in range(WARM_UP + ROUNDS):
            if number == WARM_UP:
                watch.forget()
            page = watch.time("page", partial(festival.ask, _fresh(opened), 200))
            sizes.append(len(gzip.compress(page.encode(), 6)))
        style = len(gzip.compress(_style(), 6))
    return {"voucher_page_bytes": max(sizes) + style, "voucher_page_ms": watch.ms("page")}


def _fresh(opened: Festival) -> Event:
    """Claim, and return the event of opening what was claimed."""
    visitor = opened.visitor()
    voucher = json.loads(festival.ask(opened.claiming(visitor), 201))
    return opened.opening(voucher["url"], visitor)


def _style() -> bytes:
    """Return the page's style sheet as it is served."""
    name = render.asset("voucher.css").removeprefix("/static/")
    return (REPOSITORY / "static" / "built" / name).read_bytes()
