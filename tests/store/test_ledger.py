"""The ledger's promises, on DynamoDB's emulation and on the fake that the unit tests use."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from fakes import Ledger
from house import House
from made import DEVICE, NOW, VOUCHER_ID, given_back, plan, use, voucher

from chalicelib.domain.counter import Counter, CounterId, CounterKind
from chalicelib.domain.limits import Change, LimitId
from chalicelib.domain.reasons import Reason
from chalicelib.domain.voucher import Draw, PastUse, State, Use, Voucher, nonce_mark
from chalicelib.store import counters, engine, holds, uses, vouchers

STOCK = CounterId(CounterKind.STOCK, 77, 1, 1, "0")
OTHER = CounterId(CounterKind.STOCK, 77, 1, 1, "1")
DAY = CounterId(CounterKind.DAY, 77, 1, 1, "2026-05-20")
BUDGET = CounterId(CounterKind.BUDGET, 77, 1)


def real() -> Any:
    """Return the store's modules as one ledger."""
    return SimpleNamespace(
        claim=vouchers.claim,
        get=vouchers.get,
        use=uses.use,
        use_all=uses.use_all,
        use_under=uses.use_under,
        past_use=uses.past_use,
        end_use=uses.end_use,
        confirm=uses.confirm,
        groups_of=uses.groups_of,
        due=holds.due,
        lapse=holds.lapse,
        swept_to=holds.swept_to,
        mark_swept=holds.mark_swept,
        read=counters.read,
        days=counters.days,
        change=counters.change,
    )


@pytest.fixture(params=[Ledger, real], ids=["fake", "dynamodb"])
def ledger(request: pytest.FixtureRequest) -> Any:
    """Return an empty ledger of each kind."""
    make: Callable[[], Any] = request.param
    if make is real:
        request.getfixturevalue("house")
    return make()


def with_counters(ledger: Any, *ids: CounterId, cap: int = 5) -> None:
    changes = [Change(counter, None, cap) for counter in ids]
    assert ledger.change(changes, epoch=1, now=NOW, token="make")


def left(ledger: Any, counter: CounterId) -> int:
    return int(ledger.read([counter])[counter].left)


def claimed(ledger: Any, **facts: Any) -> Voucher:
    made = voucher(**facts)
    assert ledger.claim(made, token="claim") is None
    return made


def used(ledger: Any, nonce: str = "nonce-0001", draws: tuple[Draw, ...] = ()) -> Use:
    moved = tuple((draw.counter, draw.amount) for draw in draws)
    outcome = ledger.use(plan(use(number=0, nonce=nonce, moved=moved), draws=draws))
    assert isinstance(outcome, Use), outcome
    return outcome


def draw(counter: CounterId, amount: int = 1, cap: int = 5) -> Draw:
    return Draw(counter=counter, amount=amount, cap=cap, epoch=1)


# --- claims ---------------------------------------------------------------------------------------
def test_a_voucher_is_read_as_it_was_claimed(ledger: Any) -> None:
    with_counters(ledger, STOCK)
    made = claimed(ledger, unit=STOCK, merchant_id="cam-fener", ordinal=2)
    assert ledger.get(VOUCHER_ID) == made
    assert left(ledger, STOCK) == 4
    assert ledger.get("Z" * 15) is None


@pytest.mark.parametrize("unit", [None, STOCK])
def test_a_second_claim_finds_the_first_and_takes_nothing(
    ledger: Any, unit: CounterId | None
) -> None:
    with_counters(ledger, STOCK)
    made = claimed(ledger, unit=unit)
    before = left(ledger, STOCK)
    assert ledger.claim(replace(made, revision=9), token="again") == made
    assert left(ledger, STOCK) == before


def test_an_empty_counter_gives_nothing_but_the_owner_is_found_first(ledger: Any) -> None:
    with_counters(ledger, STOCK, cap=1)
    made = claimed(ledger, unit=STOCK)
    other = replace(made, voucher_id="Z" * 15)
    assert ledger.claim(other, token="other") is Reason.OUT_OF_STOCK
    assert ledger.get("Z" * 15) is None
    assert ledger.claim(made, token="again") == made


