"""A voucher that several doors accepted, and what the manager makes of it.

Who bears the value is a pure function of everybody who took part; it does not depend on the order
in which phones came back to the network. It moves nothing: only a resolution does.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.offline_scan import OfflineScan, Outcome
from chalicelib.domain.reasons import Reason
from chalicelib.domain.voucher import State, Use, Voucher


class Decision(StrEnum):
    """What a manager decides: leave all as it is, give the use back, or bear the loss."""

    KEEP = "keep"
    GIVE_BACK = "give_back"
    WRITE_OFF = "write_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Somebody who let the holder in. `seq` is None for the use that was made online."""

    device_id: str
    popup_id: str
    at: datetime
    outcome: Outcome
    seq: int | None = None
    reason: Reason | None = None
    skewed: bool = False
    shift: str | None = None
    discount_minor: int = 0
    currency: str | None = None

    @property
    def name(self) -> str:
        """Its name among all parties of a case."""
        return self.device_id if self.seq is None else f"{self.device_id}#{self.seq}"

    @property
    def contends(self) -> bool:
        return self.reason in {None, Reason.ALREADY_REDEEMED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What was decided, by which device, about how many offline parties."""

    decision: Decision
    note: str
    device_id: str
    at: datetime
    parties: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case of one unit, named by its `root`. `version` rises with each write of it.

    `behind` tells that a conflict came in that it does not name yet.
    """

    campaign_id: str
    root: str
    offer_id: str
    parties: tuple[Party, ...]
    opened_at: datetime
    winner: str | None
    version: int = 1
    resolution: Resolution | None = None
    behind: bool = False

    @property
    def offline(self) -> int:
        """How many parties had no network."""
        return sum(party.seq is not None for party in self.parties)

    @property
    def resolved(self) -> bool:
        """Tell whether it was decided, and nobody came forward since."""
        return self.resolution is not None and self.resolution.parties == self.offline

    @property
    def at_risk(self) -> Mapping[str, int]:
        """What was given at the door without a use that stands, by currency."""
        sums = Counter[str]()
        for party in self.parties:
            if party.outcome is Outcome.CONFLICT and party.currency is not None:
                sums[party.currency] += party.discount_minor
        return dict(sums)

    def names(self, party: str) -> bool:
        """Tell whether this entry is among its parties."""
        return any(each.name == party for each in self.parties)

    def concerns(self, popup_id: str) -> bool:
        """Tell whether this stand took part."""
        return any(party.popup_id == popup_id for party in self.parties)

    def over(self, stored: "Case") -> "Case":
        """Return this case as what is written over a stored one."""
        return replace(
            self,
            opened_at=stored.opened_at,
            version=stored.version + 1,
            resolution=stored.resolution,
        )

    def says_as(self, stored: "Case") -> bool:
        """Tell whether the stored one says the same of who took part."""
        return (self.parties, self.winner) == (stored.parties, stored.winner)


def case_of(root: str, scans: Sequence[OfflineScan], vouchers: Iterable[Voucher]) -> Case | None:
    """Return the case of a unit as everything that is known makes it, or None: there is none."""
    conflicts = [scan for scan in scans if scan.outcome is Outcome.CONFLICT]
    if not conflicts:
        return None
    online = [_online(use) for use in map(_standing, vouchers) if use is not None]
    offline = sorted((scan for scan in scans if scan.let_in), key=_order)
    parties = (*online, *map(_party, offline))
    first = min(conflicts, key=_order)
    return Case(
        campaign_id=first.campaign_id,
        root=root,
        offer_id=first.offer_id or "",
        parties=parties,
        opened_at=min(scan.received_at for scan in conflicts),
        winner=winner(parties),
    )


def winner(parties: Iterable[Party]) -> str | None:
    """Return who bears no loss: the online use, else the earliest by corrected time."""
    online = [party for party in parties if party.seq is None]
    contenders = online or [party for party in parties if party.contends]
    first = min(
        contenders, key=lambda party: (party.at, party.device_id, party.seq or 0), default=None
    )
    return first.name if first else None


def _standing(voucher: Voucher) -> Use | None:
    """Return the use that stands and was made online."""
    stands = voucher.state is State.REDEEMED and voucher.use is not None
    return voucher.use if stands and voucher.use and voucher.use.seq is None else None


def _online(use: Use) -> Party:
    return Party(
        device_id=use.device_id,
        popup_id=use.popup_id,
        at=use.received_at,
        outcome=Outcome.ACCEPTED,
        discount_minor=use.discount_minor,
        currency=use.currency,
    )


def _party(scan: OfflineScan) -> Party:
    return Party(
        device_id=scan.device_id,
        popup_id=scan.popup_id,
        at=scan.corrected_at,
        outcome=scan.outcome,
        seq=scan.seq,
        reason=scan.reason,
        skewed=scan.skewed,
        shift=scan.shift,
        discount_minor=scan.discount_minor,
        currency=scan.currency,
    )


def _order(scan: OfflineScan) -> tuple[datetime, str, int]:
    return scan.corrected_at, scan.device_id, scan.seq
