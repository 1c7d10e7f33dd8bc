"""A house: everything that runs on the laptop, opened step by step and closed in reverse."""

import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from chalice import Chalice

from app import app
from chalicelib import announcer, courier, egress, streams, sweeper
from chalicelib.config import read_settings
from chalicelib.domain.member import Role
from chalicelib.errands import Errands
from chalicelib.web.console import entrance
from chalicelib.web.context import context
from chalicelib.web.pages import unrouted
from local import engine as engines
from local import ground, places, pool, seed
from local.clock import ShiftedClock, real_now
from local.courier import Courier
from local.engine import Engine
from local.gateway import Answer, Gateway
from local.http_server import Server
from local.mailbox import Mailbox
from local.pool import People
from local.projector import Projector
from local.rest import Request
from local.shop import SampleShop
from local.shop import window as shop_window
from local.snapshot import Moment
from local.strip import Strip
from local.sweeper import Sweeper
from local.world import World

DRAIN_SECONDS = 30.0

Step = Callable[[str], AbstractContextManager[Callable[[str], None]]]


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
    people: People

    def save(self) -> int | None:
        """Take a snapshot if something changed; returns how many items it holds."""
        return self.engine.save(self.projector.projected)


def quiet(_: str) -> AbstractContextManager[Callable[[str], None]]:
    """Run a step and show nothing."""
    return nullcontext(lambda _: None)


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
            queue = ground.ensure_queue(world.settings)
            world = replace(world, settings=replace(world.settings, errands_url=queue))
        with step("keys"):
            world = replace(world, settings=pool.ensure_pool(world.settings))
            app = stack.enter_context(composed(world))
            people = pool.ensure_people(world.settings, world.campaign_at(world.clock.now()))
        with step("festivals") as note:
            note(str(seed.run(world, note)))
        with step("live counts"):
            projector = _projector(world)
            stack.callback(_settle, engine, projector)
            sweeps = Sweeper(lambda go_on: sweeper.sweep(world.clock.now(), go_on))
            sweeps.start()
            stack.callback(sweeps.stop)
            carrier = _courier(world)
            carrier.start()
            stack.callback(carrier.stop)
        with step("web"):
            strip = _strip(world, plan, projector, people, server) if plan.strip else None
            context.post = strip.mailbox.put if strip else None
            gateway = Gateway(app, unrouted, places.REPOSITORY / "static" / "built", strip)
            server.start(gateway.answer)
            stack.callback(server.shutdown)
        yield House(world=world, engine=engine, projector=projector, server=server, people=people)


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
        sample=plan.sample,
    )


@contextmanager
def composed(world: World) -> Iterator[Chalice]:
    """Give the app this world's tables, secrets and clock; take them away at the end."""
    numbers = [campaign.number for campaign in world.campaigns.values()]
    ground.ensure_secrets(world.settings, numbers)
    context.connect(world.settings, now=world.clock.now)
    before, context.real_now = context.real_now, real_now
    entrance.pool_keys.forget()
    try:
        yield app
    finally:
        context.connect(read_settings())
        context.real_now = before


def _projector(world: World) -> Projector:
    """Start following the ledger, and wait until the counts are up with it."""
    streams_client = ground.aws(world.settings, "dynamodbstreams")
    errands = Errands(world.settings)

    def follow(event: dict[str, Any]) -> None:
        streams.project(event)
        announcer.announce(event, errands)  # in AWS the stream has two readers, here one is both

    projector = Projector(streams_client, f"{world.settings.table_prefix}ledger", follow)
    projector.start()
    projector.drain(DRAIN_SECONDS)
    return projector


def _courier(world: World) -> Courier:
    """Return what tells the webhooks, under the same rules for addresses as in AWS."""
    errands = Errands(world.settings)

    def carry(event: Mapping[str, Any]) -> Mapping[str, Any]:
        return courier.carry(event, errands, egress.post)

    return Courier(ground.aws(world.settings, "sqs"), world.settings.errands_url, carry)


def _settle(engine: Engine, projector: Projector) -> None:
    """Let the counts catch up, then keep everything."""
    if not engine.alive():
        projector.stop(0)
        return
    projector.drain(DRAIN_SECONDS)
    projector.stop()
    engine.save(projector.projected)


def _strip(world: World, plan: Plan, projector: Projector, people: People, server: Server) -> Strip:
    def state() -> dict[str, object]:
        items = ground.items_by_table(world.settings)
        return {"items": items, "waiting": projector.waiting, "failing": projector.failing}

    def sign_in(role: str, asked: Request) -> Answer:
        return pool.signed_in(people, Role(role), server.answerer, asked)

    return Strip(
        sign_in=sign_in,
        clock=world.clock,
        enrol=world.enrol,
        stand_at=world.stand_at,
        stands=world.stands,
        hosts={"localhost", "127.0.0.1", plan.address},
        state=state,
        mailbox=Mailbox(letters=partial(pool.letters, people.engine_url)),
        shop=SampleShop(shop_window.opened(world)).answer,
    )