def test_a_counter_that_was_never_made_gives_nothing(ledger: Any) -> None:
    assert ledger.claim(voucher(unit=STOCK), token="claim") is Reason.OUT_OF_STOCK
    assert ledger.get(VOUCHER_ID) is None


# --- uses -----------------------------------------------------------------------------------------
def test_a_use_is_kept_whole(ledger: Any) -> None:
    with_counters(ledger, BUDGET)
    claimed(ledger)
    three = use(number=0, discount_minor=3, currency="TRY", moved=((BUDGET, 3),))
    outcome = ledger.use(plan(three, draws=(draw(BUDGET, 3),)))
    stored = ledger.get(VOUCHER_ID)
    assert outcome == stored.use
    assert outcome.number == stored.uses == 1
    assert outcome.moved == ((BUDGET, 3),)
    assert stored.state is State.REDEEMED
    assert stored.nonces == {nonce_mark(DEVICE, "nonce-0001")}


def test_a_used_voucher_stands_in_the_way_of_the_next(ledger: Any) -> None:
    claimed(ledger)
    used(ledger)
    stands = ledger.use(plan(use(nonce="nonce-0002")))
    assert isinstance(stands, Voucher)
    assert stands.state is State.REDEEMED
    assert ledger.get(VOUCHER_ID) == stands


@pytest.mark.parametrize("draws", [(), (draw(DAY),)])
def test_no_voucher_is_no_use(ledger: Any, draws: tuple[Draw, ...]) -> None:
    assert ledger.use(plan(draws=draws)) is None
    assert ledger.read([DAY]) == {}


@pytest.mark.parametrize("state", [State.GIVEN, State.REVOKED, State.LAPSED, State.HELD])
def test_no_other_state_can_be_used(ledger: Any, state: State) -> None:
    claimed(ledger, state=state)
    stands = ledger.use(plan())
    assert isinstance(stands, Voucher)
    assert stands.state is state


def test_a_token_of_another_generation_uses_nothing(ledger: Any) -> None:
    claimed(ledger, generation=1)
    assert isinstance(ledger.use(plan()), Voucher)
    assert isinstance(ledger.use(plan(generation=1)), Use)


def test_a_typed_code_has_no_generation(ledger: Any) -> None:
    claimed(ledger, generation=1)
    assert isinstance(ledger.use(plan(generation=None)), Use)


def test_a_nonce_is_used_once_even_after_the_return(ledger: Any) -> None:
    claimed(ledger)
    first = used(ledger)
    assert ledger.end_use(voucher(), given_back(first))
    stands = ledger.use(plan())
    assert isinstance(stands, Voucher)
    assert stands.state is State.REVERSED
    assert ledger.use_under(stands, DEVICE, "nonce-0001") == first
    assert used(ledger, "nonce-0002").number == 2


def test_a_use_is_found_by_device_and_nonce(ledger: Any) -> None:
    claimed(ledger)
    first = used(ledger)
    ledger.end_use(voucher(), given_back(first))
    second = used(ledger, "nonce-0002")
    stored = ledger.get(VOUCHER_ID)
    assert ledger.use_under(stored, DEVICE, "nonce-0001") == first
    assert ledger.use_under(stored, DEVICE, "nonce-0002") == second
    assert ledger.use_under(stored, DEVICE, "nonce-0003") is None
    assert ledger.use_under(stored, "other", "nonce-0001") is None


# --- limits ---------------------------------------------------------------------------------------
def test_the_first_use_of_a_day_makes_its_counter(ledger: Any) -> None:
    claimed(ledger)
    used(ledger, draws=(draw(DAY, cap=3),))
    assert ledger.read([DAY]) == {DAY: Counter(3, 2, 1)}


