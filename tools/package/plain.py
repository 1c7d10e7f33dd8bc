"""What Chalice itself makes of the project: a zip without byte code, and a SAM template."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tools.package.fault import CannotPackageError

STAGE = "live"
_FAILED = "Could not install dependencies"  # Chalice says so, and goes on
_NO_AWS = {"AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true"}


def made(project: Path, to: Path, wheels: Path) -> dict[str, Any]:
    """Write `to`/deployment.zip and return Chalice's template. Raises CannotPackageError."""
    environment = os.environ | _NO_AWS | {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels)}
    done = subprocess.run(
        [Path(sys.executable).with_name("chalice"), "package", "--stage", STAGE, str(to)],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    told = done.stdout + done.stderr
    if done.returncode != 0 or _FAILED in told:
        raise CannotPackageError(f"Chalice cannot package the app:\n{told.strip()}")
    template: dict[str, Any] = json.loads((to / "sam.json").read_text())
    return template
