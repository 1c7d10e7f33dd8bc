"""What members change from the console, each write with its entry of the trail. AP-152.

It fits the ports of the use cases that programs and the operator's commands call without one.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.api_key import ApiKey
from chalicelib.domain.batch import Batch
from chalicelib.domain.case import Case
from chalicelib.domain.device import Enrolment
from chalicelib.domain.gift import Link
from chalicelib.domain.member import Scope
from chalicelib.domain.trail import Entry
from chalicelib.domain.voucher import PastUse, Voucher
from chalicelib.store import api_keys, cases, devices, gifts, mints, revocations, trails
from chalicelib.store.cases import resolve
from chalicelib.store.engine import Action


@dataclass(frozen=True, slots=True)
class Noted:
    """The tables within a scope, for one change that `entry` tells of.

    What is not of the scope's campaign is never written: callers look it up within the scope.
    """

    scope: Scope
    entry: Entry

    @property
    def _note(self) -> Action:
        return trails.action(self.scope, self.entry)

    def _is_mine(self, campaign_id: str) -> None:
        assert campaign_id == self.scope.area, "a member changes what is in the scope alone"

    # --- devices --------------------------------------------------------------------------------
    enrolment = staticmethod(devices.enrolment)
    enrol = staticmethod(devices.enrol)

    def put_enrolment(self, enrolment: Enrolment) -> None:
        """Keep a one-time code (AP-40) with an entry. Cost: 4 WCU."""
        self._is_mine(enrolment.campaign_id)
        devices.put_enrolment(enrolment, note=self._note)

    def shut_out(self, device_id: str) -> bool:
        """AP-152: shut a device out, as AP-125. Cost: 2 WCU, and 2 a KB of the live record."""
        return revocations.list_device(self.scope.area, device_id, note=self._note)

    # --- minted vouchers ------------------------------------------------------------------------
    last_number = staticmethod(mints.last_number)
    batches = staticmethod(mints.batches)

    def make(self, batch: Batch) -> bool:
        """Mint (AP-36) with an entry, which learns the batch's number. Cost: 2 WCU more."""
        self._is_mine(batch.campaign_id)
        entry = replace(self.entry, subject=f"batch {batch.number}")
        return mints.make(batch, note=trails.action(self.scope, entry))

    list_voucher = staticmethod(revocations.list_voucher)

    def list_minted(self, campaign_id: str, batch: int, serials: tuple[int, int] | None) -> bool:
        """AP-152: withdraw a batch or a range of it, as AP-79. Cost: as `shut_out`."""
        self._is_mine(campaign_id)
        return revocations.list_minted(campaign_id, batch, serials, note=self._note)

    # --- keys -----------------------------------------------------------------------------------
    def add(self, key: ApiKey, *, token: str) -> bool:
        """Keep an API key (AP-70) with an entry. Cost: 6 WCU."""
        self._is_mine(key.campaign_id)
        return api_keys.add(key, token=token, note=self._note)

    def withdraw(self, key: ApiKey, *, token: str) -> bool:
        """Forget an API key (AP-73) with an entry. Cost: 6 WCU."""
        self._is_mine(key.campaign_id)
        return api_keys.revoke(key, token=token, note=self._note)

    def withdraw_signing_key(self, key_id: int, staying: Collection[int]) -> bool:
        """AP-152: withdraw a signing key, as AP-75, if another is left. Cost: as `shut_out`."""
        return revocations.withdraw_key(self.scope.area, key_id, staying=staying, note=self._note)

    # --- cases ----------------------------------------------------------------------------------
    unit = staticmethod(cases.unit)
    case = staticmethod(cases.case)
    with_cases = staticmethod(cases.with_cases)
    write = staticmethod(cases.write)
    cases = staticmethod(cases.cases)  # the last of these: from here on it is the module's no more

    def resolve(self, case: Case, voucher: Voucher | None, past: PastUse | None) -> bool:
        """Record what a manager decides (AP-85) with an entry. Cost: 4 WCU without a use."""
        self._is_mine(case.campaign_id)
        return resolve(case, voucher, past, note=self._note)

    # --- links ----------------------------------------------------------------------------------
    get = staticmethod(gifts.get)
    link = staticmethod(gifts.link)
    accept = staticmethod(gifts.accept)

    def offer(self, voucher: Voucher, link: Link, *, at: datetime) -> bool:
        """Bind a link to a voucher (AP-32) with an entry. Cost: 6 WCU."""
        self._is_mine(voucher.campaign_id)
        return gifts.offer(voucher, link, at=at, note=self._note)
