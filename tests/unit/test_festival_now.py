"""The sample festival works at whatever hour it is seeded: publish, claim and use in Istanbul."""

from datetime import UTC, datetime, timedelta

import pytest
from fakes import Catalog, Ledger

from chalicelib.domain.claim import Wish
from chalicelib.domain.live import Published
from chalicelib.domain.pointer import Pointer
from chalicelib.domain.redemption import Scan
from chalicelib.usecases import claiming, publishing, redeeming
from local import sample_loader

HOURS = range(24)


@pytest.mark.parametrize("hour", HOURS)
@pytest.mark.parametrize(
    "day", [datetime(2026, 10, 25, tzinfo=UTC), datetime(2026, 12, 31, tzinfo=UTC)]
)
def test_seeded_at_any_hour_istanbul_claims_and_redeems(day: datetime, hour: int) -> None:
    now = day + timedelta(hours=hour)
    festival = sample_loader.festival_now(now.date())
    catalog, ledger = Catalog(), Ledger()
    version = catalog.save(festival)
    made = publishing.publish(catalog, ledger, "festival-now", draft_version=version, now=now)
    assert made == Pointer(1, 1)
    istanbul, gift = festival.popup["istanbul"], festival.offer["lantern-gift"]
    live = Published(campaign=festival, revision=1, epoch=1)
    wish = Wish(published=live, popup=istanbul, offer=gift, visitor="visitor-1", at=now)
    claimed = claiming.claim(ledger, ledger, wish, claim_secret=b"secret", request_id="request-1")
    assert isinstance(claimed, claiming.Claimed)
    scan = Scan(
        voucher_id=claimed.voucher.voucher_id,
        campaign_number=festival.number,
        home=live.live,
        published=live,
        offer=gift,
        issued=istanbul,
        used=istanbul,
        at=now,
        device_id="device-1",
        nonce="nonce-0001",
        scanned_at=now,
    )
    used = redeeming.redeem(ledger, scan, request_id="request-2")
    assert isinstance(used, redeeming.Redeemed), used
