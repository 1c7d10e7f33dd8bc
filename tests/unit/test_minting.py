"""A batch takes its units in one write, all or none, and the same request makes one batch."""

from dataclasses import replace
from typing import Any

import pytest
from fakes import Ledger
from hypothesis import given
from hypothesis import strategies as st
from made import ANKARA, ISTANBUL, NOW, campaign, offer, published

from chalicelib.domain import mint
from chalicelib.domain.batch import Batch
from chalicelib.domain.counter import Counter, CounterId, CounterKind
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.offer import Scope, Stock
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.usecases import minting
from chalicelib.usecases.minting import Minted, Wish


def wish(**facts: Any) -> Wish:
    given = facts.pop("offer", offer(stock=Stock(units=30, shards=3)))
    whole: dict[str, Any] = {
        "published": published(campaign(given)),
        "popup": ISTANBUL,
        "offer": given,
        "count": 10,
        "key_id": 1,
        "at": NOW,
        "request": "request-1",
        **facts,
    }
    return Wish(**whole)


def shard(number: int, popup_number: int = 1) -> CounterId:
    return CounterId(CounterKind.STOCK, 7, 1, popup_number, str(number))


def stocked(*left: int, popup_number: int = 1) -> Ledger:
    counters = {shard(n, popup_number): Counter(10, units, 1) for n, units in enumerate(left)}
    return Ledger(counters=counters)


def made(ledger: Any, **facts: Any) -> Batch:
    outcome = minting.make_batch(ledger, ledger, wish(**facts))
    assert isinstance(outcome, Minted)
    return outcome.batch


def test_a_batch_takes_from_each_shard_what_it_can_give() -> None:
    ledger = stocked(10, 2, 10)
    batch = made(ledger)
    assert batch.units == ((shard(0), 4), (shard(1), 2), (shard(2), 4))
    assert ledger.left(CounterKind.STOCK) == 12
    assert batch.made_at == NOW.replace(second=0)
    assert (batch.number, batch.count, batch.key_id) == (1, 10, 1)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=64), st.integers(1, 200))
def test_the_units_are_all_taken_or_none(left: list[int], count: int) -> None:
    ledger = stocked(*left)
    stock = offer(stock=Stock(units=sum(left), shards=len(left)))
    outcome = minting.make_batch(ledger, ledger, wish(offer=stock, count=count))
    taken = sum(left) - ledger.left(CounterKind.STOCK)
    if isinstance(outcome, Refusal):
        assert outcome == Refusal(Reason.OUT_OF_STOCK, {"setting": "stock", "left": str(sum(left))})
        assert (taken, sum(left) < count) == (0, True)
    else:
        assert taken == count == sum(amount for _, amount in outcome.batch.units)


def test_an_offer_without_stock_takes_none() -> None:
    assert made(Ledger(), offer=offer(), count=1_000_000).units == ()


def test_the_campaigns_stock_is_named_as_its_limit() -> None:
    ledger = stocked(9, popup_number=0)
    stock = offer(stock=Stock(units=9, per=Scope.CAMPAIGN))
    refused = minting.make_batch(ledger, ledger, wish(offer=stock))
    assert refused == Refusal(Reason.LIMIT_CAMPAIGN, {"setting": "stock", "left": "9"})
    assert made(ledger, offer=stock, count=9).units == ((shard(0, 0), 9),)


def test_a_shard_that_is_not_there_has_nothing() -> None:
    refused = minting.make_batch(Ledger(), Ledger(), wish())
    assert refused == Refusal(Reason.OUT_OF_STOCK, {"setting": "stock", "left": "0"})


def test_the_same_request_gets_its_batch_again_whatever_happened_since() -> None:
    ledger = stocked(10)
    first = made(ledger, offer=offer(stock=Stock(units=10)))
    again = minting.make_batch(ledger, ledger, wish(offer=offer(closed=True)))
    assert again == Minted(first, made=False)
    other = minting.make_batch(ledger, ledger, wish(count=9))
    assert other == Refusal(Reason.IDEMPOTENCY_KEY_REUSED)


def test_numbers_go_up_over_all_campaigns() -> None:
    ledger = Ledger()
    given = offer()
    other = published(replace(campaign(given), campaign_id="other", number=8))
    numbers = [
        made(ledger, offer=given).number,
        made(ledger, offer=given, published=other, request="2").number,
        made(ledger, offer=given, request="3").number,
    ]
    assert numbers == [1, 2, 3]


class Busy(Ledger):
    """A ledger in which somebody else is quicker a few times."""

    quicker = 0

    def make(self, batch: Batch) -> bool:
        if self.quicker:
            self.quicker -= 1
            super().make(replace(batch, request=f"other-{self.quicker}", units=()))
        return super().make(batch)


@pytest.mark.parametrize("quicker", [1, 9])
def test_who_was_not_first_gets_the_next_number(quicker: int) -> None:
    ledger = Busy()
    ledger.quicker = quicker
    assert made(ledger, offer=offer()).number == quicker + 1


def test_who_is_never_first_tries_again_later() -> None:
    ledger = Busy()
    ledger.quicker = 10
    with pytest.raises(TryAgain):
        made(ledger, offer=offer())


class Twin(Ledger):
    """A ledger in which the same request arrives twice at once."""

    def make(self, batch: Batch) -> bool:
        super().make(batch)
        return super().make(batch)


def test_the_same_request_twice_at_once_makes_one_batch() -> None:
    ledger = Twin()
    outcome = minting.make_batch(ledger, ledger, wish(offer=offer()))
    assert outcome == Minted(ledger.made[0], made=False)
    assert len(ledger.made) == 1


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"popup": ANKARA, "offer": offer(popup_ids=("istanbul",))}, Reason.WRONG_CITY),
        ({"offer": offer(closed=True)}, Reason.EXPIRED),
        ({"offer": offer(usable_until="2026-05-19")}, Reason.EXPIRED),
    ],
)
def test_a_batch_that_nobody_could_use_is_not_made(facts: dict[str, Any], reason: Reason) -> None:
    ledger = Ledger()
    refused = minting.make_batch(ledger, ledger, wish(**facts))
    assert isinstance(refused, Refusal)
    assert refused.reason is reason
    assert not ledger.writes


class Full(Ledger):
    def last_number(self) -> int:
        return mint.BATCHES - 1


def test_there_are_no_more_batches_than_an_id_can_name() -> None:
    refused = minting.make_batch(Full(), Full(), wish(offer=offer()))
    assert refused == Refusal(Reason.LIMIT_CAMPAIGN, {"setting": "batches"})
