"""What happens in a campaign, in the words that programs outside are told it.

The names are given once and never change; a new fact is a new field, a new meaning a new name.
No event says who: vouchers are named so that nobody can redeem by the name. docs/webhooks.md
shows each event, and a test compares.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from chalicelib.domain import mint
from chalicelib.domain.insight import Change, ChoiceImage, Image, VoucherImage
from chalicelib.domain.voucher import State, is_minted, mark_of

_ID_BYTES = 15

Data = Mapping[str, object]


class Kind(StrEnum):
    CAMPAIGN_PUBLISHED = "campaign.published"
    CAMPAIGN_ROLLED_BACK = "campaign.rolled_back"
    CAMPAIGN_PAUSED = "campaign.paused"
    CAMPAIGN_RESUMED = "campaign.resumed"
    VOUCHER_CLAIMED = "voucher.claimed"
    VOUCHER_REDEEMED = "voucher.redeemed"
    VOUCHER_REVERSED = "voucher.reversed"
    DELIVERY_CHOSEN = "delivery.chosen"
    TEST = "test"


# What a receiver may ask for; a test comes when a member presses the button.
OFFERED: Final = tuple(kind for kind in Kind if kind is not Kind.TEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened. The same thing has the same `event_id`, however often it is read."""

    event_id: str
    kind: Kind
    campaign_id: str
    at: datetime
    data: Data


def event_id(kind: Kind, *named: object) -> str:
    """Return the id of what is named so: the same for the same, and it tells nothing of it."""
    said = "|".join([kind, *map(str, named)])
    digest = hashlib.sha256(f"event|{said}".encode()).digest()[:_ID_BYTES]
    return f"evt_{base64.b32encode(digest).decode().lower()}"


def reference(voucher_id: str) -> str:
    """Return the name of a voucher for the outside: nobody finds its code by it.

    A claimed one has 74 secret bits, so a hash of it tells nothing. A minted one has 38, which
    can be tried out: it is named by its batch and number, which are no secret.
    """
    if is_minted(voucher_id):
        batch, serial = mint.place_of(voucher_id)
        return f"{batch}-{serial}"
    return mark_of(voucher_id).hex()


def of_campaign(kind: Kind, campaign_id: str, mark: str, *, at: datetime, **data: object) -> Event:
    """Return what happened to a campaign; `mark` tells it from every other time."""
    return Event(
        event_id=event_id(kind, campaign_id, mark),
        kind=kind,
        campaign_id=campaign_id,
        at=at,
        data=data,
    )


def of_change(change: Change, voucher_id: str) -> Event | None:
    """Return what a change of this voucher, or of its choice, tells the outside, or None."""
    match change.new:
        case VoucherImage() as new:
            said = _of_voucher(change.old, new)
        case ChoiceImage() as new if new != change.old:
            said = Kind.DELIVERY_CHOSEN, {"option": new.option, "method": new.method}
        case _:
            return None
    if said is None:
        return None
    kind, facts = said
    name = reference(voucher_id)
    return Event(
        event_id=event_id(kind, new.campaign_id, name, change.ver),
        kind=kind,
        campaign_id=new.campaign_id,
        at=change.written_at,
        data={"voucher": name, **_place(new), **facts},
    )


def _of_voucher(old: Image | None, new: VoucherImage) -> tuple[Kind, Data] | None:
    before = old if isinstance(old, VoucherImage) else None
    was = before.state if before else None
    if new.state is State.REDEEMED and was is not State.REDEEMED:
        return Kind.VOUCHER_REDEEMED, _use(new)
    if before and new.state is State.REVERSED and was is State.REDEEMED:
        return Kind.VOUCHER_REVERSED, _use(before)
    if new.claimed and new.state is State.ISSUED and was in {None, State.LAPSED}:
        return Kind.VOUCHER_CLAIMED, {}
    return None


def _place(image: VoucherImage | ChoiceImage) -> Data:
    return {
        "popup_id": image.popup_id,
        "offer_id": image.offer_id,
        "merchant_id": image.merchant_id,
    }


def _use(image: VoucherImage) -> Data:
    """Return what is said of a use: its number at the voucher, where, and what was taken off."""
    discount = None
    if image.discount_minor and image.currency:
        discount = {"amount_minor": image.discount_minor, "currency": image.currency}
    return {"use": image.uses, "used_popup_id": image.used_popup_id, "discount": discount}
