"""A withdrawn voucher is never used again; a used one is never withdrawn."""

from dataclasses import replace
from typing import Any

import pytest
from fakes import Ledger
from made import (
    DEVICE,
    NOW,
    VOUCHER_ID,
    batch,
    campaign,
    plan,
    published,
    use,
    used_voucher,
    voucher,
)

from chalicelib.domain.counter import Counter, CounterId, CounterKind
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.live import MOST_BATCHES, MOST_VOUCHERS, Live
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.voucher import Draw, State, Voucher
from chalicelib.usecases import revoking
from chalicelib.usecases.revoking import Revoked, Wish

FRIEND = "0123456789ABCDF"
BUDGET = CounterId(CounterKind.BUDGET, 7, 1)


def wish(**facts: Any) -> Wish:
    whole: dict[str, Any] = {
        "published": published(),
        "voucher_id": VOUCHER_ID,
        "by": "press",
        "at": NOW,
        "heir_of": {VOUCHER_ID: FRIEND}.get,
        **facts,
    }
    heirs = whole["heir_of"]
    return Wish(**whole | {"heir_of": lambda given: heirs(given.voucher_id)})


def holding(*vouchers: Voucher) -> Ledger:
    return Ledger(vouchers={one.voucher_id: one for one in vouchers})


def revoked(ledger: Ledger, **facts: Any) -> Revoked | Refusal:
    return revoking.revoke(ledger, ledger, wish(**facts))


@pytest.mark.parametrize("state", [State.ISSUED, State.REVERSED])
def test_an_unused_voucher_ends_and_phones_learn_it(state: State) -> None:
    ledger = holding(voucher(state))
    assert revoked(ledger) == Revoked(VOUCHER_ID, made=True)
    assert ledger.vouchers[VOUCHER_ID].state is State.REVOKED
    assert ledger.live["festival"].revokes(VOUCHER_ID)


def test_withdrawing_twice_is_the_first_success_again() -> None:
    ledger = holding(voucher())
    revoked(ledger)
    writes = ledger.writes
    assert revoked(ledger) == Revoked(VOUCHER_ID, made=False)
    assert ledger.writes == writes


def test_an_entry_that_a_crash_left_out_is_made_by_the_next_try() -> None:
    ledger = holding(voucher(State.REVOKED))
    assert revoked(ledger) == Revoked(VOUCHER_ID, made=False)
    assert ledger.live["festival"].revokes(VOUCHER_ID)


def test_a_minted_voucher_without_an_item_gets_a_tombstone() -> None:
    ledger = Ledger()
    assert revoked(ledger, first=voucher()) == Revoked(VOUCHER_ID, made=True)
    assert ledger.vouchers == {VOUCHER_ID: voucher(State.REVOKED)}
    assert ledger.use(plan(first=voucher())) == voucher(State.REVOKED)


class Quicker(Ledger):
    """A ledger in which a phone uses the voucher just before it is withdrawn."""

    def bury(self, voucher: Voucher) -> bool:
        self.use(plan(first=replace(voucher, state=State.ISSUED)))
        return super().bury(voucher)

    def revoke(self, voucher: Voucher, *, at: Any) -> bool:
        self.use(plan())
        return super().revoke(voucher, at=at)


@pytest.mark.parametrize("first", [None, voucher()])
def test_a_use_that_was_quicker_stands(first: Voucher | None) -> None:
    ledger = Quicker() if first else Quicker(vouchers={VOUCHER_ID: voucher()})
    refused = revoked(ledger, first=first)
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.ALREADY_REDEEMED
    assert not ledger.live


def test_a_used_voucher_is_refused_with_when_and_where() -> None:
    refused = revoked(holding(used_voucher()))
    assert isinstance(refused, Refusal)
    assert refused.facts["used_place"] == "Istanbul"
    assert refused.facts["used_device_id"] == DEVICE
    bare = revoked(holding(replace(used_voucher(), use=None)))
    assert bare == Refusal(Reason.ALREADY_REDEEMED)


def test_a_held_voucher_gives_back_what_the_hold_took() -> None:
    ledger = holding(voucher())
    ledger.counters[BUDGET] = Counter(1000, 1000, 1)
    draw = Draw(counter=BUDGET, amount=300, cap=1000, epoch=1)
    moved = use(number=0, moved=((BUDGET, 300),))
    ledger.use(plan(moved, draws=(draw,), held_until=NOW))
    assert ledger.counters[BUDGET].left == 700
    assert revoked(ledger) == Revoked(VOUCHER_ID, made=True)
    assert ledger.counters[BUDGET].left == 1000
    assert ledger.vouchers[VOUCHER_ID].state is State.REVOKED
    past = ledger.past_use(VOUCHER_ID, 1)
    assert past is not None
    assert (past.released, past.device_id, past.why) == (True, "press", "revoked")


