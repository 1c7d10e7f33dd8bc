"""From the ledger's stream through a queue to a receiver behind TLS, on an engine that races."""

import json
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from soon import soon
from tls_receiver import HOST, OK, Receiver, receiver, replies

from chalicelib import announcer, courier
from chalicelib.config import Settings, read_settings
from chalicelib.domain import event as events
from chalicelib.domain import trail
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.event import Event, Kind
from chalicelib.domain.hook import Hook
from chalicelib.domain.member import Scope
from chalicelib.domain.notice import TRIES, Errand, Notice, State
from chalicelib.errands import Errands
from chalicelib.store import engine, hooks, news, notices, setup
from chalicelib.usecases import announcing
from local import engine as engines
from local import ground
from local.courier import Courier
from local.projector import Projector

SCOPE = Scope(area="festival", member_id="anna", email="anna@example.org")
SOON = 30.0
_NUMBERS = count()


class Eager(Errands):
    """The queue, but what is put off comes again at once: nobody waits for days here."""

    def put_off(self, receipt: str, seconds: int) -> None:
        """Make the message visible at once."""
        assert seconds >= 0
        super().put_off(receipt, 0)


@dataclass
class Post:
    """Everything between the stream and the receiver."""

    settings: Settings
    there: Receiver
    errands: Eager

    def hook(self, name: str) -> Hook:
        """Add a webhook that leads to the receiver."""
        hook = Hook(
            hook_id=name * 16,
            campaign_id=SCOPE.area,
            url=f"https://{HOST}/{name}",
            kinds=frozenset({Kind.CAMPAIGN_PAUSED}),
            secret=f"mhs_{name}",
            added_at=datetime.now(UTC),
        )
        at = datetime.now(UTC)
        entry = trail.entry(
            SCOPE, "webhook added", name, at=at, request_id=self.settings.table_prefix
        )
        assert hooks.add(SCOPE, hook, entry)
        return hook

    @contextmanager
    def followed(self) -> Iterator[Projector]:
        """Follow the stream from its oldest record on: all of it comes again each time."""
        table = f"{self.settings.table_prefix}ledger"
        streams = ground.aws(self.settings, "dynamodbstreams")
        follower = Projector(streams, table, lambda event: announcer.announce(event, self.errands))
        follower.start()
        try:
            yield follower
        finally:
            follower.stop()

    @contextmanager
    def carried(self) -> Iterator[None]:
        """Carry what is in the queue."""

        def carry(event: Mapping[str, Any]) -> Mapping[str, Any]:
            return courier.carry(event, self.errands, self.there.egress())

        sqs = ground.aws(self.settings, "sqs")
        carrier = Courier(sqs, self.settings.errands_url, carry, idle_seconds=0.05)
        carrier.start()
        try:
            yield
        finally:
            carrier.stop()

    def waiting(self, queue: str = "") -> int:
        """Count the messages in the queue, or in that of the dead letters."""
        sqs = ground.aws(self.settings, "sqs")
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        url = f"{self.settings.errands_url}{queue}"
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return sum(int(found[name]) for name in names)

    def told(self, hook: Hook) -> list[Mapping[str, Any]]:
        """Return what the receiver got for a webhook."""
        path = f"POST /{hook.hook_id[0]} ".encode()
        both = zip(self.there.heads, self.there.bodies, strict=True)
        return [json.loads(body) for head, body in both if head.startswith(path)]


def happened(*marks: object) -> list[Event]:
    """Let something happen to the campaign, once for each mark."""
    done = []
    for mark in marks:
        entry = trail.entry(SCOPE, "paused", SCOPE.area, at=datetime.now(UTC), request_id=str(mark))
        action = news.left(entry)
        engine.transact([action], uuid4().hex)
        done.append(news.event_of(action["Put"]["Item"]))
    return done


@pytest.fixture(scope="module")
def _engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[engines.Engine]:
    ground.keep_home()
    engine = engines.start(None, tmp_path_factory.mktemp("engine") / "engine.log")
    yield engine
    engine.stop()


@pytest.fixture
def post(_engine: engines.Engine, tmp_path: Path) -> Iterator[Post]:
    prefix = f"hooks-{next(_NUMBERS)}-"
    settings = Settings(public_url="http://localhost", table_prefix=prefix, engine_url=_engine.url)
    setup.connect(settings)
    setup.create_all()
    settings = replace(settings, errands_url=ground.ensure_queue(settings))
    with receiver(tmp_path / "tls") as there:
        yield Post(settings, there, Eager(settings))
    setup.connect(read_settings())


