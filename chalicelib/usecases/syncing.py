"""A device hands in what it accepted without network; each entry ends once and for ever.

First the chain moves over the batch, then each entry is written together with the use that it
makes. A batch that is sent again goes the same way and finds what is there, so whatever a process
that died had begun is finished by the next one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from chalicelib.domain import offline
from chalicelib.domain.counter import Counter, CounterId
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.hold import ended
from chalicelib.domain.offline import Admission, Chain, Committed, Entry, Handed
from chalicelib.domain.offline_scan import (
    OfflineScan,
    Outcome,
    Verdict,
    at_the_door,
    judged,
    used_under,
)
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.redemption import LAST_USE, REVERSAL_WINDOW, Scan
from chalicelib.domain.using import Plan, offline_plan, overdrawn
from chalicelib.domain.voucher import PastUse, State, Voucher

_ROUNDS = 5


class Scans(Protocol):
    """What handing in needs of the ledger; `chalicelib.store.scans` fits."""

    def chain(self, device_id: str) -> Chain: ...

    def advance(
        self,
        device_id: str,
        before: Chain,
        after: Chain,
        committed: tuple[Committed, ...],
        at: datetime,
    ) -> bool:
        """Move the chain and keep what it says of each entry; False where it had moved."""
        ...

    def committed(self, device_id: str, since: int, until: int) -> Mapping[int, Committed]:
        """Return what the chain says of known entries, by their numbers."""
        ...

    def find(self, device_id: str, seq: int, root: str | None) -> OfflineScan | None:
        """Return an entry that is kept, or None."""
        ...

    def put(self, scan: OfflineScan) -> OfflineScan:
        """Keep an entry that moves nothing; return the one that stands."""
        ...

    def take(self, plan: Plan, scan: OfflineScan) -> OfflineScan | None:
        """Keep an entry with the use that it makes; None where the ledger moved: look again."""
        ...

    def get_many(self, voucher_ids: Sequence[str]) -> list[Voucher]: ...

    def counters_of(self, counter_ids: Iterable[CounterId]) -> Mapping[CounterId, Counter]: ...

    def end_use(self, voucher: Voucher, past: PastUse) -> bool:
        """Give back what a use took; False where the voucher is not in it any more."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """One entry as it was posted. `line` is what was shown, or why that is no voucher."""

    entry: Entry
    nonce: str
    epoch: int
    line: Scan | Refusal
    shift: str | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HandIn:
    """What a device hands in. `quarantined`: it was revoked, so nothing that it says counts."""

    device_id: str
    campaign_id: str
    popup_id: str
    handed: Handed
    posted: tuple[Posted, ...]
    quarantined: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What became of an entry; `scan` is None for one that comes too early (a hole before it)."""

    seq: int
    nonce: str
    scan: OfflineScan | None


@dataclass(frozen=True, slots=True)
class Synced:
    """What became of each entry, and how far the chain is."""

    results: tuple[Result, ...]
    chain: Chain

    def roots(self, outcome: Outcome) -> list[str]:
        """Return the units whose entries ended so."""
        scans = (result.scan for result in self.results if result.scan is not None)
        return [scan.root for scan in scans if scan.outcome is outcome and scan.root is not None]


@dataclass(frozen=True, slots=True)
class Broken:
    """The batch does not continue the chain."""

    chain: Chain


def sync(scans: Scans, hand_in: HandIn) -> Synced | Broken:
    """Take a batch in. Raises TryAgain where the ledger keeps moving; nothing is lost then."""
    for _ in range(_ROUNDS):
        chain = scans.chain(hand_in.device_id)
        admission = offline.admit(chain, hand_in.handed)
        if admission is None:
            return Broken(chain)
        known = _known(scans, hand_in, admission)
        if _advanced(scans, hand_in, chain, admission):
            return _settled(scans, hand_in, admission, known)
    raise TryAgain("the chain moved while the batch came in")


def _known(scans: Scans, hand_in: HandIn, admission: Admission) -> Mapping[int, Committed]:
    """Return what the chain says of the entries that it has."""
    if not admission.known:
        return {}
    return scans.committed(hand_in.device_id, min(admission.known), max(admission.known))


def _advanced(scans: Scans, hand_in: HandIn, chain: Chain, admission: Admission) -> bool:
    if not admission.fresh:
        return True
    at = hand_in.handed.received_at
    return scans.advance(hand_in.device_id, chain, admission.chain, admission.fresh, at)


