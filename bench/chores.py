"""The console's long answers: a campaign from its zip to live, 20,000 rows read, prints of all."""

import base64
import re
import time
from dataclasses import replace
from functools import partial

from app import app
from bench import festival
from bench.console import signed_in
from bench.festival import CAMPAIGN, Caller, Festival
from bench.stopwatch import Stopwatch
from chalicelib.domain import exchange
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.popup import Session
from chalicelib.usecases import drafting
from local import sample_loader
from local.rest import Event

ROUNDS, ROWS = 3, 20_000
_CSRF = re.compile(r'name="csrf" value="(\w+)"')
_MARK = "----bench"


def measure() -> dict[str, float]:
    """Do each as a member who is signed in, through `app(event, context)`."""
    watch = Stopwatch()
    whole = sample_loader.festival_now(festival.NOON.date())
    spring = drafting.cloned(whole, campaign_id="spring", number=9, year=2027)
    with festival.opened() as opened:
        caller = signed_in()
        proof = _found(_CSRF, festival.ask(opened.getting("/console", caller), 200))
        started = time.monotonic()
        _set_up(opened, caller, proof, exchange.export(spring))
        seconds = time.monotonic() - started
        packed = exchange.export(_long(whole))
        zipped = partial(opened.getting, f"/console/c/{CAMPAIGN}/prints.zip", caller)
        body = ""
        for _ in range(ROUNDS):
            watch.time("import", partial(festival.ask, _upload(caller, proof, packed), 200))
            body = watch.time("prints", partial(festival.ask, zipped(), 200))
    return {
        "setup_seconds": seconds,
        "import_seconds": watch.ms("import") / 1000,
        "prints_seconds": watch.ms("prints") / 1000,
        "prints_mb": len(base64.b64decode(body)) / 1e6,
    }


def _set_up(opened: Festival, caller: Caller, proof: str, packed: bytes) -> None:
    """Send the zip, take what the dry run showed, publish it."""
    dry_run = festival.ask(_upload(caller, proof, packed), 200)
    fields = {name: _value(name, dry_run) for name in ("digest", "over")}
    home = "/console/c/spring"
    festival.ask(festival.form(f"{home}/import", {"csrf": proof, **fields}, caller), 303)
    page = festival.ask(opened.getting(home, caller), 200)
    version = _value("version", page)
    festival.ask(festival.form(f"{home}/publish", {"csrf": proof, "version": version}, caller), 303)


def _upload(caller: Caller, proof: str, packed: bytes) -> Event:
    """Return the event of a zip that a browser sends."""
    field = f'--{_MARK}\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{proof}\r\n'
    file = f'--{_MARK}\r\nContent-Disposition: form-data; name="zip"; filename="a.zip"\r\n\r\n'
    body = f"{field}{file}".encode() + packed + f"\r\n--{_MARK}--\r\n".encode()
    kind = f"multipart/form-data; boundary={_MARK}"
    return festival.sending("/console/import", kind, body, caller, app.api.binary_types)


def _long(whole: Campaign) -> Campaign:
    """Return a campaign of 20,000 rows: many merchants with offers, each with texts."""
    hours = tuple(Session("10:00", "20:00", (day,)) for day in range(1, 8))
    popups = tuple(replace(popup, hours=hours) for popup in whole.popups)
    each = (ROWS - 9 * len(popups)) // 5  # two lines a merchant, three an offer
    first, offer = whole.merchants[0], whole.offers[1]
    merchants = tuple(replace(first, merchant_id=f"m-{n}", name=f"No. {n}") for n in range(each))
    offers = tuple(
        replace(offer, offer_id=f"o-{n}", number=n + 1, merchant_id=f"m-{n}") for n in range(each)
    )
    return replace(whole, popups=popups, merchants=merchants, offers=offers)


def _value(name: str, page: str) -> str:
    return _found(re.compile(rf'name="{name}" value="(\w+)"'), page)


def _found(pattern: re.Pattern[str], page: str) -> str:
    found = pattern.search(page)
    if found is None:
        raise RuntimeError(f"the page has no {pattern.pattern}")
    return found[1]
