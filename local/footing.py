"""What a deployed app stands on, without the app: engine, tables, secrets, festivals."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local import engine as engines
from local import ground, seed
from local.clock import ShiftedClock
from local.house import composed
from local.world import World

PUBLIC_URL = "https://marquee.example"
STAND = "milan"  # its stand never closes, so any hour will do


@contextmanager
def laid(log: Path) -> Iterator[World]:
    """Start an engine and seed it; in here the store of this process is connected to it."""
    engine = engines.start(None, log)
    try:
        settings = ground.settings_of(PUBLIC_URL, engine.url, None)
        world = World(
            engine_url=engine.url,
            base_url=PUBLIC_URL,
            settings=settings,
            clock=ShiftedClock(None),
            sample=False,
        )
        ground.ensure_tables(settings)
        with composed(world):
            seed.run(world)
            yield world
    finally:
        engine.stop()
