"""The product and a plain book of its rules, through everything that people may do.

`PROVE_SECONDS=600 PROVE_SEED=7 pytest tests/model` goes on for so long, with the
examples of that seed and of those after it; a failure prints the steps that lead there.
"""

import os
import time
from random import Random

import pytest
from house import House
from hypothesis import seed, settings
from hypothesis.stateful import run_state_machine_as_test
from model.facts import DEVICES, OFFERS, STANDS
from model.machine import MORNINGS, Festival

_QUICK = settings(max_examples=8, stateful_step_count=20)
_LONG = settings(_QUICK, derandomize=False, database=None, print_blob=False)


@pytest.fixture
def festival(house: House) -> type[Festival]:
    """Return the machine with the tables that it plays on."""
    Festival.house = house
    return Festival


WORDS = {
    *("made", "again", "published", "limit_below_use"),
    *("wrong_city", "not_revealed", "paused", "expired", "limit_visitor"),
    *("out_of_stock", "limit_campaign", "limit_day", "budget_exhausted"),
    *("revoked", "not_started", "not_now", "already_redeemed"),
    *("order_total_required", "no_effect"),
    *("not_found", "already_reversed", "device_not_allowed", "reversal_window_closed"),
}
HAPPENINGS = ("change", "change", "wait", "wait", "live", "back", "late", "late", "eight")
SEEDS = (2, 9, 12, 13, 19)  # together their days say every word


def busy_days(seed: int, morning: int, steps: int) -> set[str]:
    """Play days in which much happens, and return every word that was said."""
    dice = Random(seed)  # noqa: S311 - days need no secrecy
    days = Festival()
    days.open(at=MORNINGS[morning])
    for _ in range(steps):
        days.a_crowd_comes(seed=dice.randrange(2**16), size=10)
        _something_happens(days, dice)
        days.the_tables_agree_with_the_book()
    days.teardown()
    return days.said


def _something_happens(days: Festival, dice: Random) -> None:
    """Let marketing, the clock or a stubborn member of staff do something."""
    match dice.choice(
        ("change", "change", "wait", "wait", "live", "back", "late", "late", "eight")
    ):
        case "change":
            limit, budget = dice.choice((None, 1, 2, 3, 4)), dice.choice((None, 600, 1500))
            offer, more = dice.choice(list(OFFERS)), dice.randrange(2)
            days.change_an_offer(offer, limit, budget, more)
        case "wait":
            days.wait(dice.choice((1, 14, 70, 300)))
        case "live":
            days.pause_or_resume(dice.choice((*STANDS, *OFFERS)))
        case "back":
            days.roll_back(dice.randrange(20))
        case "late" if days.book.in_use():
            days.staff_give_back_at_the_last_moment(0, "nonce-late", dice.randrange(2))
        case "eight" if days.last:
            days.staff_use_and_give_back_to_the_eighth_use(dice.choice(DEVICES))
        case _ if days.last:
            days.revoke()


def test_busy_days_say_what_the_book_says_and_leave_no_word_out(festival: type[Festival]) -> None:
    assert festival is Festival
    said = [busy_days(seed, seed % len(MORNINGS), steps=10) for seed in SEEDS]
    assert set().union(*said) == WORDS


def test_the_product_says_what_the_book_says(festival: type[Festival]) -> None:
    run_state_machine_as_test(festival, settings=_QUICK)


@pytest.mark.skipif("PROVE_SECONDS" not in os.environ, reason="make prove sets PROVE_SECONDS")
def test_it_does_so_for_as_long_as_is_asked(festival: type[Festival]) -> None:
    number = int(os.environ.get("PROVE_SEED", "1"))
    end = time.monotonic() + float(os.environ["PROVE_SECONDS"])
    while time.monotonic() < end:
        run_state_machine_as_test(seed(number)(festival), settings=_LONG)
        number += 1
