"""What many watch is read once a second, however many they are."""

from itertools import count

from chalicelib.web.recent import Recent


def test_within_a_second_nothing_is_read_again() -> None:
    now, readings = [100.0], count(1)
    recent = Recent[int](lambda: now[0])
    assert recent.of("spring", lambda: next(readings)) == 1
    now[0] += 0.99
    assert recent.of("spring", lambda: next(readings)) == 1
    now[0] += 0.02
    assert recent.of("spring", lambda: next(readings)) == 2


def test_each_name_has_its_own_reading() -> None:
    recent = Recent[str](lambda: 100.0)
    assert recent.of("spring", lambda: "first") == "first"
    assert recent.of("autumn", lambda: "second") == "second"
