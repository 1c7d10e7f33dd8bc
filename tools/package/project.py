"""The project as it is packaged: sources, catalogues, settings; nothing of the laptop's."""

import json
import platform
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tools.package.fault import CannotPackageError

ROOT = Path(__file__).resolve().parents[2]
ARCHITECTURES = {"x86_64": "x86_64", "aarch64": "arm64"}
MANIFEST = Path("static/built/manifest.json")
_NO_DATE = datetime(2019, 1, 1, tzinfo=UTC)  # a catalogue would tell when it was compiled


@dataclass(frozen=True, slots=True)
class Target:
    """Lambda's machine, which is the one that packages: it proves what it packed by running it."""

    machine: str
    version: tuple[int, int]

    @property
    def abi(self) -> str:
        return f"cp{self.version[0]}{self.version[1]}"

    @property
    def architecture(self) -> str:
        """The machine by Lambda's name."""
        return ARCHITECTURES[self.machine]


def target() -> Target:
    """Return what this interpreter packages for. Raises CannotPackageError off Linux."""
    machine = platform.machine()
    if sys.platform != "linux" or machine not in ARCHITECTURES:
        raise CannotPackageError(
            f"make package runs on Linux, as Lambda does, not on {sys.platform} {machine}: "
            "use a container, for example python:3.13-slim, or CI."
        )
    return Target(machine, sys.version_info[:2])


def stage(root: Path, to: Path, aim: Target) -> None:
    """Copy to `to` what Chalice packages. Raises CannotPackageError where assets are not built."""
    if not (root / MANIFEST).exists():
        raise CannotPackageError("The assets are not built. Run make setup first.")
    to.mkdir(parents=True)
    for name in ("app.py", "requirements.txt"):
        shutil.copyfile(root / name, to / name)
    _copy_tree(root / "chalicelib", to / "chalicelib")
    _copy_tree(root / "templates", to / "vendor" / "templates")
    (to / "vendor" / MANIFEST).parent.mkdir(parents=True)
    shutil.copyfile(root / MANIFEST, to / "vendor" / MANIFEST)
    _compile_catalogues(root / "locale", to / "vendor" / "locale")
    _copy_tree(root / ".chalice", to / ".chalice")
    change_json(to / ".chalice" / "config.json", lambda config: _set(config, aim))


def change_json(path: Path, change: Callable[[dict[str, Any]], Mapping[str, Any]]) -> None:
    """Rewrite a JSON document."""
    path.write_text(json.dumps(change(json.loads(path.read_text())), indent=1))


def _set(config: dict[str, Any], aim: Target) -> dict[str, Any]:
    return config | {"lambda_architecture": aim.architecture}


def _copy_tree(source: Path, to: Path) -> None:
    leave = shutil.ignore_patterns("__pycache__", "*.pyc", "deployments", "deployed")
    shutil.copytree(source, to, ignore=leave)


def _compile_catalogues(locale: Path, to: Path) -> None:
    for source in sorted(locale.rglob("*.po")):
        with source.open("rb") as lines:
            catalogue = read_po(lines)
        catalogue.creation_date = catalogue.revision_date = _NO_DATE
        compiled = to / source.relative_to(locale).with_suffix(".mo")
        compiled.parent.mkdir(parents=True)
        with compiled.open("wb") as out:
            write_mo(out, catalogue)
