"""What is deployed never imports the laptop."""

import subprocess
import sys

from local.places import REPOSITORY


def test_the_app_runs_without_a_module_of_the_local_run() -> None:
    script = (
        "import pkgutil, importlib, sys, app, chalicelib;"
        "names = [m.name for m in pkgutil.walk_packages(chalicelib.__path__, 'chalicelib.')];"
        "[importlib.import_module(name) for name in names];"
        "found = [n for n in sys.modules if n.split('.')[0] in ('local', 'ministack', 'moto')];"
        "sys.exit(', '.join(found) or None)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_neither_app_nor_package_speaks_of_it() -> None:
    sources = [REPOSITORY / "app.py", *(REPOSITORY / "chalicelib").rglob("*.py")]
    for source in sources:
        lines = source.read_text().splitlines()
        told = [line for line in lines if line.startswith(("import local", "from local"))]
        assert not told, f"{source}: {told}"
