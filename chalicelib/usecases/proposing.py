"""A merchant writes a proposal and hands it in; marketing returns it, or takes it over."""

from dataclasses import replace
from datetime import datetime
from typing import Protocol

from chalicelib.domain import trail
from chalicelib.domain.member import Scope
from chalicelib.domain.proposal import Cell, Proposal, State
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.trail import Entry, Facts

_MOST_FACTS = 40
_LONGEST_FACT = 200


class Proposals(Protocol):
    """What it needs of the catalog; `chalicelib.store.proposals` fits."""

    def put(self, scope: Scope, proposal: Proposal, entry: Entry) -> bool:
        """Write over the version before; False where somebody wrote meanwhile."""
        ...


def write(
    proposals: Proposals,
    scope: Scope,
    before: Proposal,
    typed: Proposal,
    *,
    at: datetime,
    request_id: str,
) -> Proposal | Refusal:
    """Keep what the merchant typed; nothing typed: nothing is written."""
    if typed.cells == before.cells:
        return before
    was, is_now = _facts(before.cells, typed.cells), _facts(typed.cells, before.cells)
    goal = replace(typed, state=State.WRITING)
    if not before.is_open:
        return Refusal(Reason.EDITED_MEANWHILE)
    return _put(proposals, scope, goal, "proposal edited", at, request_id, before=was, after=is_now)


def hand_in(
    proposals: Proposals, scope: Scope, proposal: Proposal, *, at: datetime, request_id: str
) -> Proposal | Refusal:
    """Let marketing have it; what says nothing is not handed in."""
    if not proposal.is_open or not proposal.cells:
        return Refusal(Reason.EDITED_MEANWHILE)
    goal = replace(proposal, state=State.HANDED_IN)
    return _put(proposals, scope, goal, "proposal handed in", at, request_id)


def take_back(
    proposals: Proposals, scope: Scope, proposal: Proposal, *, at: datetime, request_id: str
) -> Proposal | Refusal:
    """Go on writing on what nobody has judged yet."""
    if proposal.is_open:
        return Refusal(Reason.EDITED_MEANWHILE)
    goal = replace(proposal, state=State.WRITING)
    return _put(proposals, scope, goal, "proposal taken back", at, request_id)


def give_back(
    proposals: Proposals,
    scope: Scope,
    proposal: Proposal,
    comment: str,
    *,
    at: datetime,
    request_id: str,
) -> Proposal | Refusal:
    """Return it with a comment, which both see."""
    if proposal.is_open:
        return Refusal(Reason.EDITED_MEANWHILE)
    goal = replace(proposal, state=State.RETURNED, comment=comment)
    after = {"comment": comment[:_LONGEST_FACT]}
    return _put(proposals, scope, goal, "proposal returned", at, request_id, after=after)


def accept(
    proposals: Proposals, scope: Scope, proposal: Proposal, *, at: datetime, request_id: str
) -> Proposal | Refusal:
    """End one of which nothing is left to put into the draft."""
    if proposal.is_open:
        return Refusal(Reason.EDITED_MEANWHILE)
    return _put(proposals, scope, accepted(proposal), "proposal accepted", at, request_id)


def accepted(proposal: Proposal) -> Proposal:
    """Return what a proposal is once its cells are in the draft, before it is written."""
    return replace(proposal, state=State.ACCEPTED, cells=(), comment="")


def following(proposal: Proposal, scope: Scope) -> Proposal:
    """Return the next version, in this member's name."""
    return replace(proposal, version=proposal.version + 1, email=scope.email)


def _put(
    proposals: Proposals,
    scope: Scope,
    goal: Proposal,
    action: str,
    at: datetime,
    request_id: str,
    **change: Facts,
) -> Proposal | Refusal:
    goal = following(goal, scope)
    subject = f"proposal of {goal.merchant_id}"
    entry = trail.entry(scope, action, subject, at=at, request_id=request_id, **change)
    return goal if proposals.put(scope, goal, entry) else Refusal(Reason.EDITED_MEANWHILE)


def _facts(cells: tuple[Cell, ...], other: tuple[Cell, ...]) -> dict[str, str]:
    """Return what the trail says of the cells that the other side has not."""
    mine = [cell for cell in cells if cell not in other]
    return {f"{cell.key}: {cell.column}": cell.mine[:_LONGEST_FACT] for cell in mine[:_MOST_FACTS]}
