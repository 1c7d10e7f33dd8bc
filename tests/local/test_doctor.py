"""The doctor's lines: ok, or the cure."""

from pathlib import Path

import pytest

from local.doctor import Finding, Machine, findings


def well(tmp_path: Path, **wrong: object) -> Machine:
    (tmp_path / ".venv").mkdir()
    healthy: dict[str, object] = {
        "python": (3, 12, 1),
        "which": lambda name: f"/usr/bin/{name}",
        "version": lambda _: "v20.11.0",
        "port_is_free": lambda _: True,
        "free_bytes": lambda _: 10**11,
        "repository": tmp_path,
    }
    return Machine(**(healthy | wrong))  # type: ignore[arg-type]


def report(machine: Machine) -> dict[str, Finding]:
    return {finding.name: finding for finding in findings(machine)}


def test_a_well_machine_has_only_ok_lines(tmp_path: Path) -> None:
    found = report(well(tmp_path))
    assert all(str(finding).startswith("ok  ") for finding in found.values())
    assert list(found) == ["Python", "node", "npm", "setup", "port", "browser", "clock", "disk"]


@pytest.mark.parametrize(
    ("name", "wrong", "cure"),
    [
        ("Python", {"python": (3, 9, 2)}, "Python 3.11"),
        ("node", {"version": lambda _: "v16.1.0"}, "Node.js 20"),
        ("node", {"which": lambda _: None}, "Node.js 20"),
        ("npm", {"which": lambda _: None}, "npm"),
        ("browser", {"which": lambda _: None}, "make test"),
        ("port", {"port_is_free": lambda _: False}, "PORT=8001 make run"),
        ("clock", {"now": lambda: 0.0}, "set the system's clock"),
        ("disk", {"free_bytes": lambda _: 10**8}, "1 GB"),
    ],
)
def test_each_ill_has_its_cure_in_one_line(
    tmp_path: Path, name: str, wrong: dict[str, object], cure: str
) -> None:
    (tmp_path / "local").mkdir()
    (tmp_path / "local" / "a.py").touch()
    line = str(report(well(tmp_path, **wrong))[name])
    assert line.startswith("no  ")
    assert cure in line
    assert "\n" not in line


def test_a_port_that_marquee_itself_holds_is_no_ill(tmp_path: Path) -> None:
    machine = well(tmp_path, running=True, port_is_free=lambda _: False)
    assert str(report(machine)["port"]).startswith("ok  ")


def test_before_setup_it_says_so(tmp_path: Path) -> None:
    machine = well(tmp_path, repository=tmp_path / "elsewhere")
    assert "make setup" in str(report(machine)["setup"])
