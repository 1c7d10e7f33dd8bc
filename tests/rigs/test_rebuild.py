"""Figures are counted anew on the local engine while visitors and staff go on, and are right."""

import random
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from fakes import Crashed, Fate, Fragile
from made import NOW, given_back, plan, use, voucher

from chalicelib import streams
from chalicelib.config import read_settings
from chalicelib.domain import insight
from chalicelib.domain.choice import CentigramRange, Choice, Chooser
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.insight import Tally
from chalicelib.domain.voucher import Use, symbols_of
from chalicelib.store import choices, generations, insights, uses, vouchers
from chalicelib.usecases import rebuilding
from chalicelib.web.context import context
from local import engine as engines
from local import ground
from local.projector import Projector

CAMPAIGN = "festival"
STANDS = ("istanbul", "ankara", "madrid")
WRITERS = 2
PAUSE = threading.Event()  # never set: the engine has other work than to make visitors


@dataclass
class Town:
    """Visitors and staff who never stop, and how much they have done."""

    going: threading.Event
    lives: Counter[int]

    def live(self, writer: int) -> None:
        """Let one visitor after the other go through some of a voucher's life."""
        dice = random.Random(writer)  # noqa: S311 - lives need no secrecy
        while self.going.is_set():
            self.lives[writer] += 1
            _one_life(dice, writer * 10**6 + self.lives[writer])
            PAUSE.wait(0.02)


def _one_life(dice: random.Random, number: int) -> None:
    made = voucher(
        voucher_id=symbols_of(number),
        popup_id=dice.choice(STANDS),
        offer_id=dice.choice(("lantern", "lamp")),
        merchant_id=dice.choice((None, "cam-fener")),
    )
    steps = dice.randrange(1, 6)
    assert vouchers.claim(made, token=f"claim-{number}") is None
    for step in range(1, steps):
        if step == 3:
            _choose(made.voucher_id, dice)
        elif step % 2:
            scan = use(number=0, nonce=f"nonce-{step}", discount_minor=500, currency="TRY")
            assert isinstance(uses.use(plan(scan, voucher_id=made.voucher_id)), Use)
        elif (known := vouchers.get(made.voucher_id)) and known.use:
            assert uses.end_use(known, given_back(known.use))


def _choose(voucher_id: str, dice: random.Random) -> None:
    choice = Choice(
        voucher_id=voucher_id,
        campaign_id=CAMPAIGN,
        popup_id="istanbul",
        offer_id="lantern",
        merchant_id=None,
        option=dice.choice(("locker", "bike")),
        coming_anyway=None,
        total=CentigramRange(value=31_200, low=20_000, high=50_000),
        saving=CentigramRange(value=9_000, low=7_500, high=11_000),
        verdict="lower",
        points=3,
        method="1",
        baseline="tr/1",
        chosen_at=NOW,
    )
    assert (
        choices.choose(choice, Chooser(visitor="visitor-1"), token=f"choose-{voucher_id}") is None
    )


@pytest.fixture(scope="module")
def projector(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Projector]:
    """Return the projector of an engine of this module's own, with the product's tables."""
    engine = engines.start(None, tmp_path_factory.mktemp("engine") / "engine.log")
    try:
        settings = ground.settings_of("http://localhost", engine.url, None)
        ground.ensure_tables(settings)
        client = ground.aws(settings, "dynamodbstreams")
        following = Projector(client, f"{settings.table_prefix}ledger", streams.project)
        following.start()
        yield following
        following.stop()
    finally:
        engine.stop()
        context.connect(read_settings())


@contextmanager
def busy_town(first_writer: int) -> Iterator[Town]:
    """Let visitors and staff go on until the end; what fails for them fails the test."""
    town = Town(threading.Event(), Counter())
    town.going.set()
    with ThreadPoolExecutor(WRITERS) as threads:
        people = [threads.submit(town.live, first_writer + n) for n in range(WRITERS)]
        try:
            yield town
        finally:
            town.going.clear()
        for one in people:
            one.result()


def counted(generation: int | None = None) -> dict[tuple[str, str], int]:
    """Return the figures of a generation, hours and days included, without the zeros."""
    rows = insights.figures(CAMPAIGN, generation) | insights.hours(CAMPAIGN, generation)
    rows |= insights.deliveries(CAMPAIGN, generation)
    for stand in STANDS:
        rows |= insights.of_days(CAMPAIGN, stand, generation)
    return {(row, name): n for row, names in rows.items() for name, n in names.items() if n}


def ledger() -> dict[tuple[str, str], int]:
    """Count the ledger itself."""
    total = Counter[Tally]()
    for page in generations.items(0, 1):
        for change in page:
            assert change.new is not None
            total.update(insight.contribution(change.new))
    return {(tally.row, tally.column): n for tally, n in total.items()}


def now() -> datetime:
    return datetime.now(UTC)


def rebuilt(store: rebuilding.Generations) -> None:
    begun = {CAMPAIGN: rebuilding.begin(store, CAMPAIGN)}
    for segment in range(rebuilding.SEGMENTS):
        for _ in rebuilding.count(store, begun, segment):
            pass
    rebuilding.switch(store, CAMPAIGN, begun[CAMPAIGN], now=now())


def test_what_is_counted_anew_under_load_is_the_ledger_and_the_generation_before(
    projector: Projector,
) -> None:
    with busy_town(1) as town:
        _until(town, 60)
        begun = {CAMPAIGN: rebuilding.begin(generations, CAMPAIGN)}
        with ThreadPoolExecutor(2) as threads:
            parts = [rebuilding.count(generations, begun, n) for n in range(rebuilding.SEGMENTS)]
            assert sum(threads.map(sum, parts)) > 60
        _until(town, sum(town.lives.values()) + 20)
    assert projector.drain(60)
    head = begun[CAMPAIGN]
    assert counted(head.building) == counted(head.live) == ledger()
    with busy_town(11) as town:
        _until(town, 20)
        rebuilding.switch(generations, CAMPAIGN, head, now=now())
        _until(town, sum(town.lives.values()) + 20)
    assert projector.drain(60)
    assert counted() == ledger() != counted(head.live)


def test_a_rebuild_that_is_killed_under_load_and_run_again_is_right(projector: Projector) -> None:
    before = generations.head(CAMPAIGN).live
    deaths = 0
    with busy_town(21) as town:
        for calls in (1, 3, 6, 13, 25):
            try:
                rebuilt(Fragile(generations, Fate(calls)))
            except Crashed:
                deaths += 1
        assert deaths == 5
        _until(town, 20)
        rebuilt(generations)
        _until(town, sum(town.lives.values()) + 10)
    assert projector.drain(60)
    assert generations.head(CAMPAIGN).live > before
    assert counted() == ledger()


def test_of_two_rebuilds_at_once_one_is_told_to_try_again(projector: Projector) -> None:
    begun = rebuilding.begin(generations, CAMPAIGN)
    rebuilt(generations)
    with pytest.raises(TryAgain):
        rebuilding.switch(generations, CAMPAIGN, replace(begun), now=now())
    assert projector.drain(60)
    assert counted() == ledger()


def _until(town: Town, lives: int) -> None:
    """Wait until so many visitors have come."""
    while sum(town.lives.values()) < lives:
        PAUSE.wait(0.02)
