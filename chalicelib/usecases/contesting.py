"""Conflicts become cases on the managers' work list, and managers decide them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from chalicelib.domain.case import Case, Decision, Resolution, case_of
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.offline_scan import OfflineScan
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.redemption import LAST_USE
from chalicelib.domain.voucher import PastUse, State, Voucher

_ROUNDS = 8


class Cases(Protocol):
    """What conflicts need of the ledger; `chalicelib.store.cases` fits."""

    def unit(self, root: str) -> tuple[list[OfflineScan], list[Voucher]]:
        """Return all entries of a unit and its vouchers, consistently."""
        ...

    def case(self, campaign_id: str, root: str) -> Case | None: ...

    def with_cases(self, campaign_id: str, roots: Sequence[str]) -> set[str]: ...

    def cases(self, campaign_id: str) -> list[Case]: ...

    def write(self, case: Case) -> bool:
        """Write a case over the version before it; False where that moved."""
        ...

    def resolve(self, case: Case, voucher: Voucher | None, past: PastUse | None) -> bool:
        """Write a case and give the use back, both or neither; False where something moved."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What a manager decides about a case that it read as `version`."""

    campaign_id: str
    popup_id: str
    root: str
    version: int
    decision: Decision
    note: str
    device_id: str
    at: datetime


def contest(
    cases: Cases, campaign_id: str, *, contested: Iterable[str], accepted: Sequence[str]
) -> None:
    """Bring the cases of these units up to date; what was accepted may touch one that is open."""
    touched = cases.with_cases(campaign_id, accepted) if accepted else set()
    for root in sorted(touched.union(contested)):
        _write(cases, campaign_id, root)


def open_cases(cases: Cases, campaign_id: str, popup_id: str) -> list[Case]:
    """Return the cases in which a stand took part, as everything that is known makes them."""
    known = (_caught_up(cases, case) for case in cases.cases(campaign_id))
    mine = (_fresh(cases, case) for case in known if case.concerns(popup_id))
    return sorted(mine, key=lambda case: case.opened_at)


def resolve(cases: Cases, ruling: Ruling) -> Case | Refusal:
    """Record what a manager decides; the same decision again is the first one."""
    for _ in range(_ROUNDS):
        found = cases.case(ruling.campaign_id, ruling.root)
        stored = found and _caught_up(cases, found)
        if stored is None or not stored.concerns(ruling.popup_id):
            return Refusal(Reason.NOT_FOUND)
        if _is_made(stored, ruling):
            return stored
        if stored.resolved or stored.version != ruling.version:
            return Refusal(Reason.EDITED_MEANWHILE)
        decided = replace(
            stored,
            version=stored.version + 1,
            resolution=Resolution(
                decision=ruling.decision,
                note=ruling.note,
                device_id=ruling.device_id,
                at=ruling.at,
                parties=stored.offline,
            ),
        )
        given_back = _given_back(cases, ruling)
        if isinstance(given_back, Refusal):
            return given_back
        if cases.resolve(decided, *given_back):
            return decided
    raise TryAgain("the case changed while it was decided")


def _write(cases: Cases, campaign_id: str, root: str) -> None:
    """Write a case from all entries of its unit until nothing changes any more."""
    for _ in range(_ROUNDS):
        case, stored = case_of(root, *cases.unit(root)), cases.case(campaign_id, root)
        if case is None or stored is None or (case.says_as(stored) and not stored.behind):
            return
        cases.write(case.over(stored))
    raise TryAgain("the case changed while it was written")


def _caught_up(cases: Cases, stored: Case) -> Case:
    """Return a case that names every conflict, also where its writer died before it did."""
    if not stored.behind:
        return stored
    _write(cases, stored.campaign_id, stored.root)
    return cases.case(stored.campaign_id, stored.root) or stored


def _fresh(cases: Cases, stored: Case) -> Case:
    """Return an open case with what happened since it was written, for the eyes alone."""
    now = None if stored.resolved else case_of(stored.root, *cases.unit(stored.root))
    return replace(stored, parties=now.parties, winner=now.winner) if now else stored


def _is_made(stored: Case, ruling: Ruling) -> bool:
    made = stored.resolution
    return (
        made is not None
        and stored.version == ruling.version + 1
        and (made.decision, made.note, made.device_id)
        == (ruling.decision, ruling.note, ruling.device_id)
    )


def _given_back(
    cases: Cases, ruling: Ruling
) -> tuple[Voucher, PastUse] | tuple[None, None] | Refusal:
    """Return what giving back ends: the use of the unit that stands; nothing else gives back."""
    if ruling.decision is not Decision.GIVE_BACK:
        return None, None
    _, vouchers = cases.unit(ruling.root)
    used = next((v for v in vouchers if v.state is State.REDEEMED and v.use), None)
    if used is None or used.use is None:
        return Refusal(Reason.ALREADY_REVERSED)
    if used.use.popup_id != ruling.popup_id:
        return Refusal(Reason.DEVICE_NOT_ALLOWED, {"setting": "supervisor"})
    if used.uses >= LAST_USE:
        return Refusal(Reason.REVERSAL_WINDOW_CLOSED, {"setting": "last_use"})
    return used, PastUse(
        use=used.use,
        nonce=f"case-{ruling.version}",
        device_id=ruling.device_id,
        reversed_at=ruling.at,
        why=ruling.note,
    )
