"""Holds that ended give back what they took, minute by minute; a crash repeats a minute."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from chalicelib.domain.hold import ended, minute_of
from chalicelib.domain.voucher import PastUse, State, Voucher

LONGEST_SWEEP = 24 * 60  # minutes in one go: the next call goes on
FIRST_LOOK = timedelta(minutes=LONGEST_SWEEP)  # how far back one looks that has never swept
LOOK_AGAIN = timedelta(minutes=5)  # an index may lag behind a hold of a few seconds


class Ledger(Protocol):
    """What the sweeper needs of the ledger; `chalicelib.store.holds` fits."""

    def due(self, minute: str) -> Iterator[Voucher]:
        """Yield the vouchers whose hold is due at that minute (from an index: a hint)."""
        ...

    def lapse(self, voucher: Voucher, *, at: datetime) -> bool:
        """End an unused claim and give its unit back; False where that is not due any more."""
        ...

    def end_use(self, voucher: Voucher, past: PastUse) -> bool: ...

    def swept_to(self) -> datetime | None:
        """Return the last minute that is done, or None."""
        ...

    def mark_swept(self, minute: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did."""

    lapsed: int
    released: int
    until: datetime


def sweep(ledger: Ledger, *, at: datetime, go_on: Callable[[], bool] = lambda: True) -> Swept:
    """Go through every minute since a little before the last sweep's end, up to now.

    A clock that was set back looks at its own last minutes. Where `go_on` says no, the next sweep
    takes over from there.
    """
    lapsed = released = 0
    before = ledger.swept_to()
    since = min(before, at) - LOOK_AGAIN if before else at - FIRST_LOOK
    done = since.replace(second=0, microsecond=0)
    last = min(at, done + timedelta(minutes=LONGEST_SWEEP)).replace(second=0, microsecond=0)
    while done < last and go_on():
        minute = done + timedelta(minutes=1)
        for voucher in ledger.due(minute_of(minute)):
            if voucher.state is State.ISSUED:
                lapsed += ledger.lapse(voucher, at=at)
            elif voucher.use is not None and not voucher.held_at(at):
                released += ledger.end_use(voucher, ended(voucher, voucher.use, at))
        done = minute
        ledger.mark_swept(done)
    return Swept(lapsed, released, done)
