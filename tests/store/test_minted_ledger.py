"""Batches, first uses and revocations: on DynamoDB's emulation and on the fake alike."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from fakes import Ledger
from made import DEVICE, NOW, VOUCHER_ID, batch, given_back, plan, use, voucher

from chalicelib.domain.counter import CounterId, CounterKind
from chalicelib.domain.limits import Change
from chalicelib.domain.live import MOST_BATCHES, MOST_VOUCHERS
from chalicelib.domain.voucher import Draw, State, Use, Voucher
from chalicelib.store import campaigns, counters, mints, revocations, uses, vouchers

ONE = CounterId(CounterKind.STOCK, 77, 1, 1, "0")
TWO = CounterId(CounterKind.STOCK, 77, 1, 1, "1")
BUDGET = CounterId(CounterKind.BUDGET, 77, 1)
BATCH = batch(campaign_number=77, units=((ONE, 4), (TWO, 1)))


class Real(SimpleNamespace):
    """The store's modules as one ledger."""

    @property
    def live(self) -> Any:
        return campaigns.lives()


def real() -> Any:
    return Real(
        get=vouchers.get,
        claim=vouchers.claim,
        use=uses.use,
        end_use=uses.end_use,
        past_use=uses.past_use,
        read=counters.read,
        change=counters.change,
        make=mints.make,
        batch=mints.batch,
        batches=mints.batches,
        last_number=mints.last_number,
        bury=revocations.bury,
        revoke=revocations.revoke,
        revoke_held=revocations.revoke_held,
        list_voucher=revocations.list_voucher,
        list_minted=revocations.list_minted,
    )


@pytest.fixture(params=[Ledger, real], ids=["fake", "dynamodb"])
def ledger(request: pytest.FixtureRequest) -> Any:
    """Return a ledger of each kind with two shards and a budget of 5 each."""
    make: Callable[[], Any] = request.param
    if make is real:
        request.getfixturevalue("house")
    made = make()
    changes = [Change(counter, None, 5) for counter in (ONE, TWO, BUDGET)]
    assert made.change(changes, epoch=1, now=NOW, token="make")
    return made


def left(ledger: Any) -> list[int]:
    found = ledger.read([ONE, TWO, BUDGET])
    return [found[counter].left for counter in (ONE, TWO, BUDGET)]


# --- batches --------------------------------------------------------------------------------------
def test_a_batch_is_read_as_it_was_made(ledger: Any) -> None:
    assert (ledger.last_number(), ledger.batch(77, 1)) == (0, None)
    assert ledger.make(BATCH)
    assert ledger.batch(77, 1) == BATCH
    assert ledger.last_number() == 1
    assert left(ledger) == [1, 4, 5]


def test_a_number_is_given_once_and_without_a_gap(ledger: Any) -> None:
    assert not ledger.make(replace(BATCH, number=2))
    assert ledger.make(BATCH)
    assert not ledger.make(replace(BATCH, request="other", units=()))
    assert not ledger.make(replace(BATCH, campaign_number=78, request="other", units=()))
    assert not ledger.make(replace(BATCH, number=3, units=()))
    assert left(ledger) == [1, 4, 5]


def test_a_batch_that_one_shard_cannot_serve_takes_from_none(ledger: Any) -> None:
    assert not ledger.make(replace(BATCH, units=((ONE, 1), (TWO, 6))))
    assert left(ledger) == [5, 5, 5]
    assert (ledger.last_number(), ledger.batch(77, 1)) == (0, None)


def test_batches_are_listed_by_campaign_and_number(ledger: Any) -> None:
    mine = [replace(BATCH, number=number, units=()) for number in (1, 3)]
    other = replace(BATCH, number=2, campaign_number=78, units=())
    for one in (mine[0], other, mine[1]):
        assert ledger.make(one)
    assert list(ledger.batches(77)) == mine
    assert list(ledger.batches(77, 1)) == mine[1:]
    assert list(ledger.batches(78)) == [other]
    assert list(ledger.batches(79)) == []


# --- the first use --------------------------------------------------------------------------------
def used(ledger: Any, **facts: Any) -> Use:
    made = ledger.use(plan(first=voucher(), **facts))
    assert isinstance(made, Use)
    return made


def test_the_first_use_makes_the_item(ledger: Any) -> None:
    assert used(ledger).number == 1
    stored = ledger.get(VOUCHER_ID)
    assert (stored.state, stored.uses, stored.issued_at) == (
        State.REDEEMED,
        1,
        voucher().issued_at,
    )
    assert isinstance(ledger.use(plan(use(number=0, nonce="nonce-0002"), first=voucher())), Voucher)


