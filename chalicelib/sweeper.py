"""Every minute, holds that ended give back what they took."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

from chalice import Blueprint
from chalice.app import CloudWatchEvent

from chalicelib.config import read_settings
from chalicelib.store import holds, setup
from chalicelib.usecases import sweeping
from chalicelib.usecases.sweeping import Swept

minutes = Blueprint(__name__)


@minutes.schedule("rate(1 minute)", name="sweeper")
def every_minute(_: CloudWatchEvent) -> dict[str, int]:
    """Lambda's entry; a sweep that dies is made up for by the next."""
    _connect()
    swept = sweep(datetime.now(UTC))
    return {"lapsed": swept.lapsed, "released": swept.released}


def sweep(at: datetime, go_on: Callable[[], bool] = lambda: True) -> Swept:
    """End every hold that is over at that instant, for as long as `go_on` says so."""
    return sweeping.sweep(holds, at=at, go_on=go_on)


@cache
def _connect() -> None:
    """Point the store at this deployment's tables, once for each process."""
    setup.connect(read_settings())
