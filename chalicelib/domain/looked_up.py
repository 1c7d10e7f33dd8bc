"""What happened to a voucher, as one list in time: who finds it sees no person, and no code."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.offline_scan import OfflineScan, Outcome
from chalicelib.domain.reasons import Reason
from chalicelib.domain.voucher import PastUse, Use, Voucher


class What(StrEnum):
    """What happened."""

    ISSUED = "issued"
    USED = "used"
    HELD = "held"
    GIVEN_BACK = "given_back"
    RELEASED = "released"
    CONFLICT = "conflict"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One thing that happened, at which stand, by which device (or shop); None: by the holder.

    `offline` tells that a device accepted it without network; `reason` why it does not count.
    """

    at: datetime
    what: What
    popup_id: str
    device_id: str | None = None
    offline: bool = False
    reason: Reason | None = None


def history(
    voucher: Voucher, past: Iterable[PastUse], scans: Iterable[OfflineScan]
) -> list[Happened]:
    """Return all that happened, the first thing first."""
    found = [Happened(at=voucher.issued_at, what=What.ISSUED, popup_id=voucher.popup_id)]
    if voucher.use is not None:
        found.append(_used(voucher.use, held=voucher.held_until is not None))
    for one in past:
        found.append(_used(one.use, held=one.released))
        found.append(
            Happened(
                at=one.reversed_at,
                what=What.RELEASED if one.released else What.GIVEN_BACK,
                popup_id=one.use.popup_id,
                device_id=one.device_id,
            )
        )
    found += [_entry(scan) for scan in scans if scan.outcome is not Outcome.ACCEPTED]
    return sorted(found, key=lambda one: one.at)


def _used(use: Use, *, held: bool) -> Happened:
    return Happened(
        at=use.at,
        what=What.HELD if held else What.USED,
        popup_id=use.popup_id,
        device_id=use.device_id,
        offline=use.seq is not None,
    )


def _entry(scan: OfflineScan) -> Happened:
    """Return an entry that moved nothing; one that took the voucher shows as its use."""
    return Happened(
        at=scan.corrected_at,
        what=What(scan.outcome.value),
        popup_id=scan.popup_id,
        device_id=scan.device_id,
        offline=True,
        reason=scan.reason,
    )
