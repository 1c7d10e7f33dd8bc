"""Tries last three days; what is sent is the same at each of them."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain import notice as rules
from chalicelib.domain.event import Event, Kind
from chalicelib.domain.notice import PAUSES, TRIES, Answer, State, Trouble

AT = datetime(2026, 5, 20, 12, tzinfo=UTC)
EVENT = Event(
    event_id="evt_" + "a" * 24,
    kind=Kind.VOUCHER_CLAIMED,
    campaign_id="festival",
    at=AT,
    data={"voucher": "3-17"},
)


def test_the_tries_last_three_days() -> None:
    together = timedelta(seconds=sum(rules.pause_seconds(n, 0) for n in range(1, TRIES)))
    assert timedelta(days=3) < together < timedelta(days=3.1)
    assert list(PAUSES) == sorted(PAUSES)


def test_chance_spreads_what_fails_at_once_and_never_shortens() -> None:
    assert rules.pause_seconds(1, 0) == 10
    assert rules.pause_seconds(1, 1) == 11
    assert rules.pause_seconds(TRIES, 1) == rules.pause_seconds(TRIES + 5, 1) == 11


@pytest.mark.parametrize(
    ("answer", "tries", "state"),
    [
        (200, 1, State.DELIVERED),
        (299, TRIES, State.DELIVERED),
        (199, 1, State.WAITING),
        (302, 1, State.WAITING),
        (500, TRIES - 1, State.WAITING),
        (500, TRIES, State.FAILED),
        (Trouble.TIMED_OUT, 1, State.WAITING),
        (Trouble.NO_NAME, TRIES, State.FAILED),
    ],
)
def test_only_200_to_299_says_that_it_is_taken(answer: Answer, tries: int, state: State) -> None:
    assert rules.ended(answer, tries).state is state


def test_a_body_names_its_event_number_and_time() -> None:
    body = rules.body_of(EVENT, 17)
    assert body == rules.body_of(EVENT, 17)
    assert json.loads(body) == {
        "id": EVENT.event_id,
        "type": "voucher.claimed",
        "created_at": "2026-05-20T12:00:00Z",
        "campaign_id": "festival",
        "sequence": 17,
        "data": {"voucher": "3-17"},
    }


def test_each_trouble_has_words() -> None:
    assert set(rules.WORDS) == set(Trouble)


def test_a_place_from_outside_is_checked() -> None:
    place = f"{0:014}#{EVENT.event_id}"
    assert rules.is_place(place)
    assert not rules.is_place(f"{place}\n")
    assert not rules.is_place("HEADER")