def test_a_given_voucher_is_followed_to_the_friends() -> None:
    friend = voucher(voucher_id=FRIEND, root=VOUCHER_ID)
    ledger = holding(voucher(State.GIVEN), friend)
    assert revoked(ledger) == Revoked(FRIEND, made=True)
    assert ledger.vouchers[FRIEND].state is State.REVOKED
    assert ledger.vouchers[VOUCHER_ID].state is State.GIVEN
    assert ledger.live["festival"].revoked == {VOUCHER_ID, FRIEND}
    assert revoked(ledger) == Revoked(FRIEND, made=False)


def test_a_given_minted_voucher_is_followed_too_and_never_buried() -> None:
    ledger = holding(voucher(State.GIVEN))
    assert revoked(ledger, first=voucher()) == Refusal(Reason.UNKNOWN_CODE)
    assert FRIEND not in ledger.vouchers


def test_what_cannot_be_followed_or_has_lapsed_is_refused() -> None:
    given = revoked(holding(voucher(State.GIVEN)), heir_of={}.get)
    assert given == Refusal(Reason.GIVEN_AWAY)
    assert revoked(holding(voucher(State.LAPSED))) == Refusal(Reason.LAPSED)


def test_a_voucher_of_another_campaign_is_unknown() -> None:
    ledger = holding(voucher(campaign_id="other"))
    assert revoked(ledger) == Refusal(Reason.UNKNOWN_CODE)
    assert revoked(Ledger()) == Refusal(Reason.UNKNOWN_CODE)
    assert not ledger.writes


def test_a_chain_without_end_is_tried_again_later() -> None:
    with pytest.raises(TryAgain):
        revoked(holding(voucher(State.GIVEN)), heir_of={VOUCHER_ID: VOUCHER_ID}.get)


FULL = Refusal(Reason.LIMIT_CAMPAIGN, {"setting": "revoked", "most": str(MOST_VOUCHERS)})


def test_a_full_record_takes_no_more_and_nothing_changes() -> None:
    many = frozenset(f"{number:015}" for number in range(MOST_VOUCHERS))
    ledger = holding(voucher())
    full = published(live=Live(revoked=many))
    assert revoked(ledger, published=full) == FULL
    assert not ledger.writes
    listed = published(live=Live(revoked=many | {VOUCHER_ID}))
    ledger.live["festival"] = listed.live
    assert revoked(ledger, published=listed) == Revoked(VOUCHER_ID, made=True)


def test_a_record_that_others_filled_meanwhile_is_said_to_be_full() -> None:
    many = frozenset(f"{number:015}" for number in range(MOST_VOUCHERS))
    ledger = holding(voucher())
    ledger.live["festival"] = Live(revoked=many)
    assert revoked(ledger) == FULL


# --- batches and ranges -------------------------------------------------------------------------
def test_a_batch_and_a_range_are_entries_alone() -> None:
    ledger = Ledger()
    for _ in range(2):
        assert revoking.revoke_minted(ledger, batch(), (2, 3)) == Revoked(None, made=True)
        assert revoking.revoke_minted(ledger, batch()) == Revoked(None, made=True)
    assert ledger.live["festival"].revoked_ranges == {(1, 2, 3)}
    assert ledger.live["festival"].revoked_batches == {1}
    assert not ledger.writes


@pytest.mark.parametrize("serials", [(0, 1), (1, 11), (3, 2)])
def test_serials_that_the_batch_has_not_are_not_found(serials: tuple[int, int]) -> None:
    assert revoking.revoke_minted(Ledger(), batch(), serials) == Refusal(Reason.NOT_FOUND)


def test_batches_and_ranges_have_bounds_too() -> None:
    ranges = frozenset((2, number, number) for number in range(MOST_BATCHES))
    batches = frozenset(range(100, 100 + MOST_BATCHES))
    ledger = Ledger(live={"festival": Live(revoked_ranges=ranges, revoked_batches=batches)})
    most = str(MOST_BATCHES)
    for serials, setting in (((1, 2), "revoked_ranges"), (None, "revoked_batches")):
        refused = revoking.revoke_minted(ledger, batch(), serials)
        assert refused == Refusal(Reason.LIMIT_CAMPAIGN, {"setting": setting, "most": most})


def test_the_campaign_of_the_wish_is_that_of_the_entry() -> None:
    other = published(campaign(campaign_id="other"))
    ledger = holding(voucher(campaign_id="other"))
    assert revoked(ledger, published=other) == Revoked(VOUCHER_ID, made=True)
    assert list(ledger.live) == ["other"]
