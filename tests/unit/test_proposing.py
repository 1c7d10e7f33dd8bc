"""A proposal goes from the merchant to marketing and back, one write a step."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from made import NOW

from chalicelib.domain.member import Scope
from chalicelib.domain.proposal import Cell, Proposal, State
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.trail import Entry
from chalicelib.usecases import proposing

SCOPE = Scope(
    area="festival", member_id="m", email="m@example.org", merchant_ids=frozenset({"tea"})
)
CELL = Cell("offers", "tea-gift", "visitor_limit", "1", "3")
WRITTEN = Proposal(campaign_id="festival", merchant_id="tea", version=4, cells=(CELL,))
HANDED_IN = replace(WRITTEN, state=State.HANDED_IN)
LATE = Refusal(Reason.EDITED_MEANWHILE)


@dataclass
class Proposals:
    """One proposal in memory, at a version."""

    version: int = 4
    entries: list[Entry] = field(default_factory=list)

    def put(self, scope: Scope, proposal: Proposal, entry: Entry) -> bool:
        assert scope is SCOPE
        if proposal.version != self.version + 1:
            return False
        self.version += 1
        self.entries.append(entry)
        return True


def do(deed: Any, proposals: Proposals, *args: Any) -> Any:
    return deed(proposals, SCOPE, *args, at=NOW, request_id="r")


def test_what_was_typed_is_kept_with_its_difference_in_the_trail() -> None:
    proposals = Proposals()
    typed = replace(WRITTEN, cells=(replace(CELL, mine="5"),))
    kept = do(proposing.write, proposals, replace(WRITTEN, state=State.RETURNED), typed)
    assert (kept.version, kept.state, kept.email) == (5, State.WRITING, "m@example.org")
    [entry] = proposals.entries
    assert (entry.action, entry.subject) == ("proposal edited", "proposal of tea")
    assert (entry.before, entry.after) == (
        {"tea-gift: visitor_limit": "3"},
        {"tea-gift: visitor_limit": "5"},
    )


def test_nothing_typed_writes_nothing() -> None:
    proposals = Proposals()
    assert do(proposing.write, proposals, WRITTEN, WRITTEN) is WRITTEN
    assert proposals.entries == []


@pytest.mark.parametrize(
    ("deed", "args", "state", "action"),
    [
        (proposing.hand_in, (WRITTEN,), State.HANDED_IN, "proposal handed in"),
        (proposing.take_back, (HANDED_IN,), State.WRITING, "proposal taken back"),
        (proposing.give_back, (HANDED_IN, "Dearer"), State.RETURNED, "proposal returned"),
        (proposing.accept, (HANDED_IN,), State.ACCEPTED, "proposal accepted"),
    ],
)
def test_each_step_is_one_write_and_loses_to_an_earlier_one(
    deed: Any, args: Any, state: State, action: str
) -> None:
    proposals = Proposals()
    done = do(deed, proposals, *args)
    assert (done.state, done.version) == (state, 5)
    assert [entry.action for entry in proposals.entries] == [action]
    assert do(deed, proposals, *args) == LATE


def test_a_comment_stays_until_the_proposal_is_accepted() -> None:
    done = do(proposing.give_back, Proposals(), HANDED_IN, "Dearer, please")
    assert done.comment == "Dearer, please"
    handed = do(proposing.hand_in, Proposals(5), done)
    assert handed.comment == "Dearer, please"
    accepted = do(proposing.accept, Proposals(6), handed)
    assert (accepted.comment, accepted.cells) == ("", ())


@pytest.mark.parametrize(
    ("deed", "args"),
    [
        (proposing.write, (HANDED_IN, replace(WRITTEN, cells=()))),
        (proposing.hand_in, (HANDED_IN,)),
        (proposing.hand_in, (replace(WRITTEN, cells=()),)),
        (proposing.take_back, (WRITTEN,)),
        (proposing.give_back, (WRITTEN, "Late")),
        (proposing.accept, (WRITTEN,)),
    ],
)
def test_a_step_that_is_not_the_next_one_is_refused(deed: Any, args: Any) -> None:
    proposals = Proposals()
    assert do(deed, proposals, *args) == LATE
    assert proposals.entries == []
