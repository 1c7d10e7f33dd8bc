"""The product and a plain book of its rules, through everything that people may do.

`PROVE_SECONDS=600 PROVE_SEED=7 pytest tests/model` goes on for so long, with the
examples of that seed and of those after it; a failure prints the steps that lead there.
"""

import os
import time

import pytest
from house import House
from hypothesis import seed, settings
from hypothesis.stateful import run_state_machine_as_test
from model.fair import Fair

_QUICK = settings(max_examples=10, stateful_step_count=30)
_LONG = settings(_QUICK, derandomize=False, database=None, print_blob=False)


@pytest.fixture
def festival(house: House) -> type[Fair]:
    """Return the machine with the tables that it plays on."""
    Fair.house = house
    return Fair


def test_the_product_says_what_the_book_says(festival: type[Fair]) -> None:
    run_state_machine_as_test(festival, settings=_QUICK)


@pytest.mark.skipif("PROVE_SECONDS" not in os.environ, reason="make prove sets PROVE_SECONDS")
def test_it_does_so_for_as_long_as_is_asked(festival: type[Fair]) -> None:
    number = int(os.environ.get("PROVE_SEED", "1"))
    end = time.monotonic() + float(os.environ["PROVE_SECONDS"])
    while time.monotonic() < end:
        run_state_machine_as_test(seed(number)(festival), settings=_LONG)
        number += 1
