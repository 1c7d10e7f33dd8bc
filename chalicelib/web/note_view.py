"""What the holder sees of a note: nothing yet, that there is one, or what it says."""

from dataclasses import dataclass

from chalicelib import signing
from chalicelib.domain import note as rules
from chalicelib.web.context import context
from chalicelib.web.voucher_state import VoucherView


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteView:
    """`kept` tells that there is one, `text` is what it says once its day has come."""

    kept: bool
    text: str
    opens: str
    writable: bool
    longest: int = rules.LONGEST


def note_view(view: VoucherView, sealed: bytes | None) -> NoteView | None:
    """Return the note of the holder's voucher, or None where none may be written any more."""
    campaign, popup, offer = view.campaign, view.popup, view.offer
    usable_from = campaign.usable_from(popup, offer)
    writable = view.state in rules.WRITABLE and view.at < campaign.usable_until(popup, offer)
    if sealed is None:
        return NoteView(kept=False, text="", opens="", writable=True) if writable else None
    if not rules.opens(popup, usable_from, view.at):
        return NoteView(kept=True, text="", opens=view.when(usable_from), writable=writable)
    text = unsealed(view.voucher.voucher_id, sealed)
    return NoteView(kept=True, text=text, opens="", writable=writable)


def sealed(voucher_id: str, text: str) -> bytes:
    """Return a note as it is kept: whoever reads the table reads nothing."""
    return signing.seal(context.secrets, _purpose(voucher_id), text.encode(), context.entropy)


def unsealed(voucher_id: str, sealed: bytes) -> str:
    return signing.opened(context.secrets, _purpose(voucher_id), sealed).decode()


def _purpose(voucher_id: str) -> str:
    return f"note|{voucher_id}"
