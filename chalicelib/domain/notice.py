"""One event for one webhook: its number, its tries, and when the next one is."""

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from chalicelib.domain.event import Event
from chalicelib.domain.sentence import N_

# Seconds between the tries; together they last three days. infra/hooks.yaml has their number.
PAUSES: Final = (10, 60, 300, 1_800, 7_200, 14_400, *(21_600,) * 11)
TRIES: Final = len(PAUSES) + 1
ONE_TRY: Final = timedelta(seconds=8)  # one that died is over by then
KEPT: Final = timedelta(days=30)
_PLACE: Final = re.compile(r"\d{14}#evt_[a-z2-7]{24}")


class State(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


class Stop(StrEnum):
    """Why a try is not begun."""

    DONE = "done"  # delivered before, or no longer kept
    UNDER_WAY = "under_way"  # the same message came twice, and the other one is being told


class Trouble(StrEnum):
    """Why a receiver gave no answer."""

    PAUSED = "paused"
    NO_NAME = "no_name"
    NOT_PUBLIC = "not_public"
    NO_CONNECTION = "no_connection"
    NO_PROOF = "no_proof"
    TIMED_OUT = "timed_out"
    NO_HTTP = "no_http"


WORDS: Final = {
    Trouble.PAUSED: N_("paused here; it is told when this webhook goes on"),
    Trouble.NO_NAME: N_("the name of the host was not found"),
    Trouble.NOT_PUBLIC: N_("the name leads to an address that is not public"),
    Trouble.NO_CONNECTION: N_("nobody takes connections there"),
    Trouble.NO_PROOF: N_("the certificate is not valid for this name"),
    Trouble.TIMED_OUT: N_("no answer within 3 seconds"),
    Trouble.NO_HTTP: N_("the answer is not HTTP, or is above 64 KB"),
}

Answer = int | Trouble  # the status of a receiver's answer, or why there is none


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What waits in the queue: which notice of which hook. `again` tells a delivered one, too."""

    campaign_id: str
    hook_id: str
    place: str
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """An event with its number at one hook. `answer` is that of the last try, as text."""

    event: Event
    number: int
    place: str = ""
    state: State = State.WAITING
    tries: int = 0
    tried_at: datetime | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """How one try ended."""

    answer: Answer
    state: State


def took(answer: Answer) -> bool:
    """Tell whether a receiver has taken it: any answer from 200 to 299 says so."""
    return isinstance(answer, int) and 200 <= answer < 300


def ended(answer: Answer, tries: int) -> Try:
    """Return how the try of this count ended, the first being 1."""
    if took(answer):
        return Try(answer=answer, state=State.DELIVERED)
    return Try(answer=answer, state=State.FAILED if tries >= TRIES else State.WAITING)


def pause_seconds(tries: int, chance: float) -> int:
    """Return how long to wait after a failed try; `chance`, 0 to 1, spreads what fails at once.

    After the last one it is the shortest: the queue then gives it to the dead letters.
    """
    pause = PAUSES[tries - 1] if tries < TRIES else min(PAUSES)
    return int(pause * (1 + chance / 10))


def body_of(event: Event, number: int) -> bytes:
    """Return what is sent: the same bytes at each try."""
    document = {
        "id": event.event_id,
        "type": event.kind,
        "created_at": f"{event.at:%Y-%m-%dT%H:%M:%S}Z",
        "campaign_id": event.campaign_id,
        "sequence": number,
        "data": event.data,
    }
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()


def is_place(text: str) -> bool:
    """Tell whether a notice may lie at such a place."""
    return _PLACE.fullmatch(text) is not None
