"""Honest mistakes have room; a guesser does not get far."""

from datetime import timedelta

import pytest
from made import NOW

from chalicelib.domain import guessing
from chalicelib.domain.guessing import MOST, WINDOW, Guess


@pytest.mark.parametrize("guess", Guess)
def test_every_kind_of_guess_has_an_end(guess: Guess) -> None:
    assert not guessing.is_too_many(guess, MOST[guess] - 1)
    assert guessing.is_too_many(guess, MOST[guess])


def test_a_shared_network_has_room_for_a_crowd() -> None:
    assert MOST[Guess.PUBLIC_CODE] >= 5 * MOST[Guess.VISITOR_CODE]


def test_a_window_lasts_ten_minutes() -> None:
    first = guessing.window_of(Guess.ENROLMENT, "who", NOW)
    assert guessing.window_of(Guess.ENROLMENT, "who", NOW + WINDOW).number == first.number + 1
    assert first.ends_at > NOW.timestamp()
    assert first.ends_at <= (NOW + timedelta(minutes=10)).timestamp()