@pytest.mark.parametrize(
    ("counter", "reason"), [(DAY, Reason.LIMIT_DAY), (BUDGET, Reason.BUDGET_EXHAUSTED)]
)
def test_what_is_used_up_says_so_and_moves_nothing(
    ledger: Any, counter: CounterId, reason: Reason
) -> None:
    with_counters(ledger, counter, OTHER, cap=2)
    claimed(ledger)
    both = (draw(OTHER), draw(counter, 3))
    assert ledger.use(plan(draws=both)) is reason
    assert (left(ledger, counter), left(ledger, OTHER)) == (2, 2)
    assert ledger.get(VOUCHER_ID).state is State.ISSUED


def test_a_budget_that_was_never_made_is_used_up(ledger: Any) -> None:
    claimed(ledger)
    assert ledger.use(plan(draws=(draw(BUDGET),))) is Reason.BUDGET_EXHAUSTED


def test_the_voucher_is_told_before_its_limits(ledger: Any) -> None:
    with_counters(ledger, BUDGET, cap=1)
    claimed(ledger)
    used(ledger)
    stands = ledger.use(plan(use(nonce="nonce-0002"), draws=(draw(BUDGET, 2),)))
    assert isinstance(stands, Voucher)


# --- returns --------------------------------------------------------------------------------------
def test_a_return_gives_back_what_was_taken_once(ledger: Any) -> None:
    with_counters(ledger, BUDGET, DAY)
    claimed(ledger)
    first = used(ledger, draws=(draw(BUDGET, 3), draw(DAY)))
    assert (left(ledger, BUDGET), left(ledger, DAY)) == (2, 4)
    past = given_back(first, reversed_at=NOW + timedelta(days=1), why="yanlış")
    assert ledger.end_use(voucher(), past)
    assert not ledger.end_use(voucher(), replace(past, nonce="back-0002"))
    assert (left(ledger, BUDGET), left(ledger, DAY)) == (5, 5)
    assert ledger.past_use(VOUCHER_ID, 1) == past
    assert ledger.past_use(VOUCHER_ID, 2) is None
    stored = ledger.get(VOUCHER_ID)
    assert (stored.state, stored.use, stored.uses) == (State.REVERSED, None, 1)


def test_two_taps_at_once_give_back_once_and_neither_fails(ledger: Any) -> None:
    with_counters(ledger, BUDGET)
    claimed(ledger)
    past = given_back(used(ledger, draws=(draw(BUDGET, 3),)))
    moment = timedelta(milliseconds=1)
    twins = [past, past, replace(past, reversed_at=past.reversed_at + moment)]
    assert [ledger.end_use(voucher(), twin) for twin in twins] == [True, False, False]
    assert left(ledger, BUDGET) == 5


@pytest.mark.usefixtures("house")
def test_each_return_has_a_token_of_its_own() -> None:
    """The table refuses a token that comes again with another instant; the emulation does not."""
    ledger, tokens = real(), []
    claimed(ledger)
    past = given_back(used(ledger))

    def note(params: dict[str, Any], **_: Any) -> None:
        tokens.append(params["ClientRequestToken"])

    events, name = engine.client().meta.events, "before-parameter-build.dynamodb.TransactWriteItems"
    events.register(name, note)
    ledger.end_use(voucher(), past)
    ledger.end_use(voucher(), past)
    events.unregister(name, note)
    assert len(set(tokens)) == 2


def test_a_later_use_is_not_given_back_by_an_earlier_wish(ledger: Any) -> None:
    claimed(ledger)
    first = used(ledger)
    ledger.end_use(voucher(), given_back(first))
    used(ledger, "nonce-0002")
    assert not ledger.end_use(voucher(), given_back(first, nonce="back-0002"))
    assert ledger.get(VOUCHER_ID).state is State.REDEEMED


