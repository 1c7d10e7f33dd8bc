"""The console's pages as an owner opens them: CPU when warm, and bytes of the first load.

Everything that a page loads counts: style, script, signs, the display font, the map's land. Pages
with figures that are shared for a second are also opened as who comes first in that second.
"""

import re
from dataclasses import replace
from functools import partial
from os import urandom

from bench import festival
from bench.festival import CAMPAIGN, NOON, STAND, Caller
from bench.pages import packed_size, static_file
from bench.stopwatch import Stopwatch
from chalicelib.domain import trail
from chalicelib.domain.member import ORGANISATION, Member, Role, Scope
from chalicelib.domain.proposal import Cell, Desk, Proposal, State
from chalicelib.store import members, proposals
from chalicelib.web.console import visit
from chalicelib.web.context import context
from chalicelib.web.recent import Recent

WARM_UP, ROUNDS = 4, 24
_HOME = f"/console/c/{CAMPAIGN}"
_MERCHANT = "cam-fener"
PAGES = {
    "home": "/console",
    "campaign": _HOME,
    "calendar": f"{_HOME}/edit/campaign",
    "stands": f"{_HOME}/edit/popups",
    "hours": f"{_HOME}/edit/hours",
    "merchants": f"{_HOME}/edit/merchants",
    "offers": f"{_HOME}/edit/offers",
    "offer": f"{_HOME}/edit/offers/moka-15",
    "texts": f"{_HOME}/edit/texts",
    "delivery": f"{_HOME}/edit/delivery",
    "preview": f"{_HOME}/preview?popup={STAND}",
    "board": f"{_HOME}/board",
    "report": f"{_HOME}/delivery",
    "trail": f"{_HOME}/trail",
    "members": "/console/members",
    "import": "/console/import",
    "prints": f"{_HOME}/prints",
    "print": f"{_HOME}/prints/{STAND}",
    "manager": f"{_HOME}/stand/{STAND}",
    "day": f"{_HOME}/stand/{STAND}/report",
    "devices": f"{_HOME}/devices",
    "batches": f"{_HOME}/batches",
    "keys": f"{_HOME}/keys",
    "voucher": f"{_HOME}/voucher",
    "messages": f"{_HOME}/messages",
    "webhooks": f"{_HOME}/webhooks",
    "review": f"{_HOME}/review/{_MERCHANT}",
    "proposal": f"{_HOME}/proposal/{_MERCHANT}",
}
FRESH = ("board", "manager", "day")  # their figures are shared for a second
_LOADED = re.compile(r'(?:href|src)="/static/([\w./-]+)[#"]')


def measure() -> dict[str, float]:
    """Open each page over and over."""
    watch, figures = Stopwatch(), dict[str, float]()
    with festival.opened() as opened:
        owner = signed_in()
        _hand_in()
        for name, path in PAGES.items():
            page = ""
            opening = partial(festival.ask, opened.getting(path, owner), 200)
            for number in range(WARM_UP + ROUNDS):
                page = watch.time(name if number >= WARM_UP else "warming up", opening)
                if name in FRESH:  # once more, where nobody asked for its figures this second
                    context.figures, context.readings = Recent(), Recent()
                    watch.time(f"{name}_fresh", opening)
            files = set(_LOADED.findall(page))
            loaded = sum(packed_size(static_file(file)) for file in files)
            figures[f"console_{name}_bytes"] = packed_size(page.encode()) + loaded
            figures[f"console_{name}_ms"] = watch.ms(name)
        figures |= {f"console_{name}_fresh_ms": watch.ms(f"{name}_fresh") for name in FRESH}
    return figures


def signed_in() -> Caller:
    """Return an owner who is signed in."""
    owner = Member(member_id=urandom(8).hex(), email="owner@example.org", role=Role.OWNER)
    scope = Scope(area=ORGANISATION, member_id="operator", email="operator")
    entry = trail.entry(scope, "member invited", owner.email, at=NOON, request_id="bench")
    if not members.keep(scope, owner, entry, over=None):
        raise RuntimeError("a fresh owner was there before")
    return "cookie", visit.begun(owner).partition(";")[0]


def _hand_in() -> None:
    """Hand in what a busy merchant may propose: each of its texts anew, in every language."""
    campaign = context.catalog.campaign(CAMPAIGN).campaign
    desk = Desk(campaign, campaign, _MERCHANT)
    scope = Scope(area=CAMPAIGN, member_id="merchant", email="merchant@example.org")
    blank = Proposal(campaign_id=CAMPAIGN, merchant_id=_MERCHANT)
    cells = tuple(
        Cell("texts", key, column, base=row[column], mine=f"{row[column]}!")
        for key, row in desk.lines(blank, "texts").items()
        for column in desk.columns("texts", key)
    )
    entry = trail.entry(scope, "proposal handed in", _MERCHANT, at=NOON, request_id="bench")
    handed_in = replace(blank, version=1, state=State.HANDED_IN, cells=cells)
    if not proposals.put(scope, handed_in, entry):
        raise RuntimeError("a fresh proposal was there before")
