"""The wheels of requirements.txt, fetched once: `python -m tools.package.wheels`.

Chalice asks an index for each of them again, and goes on with a warning where one is missing.
"""

import hashlib
import subprocess
import sys
from pathlib import Path

from tools.package.fault import CannotPackageError
from tools.package.project import ROOT, Target, target

KEPT = ROOT / ".local" / "wheels"


def fetched(requirements: Path, aim: Target, kept: Path = KEPT) -> Path:
    """Return a directory with exactly these wheels. Raises CannotPackageError."""
    key = hashlib.sha256(requirements.read_bytes() + repr(aim).encode()).hexdigest()[:16]
    directory = kept / key
    if not directory.exists():
        _fetch(requirements, aim, directory)
    return directory


def _fetch(requirements: Path, aim: Target, directory: Path) -> None:
    fresh = directory.with_suffix(".part")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--only-binary=:all:", "--no-deps", f"--platform=manylinux2014_{aim.machine}"]
    command += ["--implementation=cp", f"--abi={aim.abi}", "--abi=abi3", "--abi=none"]
    command += [f"--dest={fresh}", f"--requirement={requirements}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CannotPackageError(f"A wheel is missing for Lambda:\n{done.stderr.strip()}")
    fresh.rename(directory)


if __name__ == "__main__":
    fetched(ROOT / "requirements.txt", target())