# --- counters -------------------------------------------------------------------------------------
def test_counters_are_made_once_and_moved_by_a_later_epoch(ledger: Any) -> None:
    with_counters(ledger, STOCK, OTHER)
    assert not ledger.change([Change(STOCK, None, 5)], epoch=2, now=NOW, token="again")
    found = ledger.read([STOCK, OTHER, BUDGET])
    assert found == {STOCK: Counter(5, 5, 1), OTHER: Counter(5, 5, 1)}
    moves = [Change(STOCK, found[STOCK], 3), Change(OTHER, found[OTHER], -5)]
    assert ledger.change(moves, epoch=2, now=NOW, token="move")
    assert ledger.read([STOCK, OTHER]) == {STOCK: Counter(8, 8, 2), OTHER: Counter(0, 0, 2)}
    assert not ledger.change(moves, epoch=2, now=NOW, token="repeated")
    assert not ledger.change(moves, epoch=1, now=NOW, token="earlier")


def test_changes_side_by_side_answer_in_their_order() -> None:
    last = threading.Event()

    def ends_last() -> bool:
        return last.wait(5)

    def lets_it_end() -> bool:
        last.set()
        return False

    assert counters.side_by_side([ends_last, lets_it_end]) == [True, False]


def test_of_many_counters_all_move_or_none(ledger: Any) -> None:
    with_counters(ledger, STOCK, OTHER)
    claimed(ledger, unit=OTHER)
    moves = [Change(STOCK, Counter(5, 5, 1), -1), Change(OTHER, Counter(5, 5, 1), -5)]
    assert not ledger.change(moves, epoch=2, now=NOW, token="move")
    assert left(ledger, STOCK) == 5


def test_a_unit_that_is_taken_meanwhile_does_not_stop_a_move_that_still_fits(ledger: Any) -> None:
    with_counters(ledger, STOCK)
    claimed(ledger, unit=STOCK)
    assert ledger.change([Change(STOCK, Counter(5, 5, 1), -4)], epoch=2, now=NOW, token="m")
    assert ledger.read([STOCK]) == {STOCK: Counter(1, 0, 2)}


def test_the_days_of_a_stand_are_listed_from_a_day_on(ledger: Any) -> None:
    days = [replace(DAY, part=f"2026-05-{day}") for day in (19, 20, 21, 30)]
    with_counters(ledger, *days, replace(DAY, popup_number=2), STOCK)
    limit = LimitId(CounterKind.DAY, 1, 1)
    assert ledger.days(77, limit, date(2026, 5, 20)) == days[1:]


# --- what only the table shows --------------------------------------------------------------------
def test_every_write_raises_the_version(house: House) -> None:
    table = real()
    with_counters(table, BUDGET)
    claimed(table)
    first = used(table, draws=(draw(BUDGET),))
    table.end_use(voucher(), given_back(first))
    versions = {
        (item["pk"]["S"], item["sk"]["S"]): int(item["ver"]["N"])
        for item in house.items()
        if VOUCHER_ID in item["pk"]["S"] or item["pk"]["S"].startswith("C#budget.77.")
    }
    assert sorted(versions.values()) == [1, 3, 3]
    assert all("updated_at" in item for item in house.items())


def test_many_vouchers_are_read_at_once(house: House) -> None:
    del house
    ids = [f"{number:015}" for number in range(120)]
    for voucher_id in ids[:110]:
        claimed(real(), voucher_id=voucher_id)
    found = vouchers.get_many(ids)
    assert {one.voucher_id for one in found} == set(ids[:110])


# --- holds and orders -----------------------------------------------------------------------------
SECOND = "1" * 15
SOON = NOW + timedelta(minutes=10)


def held(ledger: Any, draws: tuple[Draw, ...] = (), **facts: Any) -> Voucher:
    claimed(ledger, **facts)
    moved = tuple((draw.counter, draw.amount) for draw in draws)
    hold = plan(use(number=0, device_id="shop", moved=moved), draws=draws, held_until=SOON)
    assert isinstance(ledger.use(hold), Use)
    stored: Voucher = ledger.get(VOUCHER_ID)
    return stored


