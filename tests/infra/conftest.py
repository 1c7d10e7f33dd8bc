"""The package, built once for all tests that look at it."""

import json
from pathlib import Path
from typing import Any

import pytest
from packed import make_package

from tools.package import archive
from tools.package.build import Package


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """Return what `make package` makes."""
    return make_package(tmp_path_factory.mktemp("package") / "built")


@pytest.fixture(scope="session")
def unpacked(package: Package) -> Path:
    """Return where the zip lies unpacked, as in Lambda."""
    return archive.unpack(package.deployment, package.directory / "task")


@pytest.fixture(scope="session")
def template(package: Package) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(package.template.read_text())
    return found


@pytest.fixture(scope="session")
def translated(package: Package) -> dict[str, Any]:
    """Return the template as CloudFormation reads it."""
    found: dict[str, Any] = json.loads(package.translated.read_text())
    return found
