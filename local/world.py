"""The composition of the local run: which engine, which clock, which stands, which addresses."""

import os
import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from chalice import Chalice

from app import app
from chalicelib import streams
from chalicelib.config import Settings, read_settings
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.device import ENROLMENT_LIFE, Profile
from chalicelib.store import devices
from chalicelib.usecases import enrolling
from chalicelib.web.context import context
from chalicelib.web.pages import unrouted
from local import engine as engines
from local import ground, places, sample_loader, seed
from local.clock import ShiftedClock, real_now
from local.engine import Engine
from local.gateway import Gateway
from local.http_server import Server
from local.projector import Projector
from local.snapshot import Moment
from local.strip import Strip

HOME = "istanbul"  # the stand that a newcomer meets first
DRAIN_SECONDS = 30.0

Step = Callable[[str], AbstractContextManager[Callable[[str], None]]]


@dataclass(frozen=True, kw_only=True)
class World:
    """What the local parts share. `sample` asks for the lived-in history."""

    engine_url: str
    base_url: str
    settings: Settings
    clock: ShiftedClock
    state_dir: Path | None
    sample: bool = True

    @cached_property
    def campaigns(self) -> dict[str, Campaign]:
        """The campaigns of the sample files, by id."""
        loaded = sample_loader.load(real_now().date())
        return {campaign.campaign_id: campaign for campaign in loaded}

    @cached_property
    def stands(self) -> dict[str, str]:
        """Which campaign each stand belongs to."""
        return {p.popup_id: c.campaign_id for c in self.campaigns.values() for p in c.popups}

    def campaign_at(self, now: datetime) -> str:
        """Return the campaign that a clock is in: the year 2019 belongs to the reconstruction."""
        return "festival-2019" if now.year <= 2019 else "festival-now"

    def stand_at(self, now: datetime) -> str:
        """Return the stand to show first at an instant."""
        return f"{HOME}-2019" if self.campaign_at(now) == "festival-2019" else HOME

    def enrol(self, popup_id: str, *, expires_at: datetime | None = None) -> str:
        """Make a steward's one-time code for a stand. Codes keep real time."""
        return enrolling.invite(
            devices,
            campaign_id=self.stands[popup_id],
            popup_id=popup_id,
            profile=Profile.STEWARD,
            expires_at=expires_at or real_now() + ENROLMENT_LIFE,
            entropy=os.urandom(enrolling.CODE_BYTES),
        )


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How to open a house. Port 0 takes a free one; `tls` makes its addresses https."""

    log: Path
    state: Path | None = None
    at: datetime | None = None
    sample: bool = False
    host: str = "127.0.0.1"
    address: str = "localhost"
    port: int = 0
    tls: ssl.SSLContext | None = None
    strip: bool = True


@dataclass(frozen=True, kw_only=True)
class House:
    """Everything that runs: a world with its engine, projector and server."""

    world: World
    engine: Engine
    projector: Projector
    server: Server

    def save(self) -> int | None:
        """Take a snapshot if something changed; returns how many items it holds."""
        return self.engine.save(self.projector.projected)


def quiet(_: str) -> AbstractContextManager[Callable[[str], None]]:
    """Run a step and show nothing."""
    return nullcontext(lambda _: None)


@contextmanager
def open_house(directory: Path, **wishes: object) -> Iterator[World]:
    """Open everything on free ports for a test, with a log below the directory; close it after.

    Wishes are those of `Plan`: `open_house(tmp_path, at=…, sample=True, strip=False)`.
    """
    with opened(Plan(log=directory, **wishes)) as house:  # type: ignore[arg-type]
        yield house.world


@contextmanager
def opened(plan: Plan, step: Step = quiet) -> Iterator[House]:
    """Open everything, step by step; at the end close it in reverse and save what changed."""
    with ExitStack() as stack:
        server = Server(plan.host, plan.port, plan.tls)
        stack.callback(server.server_close)
        with step("engine") as note:
            engine = engines.start(plan.state, plan.log / "engine.log")
            stack.callback(engine.stop)
            note(restored(engine.restored))
        world = _world(plan, engine, server)
        with step("tables") as note:
            made = ground.ensure_tables(world.settings)
            note(f"{made} made" if made else "all there")
        with step("keys"):
            app = stack.enter_context(composed(world))
        with step("festivals") as note:
            note(str(seed.run(world, note)))
        with step("live counts"):
            projector = _projector(world)
            stack.callback(_settle, engine, projector)
        with step("web"):
            strip = _strip(world, plan, projector) if plan.strip else None
            gateway = Gateway(app, unrouted, places.REPOSITORY / "static" / "built", strip)
            server.start(gateway.answer)
            stack.callback(server.shutdown)
        yield House(world=world, engine=engine, projector=projector, server=server)


def restored(moment: Moment | None) -> str:
    """Say in a few words what the engine started from, in the time of this laptop."""
    if moment is None:
        return "new"
    taken = moment.taken_at.astimezone()
    today = datetime.now(taken.tzinfo).date()
    when = f"{taken:%H:%M}" if taken.date() == today else f"{taken:%d %b %H:%M}"
    return f"restored {moment.items:,} items of {when}"


def _world(plan: Plan, engine: Engine, server: Server) -> World:
    base_url = f"{'https' if plan.tls else 'http'}://{plan.address}:{server.port}"
    return World(
        engine_url=engine.url,
        base_url=base_url,
        settings=ground.settings_of(base_url, engine.url, plan.at),
        clock=ShiftedClock(plan.at),
        state_dir=plan.state,
        sample=plan.sample,
    )


@contextmanager
def composed(world: World) -> Iterator[Chalice]:
    """Give the app this world's tables, secrets and clock; take them away at the end."""
    numbers = [campaign.number for campaign in world.campaigns.values()]
    secrets = ground.ensure_secrets(world.settings, numbers)
    context.connect(world.settings, secrets=secrets, now=world.clock.now)
    try:
        yield app
    finally:
        context.connect(read_settings())


def _projector(world: World) -> Projector:
    """Start following the ledger, and wait until the counts are up with it."""
    streams_client = ground.aws(world.settings, "dynamodbstreams")
    projector = Projector(streams_client, f"{world.settings.table_prefix}ledger", streams.project)
    projector.start()
    projector.drain(DRAIN_SECONDS)
    return projector


def _settle(engine: Engine, projector: Projector) -> None:
    """Let the counts catch up, then keep everything."""
    if engine.alive():
        projector.drain(DRAIN_SECONDS)
    projector.stop()
    if engine.alive():
        engine.save(projector.projected)


def _strip(world: World, plan: Plan, projector: Projector) -> Strip:
    def state() -> dict[str, object]:
        items = ground.items_by_table(world.settings)
        return {"items": items, "waiting": projector.waiting, "failing": projector.failing}

    return Strip(
        clock=world.clock,
        enrol=world.enrol,
        stand_at=world.stand_at,
        stands=world.stands,
        hosts={"localhost", "127.0.0.1", plan.address},
        state=state,
    )
