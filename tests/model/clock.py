"""What one use, one hold and the clocks on the walls say by themselves."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from model.facts import ENDS, OFFERS, STARTS, ZONES, Device
from model.paper import Limit, Paper, Use


def against_the_hour(use: Use, here: datetime) -> Iterator[str]:
    if here < STARTS:
        yield "not_started"
    if here >= ENDS:
        yield "expired"
    if not use.device.online and not is_open(use.stand, here):
        yield "not_now"


def against_its_state(paper: Paper, use: Use, *, stale: bool) -> Iterator[str]:
    if paper.end == "lapsed" or stale:
        yield "lapsed"
    if paper.in_use:
        yield "already_redeemed"
    if paper.held and not is_over(paper.held, use.at):
        yield "held_by_order"
    if use.until is not None and len(paper.uses) >= 7:
        yield "reversal_window_closed"


def is_over(hold: Use, at: datetime) -> bool:
    return hold.until is not None and at >= hold.until


def after(at: datetime, seconds: int | None) -> datetime | None:
    return None if seconds is None else at + timedelta(seconds=seconds)


def group(device: Device, offer: str, order: str | None) -> tuple[str, str] | None:
    """Return what a use keeps others of its group from: the order, whose it is."""
    group = OFFERS[offer].group
    whose = device.stand or device.device_id
    return (f"{whose}#{order}", group) if order is not None and group is not None else None


def kept_until(offer: str, stand: str, at: datetime) -> datetime | None:
    hold = OFFERS[offer].hold
    return max(at, STARTS.replace(tzinfo=ZONES[stand])) + hold if hold is not None else None


def wall(stand: str, at: datetime) -> datetime:
    """Return what the clock on a stand's wall shows."""
    return at.astimezone(ZONES[stand]).replace(tzinfo=None)


def day(stand: str, at: datetime) -> str:
    return wall(stand, at).date().isoformat()


def is_open(stand: str, here: datetime) -> bool:
    return stand != "istanbul" or here.hour >= 10 or here.hour < 2


def is_past(limit: Limit, at: datetime) -> bool:
    """Tell whether a limit is of a day that is over where it counts."""
    return limit[0] == "day" and limit[3] < day(limit[2], at)
