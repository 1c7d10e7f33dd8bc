"""The holder keeps a note to oneself with a voucher, or takes it away."""

from datetime import datetime
from typing import Protocol

from chalicelib.domain.note import WRITABLE
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.voucher import Voucher


class Tickets(Protocol):
    """What a note needs of the tables; `chalicelib.store.tickets` fits."""

    def write_note(
        self, voucher_id: str, visitor: str, sealed: bytes | None, *, at: datetime, token: str
    ) -> bool:
        """Keep a note where this visitor holds the voucher; False where that is not so."""
        ...


def note(
    tickets: Tickets,
    voucher: Voucher,
    visitor: str | None,
    sealed: bytes | None,
    *,
    at: datetime,
    token: str,
) -> Refusal | None:
    """Keep what the holder wrote; None says that it is kept."""
    if visitor is None or visitor != voucher.visitor or voucher.state not in WRITABLE:
        return Refusal(Reason.WRONG_HOLDER)
    kept = tickets.write_note(voucher.voucher_id, visitor, sealed, at=at, token=token)
    return None if kept else Refusal(Reason.WRONG_HOLDER)
