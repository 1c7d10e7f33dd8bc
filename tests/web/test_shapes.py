"""Shapes are prepared by one thread, however many ask for the first time at once."""

import subprocess
import sys

import msgspec
import pytest

from chalicelib.web import shapes

CROWD = """
import sys, threading
from concurrent.futures import ThreadPoolExecutor
import msgspec
from chalicelib.web import shapes

sys.setswitchinterval(1e-6)
for number in range(40):
    of_parts = [(f"part{n}", "list[dict[str, tuple[int, str | None]]]", None) for n in range(10)]
    parts = [msgspec.defstruct(f"Part{number}x{n}", of_parts) for n in range(20)]
    whole = msgspec.defstruct(f"Whole{number}", [(f"of{n}", part) for n, part in enumerate(parts)])
    body = msgspec.json.encode({f"of{n}": {} for n in range(20)})
    gate = threading.Barrier(8)

    def read():
        gate.wait()
        return shapes.from_json(body, whole)

    with ThreadPoolExecutor(8) as pool:
        for made in [pool.submit(read) for _ in range(8)]:
            made.result()
"""


class Tea(msgspec.Struct):
    """A shape of few fields."""

    cups: int


def test_json_and_fields_become_their_shape() -> None:
    assert shapes.from_json(b'{"cups": 2}', Tea) == Tea(2)
    assert shapes.from_fields({"cups": "2"}, Tea) == Tea(2)


def test_what_does_not_fit_is_told() -> None:
    with pytest.raises(msgspec.ValidationError, match=r"Expected `int`"):
        shapes.from_json(b'{"cups": "two"}', Tea)


def test_many_threads_may_meet_a_shape_for_the_first_time_at_once() -> None:
    """In a process of its own: what this guards against is a segmentation fault."""
    assert subprocess.run([sys.executable, "-c", CROWD], check=False).returncode == 0
