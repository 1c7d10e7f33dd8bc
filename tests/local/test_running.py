"""One run a directory; what it announces; what a reset forgets."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from local import places, reset, running, status
from local.places import Places
from local.trouble import Trouble


@pytest.fixture
def where(tmp_path: Path) -> Places:
    return Places(tmp_path / ".local")


def test_a_second_run_is_refused_with_the_address_of_the_first(where: Places) -> None:
    assert not running.is_running(where)
    with running.alone(where):
        running.announce(where, {"base_url": "http://localhost:8000"})
        assert running.is_running(where)
        with pytest.raises(Trouble, match=r"runs at http://localhost:8000\. Stop it"):
            running.alone(where).__enter__()
    assert not running.is_running(where)


def test_the_announcement_is_for_its_owner_only_and_ends(where: Places) -> None:
    where.root.mkdir()
    running.announce(where, {"enrolments": {"istanbul": "CODE"}})
    assert running.read(where) == {"enrolments": {"istanbul": "CODE"}}
    assert where.run_file.stat().st_mode & 0o077 == 0
    running.withdraw(where)
    assert running.read(where) is None


def test_each_at_has_a_place_of_its_own(where: Places) -> None:
    noon = datetime(2019, 11, 11, 11, 0, tzinfo=UTC)
    assert where.state_of(None).name == "now"
    assert where.state_of(noon).name == "20191111T110000Z"
    assert places.name_of(noon) != places.name_of(noon.replace(second=1))


def test_reset_forgets_data_and_keeps_what_it_does_not_know(where: Places) -> None:
    for directory in (where.state_of(None), where.log, where.tls, where.root / "demo"):
        directory.mkdir(parents=True)
    assert reset.reset(where) == "Forgotten: now."
    assert not where.states.exists()
    assert (where.root / "demo").exists()
    assert reset.reset(where) == "There was nothing to forget."


def test_reset_refuses_while_marquee_runs(where: Places) -> None:
    where.state_of(None).mkdir(parents=True)
    with running.alone(where), pytest.raises(Trouble, match="already runs"):
        reset.reset(where)
    assert where.state_of(None).exists()


def test_status_says_when_nothing_runs(where: Places) -> None:
    assert list(status.report(where)) == ["Marquee does not run here. Start it with make run."]


def test_status_tells_counts_and_lag() -> None:
    state = {"now": "2026-05-01", "items": {"ledger": 1204}, "waiting": 3, "failing": None}
    assert list(status.lines(state)) == [
        "clock      2026-05-01",
        "ledger     1,204 items",
        "projector  3 records behind",
    ]
    assert list(status.lines(state | {"waiting": 0}))[-1] == "projector  up with the ledger"
    assert list(status.lines(state | {"failing": "busy"}))[-1] == "projector  busy"
