"""The business clock of the laptop."""

from datetime import UTC, datetime, timedelta, timezone
from threading import Thread

import pytest

from local.clock import ShiftedClock, read_at
from local.trouble import Trouble

START = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
FESTIVAL = datetime(2019, 11, 11, 11, 0, tzinfo=UTC)


class Time:
    """Real time that a test moves by hand."""

    def __init__(self) -> None:
        self.value = START

    def __call__(self) -> datetime:
        return self.value


def test_without_a_start_it_shows_real_time() -> None:
    assert ShiftedClock(real=Time()).now() == START


def test_it_runs_on_from_where_it_starts() -> None:
    time = Time()
    clock = ShiftedClock(FESTIVAL, real=time)
    time.value += timedelta(minutes=5)
    assert clock.now() == FESTIVAL + timedelta(minutes=5)


def test_it_can_be_moved_set_and_brought_back() -> None:
    clock = ShiftedClock(real=Time())
    clock.move(timedelta(hours=-1))
    assert clock.now() == START - timedelta(hours=1)
    clock.set(FESTIVAL)
    assert clock.now() == FESTIVAL
    clock.reset()
    assert clock.now() == START
    assert clock.shift == timedelta(0)


def test_it_answers_in_utc() -> None:
    istanbul = FESTIVAL.astimezone(timezone(timedelta(hours=3)))
    assert ShiftedClock(istanbul, real=Time()).now().tzinfo is UTC


def test_it_does_not_leave_the_years_it_knows() -> None:
    clock = ShiftedClock(datetime(2019, 1, 1, tzinfo=UTC), real=Time())
    clock.move(timedelta(hours=-1))
    assert clock.now() == datetime(2019, 1, 1, tzinfo=UTC)


def test_threads_do_not_lose_each_others_moves() -> None:
    clock = ShiftedClock(real=Time())

    def move() -> None:
        for _ in range(200):
            clock.set(clock.now())  # a reader and writer of its own
            clock.now()

    threads = [Thread(target=move) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert clock.now() == START


@pytest.mark.parametrize(
    "text", ["2019-11-11T12:00+01:00", "2019-11-11T11:00Z", " 2019-11-11T11:00:00+00:00 "]
)
def test_at_names_an_instant(text: str) -> None:
    assert read_at(text) == FESTIVAL


def test_at_may_be_absent() -> None:
    assert read_at("") is None


@pytest.mark.parametrize(
    "text", ["tomorrow", "2019-11-11", "2019-11-11T12:00", "1999-01-01T00:00Z", "2051-01-01T00:00Z"]
)
def test_a_bad_at_is_one_line_with_the_cure(text: str) -> None:
    with pytest.raises(Trouble, match=r"^AT=.*Try AT=2019-11-11T12:00\+01:00 make run\.$") as told:
        read_at(text)
    assert "\n" not in str(told.value)
