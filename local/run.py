"""`make run`: opens Marquee on this laptop, says where it is, and keeps it until Ctrl-C."""

import logging
import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from logging.handlers import RotatingFileHandler

from app import app
from chalicelib.domain.device import Profile
from chalicelib.domain.member import Role
from local import ground, places, running, tls
from local.clock import read_at, real_now
from local.house import House, Plan, opened
from local.places import Places
from local.sample_loader import BadSheetsError
from local.terminal import Lines, Steps, qr, say
from local.trouble import Trouble, told

STEPS = 7
_log = logging.getLogger("marquee.run")
SAVE_SECONDS = 60.0
LOOK_SECONDS = 0.5
CODE_LIFE = timedelta(days=30)  # longer than a run; run.json, which has codes and key, ends with it


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the variables before `make run` ask for."""

    port: int = 8000
    at: datetime | None = None
    lan: bool = False
    sample: bool = True


def read_options(environ: Mapping[str, str]) -> Options:
    """Return the options. Raises Trouble, with the cure, for one that makes no sense."""
    port = environ.get("PORT") or "8000"
    if not port.isascii() or not port.isdigit() or not 1 <= int(port) <= 65535:
        raise Trouble(f"PORT={port} is not a port from 1 to 65535. Try PORT=8001 make run.")
    return Options(
        port=int(port),
        at=read_at(environ.get("AT", "")),
        lan=environ.get("LAN", "") not in {"", "0"},
        sample=environ.get("SAMPLE", "1") != "0",
    )


def main() -> int:
    """Open, announce, watch, close. Returns the exit status."""
    options, where = read_options(os.environ), places.usual()
    _stop_on_signals()
    try:
        with running.alone(where):
            _log_to(where)
            return _run(options, where)
    except KeyboardInterrupt:
        say("Closed. The data is kept; make run goes on with it, make reset forgets it.")
        return 0
    except BadSheetsError as faults:
        raise Trouble(f"The sample files have faults:\n{faults}") from faults
    except Trouble:
        raise
    except Exception as error:
        _log.exception("the run ended")
        cure = "If the data is of another version, forget it: make reset."
        raise Trouble(f"{error!r}: {where.log}/web.log says more. {cure}") from error


def _run(options: Options, where: Places) -> int:
    steps = Steps(STEPS)
    plan = plan_of(options, where)
    with opened(plan, steps) as house:
        with steps("codes of stewards and screens, and the shop's key"):
            until = real_now() + CODE_LIFE
            codes, screens = (
                {s: house.world.enrol(s, profile, expires_at=until) for s in house.world.stands}
                for profile in (Profile.STEWARD, Profile.SCREEN)
            )
            here = house.world.campaign_at(house.world.clock.now())
            shop_key = house.world.shop_key(here, expires_at=until)
        running.announce(where, run_document(house, codes, screens, shop_key))
        try:
            _show(house, lan=options.lan)
            return _watch(house, where)
        finally:
            running.withdraw(where)


def plan_of(options: Options, where: Places) -> Plan:
    """Return how to open the house for these options."""
    address = tls.lan_address() if options.lan else "localhost"
    return Plan(
        log=where.log,
        state=where.state_of(options.at),
        at=options.at,
        sample=options.sample,
        host="0.0.0.0" if options.lan else "127.0.0.1",  # noqa: S104 - asked for with LAN=1
        address=address,
        port=options.port,
        tls=tls.server_context(where.tls, address) if options.lan else None,
    )


def run_document(
    house: House, codes: Mapping[str, str], screens: Mapping[str, str], shop_key: str
) -> dict[str, object]:
    """Return what run.json says; scripts, load tests and browsers start from it."""
    here = house.world
    return {
        "base_url": here.base_url,
        "engine_url": here.engine_url,
        "table_prefix": here.settings.table_prefix,
        "user_pool_id": here.settings.user_pool_id,
        "campaign_id": here.campaign_at(here.clock.now()),
        "console": {
            "email": house.people.email(Role.OWNER),
            "password": house.people.password,
        },
        "enrolments": dict(codes),
        "screens": dict(screens),
        "shop_key": shop_key,
        "training": here.training(here.stand_at(here.clock.now())),
        "started_at": real_now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _show(house: House, *, lan: bool) -> None:
    here = house.world
    home = here.stand_at(here.clock.now())
    stand = f"{here.base_url}/p/{home}"
    steward = f"{here.base_url}/staff/#enrol={here.enrol(home)}"
    screen = f"{here.base_url}/screen/{home}#enrol={here.enrol(home, Profile.SCREEN)}"
    say("\nMarquee is open.\n")
    say(f"  all cities  {here.base_url}/")
    say(f"  visitor     {stand}")
    say(f"  steward     {steward}  (once; the strip on each page makes more)")
    say(f"  screen      {screen}  (likewise: the stand's television)")
    say(f"  live        {here.base_url}/live")
    say(f"  console     {here.base_url}/console/  (the strip's clock has a button for each role)\n")
    say(qr(stand))
    if lan:
        say("The certificate is our own: phones ask once whether to go on. Anyone in this network")
        say("can now act as visitor, steward and member of the console. The steward's phone:\n")
        say(qr(steward))
    say("next: make demo (in another terminal). Ctrl-C closes and keeps the data.\n")


def _watch(house: House, where: Places) -> int:
    """Show events and save every minute until something ends. Returns the exit status."""
    lines = Lines(house.world.clock.now)
    logging.getLogger("marquee.events").addHandler(lines)
    saved, waits = time.monotonic(), False
    while house.engine.alive():
        time.sleep(LOOK_SECONDS)
        if time.monotonic() - saved >= SAVE_SECONDS:
            saved = _saved(house)
        if waits != bool(house.projector.failing):
            waits = not waits
            say(f"The live counts wait; {where.log}/web.log says why." if waits else "They go on.")
    status = house.engine.process.returncode
    say(f"The engine stopped by itself (status {status}); {where.log}/engine.log says why.")
    say("Start again with make run: it goes on from the last minute's snapshot.")
    return 1


def _saved(house: House) -> float:
    try:
        house.save()
    except OSError as error:  # a dead engine is told of by the caller, a slow one tries again
        _log.warning("no snapshot: %r", error)
    return time.monotonic()


def _stop_on_signals() -> None:
    """Let the first of Ctrl-C, SIGTERM and a closed terminal close everything in order.

    Later ones are ignored, so that closing is never cut short.
    """

    def stop(*_: object) -> None:
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in _SIGNALS:
        signal.signal(number, stop)


_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _log_to(where: Places) -> None:
    """Send every log to files; the terminal shows events only."""
    where.log.mkdir(parents=True, exist_ok=True)
    file = RotatingFileHandler(where.log / "web.log", maxBytes=5_000_000, backupCount=1)
    file.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s %(message)s"))
    logging.basicConfig(handlers=[file], level=logging.WARNING, force=True)
    logging.getLogger("marquee.events").setLevel(logging.INFO)
    app.log.handlers.clear()
    app.log.propagate = True


if __name__ == "__main__":
    ground.keep_home()
    raise SystemExit(told(main))
