"""What a cold start would do each time, done once: templates to modules, modules to byte code."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from chalicelib.web.render import COMPILED, environment
from tools.package.fault import CannotPackageError

TASK = "/var/task"  # where Lambda unpacks; tracebacks name files by it


def compile_templates(root: Path) -> None:
    """Put Python modules in place of an unpacked deployment's templates."""
    environment("en").compile_templates(
        str(root / COMPILED), extensions=["html"], zip=None, ignore_errors=False
    )
    shutil.rmtree(root / "templates")


def compile_modules(root: Path) -> None:
    """Add byte code that is never checked against its source: Lambda's files keep no times.

    Hash seed and one process keep its bytes the same in every build.
    """
    command = [sys.executable, "-m", "compileall", "-q", "-s", str(root), "-p", TASK]
    command += ["--invalidation-mode", "unchecked-hash", str(root)]
    environ = os.environ | {"PYTHONHASHSEED": "0"}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CannotPackageError(f"This does not compile:\n{done.stdout}{done.stderr}")


def drop_sources(root: Path) -> None:
    """Leave byte code alone of all but the entry, templates too: a fifth of the zip is its source.

    Python imports a `.pyc` that stands where its `.py` would. Tracebacks still name file and line.
    """
    for source in sorted(root.rglob("*.py")):
        if source != root / "app.py":
            tag = sys.implementation.cache_tag
            (source.parent / "__pycache__" / f"{source.stem}.{tag}.pyc").rename(f"{source}c")
            source.unlink()
