"""`make run`: its options, what it announces, and how it ends."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from local.house import restored
from local.places import REPOSITORY, Places
from local.run import Options, plan_of, read_options
from local.snapshot import Moment
from local.trouble import Trouble

START_SECONDS = 120


def test_without_variables_it_opens_on_port_8000() -> None:
    assert read_options({}) == Options(port=8000, at=None, lan=False, sample=True)


def test_each_variable_is_read() -> None:
    asked = {"PORT": "8001", "AT": "2019-11-11T12:00+01:00", "LAN": "1", "SAMPLE": "0"}
    noon = datetime(2019, 11, 11, 11, 0, tzinfo=UTC)
    assert read_options(asked) == Options(port=8001, at=noon, lan=True, sample=False)
    assert not read_options({"LAN": "0"}).lan


@pytest.mark.parametrize("port", ["0", "70000", "http", "-1", "8000 "])
def test_a_bad_port_is_one_line_with_the_cure(port: str) -> None:
    with pytest.raises(Trouble, match=r"Try PORT=8001 make run\.$"):
        read_options({"PORT": port})


def test_data_of_one_at_is_kept_apart(tmp_path: Path) -> None:
    noon = datetime(2019, 11, 11, 11, 0, tzinfo=UTC)
    where = Places(tmp_path)
    states = {plan_of(Options(at=at), where).state for at in (None, noon)}
    assert states == {tmp_path / "state" / "now", tmp_path / "state" / "20191111T110000Z"}


def test_the_start_says_what_it_restored() -> None:
    now = datetime.now().astimezone().replace(hour=14, minute=2)
    assert restored(None) == "new"
    assert restored(Moment(now, 1204, 0)) == "restored 1,204 items of 14:02"
    earlier = now - timedelta(days=40)
    assert restored(Moment(earlier, 5, 0)) == f"restored 5 items of {earlier:%d %b} 14:02"


class Run:
    """`make run` as a process of its own, with a directory of its own."""

    def __init__(self, directory: Path, port: int, **variables: str) -> None:
        self.where = Places(directory)
        self.port = port
        environment = os.environ | {"LOCAL_DIR": str(directory), "PORT": str(port)} | variables
        self.output = directory.parent / f"output-{time.monotonic_ns()}.txt"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "local.run"],
                cwd=REPOSITORY,
                env=environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def open(self) -> dict[str, object]:
        """Wait until it has announced itself."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            if self.where.run_file.exists():
                found: dict[str, object] = json.loads(self.where.run_file.read_text())
                return found
            time.sleep(0.1)
        raise AssertionError(self.said())

    def end(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)

    def said(self) -> str:
        return self.output.read_text()

    def says(self, text: str) -> bool:
        """Wait until it says so; it announces itself before it prints where to go."""
        deadline = time.monotonic() + START_SECONDS
        while text not in self.said() and time.monotonic() < deadline:
            time.sleep(0.1)
        return text in self.said()

    def engines(self) -> list[int]:
        """Return the processes that this one started and that still live."""
        listed = subprocess.run(
            ["ps", "-eo", "pid,ppid,stat,args"], capture_output=True, text=True, check=True
        )
        rows = [line.split(None, 3) for line in listed.stdout.splitlines()[1:]]
        state = str(self.where.root)
        return [
            int(pid)
            for pid, parent, status, arguments in rows
            if "local.engine_child" in arguments
            and not status.startswith("Z")
            and (int(parent) == self.process.pid or state in arguments)
        ]


@contextmanager
def run(directory: Path, **variables: str) -> Iterator[Run]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    started = Run(directory, port, **variables)
    try:
        yield started
    finally:
        if started.process.poll() is None:
            started.end(signal.SIGTERM)


def ask(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return str(answer.read().decode())


def test_it_opens_serves_closes_and_goes_on_where_it_was(tmp_path: Path) -> None:
    directory = tmp_path / ".local"
    with run(directory, SAMPLE="0") as first:
        told = first.open()
        assert told["base_url"] == f"http://localhost:{first.port}"
        assert told["campaign_id"] == "festival-now"
        assert told["console"]["email"] == "owner@sample.example"  # type: ignore[index]
        assert str(told["shop_key"]).startswith("mk_")
        assert str(told["training"]).count("/V/") == 4
        assert len(told["enrolments"]) == 70  # type: ignore[arg-type]
        assert told["screens"].keys() == told["enrolments"].keys()  # type: ignore[attr-defined]
        page = ask(f"http://127.0.0.1:{first.port}/p/istanbul")
        assert 'id="local-strip"' in page
        assert f"http://localhost:{first.port}" in page or "/V/" not in page
        engines = first.engines()
        assert len(engines) == 1
        assert first.end() == 0
        assert not [pid for pid in engines if pid in first.engines()]
    said = first.said()
    assert "[1/7] engine" in said
    assert "Marquee is open." in said
    assert "next: make demo" in said
    assert "Traceback" not in said
    assert not first.where.run_file.exists()
    with run(directory, SAMPLE="0") as second:
        second.open()
        assert "restored " in second.said()
        assert second.end(signal.SIGTERM) == 0


def test_a_dead_engine_ends_it_with_one_line_and_status_1(tmp_path: Path) -> None:
    with run(tmp_path / ".local", SAMPLE="0") as started:
        started.open()
        (engine,) = started.engines()
        os.kill(engine, signal.SIGKILL)
        assert started.process.wait(30) == 1
        assert "The engine stopped by itself" in started.said()
        assert "Traceback" not in started.said()


def test_with_at_in_2019_it_is_the_festival_of_2019(tmp_path: Path) -> None:
    with run(tmp_path / ".local", SAMPLE="0", AT="2019-10-27T22:50:00Z") as started:
        assert started.open()["campaign_id"] == "festival-2019"
        assert started.says("/p/istanbul-2019")
        state = json.loads(ask(f"http://127.0.0.1:{started.port}/_local/state"))
        assert state["now"].startswith("2019-10-27T22:5")


def test_a_taken_port_and_a_second_run_end_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        refused = Run(tmp_path / ".local", port)
        assert refused.process.wait(30) == 1
    said = refused.said()
    assert said == f"Port {port} is taken. Try PORT={port + 1} make run.\n"


def test_a_bad_at_ends_in_one_line(tmp_path: Path) -> None:
    refused = Run(tmp_path / ".local", 1, AT="yesterday")
    assert refused.process.wait(30) == 1
    assert refused.said().count("\n") == 1
    assert "Try AT=2019-11-11T12:00+01:00 make run." in refused.said()
