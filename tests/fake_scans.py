"""A ledger that also keeps what devices hand in; every method decides and writes in one step."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from fakes import Ledger, _usable

from chalicelib.domain.case import Case
from chalicelib.domain.counter import Counter, CounterId
from chalicelib.domain.offline import Chain, Committed
from chalicelib.domain.offline_scan import OfflineScan, Outcome
from chalicelib.domain.using import Plan
from chalicelib.domain.voucher import PastUse, Voucher, nonce_mark
from chalicelib.domain.voucher import State as VoucherState


@dataclass
class Doors(Ledger):
    """Chains, entries and cases beside the vouchers."""

    chains: dict[str, Chain] = field(default_factory=dict)
    said: dict[str, dict[int, Committed]] = field(default_factory=dict)
    scans: dict[tuple[str | None, str, int], OfflineScan] = field(default_factory=dict)
    listed: dict[str, Case] = field(default_factory=dict)

    # --- chains ---------------------------------------------------------------------------------
    def chain(self, device_id: str) -> Chain:
        return self.chains.get(device_id, Chain())

    def advance(
        self,
        device_id: str,
        before: Chain,
        after: Chain,
        committed: tuple[Committed, ...],
        at: datetime,
    ) -> bool:
        assert at.tzinfo
        assert after.version == before.version + 1
        if self.chain(device_id) != before:
            return False
        self.chains[device_id] = after
        self.said.setdefault(device_id, {}).update({one.seq: one for one in committed})
        return True

    def committed(self, device_id: str, since: int, until: int) -> Mapping[int, Committed]:
        mine = self.said.get(device_id, {})
        return {seq: one for seq, one in mine.items() if since <= seq <= until}

    # --- entries --------------------------------------------------------------------------------
    def find(self, device_id: str, seq: int, root: str | None) -> OfflineScan | None:
        return self.scans.get((None, device_id, seq)) or self.scans.get((root, device_id, seq))

    def put(self, scan: OfflineScan) -> OfflineScan:
        where = scan.root, f"{scan.device_id}{scan.fork or ''}", scan.seq
        if where not in self.scans and scan.outcome is Outcome.CONFLICT:
            self._mark(scan)
        return self.scans.setdefault(where, scan)

    def _mark(self, scan: OfflineScan) -> None:
        """Let the case of the entry's unit know that it is behind."""
        root, offer_id = scan.root or "", scan.offer_id or ""
        known = self.listed.get(root) or Case(
            campaign_id=scan.campaign_id,
            root=root,
            offer_id=offer_id,
            parties=(),
            opened_at=scan.received_at,
            winner=None,
            version=0,
        )
        self.listed[root] = replace(known, behind=True, version=known.version + 1)

    def take(self, plan: Plan, scan: OfflineScan) -> OfflineScan | None:
        stands = self.scans.get((scan.root, scan.device_id, scan.seq))
        if stands is not None:
            return stands
        voucher = self.vouchers.get(plan.voucher_id, plan.first)
        assert voucher is not None
        if not _usable(voucher, plan) or voucher.uses + 1 != plan.use.number:
            return None
        for draw in plan.draws:
            known = self.counters.setdefault(draw.counter, Counter(draw.cap, draw.cap, draw.epoch))
            left, over = known.left - draw.amount, known.overrun + draw.lack
            self.counters[draw.counter] = replace(known, left=left, overrun=over)
        marks = voucher.nonces | {nonce_mark(plan.use.device_id, plan.use.nonce)}
        used = replace(
            voucher,
            state=VoucherState.REDEEMED,
            use=plan.use,
            uses=plan.use.number,
            nonces=marks,
        )
        self.vouchers[plan.voucher_id] = used
        return self.put(scan)

    def get_many(self, voucher_ids: Sequence[str]) -> list[Voucher]:
        return [self.vouchers[name] for name in voucher_ids if name in self.vouchers]

    def counters_of(self, counter_ids: Iterable[CounterId]) -> Mapping[CounterId, Counter]:
        return self.read(list(counter_ids))

    # --- cases ----------------------------------------------------------------------------------
    def unit(self, root: str) -> tuple[list[OfflineScan], list[Voucher]]:
        mine = [scan for scan in self.scans.values() if scan.root == root]
        names = {root, *(scan.voucher_id for scan in mine if scan.voucher_id)}
        while heirs := {v.heir for v in self.get_many(sorted(names)) if v.heir} - names:
            names |= heirs
        return mine, self.get_many(sorted(names))

    def case(self, campaign_id: str, root: str) -> Case | None:
        assert campaign_id == "festival"
        return self.listed.get(root)

    def with_cases(self, campaign_id: str, roots: Sequence[str]) -> set[str]:
        assert campaign_id == "festival"
        return set(roots) & self.listed.keys()

    def cases(self, campaign_id: str) -> list[Case]:
        assert campaign_id == "festival"
        return list(self.listed.values())

    def write(self, case: Case) -> bool:
        stands = self.listed.get(case.root)
        if case.version != (stands.version if stands else 0) + 1:
            return False
        self.listed[case.root] = case
        return True

    def resolve(self, case: Case, voucher: Voucher | None, past: PastUse | None) -> bool:
        stands = self.listed.get(case.root)
        if stands is None or stands.version != case.version - 1:
            return False
        if voucher is not None and past is not None and not self.end_use(voucher, past):
            return False
        return self.write(case)
