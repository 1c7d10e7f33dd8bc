"""A use that was accepted at the door without network, and what the ledger makes of it."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain import redemption as rules
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.redemption import Scan
from chalicelib.domain.voucher import Voucher


class Outcome(StrEnum):
    """How an entry ends; it never changes afterwards.

    `duplicate`: the same device or a replayed nonce, nothing at risk. `conflict`: accepted at the
    door, not valid by the ledger. `rejected`: not authentic, withdrawn, a fork of its chain, or
    of a revoked device.
    """

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineScan:
    """An entry as it is kept. `root` is its unit's first voucher; None: no voucher is known.

    `corrected_at` is the server's idea of when, `scanned_at` the device's. `number` is that of
    the use that it made, or repeated. `fork` is the digest of one under whose number the chain
    knows another.
    """

    device_id: str
    seq: int
    nonce: str
    campaign_id: str
    popup_id: str
    scanned_at: datetime
    corrected_at: datetime
    received_at: datetime
    epoch: int
    outcome: Outcome
    reason: Reason | None = None
    skewed: bool = False
    shift: str | None = None
    root: str | None = None
    voucher_id: str | None = None
    offer_id: str | None = None
    discount_minor: int = 0
    currency: str | None = None
    number: int | None = None
    fork: str | None = None

    @property
    def name(self) -> str:
        """Its name among all entries."""
        return f"{self.device_id}#{self.seq}{f'~{self.fork}' if self.fork else ''}"

    @property
    def let_in(self) -> bool:
        """Tell whether somebody was served for it."""
        return self.outcome in {Outcome.ACCEPTED, Outcome.CONFLICT}


def at_the_door(scan: Scan, at: datetime) -> Scan:
    """Return a scan as it was at that instant: a pause that lies over the campaign now was not."""
    live = replace(
        scan.published.live,
        paused=False,
        paused_popups=frozenset(),
        paused_offers=frozenset(),
        closings={},
    )
    return replace(scan, at=at, published=replace(scan.published, live=live))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the ledger makes of an entry."""

    outcome: Outcome
    reason: Reason | None = None
    number: int | None = None


def judged(scan: Scan, voucher: Voucher, *, over: bool) -> Verdict | None:
    """Return the verdict on an entry that cannot be a use, or None where it may take the voucher.

    `scan.at` is its corrected time.
    """
    if voucher.knows(scan.device_id, scan.nonce):
        number = voucher.uses if used_under(voucher, scan.device_id, scan.nonce) else None
        return Verdict(Outcome.DUPLICATE, number=number)
    if over:
        return Verdict(Outcome.CONFLICT, Reason.OFFLINE_ALLOWANCE_USED)
    if not scan.offer.works_offline:
        return Verdict(Outcome.CONFLICT, Reason.NEEDS_NETWORK)
    refused = rules.refusal(scan, voucher)
    return _verdict(refused, scan, voucher) if refused else None


def _verdict(refused: Refusal, scan: Scan, voucher: Voucher) -> Verdict:
    used = refused.reason is Reason.ALREADY_REDEEMED
    own = used and voucher.use is not None and voucher.use.device_id == scan.device_id
    return Verdict(Outcome.DUPLICATE if own else Outcome.CONFLICT, refused.reason)


def used_under(voucher: Voucher, device_id: str, nonce: str) -> bool:
    """Tell whether the use that stands is this device's, under this nonce."""
    use = voucher.use
    return use is not None and (use.device_id, use.nonce) == (device_id, nonce)
