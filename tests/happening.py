"""Changes of the ledger, as the webhooks' events are made of them."""

from dataclasses import replace
from datetime import UTC, datetime

from chalicelib.domain import event as events
from chalicelib.domain import mint
from chalicelib.domain.choice import CentigramRange
from chalicelib.domain.event import Event
from chalicelib.domain.insight import Change, ChoiceImage, Image, VoucherImage
from chalicelib.domain.voucher import ID_SYMBOLS, State

AT = datetime(2026, 5, 20, 12, tzinfo=UTC)
CLAIMED_ID = "0" * (ID_SYMBOLS - 1) + "7"
MINTED_ID = mint.minted_id(b"secret", 3, 17)
ISSUED = VoucherImage(
    campaign_id="festival",
    popup_id="istanbul",
    offer_id="lantern",
    merchant_id="cam-fener",
    claimed_hour="2026-05-20T15",
    state=State.ISSUED,
)
USED = replace(
    ISSUED,
    state=State.REDEEMED,
    uses=1,
    used_popup_id="ankara",
    used_hour="2026-05-20T16",
    discount_minor=500,
    currency="TRY",
)
BACK = replace(ISSUED, state=State.REVERSED, uses=1)
HELD = replace(ISSUED, state=State.HELD, uses=1)
LAPSED = replace(ISSUED, state=State.LAPSED)
CHOICE = ChoiceImage(
    campaign_id="festival",
    popup_id="istanbul",
    offer_id="lantern",
    merchant_id=None,
    option="locker",
    total=CentigramRange(value=31_200, low=20_000, high=50_000),
    saving=None,
    verdict="unknown",
    method="1",
    baseline="",
)


def told(
    old: Image | None, new: Image | None, ver: int = 1, name: str = CLAIMED_ID
) -> Event | None:
    """Return what a change tells."""
    change = Change(sequence="1", item="i", ver=ver, written_at=AT, old=old, new=new)
    return events.of_change(change, name)
