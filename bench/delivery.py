"""Six options of one parcel through the API, and the rules of wording over every page."""

import json
from functools import partial
from itertools import chain
from urllib.parse import urlsplit

from bench import festival
from bench.festival import Caller, Festival, Place
from bench.stopwatch import Stopwatch
from local import sample_loader, wording

WARM_UP, ROUNDS, OPTIONS = 50, 500, 6
TICKETS = (Place("milan", "moka-15"), Place("istanbul", "coffee-pot-20"))


def measure() -> dict[str, float]:
    """Ask for a parcel that differs each time, then read all pages in all languages."""
    watch = Stopwatch()
    with festival.opened() as opened:
        caller = opened.visitor()
        for number in range(WARM_UP + ROUNDS):
            if number == WARM_UP:
                watch.forget()
            asked = festival.posting("/api/v1/delivery/options", _parcel(number), caller)
            answer = watch.time("options", partial(festival.ask, asked, 200))
        if len(json.loads(answer)["options"]) != OPTIONS:
            raise RuntimeError(f"the stand does not offer {OPTIONS} ways")
        tickets = {_claimed(opened, caller, place) for place in TICKETS}
        pages = partial(opened.page, visitor=caller)
        campaign = sample_loader.festival_now(festival.NOON.date())
        public = chain.from_iterable(wording.pages_of(campaign).values())
        found = list(wording.faults(pages, [*public, *wording.under_each_answer(tickets)]))
    return {"options_ms": watch.ms("options"), "wording_findings": len(found)}


def _parcel(number: int) -> dict[str, object]:
    parcel = {"goods_mass_g": 500 + number, "volume_cm3": 8_000}
    return {"popup_id": "milan", "parcel": parcel, "trip": {"one_way_km": 3}}


def _claimed(opened: Festival, caller: Caller, place: Place) -> str:
    voucher = json.loads(festival.ask(opened.claiming(caller, place), 201))
    return str(urlsplit(voucher["url"]).path)
