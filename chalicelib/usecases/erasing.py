"""A visitor is forgotten: taken off every voucher, with the notes. States and amounts stay."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.domain.errors import TryAgain
from chalicelib.domain.voucher import Voucher

_MOST_ROUNDS = 4  # each ends what the last one found; another tab may have added to it


class Hanging(Protocol):
    """What hangs on a voucher; `chalicelib.store.tickets.Attached` fits."""

    @property
    def note(self) -> bytes | None: ...


class Tickets(Protocol):
    """What erasing needs of the tables; `chalicelib.store.tickets` fits."""

    def get_many(self, voucher_ids: Sequence[str]) -> list[Voucher]: ...

    def attached(self, voucher_ids: Iterable[str]) -> Mapping[str, Hanging]: ...

    def forget_holder(self, voucher_id: str, visitor: str, *, at: datetime) -> None:
        """Take this visitor off a voucher; nothing happens where another holds it."""
        ...

    def forget_note(self, voucher_id: str, *, at: datetime) -> None: ...


def erase(tickets: Tickets, visitor: str, voucher_ids: Sequence[str], *, at: datetime) -> int:
    """Forget the visitor on all of these that are the visitor's; return how many there were.

    The holder goes first: without one, nobody can write a note any more. A call that broke off
    is repeated as it is; it is done when a round finds nothing. Raises TryAgain where other tabs
    keep adding.
    """
    forgotten = 0
    for _ in range(_MOST_ROUNDS):
        found = tickets.get_many(voucher_ids)
        mine = [voucher for voucher in found if voucher.visitor == visitor]
        for voucher in mine:
            tickets.forget_holder(voucher.voucher_id, visitor, at=at)
        nobodys = [v.voucher_id for v in found if v.visitor in {visitor, ""} and not v.minted]
        noted = [one for one, more in tickets.attached(nobodys).items() if more.note is not None]
        for voucher_id in noted:
            tickets.forget_note(voucher_id, at=at)
        if not mine and not noted:
            return forgotten
        forgotten += len(mine)
    raise TryAgain("the visitor goes on claiming")