def _settled(
    scans: Scans, hand_in: HandIn, admission: Admission, known: Mapping[int, Committed]
) -> Synced:
    """End every entry that has its place in the chain, in its order."""
    said = {**known, **{one.seq: one for one in admission.fresh}}
    lines = [posted.line for posted in hand_in.posted]
    ids = [line.voucher_id for line in lines if isinstance(line, Scan)]
    vouchers = {voucher.voucher_id: voucher for voucher in scans.get_many(list(dict.fromkeys(ids)))}
    results = []
    for posted in hand_in.posted:
        seq, found = posted.entry.seq, None
        if seq not in admission.early:
            work = _Entry(scans, hand_in, posted, said[seq])
            found = work.ended(vouchers, stored=seq in admission.known)
        results.append(Result(seq, posted.nonce, found))
    return Synced(tuple(results), admission.chain)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry on its way to its end."""

    scans: Scans
    hand_in: HandIn
    posted: Posted
    said: Committed

    def ended(self, vouchers: dict[str, Voucher], *, stored: bool) -> OfflineScan:
        """Return the entry as it ended, now or before."""
        line = self.posted.line
        if self.posted.entry.digest != self.said.digest:
            return self._put(self._forked())
        if isinstance(line, Refusal):
            return self._put(self._rejected(line.reason))
        scan = at_the_door(line, self.said.at)
        voucher = vouchers.pop(scan.voucher_id, None)
        for turn in range(_ROUNDS):
            if voucher is None:
                voucher = next(iter(self.scans.get_many([scan.voucher_id])), scan.first)
            root = (voucher.root or voucher.voucher_id) if voucher else None
            found = self._found(root) if stored and turn == 0 else None
            found = found or self._tried(scan, voucher)
            if found is not None:
                return found
            voucher = None
        raise TryAgain("the voucher changed while its entry came in")

    def _found(self, root: str | None) -> OfflineScan | None:
        return self.scans.find(self.hand_in.device_id, self.said.seq, root)

    def _tried(self, scan: Scan, voucher: Voucher | None) -> OfflineScan | None:
        """Return the entry as it ended, or None where the ledger has to be looked at again."""
        if self.hand_in.quarantined:
            return self._put(self._rejected(Reason.DEVICE_REVOKED))
        if voucher is None:
            return self._put(self._rejected(Reason.UNKNOWN_CODE))
        if self.posted.withdrawn:
            verdict = Verdict(Outcome.REJECTED, self._take_back(scan, voucher))
            return self._put(self._of(verdict, scan, voucher))
        verdict_of_rules = judged(scan, voucher, over=self.said.over)
        if verdict_of_rules is not None:
            return self._put(self._of(verdict_of_rules, scan, voucher))
        if voucher.state is State.HELD and voucher.use is not None:
            self.scans.end_use(voucher, ended(voucher, voucher.use, self.said.received_at))
            return None
        return self._taken(scan, voucher)

    def _taken(self, scan: Scan, voucher: Voucher) -> OfflineScan | None:
        """Let the entry take the voucher; what its counters have not got is counted apart."""
        number = voucher.uses + 1
        plan = offline_plan(scan, seq=self.said.seq, received_at=self.said.received_at)
        plan = replace(plan, use=replace(plan.use, number=number))
        if plan.draws:
            plan = overdrawn(plan, self.scans.counters_of(draw.counter for draw in plan.draws))
        accepted = self._of(Verdict(Outcome.ACCEPTED, number=number), scan, voucher)
        return self.scans.take(plan, accepted)

    def _take_back(self, scan: Scan, voucher: Voucher) -> Reason:
        """Give back the use that the same nonce had made online without the phone's knowing.

        A use of an entry is none, and one that was made long before is too late to withdraw.
        """
        use = voucher.use
        if use is None or not used_under(voucher, scan.device_id, scan.nonce):
            return Reason.ALREADY_REVERSED
        if use.seq is not None or abs(use.received_at - self.said.at) > REVERSAL_WINDOW:
            return Reason.REVERSAL_WINDOW_CLOSED
        if voucher.state is State.REDEEMED and voucher.uses < LAST_USE:
            past = PastUse(
                use=use,
                nonce=f"withdrawn-{self.said.seq}",
                device_id=scan.device_id,
                reversed_at=self.said.received_at,
                why="withdrawn before it was handed in",
            )
            self.scans.end_use(voucher, past)
        return Reason.ALREADY_REVERSED

    def _put(self, scan: OfflineScan) -> OfflineScan:
        return self.scans.put(scan)

    def _forked(self) -> OfflineScan:
        """Return an entry under whose number the chain knows another, which it does not touch."""
        at = self.hand_in.handed.received_at
        refused = self._rejected(Reason.CHAIN_BROKEN)
        return replace(refused, corrected_at=at, received_at=at, fork=self.posted.entry.digest)

    def _rejected(self, reason: Reason) -> OfflineScan:
        """Return the entry without a voucher: nothing that it says is believed."""
        return OfflineScan(
            device_id=self.hand_in.device_id,
            seq=self.said.seq,
            nonce=self.posted.nonce,
            campaign_id=self.hand_in.campaign_id,
            popup_id=self.hand_in.popup_id,
            scanned_at=self.posted.entry.scanned_at,
            corrected_at=self.said.at,
            received_at=self.said.received_at,
            epoch=self.posted.epoch,
            outcome=Outcome.REJECTED,
            reason=reason,
            skewed=self.said.skewed,
            shift=self.posted.shift,
        )

    def _of(self, verdict: Verdict, scan: Scan, voucher: Voucher) -> OfflineScan:
        discount = scan.discount_minor
        return replace(
            self._rejected(Reason.UNKNOWN_CODE),
            outcome=verdict.outcome,
            reason=verdict.reason,
            number=verdict.number,
            root=voucher.root or voucher.voucher_id,
            voucher_id=voucher.voucher_id,
            offer_id=scan.offer.offer_id,
            discount_minor=discount,
            currency=(scan.offer.benefit.currency or scan.used.currency) if discount else None,
        )
