"""A device's chain, its clock, and how much it may accept without network."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from made import NOW

from chalicelib.domain import offline
from chalicelib.domain.offline import Admission, Allowance, Chain, Entry, Handed

MANY = Allowance(uses=1_000, value_minor=None)
NONE = timedelta()


def entry(seq: int, minutes_ago: float = 10, **facts: Any) -> Entry:
    whole: dict[str, Any] = {
        "digest": f"digest-{seq}",
        "scanned_at": NOW - timedelta(minutes=minutes_ago),
        "elapsed_ms": 0,
        **facts,
    }
    return Entry(seq=seq, **whole)


def handed(*entries: Entry, **facts: Any) -> Handed:
    whole: dict[str, Any] = {
        "previous": "",
        "hash": "hash-1",
        "received_at": NOW,
        "offset": NONE,
        "allowance": MANY,
        **facts,
    }
    return Handed(entries=entries, **whole)


def admitted(chain: Chain, batch: Handed) -> Admission:
    found = offline.admit(chain, batch)
    assert found is not None
    return found


def test_the_first_batch_follows_nothing() -> None:
    found = admitted(Chain(), handed(entry(1), entry(2)))
    assert [one.seq for one in found.fresh] == [1, 2]
    assert (found.chain.last_seq, found.chain.last_hash, found.chain.version) == (2, "hash-1", 1)


def test_a_batch_that_names_another_one_before_is_none_of_ours() -> None:
    assert offline.admit(Chain(), handed(entry(1), previous="other")) is None


def test_the_same_batch_again_is_known() -> None:
    batch = handed(entry(1), entry(2))
    after = admitted(Chain(), batch).chain
    again = admitted(after, batch)
    assert (again.known, again.fresh, again.chain) == (frozenset({1, 2}), (), after)


def test_what_comes_after_a_hole_comes_too_early() -> None:
    found = admitted(Chain(), handed(entry(1), entry(3), entry(4)))
    assert (found.early, found.chain.last_seq) == (frozenset({3, 4}), 1)
    again = admitted(found.chain, handed(entry(1), entry(3), entry(4)))
    assert (again.known, again.early) == (frozenset({1}), frozenset({3, 4}))


def test_a_hole_alone_moves_nothing() -> None:
    found = admitted(Chain(), handed(entry(2)))
    assert found.chain == Chain()


def test_known_entries_may_come_with_new_ones() -> None:
    after = admitted(Chain(), handed(entry(1), entry(2))).chain
    found = admitted(after, handed(entry(2), entry(3), previous="hash-1", hash="hash-2"))
    assert (found.known, [one.seq for one in found.fresh]) == (frozenset({2}), [3])
    assert (found.chain.last_hash, found.chain.version) == ("hash-2", 2)


def test_the_clock_is_corrected_by_what_it_is_off_now() -> None:
    fast = timedelta(hours=-3)
    one = entry(1, scanned_at=NOW + timedelta(hours=2, minutes=50))
    (found,) = admitted(Chain(), handed(one, offset=fast)).fresh
    assert found.at == NOW - timedelta(minutes=10)
    assert not found.skewed


def test_the_servers_own_word_counts_more_than_any_clock() -> None:
    heard = NOW - timedelta(minutes=30)
    one = entry(1, contact_at=heard, elapsed_ms=60_000)
    (found,) = admitted(Chain(), handed(one)).fresh
    assert found.at == heard + timedelta(minutes=1)
    assert found.skewed


def test_nothing_was_scanned_after_it_came_in_or_before_what_came_before_it() -> None:
    late, early = entry(1, minutes_ago=-60), entry(2, minutes_ago=90)
    first, second = admitted(Chain(), handed(late, early)).fresh
    assert (first.at, second.at) == (NOW, NOW)
    assert (first.skewed, second.skewed) == (True, True)


def test_what_the_allowance_does_not_hold_is_told_and_not_counted() -> None:
    two = Allowance(uses=2, value_minor=None)
    found = admitted(Chain(), handed(*(entry(n) for n in (1, 2, 3)), allowance=two))
    assert [one.over for one in found.fresh] == [False, False, True]
    assert found.chain.run_uses == 2


def test_the_allowance_is_of_value_too() -> None:
    some = Allowance(uses=10, value_minor=1_000)
    dear, cheap = entry(2, value_minor=600), entry(3, value_minor=100)
    found = admitted(Chain(), handed(entry(1, value_minor=500), dear, cheap, allowance=some))
    assert [one.over for one in found.fresh] == [False, True, False]
    assert found.chain.run_minor == 600


def test_what_was_withdrawn_takes_nothing_of_the_allowance() -> None:
    one = Allowance(uses=1, value_minor=None)
    found = admitted(Chain(), handed(entry(1, uses=0), entry(2), allowance=one))
    assert [each.over for each in found.fresh] == [False, False]


def test_a_long_queue_is_one_run_however_many_batches_it_takes() -> None:
    two = Allowance(uses=2, value_minor=None)
    first = admitted(Chain(), handed(entry(1, 50), entry(2, 40), allowance=two)).chain
    rest = handed(entry(3, 30), previous="hash-1", hash="hash-2", allowance=two)
    assert admitted(first, replace(rest, received_at=NOW + timedelta(seconds=5))).fresh[0].over
    later = replace(rest, received_at=NOW + timedelta(hours=1), entries=(entry(3, -30),))
    assert not admitted(first, later).fresh[0].over


@given(st.lists(st.integers(-600, 600), min_size=1, max_size=20), st.integers(0, 10))
def test_corrected_times_rise_and_never_pass_the_receipt(minutes: list[int], cut: int) -> None:
    entries = [entry(seq, ago) for seq, ago in enumerate(minutes, start=1)]
    head, tail = entries[:cut], entries[cut:]
    chain = Chain()
    times: list[datetime] = []
    for number, part in enumerate([head, tail]):
        batch = handed(*part, previous=chain.last_hash, hash=f"h{number}")
        found = admitted(chain, batch)
        chain, times = found.chain, [*times, *(one.at for one in found.fresh)]
    assert times == sorted(times)
    assert times[-1] <= NOW
    assert chain.last_seq == len(entries)
