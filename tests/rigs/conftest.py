"""One rig for all, put back before each test."""

from collections.abc import Iterator

import pytest
from rigs.rig import Rig, opened
from rigs.wire import wired


@pytest.fixture(scope="session")
def _opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    with opened(tmp_path_factory.mktemp("drafts")) as rig:
        yield rig


@pytest.fixture
def rig(_opened: Rig) -> Iterator[Rig]:
    """Return the product on tables inside this process, as freshly published, on a fresh wire."""
    _opened.restore()
    with wired(_opened.tables.send) as wire:
        _opened.wire = wire
        yield _opened
