"""What happened is numbered for each webhook that wants it, once, and put into the queue."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from chalicelib.domain.errors import TryAgain
from chalicelib.domain.event import Event
from chalicelib.domain.hook import Hook
from chalicelib.domain.notice import Errand

RUN = 50  # notices of one transaction, beside the hook itself; DynamoDB takes a hundred
_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Standing:
    """Why a run was not numbered: the number that the hook is at, and which events have one.

    `last` is None where the hook is gone.
    """

    last: int | None
    known: frozenset[str]


class Hooks(Protocol):
    """What is asked of the hooks; `chalicelib.store.hooks` fits."""

    def of_campaign(self, campaign_id: str) -> Collection[Hook]: ...


class Notices(Protocol):
    """What is asked of the notices; `chalicelib.store.notices` fits."""

    def number(self, hook: Hook, events: Sequence[Event], *, after: int) -> Standing | None:
        """Give these events the numbers from `after` + 1 on, all or none. None: done."""
        ...

    def place_of(self, event: Event) -> str: ...


class Queue(Protocol):
    """Where errands wait; `chalicelib.errands.Errands` fits."""

    def send(self, errands: Sequence[Errand]) -> None:
        """Put errands into the queue. Raises TryAgain unless it took all."""
        ...


def announce(hooks: Hooks, notices: Notices, queue: Queue, events: Iterable[Event]) -> int:
    """Give events their numbers, in their order, and send them on; return how many errands.

    An event that comes again keeps its number and is sent again: who delivers it sees whether
    that is done. Raises TryAgain; then all of it may be repeated.
    """
    sent = 0
    by_campaign: dict[str, list[Event]] = {}
    for event in events:
        by_campaign.setdefault(event.campaign_id, []).append(event)
    for campaign_id, some in by_campaign.items():
        for hook in hooks.of_campaign(campaign_id):
            for run in _runs([event for event in some if event.kind in hook.kinds]):
                if _numbered(notices, hook, run):
                    queue.send([_errand(notices, hook, event) for event in run])
                    sent += len(run)
    return sent


def _numbered(notices: Notices, hook: Hook, run: Sequence[Event]) -> bool:
    """Give numbers to those of a run that have none; False where the hook is gone."""
    last: int | None = hook.last
    for _ in range(_ROUNDS):
        if last is None:
            return False
        stood = notices.number(hook, run, after=last)
        if stood is None:
            return True
        last, run = stood.last, [one for one in run if one.event_id not in stood.known]
        if not run:
            return True
    raise TryAgain("others number the events of this webhook")


def _runs(events: Sequence[Event]) -> Iterator[Sequence[Event]]:
    """Yield events in runs; one that comes twice in a batch is named once."""
    once = list({event.event_id: event for event in events}.values())
    return (once[at : at + RUN] for at in range(0, len(once), RUN))


def _errand(notices: Notices, hook: Hook, event: Event) -> Errand:
    return Errand(campaign_id=hook.campaign_id, hook_id=hook.hook_id, place=notices.place_of(event))
