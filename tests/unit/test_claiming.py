"""A visitor claims once, however often the request comes."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fakes import Ledger
from made import ANKARA, NOW, campaign, given_back, offer, plan, published, use, wish

from chalicelib.domain.claim import Wish
from chalicelib.domain.counter import Counter, CounterId, CounterKind
from chalicelib.domain.idempotency import Record
from chalicelib.domain.offer import Offer, Scope, Stock
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.voucher import State, Voucher
from chalicelib.usecases import claiming
from chalicelib.usecases.claiming import Claimed, Keep

SECRET = b"secret"


def stocked(*left: int, place: int = 1) -> Ledger:
    ids = [CounterId(CounterKind.STOCK, 7, 1, place, str(shard)) for shard in range(len(left))]
    return Ledger(counters={c: Counter(9, n, 1) for c, n in zip(ids, left, strict=True)})


def claim(
    ledger: Ledger, wished: Wish, request_id: str = "request-1", keep: Keep | None = None
) -> Claimed | Refusal:
    return claiming.claim(
        ledger, ledger, wished, claim_secret=SECRET, request_id=request_id, keep=keep
    )


def limited(units: int = 9, shards: int = 1, **facts: Any) -> Offer:
    return offer(stock=Stock(units=units, shards=shards), **facts)


def test_a_claim_makes_a_voucher() -> None:
    ledger = Ledger()
    claimed = claim(ledger, wish())
    assert isinstance(claimed, Claimed)
    assert claimed.made
    assert claimed.voucher.state is State.ISSUED
    assert claimed.voucher.local_hour == "2026-05-20T15"
    assert claimed.voucher.unit is None
    assert ledger.get(claimed.voucher.voucher_id) == claimed.voucher


def test_the_same_visitor_asking_again_gets_the_same_voucher() -> None:
    ledger = stocked(5)
    first = claim(ledger, wish(offer=limited()))
    again = claim(ledger, wish(offer=limited()), "request-2")
    assert isinstance(first, Claimed)
    assert again == replace(first, made=False)
    assert ledger.left(CounterKind.STOCK) == 4


def test_each_ordinal_is_a_voucher_of_its_own() -> None:
    ledger = stocked(5)
    twice = limited(visitor_limit=2)
    assert isinstance(claim(ledger, wish(offer=twice)), Claimed)
    assert isinstance(claim(ledger, wish(offer=twice, ordinal=2)), Claimed)
    assert claim(ledger, wish(offer=twice, ordinal=3)) == Refusal(
        Reason.LIMIT_VISITOR, {"setting": "visitor_limit"}
    )
    assert len(ledger.vouchers) == 2


def test_the_last_unit_goes_to_one_and_its_owner_is_never_told_sold_out() -> None:
    ledger = stocked(1)
    first = claim(ledger, wish(offer=limited()))
    other = claim(ledger, wish(offer=limited(), visitor="visitor-2"))
    again = claim(ledger, wish(offer=limited()), "request-3")
    assert isinstance(first, Claimed)
    assert other == Refusal(Reason.OUT_OF_STOCK, {"setting": "stock"})
    assert again == replace(first, made=False)


@pytest.mark.parametrize(
    "change",
    [
        {"closed": True},
        {"usable_until": "2026-05-15"},
        {"claimable_from": "2026-05-25"},
        {"presence_required": True},
        {"popup_ids": ("madrid",)},
    ],
)
def test_whoever_has_the_voucher_gets_it_whatever_has_changed_since(
    change: dict[str, Any],
) -> None:
    ledger = Ledger()
    first = claim(ledger, wish())
    assert isinstance(first, Claimed)
    changed = offer(**change)
    later = wish(offer=changed, published=published(campaign(changed)))
    assert claim(ledger, later) == replace(first, made=False)
    assert isinstance(claim(ledger, replace(later, visitor="visitor-2")), Refusal)


@pytest.mark.parametrize("empty", [0, 1, 2, 3])
def test_an_empty_shard_leads_to_the_next(empty: int) -> None:
    left = [0, 0, 0, 0]
    left[empty] = 1
    ledger = stocked(*left)
    claimed = claim(ledger, wish(offer=limited(shards=4)))
    assert isinstance(claimed, Claimed)
    assert claimed.voucher.unit == CounterId(CounterKind.STOCK, 7, 1, 1, str(empty))
    assert ledger.left(CounterKind.STOCK) == 0


def test_shards_that_were_never_made_give_nothing() -> None:
    ledger = stocked(0)
    assert claim(ledger, wish(offer=limited(shards=3))) == Refusal(
        Reason.OUT_OF_STOCK, {"setting": "stock"}
    )


def test_every_unit_of_every_shard_is_given_and_not_one_more() -> None:
    ledger = stocked(3, 2, 2)
    spread = limited(units=7, shards=3)
    outcomes = [claim(ledger, wish(offer=spread, visitor=f"visitor-{n}")) for n in range(20)]
    assert sum(isinstance(outcome, Claimed) for outcome in outcomes) == 7
    assert ledger.left(CounterKind.STOCK) == 0


def test_an_empty_stock_of_the_whole_campaign_says_so() -> None:
    whole = offer(stock=Stock(units=1, per=Scope.CAMPAIGN))
    ledger = stocked(1, place=0)
    assert isinstance(claim(ledger, wish(offer=whole)), Claimed)
    assert claim(ledger, wish(offer=whole, visitor="visitor-2", popup=ANKARA)) == Refusal(
        Reason.LIMIT_CAMPAIGN, {"setting": "stock"}
    )


def test_a_claim_for_the_whole_campaign_is_the_same_at_every_stand() -> None:
    once = offer(visitor_scope=Scope.CAMPAIGN)
    ledger = Ledger()
    first = claim(ledger, wish(offer=once))
    assert isinstance(first, Claimed)
    assert claim(ledger, wish(offer=once, popup=ANKARA)) == replace(first, made=False)
    each = offer()
    assert claim(ledger, wish(offer=each)) != claim(ledger, wish(offer=each, popup=ANKARA))


# --- a request with an Idempotency-Key --------------------------------------------------------
def keep(voucher: Voucher) -> Record:
    """Return a record of the voucher under one and the same key."""
    told = voucher.voucher_id.encode()
    return Record(record_id="key", fingerprint="claim", owner="request", at=NOW, answer=told)


def test_the_record_of_a_claim_is_kept_with_the_voucher_that_it_makes() -> None:
    ledger = Ledger()
    claimed = claim(ledger, wish(), keep=keep)
    assert isinstance(claimed, Claimed)
    assert ledger.records == {"key": keep(claimed.voucher)}


def test_a_key_of_another_request_ends_the_walk_along_the_shards() -> None:
    ledger = stocked(5, 5, 5)
    ledger.records["key"] = Record(record_id="key", fingerprint="b", owner="other", at=NOW)
    told = claim(ledger, wish(offer=limited(shards=3)), keep=keep)
    assert told == Refusal(Reason.IDEMPOTENCY_KEY_REUSED)
    assert ledger.vouchers == {}


def test_a_record_that_is_too_large_to_keep_stops_no_claim() -> None:
    ledger = Ledger()
    assert isinstance(claim(ledger, wish(), keep=lambda _: None), Claimed)
    assert ledger.records == {}


# --- claims whose hold ended ----------------------------------------------------------------------
HELD = limited(hold_minutes=30, offline=False)


def lapsed(ledger: Ledger, held: Offer = HELD) -> None:
    claimed = claim(ledger, wish(offer=held))
    assert isinstance(claimed, Claimed)
    assert ledger.lapse(claimed.voucher, at=claimed.voucher.hold_until or NOW)


def test_a_claim_with_a_hold_says_when_it_ends() -> None:
    claimed = claim(stocked(1), wish(offer=HELD))
    assert isinstance(claimed, Claimed)
    assert claimed.voucher.hold_until == NOW + timedelta(minutes=30)


def test_a_lapsed_claim_is_revived_as_the_next_generation_with_a_unit_of_its_own() -> None:
    ledger, spread = stocked(0, 1), replace(HELD, stock=Stock(units=9, shards=2))
    lapsed(ledger, spread)
    assert ledger.left(CounterKind.STOCK) == 1
    again = claim(ledger, wish(offer=spread), "request-2")
    assert isinstance(again, Claimed)
    assert (again.made, again.voucher.generation) == (True, 1)
    assert again.voucher.state is State.ISSUED
    assert ledger.left(CounterKind.STOCK) == 0


def test_a_revived_claim_goes_on_counting_where_an_orders_hold_left_off() -> None:
    ledger, shop = stocked(1), use(number=0, nonce="held-0001")
    claim(ledger, wish(offer=HELD))
    (mine,) = ledger.vouchers
    ledger.use(plan(shop, voucher_id=mine, held_until=NOW + timedelta(minutes=5)))
    ledger.end_use(ledger.vouchers[mine], given_back(replace(shop, number=1), released=True))
    assert ledger.lapse(ledger.vouchers[mine], at=NOW + timedelta(minutes=30))
    claim(ledger, wish(offer=HELD), "request-2")
    again = ledger.vouchers[mine]
    assert (again.generation, again.uses, again.released) == (1, 1, 1)
    assert again.knows(shop.device_id, shop.nonce)


def test_a_lapsed_claim_finds_no_unit_where_others_took_it() -> None:
    ledger = stocked(1)
    lapsed(ledger)
    claim(ledger, wish(offer=HELD, visitor="visitor-2"))
    sold_out = Refusal(Reason.OUT_OF_STOCK, {"setting": "stock"})
    assert claim(ledger, wish(offer=HELD), "request-2") == sold_out


def test_a_lapsed_claim_of_an_offer_that_is_over_stays_lapsed() -> None:
    ledger = stocked(1)
    lapsed(ledger)
    over = replace(HELD, closed=True)
    later = wish(offer=over, published=published(campaign(over)))
    refused = claim(ledger, later)
    assert isinstance(refused, Refusal)
    assert refused.reason is Reason.EXPIRED


def test_a_claim_is_revived_fifteen_times_at_most() -> None:
    ledger = stocked(1)
    for _ in range(16):
        lapsed(ledger)
    refused = Refusal(Reason.LIMIT_VISITOR, {"setting": "hold_minutes"})
    assert claim(ledger, wish(offer=HELD)) == refused
    assert ledger.left(CounterKind.STOCK) == 1
