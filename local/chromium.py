"""Finds Chromium for the demo and the tests; `python -m local.chromium` installs it if need be.

Only the system's package manager is asked, and only here: `make run` never needs a browser.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from local.trouble import Trouble, told

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MAC = "/Applications/{0}.app/Contents/MacOS/{0}"
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

Which = Callable[[str], str | None]


def find(which: Which = shutil.which) -> str | None:
    """Return the path of a Chromium, or None. `CHROMIUM` names another one."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    macs = (MAC.format(name) for name in ("Chromium", "Google Chrome"))
    found = (which(name) for name in NAMES)
    return next((f for f in found if f), None) or next((m for m in macs if Path(m).exists()), None)


def install_command(which: Which = shutil.which, *, root: bool) -> list[str] | None:
    """Return the command that installs it, without what comes before it; None where none fits."""
    if which("apt-get") is None or (not root and which("sudo") is None):
        return None
    return [*([] if root else ["sudo"]), "apt-get"]


def main() -> int:
    """Install Chromium where it is missing."""
    if find():
        return 0
    command = install_command(root=os.geteuid() == 0)
    if command is None:
        raise Trouble("No Chromium found. Install Chromium or Chrome, or set CHROMIUM=its path.")
    sys.stderr.write("Chromium is missing: installing it with apt-get (about 40 s).\n")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for step in (
        ["update", "-qq"],
        ["install", "-y", "-qq", "--no-install-recommends", "chromium"],
    ):
        done = subprocess.run([*command, *step], env=environment, stdout=sys.stderr, check=False)
        if done.returncode:
            raise Trouble("apt-get could not install Chromium. Install it, then try again.")
    return 0


if __name__ == "__main__":
    raise SystemExit(told(main))
