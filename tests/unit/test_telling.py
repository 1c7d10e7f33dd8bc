"""A receiver is told once; what it does not take is tried again."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from outside import Outside

from chalicelib.domain import hook as hook_rules
from chalicelib.domain.event import Event, Kind
from chalicelib.domain.hook import Hook
from chalicelib.domain.notice import TRIES, Errand, Notice, State, Stop, Trouble, Try
from chalicelib.usecases import telling

AT = datetime(2026, 5, 20, 12, tzinfo=UTC)
ERRAND = Errand(campaign_id="festival", hook_id="a", place="1")
HOOK = Hook(
    hook_id="a",
    campaign_id="festival",
    url="https://a.example/",
    kinds=frozenset({Kind.VOUCHER_CLAIMED}),
    secret="mhs_a",
    added_at=AT,
)
EVENT = Event(event_id="evt_1", kind=Kind.VOUCHER_CLAIMED, campaign_id="festival", at=AT, data={})


@dataclass
class Table:
    """One hook and what it is told."""

    hook: Hook | None = HOOK
    begun: Notice | Stop = field(default_factory=lambda: Notice(event=EVENT, number=3))
    ended: list[Try] = field(default_factory=list)

    def get(self, campaign_id: str, hook_id: str) -> Hook | None:
        assert (campaign_id, hook_id) == ("festival", "a")
        return self.hook

    def begin(self, errand: Errand, at: datetime) -> Notice | Stop:
        assert (errand, at) == (ERRAND, AT)
        return self.begun

    def tried(self, errand: Errand, ended: Try) -> None:
        assert errand == ERRAND
        self.ended.append(ended)


def run(table: Table, outside: Outside, tries: int = 1) -> bool:
    return telling.run(table, table, outside, ERRAND, tries=tries, at=AT)


def test_what_is_taken_is_done() -> None:
    table, outside = Table(), Outside()
    assert run(table, outside)
    [letter] = outside.got
    assert (letter.url, letter.json["sequence"]) == ("https://a.example/", 3)
    signed = hook_rules.signature(["mhs_a"], letter.body, AT)
    assert letter.headers["Marquee-Signature"] == signed
    assert table.ended == [Try(answer=200, state=State.DELIVERED)]


@pytest.mark.parametrize(("tries", "state"), [(1, State.WAITING), (TRIES, State.FAILED)])
def test_what_is_not_taken_comes_again_until_the_last_try(tries: int, state: State) -> None:
    table = Table()
    assert not run(table, Outside([500]), tries)
    assert table.ended == [Try(answer=500, state=state)]


def test_a_paused_webhook_is_not_asked_and_waits() -> None:
    table, outside = Table(replace(HOOK, paused=True)), Outside()
    assert not run(table, outside)
    assert outside.got == []
    assert table.ended == [Try(answer=Trouble.PAUSED, state=State.WAITING)]


@pytest.mark.parametrize(("stop", "done"), [(Stop.DONE, True), (Stop.UNDER_WAY, False)])
def test_what_is_done_or_under_way_is_not_sent(stop: Stop, *, done: bool) -> None:
    table, outside = Table(begun=stop), Outside()
    assert run(table, outside) is done
    assert outside.got == []
    assert table.ended == []


def test_a_webhook_that_is_gone_is_told_nothing() -> None:
    outside = Outside()
    assert run(Table(None), outside)
    assert outside.got == []