def listed(hook: Hook) -> list[Notice]:
    return notices.listed(SCOPE, hook.hook_id)


def test_each_event_is_told_once_in_numbers_without_a_gap_however_often_it_comes(
    post: Post,
) -> None:
    first, second = post.hook("a"), post.hook("b")
    happened(*range(12))
    for _ in range(2):  # the second time everything comes again
        with post.followed() as follower:
            assert follower.drain(SOON)
    with post.carried():
        soon(lambda: post.waiting() == 0)
        happened("late")
        with post.followed() as follower:  # and a third time, after it was told
            assert follower.drain(SOON)
        soon(lambda: post.waiting() == 0)
    for hook in (first, second):
        told = post.told(hook)
        assert sorted(one["sequence"] for one in told) == list(range(1, 14))
        assert len({one["id"] for one in told}) == 13
        assert {notice.state for notice in listed(hook)} == {State.DELIVERED}


def test_announcers_that_race_give_each_event_one_number(post: Post) -> None:
    """As after a shard was split, or where Lambda starts a batch while the last still runs."""
    hook, at = post.hook("a"), datetime.now(UTC)
    some = [events.of_campaign(Kind.CAMPAIGN_PAUSED, SCOPE.area, str(n), at=at) for n in range(40)]
    together = threading.Barrier(4)

    def announce(mine: list[Event]) -> None:
        together.wait()
        while True:
            try:
                announcing.announce(hooks, notices, post.errands, mine)
            except TryAgain:
                continue
            return

    parts = [some[:25], some[15:], some[::2], some[1::2]]
    threads = [threading.Thread(target=announce, args=(part,)) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = notices.listed(SCOPE, hook.hook_id, undelivered=True)
    assert sorted(notice.number for notice in kept) == list(range(1, 41))
    found = hooks.get(SCOPE.area, hook.hook_id)
    assert found is not None
    assert found.last == 40


def test_two_messages_of_one_event_do_not_both_go_out(post: Post) -> None:
    hook = post.hook("a")
    [event] = happened("x")
    for _ in range(6):
        announcing.announce(hooks, notices, post.errands, [event])
    assert post.waiting() == 6
    with post.carried():
        soon(lambda: post.waiting() == 0)
    assert Counter(one["id"] for one in post.told(hook)) == {event.event_id: 1}


def test_a_receiver_that_fails_and_recovers_is_told(post: Post) -> None:
    hook = post.hook("a")
    answers = iter([b"HTTP/1.1 503 X\r\n\r\n", b"", b"HTTP/1.1 302 X\r\n\r\n"])
    post.there.answer = lambda connection: connection.sendall(next(answers, OK))
    happened("x")
    with post.followed() as follower, post.carried():
        assert follower.drain(SOON)
        soon(lambda: post.waiting() == 0)
    [notice] = listed(hook)
    assert (notice.state, notice.tries, notice.answer) == (State.DELIVERED, 4, "200")
    assert len(set(post.there.bodies)) == 1, "each try sends the same"


def test_after_the_last_try_it_is_a_dead_letter_and_can_be_told_again(post: Post) -> None:
    hook = post.hook("a")
    post.there.answer = replies(b"HTTP/1.1 500 X\r\n\r\n")
    happened("x")
    with post.followed() as follower, post.carried():
        assert follower.drain(SOON)
        soon(lambda: post.waiting("-dead") == 1)
        assert post.waiting() == 0
        [notice] = listed(hook)
        assert (notice.state, notice.tries) == (State.FAILED, TRIES)
        post.there.answer = replies(OK)
        errand = Errand(campaign_id=SCOPE.area, hook_id=hook.hook_id, place=notice.place)
        post.errands.send([errand])
        soon(lambda: listed(hook)[0].state is State.DELIVERED)
    assert post.told(hook)[-1]["sequence"] == 1


def test_more_errands_than_sqs_takes_at_once_all_arrive(post: Post) -> None:
    some = [Errand(campaign_id=SCOPE.area, hook_id="a", place=str(n)) for n in range(23)]
    post.errands.send(some)
    assert post.waiting() == 23
    with post.carried():  # nothing is known behind them: each is done
        soon(lambda: post.waiting() == 0)


def test_a_queue_that_does_not_answer_is_told_to_the_caller(post: Post) -> None:
    lost = Errands(replace(post.settings, errands_url=f"{post.settings.errands_url}-lost"))
    with pytest.raises(TryAgain):
        lost.send([Errand(campaign_id=SCOPE.area, hook_id="a", place="1")])
    with pytest.raises(TryAgain):
        post.errands.put_off("no receipt", 1)
