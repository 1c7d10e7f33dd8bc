"""What merchants propose for a draft, within a scope. Access patterns AP-185 to AP-188."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.domain.campaign import Campaign
from chalicelib.domain.member import Scope
from chalicelib.domain.proposal import Cell, Proposal, State
from chalicelib.domain.trail import Entry
from chalicelib.store import desk, engine, keys, tables, trails
from chalicelib.store.engine import Raw

_CELLS = msgspec.json.Decoder(list[tuple[str, str, str, str, str]])


def everything(scope: Scope) -> Iterator[Proposal]:
    """AP-185: yield the proposals of the scope's campaign, a merchant's own ones alone."""
    rows = engine.query(tables.ProposalItem, keys.proposals(scope.area))
    return (_proposal(scope, raw) for raw in rows if _is_mine(scope, raw["sk"]["S"]))


def get(scope: Scope, merchant_id: str) -> Proposal:
    """AP-186: return a merchant's proposal, or an empty one. Cost: 1 RCU for 4 KB."""
    assert _is_mine(scope, merchant_id), "a merchant reads its own"
    raw = engine.get(tables.ProposalItem, keys.proposal(scope.area, merchant_id))
    if raw is None:
        return Proposal(campaign_id=scope.area, merchant_id=merchant_id)
    return _proposal(scope, raw)


def put(scope: Scope, proposal: Proposal, entry: Entry) -> bool:
    """AP-187: write a proposal over the version before its own, with its entry of the trail.

    Returns False where somebody wrote meanwhile. Cost: 2 transactional WCU, and 2 a KB.
    """
    actions = [_action(scope, proposal), trails.action(scope, entry)]
    name = f"{entry.request_id}|{proposal.merchant_id}|{proposal.version}"
    token = hashlib.sha256(name.encode()).hexdigest()[:36]
    return engine.transact(actions, token) is None


@dataclass(frozen=True, slots=True)
class Accepting:
    """Drafts, of which a save accepts the proposal that it was made of."""

    accepted: Proposal

    def save(
        self, scope: Scope, campaign: Campaign, entry: Entry, *, over: int, now: datetime
    ) -> int | None:
        """AP-188: save a draft with the proposal in it, both or neither."""
        beside = [_action(scope, self.accepted)]
        return desk.save(scope, campaign, entry, over=over, now=now, beside=beside)


def _action(scope: Scope, proposal: Proposal) -> dict[str, Any]:
    assert proposal.campaign_id == scope.area
    assert _is_mine(scope, proposal.merchant_id), "a merchant writes its own"
    before = proposal.version - 1
    item = tables.ProposalItem(
        *keys.proposal(scope.area, proposal.merchant_id),
        version=proposal.version,
        state=proposal.state,
        cells=msgspec.json.encode([(*c.place, c.base, c.mine) for c in proposal.cells]).decode(),
        comment=proposal.comment,
        email=proposal.email,
    )
    condition = "version = :before" if before else "attribute_not_exists(pk)"
    values = {":before": engine.number(before)} if before else None
    return {"Put": engine.put_action(item, condition, values)}


def _is_mine(scope: Scope, merchant_id: str) -> bool:
    return scope.merchant_ids is None or merchant_id in scope.merchant_ids


def _proposal(scope: Scope, raw: Raw) -> Proposal:
    item = tables.ProposalItem.from_raw_data(dict(raw))
    return Proposal(
        campaign_id=scope.area,
        merchant_id=item.sk,
        version=int(item.version),
        state=State(item.state),
        cells=tuple(Cell(*cell) for cell in _CELLS.decode(item.cells)),
        comment=item.comment,
        email=item.email,
    )
