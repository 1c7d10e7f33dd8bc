"""A visitor is forgotten, whatever else happens meanwhile."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from made import voucher

from chalicelib.domain.errors import TryAgain
from chalicelib.domain.voucher import State, Voucher
from chalicelib.usecases import erasing

NOW = datetime(2019, 11, 11, 9, tzinfo=UTC)
IDS = ["A" * 15, "B" * 15, "C" * 15]


@dataclass
class Note:
    note: bytes | None


class FakeTickets:
    """Vouchers and notes by id. `meanwhile` happens each time after the vouchers were read."""

    def __init__(self, *held: Voucher, meanwhile: Callable[["FakeTickets"], None]) -> None:
        self.held = {each.voucher_id: each for each in held}
        self.notes: dict[str, Note] = {}
        self.meanwhile = meanwhile

    def get_many(self, voucher_ids: Sequence[str]) -> list[Voucher]:
        found = [self.held[one] for one in voucher_ids if one in self.held]
        self.meanwhile(self)
        return found

    def attached(self, voucher_ids: Iterable[str]) -> dict[str, Note]:
        return {one: self.notes[one] for one in voucher_ids if one in self.notes}

    def forget_holder(self, voucher_id: str, visitor: str, *, at: datetime) -> None:
        assert at == NOW
        held = self.held[voucher_id]
        if held.visitor == visitor:
            self.held[voucher_id] = replace(held, visitor="")

    def forget_note(self, voucher_id: str, *, at: datetime) -> None:
        assert at == NOW
        self.notes[voucher_id] = Note(None)


def calm(_: FakeTickets) -> None:
    """Let nothing happen meanwhile."""


def mine(number: int, state: State = State.ISSUED) -> Voucher:
    return voucher(state, voucher_id=IDS[number], visitor="me")


def test_every_voucher_and_note_of_the_visitor_is_nobodys() -> None:
    used = mine(1, State.REDEEMED)
    tickets = FakeTickets(mine(0), used, replace(mine(2), visitor="you"), meanwhile=calm)
    tickets.notes = {IDS[0]: Note(b"mine"), IDS[1]: Note(None), IDS[2]: Note(b"yours")}
    assert erasing.erase(tickets, "me", IDS, at=NOW) == 2
    assert [tickets.held[one].visitor for one in IDS] == ["", "", "you"]
    assert tickets.held[IDS[1]].state is State.REDEEMED
    assert [tickets.notes[one].note for one in IDS] == [None, None, b"yours"]


def test_a_call_that_broke_off_between_holder_and_note_is_finished_by_the_next() -> None:
    tickets = FakeTickets(replace(mine(0), visitor=""), meanwhile=calm)
    tickets.notes = {IDS[0]: Note(b"mine")}
    assert erasing.erase(tickets, "me", IDS, at=NOW) == 0
    assert tickets.notes[IDS[0]].note is None


def test_what_another_tab_claims_meanwhile_is_forgotten_too() -> None:
    late = [mine(1)]

    def claims(tickets: FakeTickets) -> None:
        if late:
            made = late.pop()
            tickets.held[made.voucher_id] = made

    tickets = FakeTickets(mine(0), meanwhile=claims)
    assert erasing.erase(tickets, "me", IDS, at=NOW) == 2
    assert {held.visitor for held in tickets.held.values()} == {""}


def test_a_tab_that_never_stops_claiming_is_told_to_try_again() -> None:
    class Restless(FakeTickets):
        def get_many(self, voucher_ids: Sequence[str]) -> list[Voucher]:
            self.held[IDS[1]] = mine(1)
            return super().get_many(voucher_ids)

    with pytest.raises(TryAgain):
        erasing.erase(Restless(mine(0), meanwhile=calm), "me", IDS, at=NOW)


def test_a_minted_code_is_nobodys_and_stays_as_it_is() -> None:
    minted = replace(mine(0), voucher_id="Z" * 15, visitor="")
    tickets = FakeTickets(minted, meanwhile=calm)
    tickets.notes = {minted.voucher_id: Note(b"x")}
    assert erasing.erase(tickets, "me", [minted.voucher_id], at=NOW) == 0
    assert tickets.notes[minted.voucher_id].note == b"x"
