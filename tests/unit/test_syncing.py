"""What was accepted without network ends once, whatever dies and whoever comes first."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import permutations
from typing import Any

import pytest
from fake_scans import Doors
from fakes import Crashed, Fate, Fragile
from hypothesis import given, settings
from hypothesis import strategies as st
from made import ANKARA, FIVE_OFF, NOW, VOUCHER_ID, given_back, offer, scan, use, voucher

from chalicelib.domain.counter import Counter, CounterId, CounterKind
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.offline import Allowance, Chain, Committed, Entry, Handed
from chalicelib.domain.offline_scan import OfflineScan, Outcome
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.redemption import LAST_USE, Scan
from chalicelib.domain.using import Plan
from chalicelib.domain.voucher import State, Use, Voucher, nonce_mark
from chalicelib.usecases import contesting, redeeming, syncing
from chalicelib.usecases.syncing import Broken, HandIn, Posted, Synced

DAY = CounterId(CounterKind.DAY, 7, 1, 1, "2026-05-20")
BUDGET = CounterId(CounterKind.BUDGET, 7, 1)
NORTH, SOUTH, ONLINE = "north", "south", "online"
MANY = Allowance(uses=1_000, value_minor=None)


def posted(
    seq: int = 1,
    device_id: str = NORTH,
    *,
    line: Scan | Refusal | None = None,
    at: datetime = NOW,
    **facts: Any,
) -> Posted:
    """Return an entry of a device, of the voucher from Istanbul unless it says otherwise."""
    nonce = facts.pop("nonce", f"nonce-{device_id}-{seq}")
    shown = scan(device_id=device_id, nonce=nonce) if line is None else line
    told = Entry(seq=seq, digest=f"{device_id}-{seq}-{facts}", scanned_at=at, elapsed_ms=0, uses=1)
    return Posted(entry=told, nonce=nonce, epoch=1, line=shown, **facts)


def batch(*entries: Posted, device_id: str = NORTH, previous: str = "", **facts: Any) -> HandIn:
    name = "|".join(entry.entry.digest for entry in entries)
    handed = Handed(
        previous=previous,
        hash=f"hash of {name}",
        received_at=facts.pop("received_at", NOW + timedelta(hours=1)),
        offset=timedelta(),
        entries=tuple(entry.entry for entry in entries),
        allowance=facts.pop("allowance", MANY),
    )
    return HandIn(
        device_id=device_id,
        campaign_id="festival",
        popup_id="istanbul",
        handed=handed,
        posted=entries,
        **facts,
    )


def synced(ledger: Any, hand_in: HandIn) -> Synced:
    found = syncing.sync(ledger, hand_in)
    assert isinstance(found, Synced), found
    return found


def outcomes(ledger: Any, hand_in: HandIn) -> list[tuple[Outcome, Reason | None] | None]:
    results = synced(ledger, hand_in).results
    return [(one.scan.outcome, one.scan.reason) if one.scan else None for one in results]


def doors(state: Voucher | None = None, **facts: Any) -> Doors:
    return Doors(vouchers={VOUCHER_ID: state or voucher()}, **facts)


def test_an_entry_takes_its_voucher() -> None:
    ledger = doors()
    assert outcomes(ledger, batch(posted())) == [(Outcome.ACCEPTED, None)]
    used = ledger.vouchers[VOUCHER_ID].use
    assert used is not None
    assert (used.seq, used.number, used.scanned_at) == (1, 1, NOW)
    assert [kept.name for kept in ledger.scans.values()] == ["north#1"]
    assert used.received_at == NOW + timedelta(hours=1)


def test_entries_before_a_hole_end_and_those_behind_it_wait() -> None:
    assert outcomes(doors(), batch(posted(1), posted(3))) == [(Outcome.ACCEPTED, None), None]


def test_a_batch_of_another_chain_is_broken() -> None:
    found = syncing.sync(doors(), batch(posted(), previous="other"))
    assert found == Broken(Chain())


def test_another_entry_under_a_known_number_is_rejected_alone_and_moves_nothing() -> None:
    ledger = doors()
    first = batch(posted(1))
    synced(ledger, first)
    rubbish = posted(2, line=Refusal(Reason.UNKNOWN_CODE))
    fork = batch(posted(1, shift="other"), rubbish, previous=first.handed.hash)
    ends = [(Outcome.REJECTED, Reason.CHAIN_BROKEN), (Outcome.REJECTED, Reason.UNKNOWN_CODE)]
    for _ in range(2):
        assert outcomes(ledger, fork) == ends
    names = sorted(kept.name for kept in ledger.scans.values())
    assert names == ["north#1", f"north#1~{fork.posted[0].entry.digest}", "north#2"]
    assert ledger.vouchers[VOUCHER_ID].uses == 1


def test_the_same_entry_in_another_batch_is_known() -> None:
    ledger = doors()
    first = batch(posted(1))
    synced(ledger, first)
    more = batch(
        posted(1), posted(2, line=Refusal(Reason.UNKNOWN_CODE)), previous=first.handed.hash
    )
    assert outcomes(ledger, more) == [
        (Outcome.ACCEPTED, None),
        (Outcome.REJECTED, Reason.UNKNOWN_CODE),
    ]


def test_what_is_no_voucher_of_the_ledger_is_rejected() -> None:
    assert outcomes(Doors(), batch(posted())) == [(Outcome.REJECTED, Reason.UNKNOWN_CODE)]


def test_a_minted_one_is_made_by_its_entry() -> None:
    first = voucher(voucher_id="Z23456789ABCDEF")
    line = scan(voucher_id=first.voucher_id, first=first, device_id=NORTH, token=None)
    ledger = Doors()
    assert outcomes(ledger, batch(posted(line=line))) == [(Outcome.ACCEPTED, None)]
    assert ledger.vouchers[first.voucher_id].state is State.REDEEMED


def test_a_revoked_device_moves_nothing() -> None:
    ledger = doors()
    found = outcomes(ledger, batch(posted(), quarantined=True))
    assert found == [(Outcome.REJECTED, Reason.DEVICE_REVOKED)]
    assert ledger.vouchers[VOUCHER_ID] == voucher()


def test_a_withdrawn_entry_moves_nothing() -> None:
    ledger = doors()
    found = outcomes(ledger, batch(posted(withdrawn=True)))
    assert found == [(Outcome.REJECTED, Reason.ALREADY_REVERSED)]
    assert ledger.vouchers[VOUCHER_ID] == voucher()


def online(ledger: Doors, device_id: str = ONLINE, nonce: str = "nonce-online") -> Use | Reason:
    shown = scan(device_id=device_id, nonce=nonce)
    found = redeeming.redeem(ledger, shown, request_id="request-1")
    return found.use if isinstance(found, redeeming.Redeemed) else found.reason


def test_withdrawing_gives_back_what_the_same_nonce_had_used_online() -> None:
    ledger = doors()
    online(ledger, NORTH, "nonce-north-1")
    outcomes(ledger, batch(posted(withdrawn=True)))
    assert ledger.vouchers[VOUCHER_ID].state is State.REVERSED


@pytest.mark.parametrize("changes", [{"seq": 1}, {"received_at": NOW - timedelta(hours=5)}])
def test_withdrawing_takes_back_no_entry_and_nothing_of_long_ago(changes: dict[str, Any]) -> None:
    made = replace(use(device_id=NORTH, nonce="nonce-north-1"), **changes)
    marks = frozenset({nonce_mark(NORTH, "nonce-north-1")})
    used = voucher(State.REDEEMED, uses=1, use=made, nonces=marks)
    ledger = doors(used)
    found = outcomes(ledger, batch(posted(withdrawn=True)))
    assert found == [(Outcome.REJECTED, Reason.REVERSAL_WINDOW_CLOSED)]
    assert ledger.vouchers[VOUCHER_ID] == used


@pytest.mark.parametrize("state", [State.HELD, State.REDEEMED])
def test_withdrawing_gives_back_no_hold_and_not_the_last_use(state: State) -> None:
    number = LAST_USE if state is State.REDEEMED else 1
    made = use(device_id=NORTH, nonce="nonce-north-1", number=number)
    marks = frozenset({nonce_mark(NORTH, "nonce-north-1")})
    used = voucher(state, uses=number, use=made, nonces=marks)
    ledger = doors(used)
    outcomes(ledger, batch(posted(withdrawn=True)))
    assert ledger.vouchers[VOUCHER_ID] == used


def test_a_nonce_that_was_used_online_is_a_duplicate_whatever_happened_since() -> None:
    ledger = doors()
    online(ledger, NORTH, "nonce-north-1")
    (first,) = synced(ledger, batch(posted())).results
    assert first.scan is not None
    assert (first.scan.outcome, first.scan.number) == (Outcome.DUPLICATE, 1)
    used = ledger.vouchers[VOUCHER_ID].use
    assert used is not None
    ledger.end_use(ledger.vouchers[VOUCHER_ID], given_back(used))
    (again,) = synced(ledger, batch(posted(device_id=NORTH), received_at=NOW)).results
    assert again.scan == first.scan


def test_a_nonce_of_a_use_that_was_given_back_is_a_duplicate_without_a_number() -> None:
    ledger = doors()
    online(ledger, NORTH, "nonce-north-1")
    used = ledger.vouchers[VOUCHER_ID].use
    assert used is not None
    ledger.end_use(ledger.vouchers[VOUCHER_ID], given_back(used))
    (found,) = synced(ledger, batch(posted())).results
    assert found.scan is not None
    assert (found.scan.outcome, found.scan.number) == (Outcome.DUPLICATE, None)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (scan(device_id=NORTH, used=ANKARA), Reason.WRONG_CITY),
        (scan(device_id=NORTH, offer=offer(offline=False)), Reason.NEEDS_NETWORK),
        (scan(device_id=NORTH, offer=offer(hold_minutes=5)), Reason.NEEDS_NETWORK),
    ],
)
def test_what_was_not_valid_is_a_conflict_with_its_reason(line: Scan, reason: Reason) -> None:
    assert outcomes(doors(), batch(posted(line=line))) == [(Outcome.CONFLICT, reason)]


def test_the_rules_are_those_of_the_corrected_time() -> None:
    before = datetime.fromisoformat("2026-05-09T20:59:00Z")
    found = outcomes(doors(), batch(posted(at=before)))
    assert found == [(Outcome.CONFLICT, Reason.NOT_STARTED)]


def test_beyond_the_allowance_nothing_is_moved() -> None:
    ledger = doors()
    none = Allowance(uses=0, value_minor=None)
    found = outcomes(ledger, batch(posted(), allowance=none))
    assert found == [(Outcome.CONFLICT, Reason.OFFLINE_ALLOWANCE_USED)]
    assert ledger.vouchers[VOUCHER_ID] == voucher()


def test_the_hold_of_an_order_that_ended_is_given_back_first() -> None:
    hold = use(device_id="shop", held_until=NOW - timedelta(minutes=1))
    held = voucher(State.HELD, uses=1, use=hold, held_until=NOW - timedelta(minutes=1))
    ledger = doors(held)
    assert outcomes(ledger, batch(posted())) == [(Outcome.ACCEPTED, None)]
    assert ledger.vouchers[VOUCHER_ID].uses == 2


def test_a_hold_that_stands_is_in_the_way() -> None:
    hold = use(device_id="shop", held_until=NOW + timedelta(minutes=1))
    held = voucher(State.HELD, uses=1, use=hold, held_until=NOW + timedelta(minutes=1))
    found = outcomes(doors(held), batch(posted()))
    assert found == [(Outcome.CONFLICT, Reason.HELD_BY_ORDER)]


# --- counters -------------------------------------------------------------------------------------
LIMITED = offer(benefit=FIVE_OFF, day_limit=2, budget_minor=700, offline=True)


def limited(day: int, budget: int) -> Doors:
    ledger = doors()
    ledger.counters = {DAY: Counter(2, day, 1), BUDGET: Counter(700, budget, 1)}
    return ledger


def of_the_offer(**facts: Any) -> Posted:
    return posted(line=scan(device_id=NORTH, offer=LIMITED, order_total_minor=9_000, **facts))


def test_an_entry_moves_counters_as_an_online_use_does() -> None:
    ledger = limited(day=2, budget=700)
    assert outcomes(ledger, batch(of_the_offer())) == [(Outcome.ACCEPTED, None)]
    assert ledger.counters == {DAY: Counter(2, 1, 1), BUDGET: Counter(700, 200, 1)}


def test_what_counters_have_not_got_is_counted_apart() -> None:
    ledger = limited(day=0, budget=300)
    assert outcomes(ledger, batch(of_the_offer())) == [(Outcome.ACCEPTED, None)]
    assert ledger.counters == {DAY: Counter(2, 0, 1, 1), BUDGET: Counter(700, 0, 1, 200)}
    used = ledger.vouchers[VOUCHER_ID].use
    assert used is not None
    assert (used.moved, used.overran) == (((BUDGET, 300),), ((DAY, 1), (BUDGET, 200)))


def test_a_day_is_made_by_its_first_use_and_a_budget_never() -> None:
    ledger = doors()
    outcomes(ledger, batch(of_the_offer()))
    used = ledger.vouchers[VOUCHER_ID].use
    assert used is not None
    assert (used.moved, used.overran) == (((DAY, 1),), ((BUDGET, 500),))


# --- what others do meanwhile, and what dies ------------------------------------------------------
class Busy(Doors):
    """A ledger in which somebody is always faster."""

    def take(self, plan: Plan, scan: OfflineScan) -> OfflineScan | None:
        del plan, scan
        return None


class Ahead(Doors):
    """A ledger in which the chain always moves first."""

    def advance(self, *args: object) -> bool:
        del args
        return False


def test_a_ledger_that_keeps_moving_asks_to_try_again() -> None:
    with pytest.raises(TryAgain):
        syncing.sync(Busy(vouchers={VOUCHER_ID: voucher()}), batch(posted()))
    with pytest.raises(TryAgain):
        syncing.sync(Ahead(), batch(posted()))


def test_two_processes_with_the_same_batch_say_the_same() -> None:
    ledger, one = doors(), batch(posted(1), posted(2))

    class Late(Doors):
        """A process whose chain was moved by the other one in the same instant."""

        def chain(self, device_id: str) -> Chain:
            return ledger.chains.get(device_id, Chain())

        def advance(
            self,
            device_id: str,
            before: Chain,
            after: Chain,
            committed: tuple[Committed, ...],
            at: datetime,
        ) -> bool:
            del device_id, before, after, committed, at
            expected.extend(outcomes(ledger, one))
            return False

    expected: list[Any] = []
    late = Late(
        vouchers=ledger.vouchers, scans=ledger.scans, said=ledger.said, chains=ledger.chains
    )
    assert outcomes(late, one) == expected
    assert len(ledger.scans) == 2


@pytest.mark.parametrize("calls", range(16))
def test_a_batch_that_is_sent_again_finishes_what_a_dead_process_began(calls: int) -> None:
    ledger, hand_in = doors(), batch(posted(1), posted(2), posted(3, withdrawn=True))
    whole = outcomes(doors(), hand_in)
    try:
        syncing.sync(Fragile(ledger, Fate(calls)), hand_in)
    except Crashed:
        later = replace(hand_in.handed, received_at=NOW + timedelta(hours=2))
        hand_in = replace(hand_in, handed=later)
    assert outcomes(ledger, hand_in) == whole
    assert ledger.vouchers[VOUCHER_ID].uses == 1


# --- the merge ------------------------------------------------------------------------------------
Times = dict[str, int]  # when each device let the holder in, in minutes before noon


def handed_in(ledger: Doors, hand_in: HandIn) -> Outcome | None:
    """Hand in a batch of one entry as a server does, and return what became of it."""
    found = synced(ledger, hand_in)
    contesting.contest(
        ledger,
        "festival",
        contested=found.roots(Outcome.CONFLICT),
        accepted=found.roots(Outcome.ACCEPTED),
    )
    (result,) = found.results
    return result.scan.outcome if result.scan else None


def coming(ledger: Doors, device_id: str, times: Times, hour: int) -> Callable[[], Any]:
    """Return how a device comes to the server, the first time as ever after."""
    if device_id == ONLINE:
        return partial(online, ledger)
    at, received = NOW - timedelta(minutes=times[device_id]), NOW + timedelta(hours=hour)
    hand_in = batch(posted(1, device_id, at=at), device_id=device_id, received_at=received)
    return partial(handed_in, ledger, hand_in)


def merged(order: Sequence[str], times: Times) -> tuple[Doors, dict[str, Any]]:
    """Let devices come in an order, each of them again at the end: nothing told is taken back."""
    ledger, told = doors(), dict[str, Any]()
    comings = {name: coming(ledger, name, times, hour) for hour, name in enumerate(order, start=1)}
    for name, come in comings.items():
        told[name] = come()
        assert come() == told[name]  # the answer was lost
    assert {name: come() for name, come in comings.items()} == told
    return ledger, told


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["d1", "d2", "d3", "d4"]), st.integers(0, 500), min_size=2, max_size=3
    )
)
def test_who_bears_the_value_does_not_depend_on_the_order_of_sync(times: Times) -> None:
    earliest = min(times, key=lambda device_id: (-times[device_id], device_id))
    for order in permutations([*times, ONLINE]):
        ledger, told = merged(order, times)
        first, used = order[0], told.pop(ONLINE)
        voucher = ledger.vouchers[VOUCHER_ID]
        assert used == (voucher.use if first == ONLINE else Reason.ALREADY_REDEEMED)
        assert told == dict.fromkeys(times, Outcome.CONFLICT) | (
            {} if first == ONLINE else {first: Outcome.ACCEPTED}
        )
        (case,) = ledger.listed.values()
        assert case.winner == (ONLINE if first == ONLINE else f"{earliest}#1")
        assert voucher.uses == 1
