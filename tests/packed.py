"""What `make package` makes, for the tests that look at it."""

import os
import subprocess
import sys
from pathlib import Path

from tools.package.build import Package
from tools.package.project import ROOT


def make_package(to: Path) -> Package:
    """Do what `make package` does, in a process of its own, without a credential."""
    without = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
    done = subprocess.run(
        [sys.executable, "-m", "tools.package", str(to)],
        cwd=ROOT,
        env=without,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return Package(to)
