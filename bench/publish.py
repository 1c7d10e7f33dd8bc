"""A publish of 35 cities and 50 offers by a program's key, and when warm processes see it.

Each offer has a stock at each stand: 1,750 counters that no revision had before. Time is that of
the clock, the local engine's included; this process's own and the requests stand apart.
"""

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.queues import Queue

from bench import festival, holder
from bench.festival import CAMPAIGN, NOON, PUBLIC_URL, UNITS, Caller
from bench.watch import watching
from chalicelib.domain.api_key import Role
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.offer import Stock
from chalicelib.store import campaigns, engine, keys, tables
from chalicelib.web.catalog import CHECK_EVERY_SECONDS, Catalog
from chalicelib.web.context import context
from local import ground

CITIES, OFFERS, PROCESSES = 35, 50, 4
_NAME, _NUMBER = "bench", 4_711
_LOOK_SECONDS, _PATIENCE_SECONDS = 0.02, 60.0

Seen = tuple[int, float]  # the epoch that a process sees, and since when: seconds of the clock


def measure() -> dict[str, float]:
    """Publish the large campaign for the first time, then again while processes look on."""
    with festival.opened() as opened:
        whole = _large(context.catalog.campaign(CAMPAIGN).campaign)
        campaigns.save_draft(whole, over=0, now=NOON)
        program = holder.admitted(Role.MARKETER, _NAME, _NUMBER, "bench")
        with watching() as counted:
            started, own = time.monotonic(), time.process_time()
            _publish(program, 1)
            own = time.process_time() - own
            passed = time.monotonic() - started
        return {
            "publish_seconds": passed,
            "publish_own_seconds": own,
            "publish_requests": counted.requests,
            "publish_revision_bytes": _revision_bytes(),
            "publish_seen_seconds": _seen(opened.settings.engine_url or "", whole, program),
        }


def _publish(program: Caller, version: int) -> None:
    path = f"/api/v1/campaigns/{_NAME}/publish"
    festival.ask(festival.posting(path, {"draft_version": version}, program), 200)


def _large(sample: Campaign) -> Campaign:
    """Return a campaign of the sample's cities under other ids, with each offer at all of them."""
    popups = tuple(replace(p, popup_id=f"{p.popup_id}-bench") for p in sample.popups)
    (gift,) = (offer for offer in sample.offers if offer.offer_id == festival.OFFER)
    offers = tuple(
        replace(gift, offer_id=f"gift-{number}", number=number, stock=Stock(units=UNITS))
        for number in range(1, OFFERS + 1)
    )
    if len(popups) != CITIES:
        raise RuntimeError(f"the sample has {len(popups)} cities")
    return replace(
        sample,
        campaign_id=_NAME,
        number=_NUMBER,
        popups=popups,
        merchants=(),
        offers=offers,
        delivery=None,
    )


def _revision_bytes() -> int:
    """Return the size of what is stored of the revision, compressed."""
    _, _, digest = campaigns.revision_named(_NAME, 1)
    pk, first = keys.part(_NAME, digest, 0)
    parts = engine.query(tables.PartItem, pk, first.partition("#")[0])
    return sum(len(raw["body"]["B"]) for raw in parts)


def _seen(engine_url: str, whole: Campaign, program: Caller) -> float:
    """Return how long after the answer to a publish the last warm process saw it."""
    renamed = replace(whole, name={**whole.name, "en": "Renamed"})
    version = campaigns.save_draft(renamed, over=1, now=NOON)
    with _processes(engine_url) as seen:
        for _ in range(PROCESSES):
            seen.get(timeout=_PATIENCE_SECONDS)  # warm, each at its own moment
        _publish(program, version or 0)
        done = time.time()
        found: list[Seen] = [seen.get(timeout=_PATIENCE_SECONDS) for _ in range(PROCESSES)]
    return max(0.0, *(at - done for _, at in found))


@contextmanager
def _processes(engine_url: str) -> "Iterator[Queue[Seen]]":
    """Start processes whose checks of the catalog are spread over its interval."""
    spawn = multiprocessing.get_context("spawn")
    seen: Queue[Seen] = spawn.Queue()
    gap = CHECK_EVERY_SECONDS / PROCESSES
    started = [
        spawn.Process(target=_look, args=(engine_url, gap * number, seen), daemon=True)
        for number in range(PROCESSES)
    ]
    for process in started:
        process.start()
    try:
        yield seen
    finally:
        for process in started:
            process.join(_PATIENCE_SECONDS)


def _look(engine_url: str, wait_seconds: float, seen: "Queue[Seen]") -> None:
    """Use the catalog as requests do, and tell when another epoch is seen."""
    context.connect(ground.settings_of(PUBLIC_URL, engine_url, None), now=lambda: NOON)
    time.sleep(wait_seconds)
    catalog = Catalog()
    before = catalog.campaign(_NAME).epoch
    seen.put((before, time.time()))
    while (epoch := catalog.campaign(_NAME).epoch) == before:
        time.sleep(_LOOK_SECONDS)
    seen.put((epoch, time.time()))
