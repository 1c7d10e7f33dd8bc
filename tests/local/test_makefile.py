"""The Makefile: each target is listed, and a missing tool is one line with the cure."""

import os
import re
import subprocess
from pathlib import Path

from local.places import REPOSITORY

INNER = {"dev", "chromium", "wheels", "style", "unit"}
PYTHONS = ("python3.13", "python3.12", "python3.11", "python3", "python")


def make(*arguments: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    outer = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
    environment = {name: value for name, value in os.environ.items() if name not in outer}
    environment |= {"PATH": path} if path else {}
    return subprocess.run(
        ["make", *arguments],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_is_the_default_and_lists_every_target() -> None:
    phony = re.search(r"^\.PHONY: (.*)$", (REPOSITORY / "Makefile").read_text(), re.MULTILINE)
    assert phony
    listed = make().stdout
    assert make("help").stdout == listed
    missing = [t for t in phony[1].split() if t not in INNER and f"make {t} " not in listed]
    assert missing == []


def test_every_module_that_a_target_runs_exists() -> None:
    named = set(re.findall(r"-m local\.(\w+)", (REPOSITORY / "Makefile").read_text()))
    assert named
    assert [name for name in named if not (REPOSITORY / "local" / f"{name}.py").exists()] == []


def test_an_old_python_is_one_line_with_the_cure(tmp_path: Path) -> None:
    for name in PYTHONS:
        tool = tmp_path / name
        tool.write_text("#!/bin/sh\nexit 1\n")
        tool.chmod(0o755)
    done = make("doctor", path=f"{tmp_path}:/usr/bin:/bin")
    assert done.returncode != 0
    ours = [line for line in done.stderr.splitlines() if not line.startswith("make:")]
    assert ours == [
        "Python 3.11 or newer is needed. Install it from https://www.python.org/downloads/."
    ]


def test_make_run_needs_no_tool_of_the_tests() -> None:
    planned = make("--dry-run", "--always-make", "run").stdout
    assert "requirements-run.txt" in planned
    assert "requirements-dev.txt" not in planned
    assert "local.chromium" not in planned