def test_a_use_given_back_is_used_again_with_the_facts_of_the_first(ledger: Any) -> None:
    first = used(ledger)
    assert ledger.end_use(ledger.get(VOUCHER_ID), given_back(first))
    later = voucher(revision=9, merchant_id="other")
    second = ledger.use(plan(use(number=0, nonce="nonce-0002"), first=later))
    assert isinstance(second, Use)
    assert second.number == 2
    stored = ledger.get(VOUCHER_ID)
    assert (stored.revision, stored.state) == (1, State.REDEEMED)
    assert isinstance(ledger.use(plan(first=voucher())), Voucher)  # the first nonce is remembered


# --- withdrawn ------------------------------------------------------------------------------------
def test_a_tombstone_lies_where_no_item_is(ledger: Any) -> None:
    grave = voucher(State.REVOKED)
    assert ledger.bury(grave)
    assert not ledger.bury(grave)
    assert ledger.get(VOUCHER_ID) == grave
    stands = ledger.use(plan(first=voucher()))
    assert isinstance(stands, Voucher)
    assert stands.state is State.REVOKED


def test_a_used_voucher_is_not_buried_and_not_revoked(ledger: Any) -> None:
    used(ledger)
    assert not ledger.bury(voucher(State.REVOKED))
    assert not ledger.revoke(voucher(), at=NOW)
    assert ledger.get(VOUCHER_ID).state is State.REDEEMED


def test_an_unused_voucher_and_one_given_back_are_revoked(ledger: Any) -> None:
    first = used(ledger)
    assert ledger.end_use(ledger.get(VOUCHER_ID), given_back(first))
    assert ledger.revoke(ledger.get(VOUCHER_ID), at=NOW)
    assert not ledger.revoke(ledger.get(VOUCHER_ID), at=NOW)
    other = voucher(voucher_id="Z" * 15)
    assert ledger.claim(other, token="claim") is None
    assert ledger.revoke(other, at=NOW)
    assert ledger.get("Z" * 15).state is State.REVOKED


def test_a_held_voucher_is_revoked_with_all_that_its_hold_took(ledger: Any) -> None:
    moved = use(number=0, moved=((BUDGET, 3),))
    draws = (Draw(counter=BUDGET, amount=3, cap=5, epoch=1),)
    assert ledger.claim(voucher(), token="claim") is None
    held = ledger.use(plan(moved, draws=draws, held_until=NOW))
    assert left(ledger)[2] == 2
    past = given_back(held, released=True, why="revoked")
    stood = ledger.get(VOUCHER_ID)
    assert not ledger.revoke(stood, at=NOW)
    assert ledger.revoke_held(stood, past)
    assert left(ledger)[2] == 5
    assert not ledger.revoke_held(stood, past)
    assert left(ledger)[2] == 5
    stored = ledger.get(VOUCHER_ID)
    assert (stored.state, stored.use, stored.held_until) == (State.REVOKED, None, None)
    assert stored.released == 1
    assert ledger.past_use(VOUCHER_ID, 1).device_id == DEVICE


# --- the live record ------------------------------------------------------------------------------
def test_what_is_withdrawn_is_listed_once(ledger: Any) -> None:
    for _ in range(2):
        assert ledger.list_voucher("festival-x", VOUCHER_ID)
        assert ledger.list_minted("festival-x", 7, None)
        assert ledger.list_minted("festival-x", 8, (101, 200))
    live = ledger.live["festival-x"]
    assert live.revoked == {VOUCHER_ID}
    assert live.revoked_batches == {7}
    assert live.revoked_ranges == {(8, 101, 200)}
    assert not live.paused


def test_a_record_takes_no_more_than_its_bounds() -> None:
    ledger = Ledger()
    for number in range(MOST_VOUCHERS):
        assert ledger.list_voucher("x", f"{number:015}")
    assert not ledger.list_voucher("x", VOUCHER_ID)
    assert ledger.list_voucher("x", f"{0:015}")


@pytest.mark.usefixtures("house")
def test_a_stored_record_takes_no_more_than_its_bounds(house: Any) -> None:
    house.live(
        revoked={f"{number:015}" for number in range(MOST_VOUCHERS)},
        revoked_batches=set(range(1, MOST_BATCHES + 1)),
        revoked_ranges={f"1:{number}-{number}" for number in range(1, MOST_BATCHES + 1)},
    )
    name = "festival-now"
    assert not revocations.list_voucher(name, VOUCHER_ID)
    assert revocations.list_voucher(name, f"{0:015}")
    assert not revocations.list_minted(name, MOST_BATCHES + 1, None)
    assert revocations.list_minted(name, 1, None)
    assert not revocations.list_minted(name, 2, (1, 1))
    assert revocations.list_minted(name, 1, (1, 1))
    assert len(campaigns.lives()[name].revoked) == MOST_VOUCHERS