def released(voucher: Voucher, **facts: Any) -> PastUse:
    assert voucher.use is not None
    return given_back(voucher.use, released=True, **facts)


def due_at(ledger: Any, minute: str) -> list[str]:
    return [voucher.voucher_id for voucher in ledger.due(minute)]


def test_a_held_voucher_says_until_when_and_stands_in_the_way(ledger: Any) -> None:
    voucher = held(ledger)
    assert (voucher.state, voucher.held_until) == (State.HELD, SOON)
    stands = ledger.use(plan(use(nonce="nonce-0002")))
    assert isinstance(stands, Voucher)
    assert stands.held_until == SOON


def test_a_hold_is_confirmed_once_and_in_time(ledger: Any) -> None:
    voucher = held(ledger)
    assert not ledger.confirm(voucher, at=SOON)
    assert ledger.confirm(voucher, at=NOW)
    assert not ledger.confirm(voucher, at=NOW)
    stored = ledger.get(VOUCHER_ID)
    assert (stored.state, stored.held_until) == (State.REDEEMED, None)
    assert stored.use == voucher.use


def test_a_hold_is_released_once_with_all_that_it_took(ledger: Any) -> None:
    with_counters(ledger, BUDGET, DAY)
    voucher = held(ledger, (draw(BUDGET, 3), draw(DAY)))
    assert (left(ledger, BUDGET), left(ledger, DAY)) == (2, 4)
    assert ledger.end_use(voucher, released(voucher))
    assert not ledger.end_use(voucher, released(voucher))
    stored = ledger.get(VOUCHER_ID)
    assert (stored.state, stored.released, stored.use) == (State.ISSUED, 1, None)
    assert (left(ledger, BUDGET), left(ledger, DAY)) == (5, 5)
    assert ledger.past_use(VOUCHER_ID, 1).released


def test_a_hold_of_what_was_given_back_before_rests_as_given_back(ledger: Any) -> None:
    claimed(ledger)
    first = used(ledger)
    ledger.end_use(voucher(), given_back(first))
    again = plan(use(number=0, nonce="nonce-0002", device_id="shop"), held_until=SOON)
    assert isinstance(ledger.use(again), Use)
    stored = ledger.get(VOUCHER_ID)
    assert ledger.end_use(stored, released(stored))
    assert ledger.get(VOUCHER_ID).state is State.REVERSED


def test_the_sweeper_finds_each_hold_at_its_minute(ledger: Any) -> None:
    held(ledger, hold_until=NOW + timedelta(minutes=30))
    assert due_at(ledger, "2026-05-20T12:11Z") == [VOUCHER_ID]
    assert due_at(ledger, "2026-05-20T12:31Z") == []
    stored = ledger.get(VOUCHER_ID)
    ledger.end_use(stored, released(stored))
    assert due_at(ledger, "2026-05-20T12:11Z") == []
    assert due_at(ledger, "2026-05-20T12:31Z") == [VOUCHER_ID]
    used(ledger, "nonce-0009")
    assert due_at(ledger, "2026-05-20T12:31Z") == []


def test_a_claim_that_an_order_held_past_its_end_is_due_when_the_order_gives_it_back(
    ledger: Any,
) -> None:
    voucher = held(ledger, hold_until=NOW + timedelta(minutes=5))
    ledger.end_use(voucher, released(voucher, reversed_at=SOON))
    assert due_at(ledger, "2026-05-20T12:06Z") == []
    assert due_at(ledger, "2026-05-20T12:11Z") == [VOUCHER_ID]


def test_an_unused_claim_lapses_once_and_not_before_its_time(ledger: Any) -> None:
    with_counters(ledger, STOCK)
    mine = claimed(ledger, unit=STOCK, hold_until=SOON)
    assert not ledger.lapse(mine, at=NOW)
    assert ledger.lapse(mine, at=SOON)
    assert not ledger.lapse(mine, at=SOON)
    assert ledger.get(VOUCHER_ID).state is State.LAPSED
    assert left(ledger, STOCK) == 5


