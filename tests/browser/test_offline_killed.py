"""Two hundred scans without network, and the browser killed: none is lost, none comes twice."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import door as doors
import pytest
from door import BrowserPhone, Door, OwnBrowser, scans
from house import House
from playwright.sync_api import Browser

SCANS = 200


@pytest.fixture
def door(house: House) -> Iterator[Door]:
    with doors.opened(house) as door:
        yield door


def test_a_killed_browser_loses_nothing_and_sends_everything_once_in_order(
    house: House, door: Door, chrome: Browser, tmp_path: Path
) -> None:
    codes = door.vouchers(SCANS)
    own = OwnBrowser(chrome.browser_type, tmp_path / "profile")
    phone = BrowserPhone(door, own.start()).enrol()
    phone.context.set_offline(True)
    phone.scan_all(codes)
    phone.waits(SCANS)
    own.kill()
    assert scans(house) == []
    house.at += timedelta(hours=1)

    try:
        again = BrowserPhone(door, own.start()).open()
        again.synced()
    finally:
        own.kill()
    found = scans(house)
    assert [scan.seq for scan in found] == [*range(1, SCANS + 1)]
    assert {scan.outcome.value for scan in found} == {"accepted"}
    assert len({scan.voucher_id for scan in found}) == SCANS
    assert all(one.scanned_at < other.scanned_at for one, other in pairwise(found))
    assert len(door.batches()) == SCANS // 100
