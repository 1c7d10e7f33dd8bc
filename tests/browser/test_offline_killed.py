"""Two hundred scans without network, browser and server killed: none is lost, none comes twice."""

import signal
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from door import BrowserPhone, LocalDoor, OwnBrowser, ledger_scans, local_door
from playwright.sync_api import Browser

SCANS, BATCH = 200, 100


@pytest.fixture
def door(tmp_path: Path) -> Iterator[LocalDoor]:
    with local_door(tmp_path / "house") as door:
        yield door


def test_killed_browser_and_server_lose_nothing_and_everything_comes_once_in_order(
    door: LocalDoor, chrome: Browser, tmp_path: Path
) -> None:
    own = OwnBrowser(chrome.browser_type, tmp_path / "profile")
    phone = BrowserPhone(door, own.start()).enrol().installed()
    phone.context.set_offline(True)
    phone.scan_all(door.vouchers(SCANS))
    phone.waits(SCANS)
    own.kill()
    assert ledger_scans() == []

    with door.server(mortal=True) as server:
        again = BrowserPhone(door, own.start()).open()
        again.look_up()
        assert server.wait(timeout=60) == -signal.SIGKILL
    assert len(ledger_scans()) == BATCH, "it was stored, and nobody was told"
    again.waits(SCANS)
    with door.server():
        again.synced()
        again.context.close()
    found = ledger_scans()
    assert [scan.seq for scan in found] == [*range(1, SCANS + 1)]
    assert {scan.outcome.value for scan in found} == {"accepted"}
    assert len({scan.voucher_id for scan in found}) == SCANS
    assert all(one.scanned_at < other.scanned_at for one, other in pairwise(found))
