"""Each event has one number at each webhook, however often and from wherever it comes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import TryAgain
from chalicelib.domain.event import Event, Kind
from chalicelib.domain.hook import Hook
from chalicelib.domain.notice import Errand
from chalicelib.usecases import announcing
from chalicelib.usecases.announcing import RUN, Standing

AT = datetime(2026, 5, 20, 12, tzinfo=UTC)


def event(number: int, campaign_id: str = "festival", kind: Kind = Kind.VOUCHER_CLAIMED) -> Event:
    name = f"{campaign_id}-{number}"
    return Event(event_id=name, kind=kind, campaign_id=campaign_id, at=AT, data={})


def hook(name: str = "a", last: int = 0, campaign_id: str = "festival") -> Hook:
    return Hook(
        hook_id=name,
        campaign_id=campaign_id,
        url="https://a.example/",
        kinds=frozenset({Kind.VOUCHER_CLAIMED}),
        secret="mhs_a",
        added_at=AT,
        last=last,
    )


@dataclass
class Table:
    """Hooks and notices as the store keeps them. `others` take a number before each write."""

    hooks: list[Hook] = field(default_factory=lambda: [hook()])
    last: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, dict[str, int]] = field(default_factory=dict)
    others: int = 0
    gone: bool = False

    def of_campaign(self, campaign_id: str) -> Collection[Hook]:
        return [one for one in self.hooks if one.campaign_id == campaign_id]

    def number(self, hook: Hook, events: Sequence[Event], *, after: int) -> Standing | None:
        """Decide and write in one step, as one transaction does."""
        assert 0 < len(events) <= RUN
        mine = self.numbers.setdefault(hook.hook_id, {})
        if self.gone:
            return Standing(None, frozenset())
        if self.others:
            self.others -= 1
            self.last[hook.hook_id] = self.last.get(hook.hook_id, 0) + 1
        known = frozenset(one.event_id for one in events) & mine.keys()
        last = self.last.get(hook.hook_id, 0)
        if known or last != after:
            return Standing(last, known)
        for one, each in enumerate(events, after + 1):
            mine[each.event_id] = one
        self.last[hook.hook_id] = after + len(events)
        return None

    def place_of(self, event: Event) -> str:
        return event.event_id


@dataclass
class Queue:
    sent: list[Errand] = field(default_factory=list)

    def send(self, errands: Sequence[Errand]) -> None:
        self.sent += errands


def places(queue: Queue) -> list[str]:
    return [errand.place for errand in queue.sent]


def test_events_are_numbered_in_their_order_and_sent() -> None:
    table, queue = Table(), Queue()
    some = [event(n) for n in range(RUN + 5)]
    assert announcing.announce(table, table, queue, some) == RUN + 5
    assert table.numbers["a"] == {one.event_id: n for n, one in enumerate(some, 1)}
    assert places(queue) == [one.event_id for one in some]


def test_only_what_a_webhook_asked_for_is_told_it() -> None:
    table, queue = Table(), Queue()
    some = [event(1), event(2, kind=Kind.VOUCHER_REDEEMED), event(3, "other")]
    assert announcing.announce(table, table, queue, some) == 1
    assert places(queue) == ["festival-1"]


def test_each_webhook_of_each_campaign_has_numbers_of_its_own() -> None:
    table, queue = Table([hook("a"), hook("b"), hook("c", campaign_id="other")]), Queue()
    announcing.announce(table, table, queue, [event(1), event(2, "other"), event(3)])
    assert table.numbers["a"] == table.numbers["b"] == {"festival-1": 1, "festival-3": 2}
    assert table.numbers["c"] == {"other-2": 1}


def test_an_event_that_a_batch_names_twice_is_told_once() -> None:
    table, queue = Table(), Queue()
    assert announcing.announce(table, table, queue, [event(1), event(1)]) == 1


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=8), st.integers(0, 3))
def test_whatever_comes_again_keeps_its_number_without_a_gap(
    batches: list[tuple[int, int]], others: int
) -> None:
    table, queue = Table(), Queue()
    for start, length in batches:
        table.others = others
        before = dict(table.numbers.get("a", {}))
        announcing.announce(table, table, queue, [event(n) for n in range(start, start + length)])
        table.hooks = [hook(last=table.last.get("a", 0))]
        mine = table.numbers.get("a", {})
        assert before.items() <= mine.items()
        assert len(set(mine.values())) == len(mine)
    told = {place for start, length in batches for place in range(start, start + length)}
    assert (
        set(places(queue)) == {f"festival-{n}" for n in told} == table.numbers.get("a", {}).keys()
    )


def test_a_webhook_that_was_removed_meanwhile_is_told_nothing() -> None:
    table, queue = Table(gone=True), Queue()
    assert announcing.announce(table, table, queue, [event(1)]) == 0
    assert queue.sent == []


def test_where_others_keep_winning_the_batch_comes_again() -> None:
    table, queue = Table(others=100), Queue()
    with pytest.raises(TryAgain):
        announcing.announce(table, table, queue, [event(1)])
    assert queue.sent == []
