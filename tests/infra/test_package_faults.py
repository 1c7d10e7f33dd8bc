"""A package that would not run is not made, and the reason says what to do."""

import platform
import zipfile
from pathlib import Path

import pytest

from tools.package import archive, build, plain, project, wheels
from tools.package.build import Package
from tools.package.fault import CannotPackageError
from tools.package.project import Target, target

APP = """
from chalice import Chalice

app = Chalice("small")


@app.route("/")
def index():
    return {}
"""
CONFIG = '{"version": "2.0", "app_name": "small", "stages": {"live": {}}}'
METADATA = "Metadata-Version: 2.1\nName: handmade\nVersion: 1.0\n"
WHEEL = "Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: {tag}\n"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Return a project that needs one wheel, `handmade`."""
    root = tmp_path / "small"
    (root / ".chalice").mkdir(parents=True)
    (root / ".chalice" / "config.json").write_text(CONFIG)
    (root / "app.py").write_text(APP)
    (root / "requirements.txt").write_text("handmade==1.0\n")
    return root


def handmade(directory: Path, system: str) -> Path:
    """Write a wheel that was built for one system."""
    tag = f"{target().abi}-{target().abi}-{system}"
    info = "handmade-1.0.dist-info"
    directory.mkdir()
    with zipfile.ZipFile(directory / f"handmade-1.0-{tag}.whl", "w") as made:
        made.writestr("handmade.py", "")
        made.writestr(f"{info}/METADATA", METADATA)
        made.writestr(f"{info}/WHEEL", WHEEL.format(tag=tag))
        made.writestr(f"{info}/RECORD", "")
    return directory


def test_a_wheel_that_lambda_cannot_load_fails_where_chalice_only_warns(
    small: Path, tmp_path: Path
) -> None:
    newer = platform.libc_ver()[1].replace(".", "_")  # this system's glibc; Lambda's is older
    here_alone = handmade(tmp_path / "wheels", f"manylinux_{newer}_{target().machine}")
    with pytest.raises(CannotPackageError, match=r"Could not install dependencies:\s+handmade"):
        plain.made(small, tmp_path / "out", here_alone)


def test_a_wheel_that_nobody_has_fails(small: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(CannotPackageError, match="handmade"):
        plain.made(small, tmp_path / "out", empty)


def test_a_missing_wheel_is_told_before_anything_is_built(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(CannotPackageError, match=r"(?s)A wheel is missing.*handmade"):
        wheels.fetched(small / "requirements.txt", target(), tmp_path / "kept")
    assert not list((tmp_path / "kept").glob("????????????????"))


def test_without_assets_there_is_no_package(small: Path, tmp_path: Path) -> None:
    with pytest.raises(CannotPackageError, match="make setup"):
        project.stage(small, tmp_path / "staged", target())


def test_graviton_has_another_name_than_its_machine() -> None:
    assert Target("aarch64", (3, 13)).architecture == "arm64"
    assert Target("aarch64", (3, 13)).abi == "cp313"


def test_a_zip_that_lacks_a_module_is_refused(package: Package, tmp_path: Path) -> None:
    task = archive.unpack(package.deployment, tmp_path, lambda name: not name.startswith("qrcode/"))
    with pytest.raises(CannotPackageError, match="does not run"):
        build.check_task(task)


def test_a_zip_with_the_laptop_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "local").mkdir()
    with pytest.raises(CannotPackageError, match="local"):
        build.check_task(tmp_path)
