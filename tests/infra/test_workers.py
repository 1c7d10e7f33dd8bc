"""What takes long to open is opened once: its tests go to one worker."""

import os

import pytest


@pytest.mark.skipif("PYTEST_XDIST_WORKER" not in os.environ, reason="there is one process")
def test_a_test_goes_to_the_worker_of_its_file(request: pytest.FixtureRequest) -> None:
    assert request.node.nodeid.endswith("@tests/infra/test_workers.py")
