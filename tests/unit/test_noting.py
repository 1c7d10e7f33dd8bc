"""Only the holder keeps a note."""

from datetime import UTC, datetime

import pytest
from made import voucher

from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.voucher import State
from chalicelib.usecases import noting

NOW = datetime(2019, 11, 11, 9, tzinfo=UTC)


class FakeTickets:
    """Keeps notes; `holds` says what the condition finds."""

    def __init__(self, *, holds: bool = True) -> None:
        self.holds, self.notes = holds, dict[str, bytes | None]()

    def write_note(
        self, voucher_id: str, visitor: str, sealed: bytes | None, *, at: datetime, token: str
    ) -> bool:
        assert (visitor, at, token) == ("visitor-1", NOW, "request-1")
        if self.holds:
            self.notes[voucher_id] = sealed
        return self.holds


def test_the_holders_note_is_kept() -> None:
    tickets, mine = FakeTickets(), voucher()
    told = noting.note(tickets, mine, "visitor-1", b"sealed", at=NOW, token="request-1")
    assert told is None
    assert tickets.notes == {mine.voucher_id: b"sealed"}


@pytest.mark.parametrize("visitor", [None, "", "visitor-2"])
def test_nobody_else_writes_one(visitor: str | None) -> None:
    tickets = FakeTickets()
    told = noting.note(tickets, voucher(), visitor, b"x", at=NOW, token="request-1")
    assert told == Refusal(Reason.WRONG_HOLDER)
    assert tickets.notes == {}


@pytest.mark.parametrize("state", [State.GIVEN, State.LAPSED, State.REVOKED])
def test_what_is_not_held_any_more_takes_none(state: State) -> None:
    mine = voucher(state)
    told = noting.note(FakeTickets(), mine, "visitor-1", b"x", at=NOW, token="request-1")
    assert told == Refusal(Reason.WRONG_HOLDER)


def test_the_condition_decides_over_what_was_read() -> None:
    mine = voucher()
    told = noting.note(FakeTickets(holds=False), mine, "visitor-1", b"x", at=NOW, token="request-1")
    assert told == Refusal(Reason.WRONG_HOLDER)
