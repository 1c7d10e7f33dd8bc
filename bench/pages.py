"""The other public pages: CPU when warm, and for visitors' bytes with style, script, signs, map.

Not counted: the display font, which a page does without while it is not there.
"""

import gzip
import json
import re
from functools import partial
from urllib.parse import urlsplit

from bench import festival
from bench.festival import CAMPAIGN, STAND, Caller
from bench.stopwatch import Stopwatch
from chalicelib import signing
from chalicelib.domain.private_link import PrivateLink
from chalicelib.web.context import context
from local.places import REPOSITORY

WARM_UP, ROUNDS = 10, 80
_ASSET = re.compile(r'/static/([\w.-]+\.(?:css|js)|(?:icons|land)[\w.-]+\.svg)[#"]')
_IMPORT = re.compile(r'from "\./([\w.-]+\.js)"')


def measure() -> dict[str, float]:
    """Open each page over and over, as one who has a voucher."""
    watch, figures = Stopwatch(), dict[str, float]()
    with festival.opened() as opened:
        visitor = opened.visitor()
        voucher = json.loads(festival.ask(opened.claiming(visitor), 201))
        held = ("cookie", f"{visitor[1]}; __Host-stands={voucher['popup_id']}")
        for name, path in (_VISITORS | _OTHERS | _links(visitor, voucher)).items():
            page = ""
            for number in range(WARM_UP + ROUNDS):
                kept = name if number >= WARM_UP else "warming up"
                page = watch.time(kept, partial(festival.ask, opened.getting(path, held), 200))
            if name in _VISITORS:
                figures[f"{name}_page_bytes"] = packed_size(page.encode()) + _parts(page)
            figures[f"{name}_page_ms"] = watch.ms(name)
    return figures


_VISITORS = {
    "festival": "/",
    "stand": f"/p/{STAND}",
    "offers": f"/c/{CAMPAIGN}/offers?q=coffee",
    "merchant": f"/c/{CAMPAIGN}/m/cam-fener",
    "mine": "/me",
    "live": "/live",
}
_OTHERS = {
    "campaign": f"/c/{CAMPAIGN}",
    "method": "/method",
    "privacy": "/privacy",
    "erased": "/me/erased",
    "poster": f"/p/{STAND}/poster",
    "screen": f"/screen/{STAND}",
    "developers": "/developers",
    "problems": "/problems",
    "problem": "/problems/not_found",
    "style": "/style",
    "staff": "/staff",
    "staff_help": "/staff/help",
    "staff_training": f"/staff/training?stand={STAND}",
    "staff_test": "/staff/self-test",
    "staff_cases": "/staff/cases",
}


def _links(visitor: Caller, voucher: dict[str, str]) -> dict[str, str]:
    """Return the pages behind links that only their receivers know."""
    giving = festival.posting(f"/api/v1/vouchers/{voucher['code']}/gift", {}, visitor)
    gift = json.loads(festival.ask(giving, 201))["url"]
    published, popup = context.catalog.popup(voucher["popup_id"])
    link = PrivateLink(
        visitor=visitor[1].partition("=")[2].partition(".")[0],
        stands=[(published.campaign.number, popup.number)],
        gifts=[],
        until=published.campaign.ends,
    )
    return {
        "gift": urlsplit(gift).path,
        "private": f"/r/{signing.private_link(context.secrets, link, context.entropy)}",
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
