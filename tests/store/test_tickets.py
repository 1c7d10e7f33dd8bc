"""What hangs on a voucher, and a holder who is forgotten."""

from dataclasses import replace

import pytest
from house import House
from made import NOW, VOUCHER_ID, voucher

from chalicelib.domain.voucher import State
from chalicelib.store import tickets, vouchers

OTHER_ID = "F" * 15


def write(sealed: bytes | None = b"sealed", visitor: str = "visitor-1", call: str = "1") -> bool:
    return tickets.write_note(VOUCHER_ID, visitor, sealed, at=NOW, token=call)


def test_a_voucher_comes_with_all_that_hangs_on_it(house: House) -> None:
    del house
    assert tickets.ticket(VOUCHER_ID) == (None, tickets.Attached())
    vouchers.claim(voucher(), token="claim")
    assert write()
    assert tickets.ticket(VOUCHER_ID) == (voucher(), tickets.Attached(note=b"sealed"))


def test_a_later_note_takes_the_place_and_none_takes_it_away(house: House) -> None:
    del house
    vouchers.claim(voucher(), token="claim")
    assert write(b"one", call="1")
    assert write(b"two", call="2")
    assert tickets.attached([VOUCHER_ID, OTHER_ID]) == {VOUCHER_ID: tickets.Attached(note=b"two")}
    assert write(None, call="3")
    assert tickets.attached([VOUCHER_ID]) == {VOUCHER_ID: tickets.Attached()}


@pytest.mark.parametrize(
    ("state", "visitor"),
    [(State.ISSUED, "visitor-2"), (State.ISSUED, ""), (State.REVOKED, "visitor-1")],
)
def test_only_the_holder_of_what_is_held_writes(house: House, state: State, visitor: str) -> None:
    del house
    vouchers.claim(voucher(state), token="claim")
    assert not write(visitor=visitor)
    assert tickets.attached([VOUCHER_ID]) == {}


def test_a_forgotten_holder_leaves_everything_else(house: House) -> None:
    vouchers.claim(voucher(), token="claim")
    tickets.forget_holder(VOUCHER_ID, "visitor-2", at=NOW)
    assert vouchers.get(VOUCHER_ID) == voucher()
    tickets.forget_holder(VOUCHER_ID, "visitor-1", at=NOW)
    tickets.forget_holder(VOUCHER_ID, "visitor-1", at=NOW)
    assert vouchers.get(VOUCHER_ID) == replace(voucher(), visitor="", version=2)
    assert "visitor-1" not in str(house.items())
    assert not write()


def test_a_forgotten_note_leaves_no_text(house: House) -> None:
    vouchers.claim(voucher(), token="claim")
    tickets.forget_note(VOUCHER_ID, at=NOW)
    assert tickets.attached([VOUCHER_ID]) == {}
    write()
    tickets.forget_note(VOUCHER_ID, at=NOW)
    assert tickets.attached([VOUCHER_ID]) == {VOUCHER_ID: tickets.Attached()}
    assert b"sealed" not in str(house.items()).encode()