def test_a_used_claim_does_not_lapse(ledger: Any) -> None:
    mine = claimed(ledger, hold_until=SOON)
    used(ledger)
    assert not ledger.lapse(mine, at=SOON)


def test_a_lapsed_claim_is_revived_by_one_only(ledger: Any) -> None:
    with_counters(ledger, STOCK)
    mine = claimed(ledger, unit=STOCK, hold_until=SOON)
    ledger.lapse(mine, at=SOON)
    over = ledger.claim(mine, token="again")
    assert over.state is State.LAPSED
    revived = replace(mine, generation=1)
    assert ledger.claim(revived, over=over, token="first") is None
    assert ledger.claim(revived, over=over, token="second").generation == 1
    assert left(ledger, STOCK) == 4


def test_a_revived_claim_goes_on_counting_and_its_next_use_can_be_given_back(ledger: Any) -> None:
    voucher = held(ledger, hold_until=SOON)
    ledger.end_use(voucher, released(voucher))
    assert ledger.lapse(voucher, at=SOON)
    over = ledger.get(VOUCHER_ID)
    revived = replace(over, state=State.ISSUED, generation=1)
    assert ledger.claim(revived, over=over, token="again") is None
    assert ledger.get(VOUCHER_ID).nonces == over.nonces
    second = ledger.use(plan(use(number=0, nonce="nonce-0002"), generation=1))
    assert second.number == 2
    assert ledger.end_use(ledger.get(VOUCHER_ID), given_back(second))


def test_a_minted_voucher_is_there_from_its_first_use(ledger: Any) -> None:
    first = voucher(visitor="", merchant_id="cam-fener")
    assert isinstance(ledger.use(plan(first=first)), Use)
    stored = ledger.get(VOUCHER_ID)
    assert replace(stored, use=None, nonces=frozenset(), version=1) == replace(
        first, state=State.REDEEMED, uses=1
    )
    assert isinstance(ledger.use(plan(use(nonce="nonce-0002"), first=first)), Voucher)


def test_an_order_is_all_or_nothing(ledger: Any) -> None:
    with_counters(ledger, BUDGET)
    claimed(ledger)
    claimed(ledger, voucher_id=SECOND)
    three = (draw(BUDGET, 3),)
    plans = [
        plan(use(number=0, nonce=nonce, moved=((BUDGET, 3),)), voucher_id=name, draws=three)
        for name, nonce in ((VOUCHER_ID, "nonce-0001"), (SECOND, "nonce-0002"))
    ]
    assert ledger.use_all(plans) == {1: Reason.BUDGET_EXHAUSTED}
    assert ledger.get(VOUCHER_ID).state is State.ISSUED
    (only,) = ledger.use_all(plans[:1])
    assert only.number == 1
    assert left(ledger, BUDGET) == 2
    stood = ledger.use_all([replace(plans[1], voucher_id="Z" * 15), plans[0]])
    assert stood[0] is None
    assert stood[1].state is State.REDEEMED


def test_an_order_takes_one_voucher_of_a_group(ledger: Any) -> None:
    claimed(ledger)
    claimed(ledger, voucher_id=SECOND)
    grouped = {"order": "istanbul#A-17", "group": "big"}
    first = ledger.use(plan(use(number=0, **grouped)))
    assert isinstance(first, Use)
    assert ledger.groups_of("istanbul#A-17") == {"big"}
    other = plan(use(number=0, nonce="nonce-0002", **grouped), voucher_id=SECOND)
    assert ledger.use(other) is Reason.NOT_STACKABLE
    assert ledger.end_use(voucher(), given_back(first))
    assert ledger.groups_of("istanbul#A-17") == frozenset()
    assert isinstance(ledger.use(other), Use)


def test_the_sweeper_remembers_how_far_it_got(ledger: Any) -> None:
    assert ledger.swept_to() is None
    ledger.mark_swept(NOW.replace(second=0))
    assert ledger.swept_to() == NOW.replace(second=0)
