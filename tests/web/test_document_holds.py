"""Whatever is sent, what comes back is what the document says, and never a 5xx.

In process and the same in every run; PROVE_SECONDS asks for a longer one, with more data.
"""

import os
from collections.abc import Callable

import pytest
from house import House
from surface import Called, Headers, World, furnished, tried

EXAMPLES = 12
SECONDS = int(os.environ.get("PROVE_SECONDS", "0"))

CLAIM, VOUCHER = "POST /api/v1/claims", "GET /api/v1/vouchers/{code}"
REDEEM = "POST /api/v1/redemptions"
REVERSE = "POST /api/v1/redemptions/{redemption_id}/reversal"
CHOOSE, ENROL = "POST /api/v1/delivery/choices", "POST /api/v1/devices"
DRAFT = "GET /api/v1/campaigns/{campaign_id}/draft"
PUBLISH = "POST /api/v1/campaigns/{campaign_id}/publish"
REVISIONS = "GET /api/v1/campaigns/{campaign_id}/revisions"
MANIFEST = "GET /api/v1/devices/self/manifest"

CALLERS: dict[Callable[[World], Headers], set[Called]] = {
    World.nobody: {Called(ENROL, 201), Called(CLAIM, 401), Called(REDEEM, 401)},
    World.visitor: {Called(CLAIM, 201), Called(CLAIM, 200), Called(VOUCHER, 200)}
    | {Called(CLAIM, 409), Called(CHOOSE, 201), Called(REDEEM, 401)},
    World.device: {Called(REDEEM, 201), Called(REDEEM, 200), Called(REDEEM, 409)}
    | {Called(REVERSE, 201), Called(MANIFEST, 200), Called(CHOOSE, 401)},
    World.revoked: {Called(REDEEM, 403), Called(REVERSE, 403), Called(MANIFEST, 403)},
    World.program: {Called(DRAFT, 200), Called(PUBLISH, 412), Called(REVISIONS, 200)},
    World.odd: {Called(CLAIM, 401), Called(REDEEM, 401), Called(ENROL, 422)},
}


@pytest.mark.parametrize("caller", CALLERS, ids=lambda caller: caller.__name__)
def test_what_comes_back_is_what_the_document_says(
    house: House, caller: Callable[[World], Headers]
) -> None:
    world = furnished(house)
    seconds = max(1, SECONDS // len(CALLERS)) if SECONDS else None
    found = tried(world, caller(world), examples=EXAMPLES, seconds=seconds)
    assert found.faults == []
    assert found.seen.keys() >= CALLERS[caller], "requests do not get far enough to prove much"
