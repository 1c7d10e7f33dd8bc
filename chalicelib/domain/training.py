"""Practice codes of a stand: one for each verdict that staff should see before the crowd comes.

They are signed by the campaign's training key, which vouches for nothing that counts: a scanner
judges them in its training mode alone, the server never.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from chalicelib.domain import voucher as codes
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.offer import Channel, Offer, Reach
from chalicelib.domain.popup import Popup
from chalicelib.domain.token import Token

TRAINING_KEY = 0  # its id in every campaign; keys that count are numbered from 1
SINCE = datetime(2019, 1, 1, tzinfo=UTC)
_FOREVER = datetime(2049, 1, 1, tzinfo=UTC)
_CLAIMED_BITS = 74  # the first of the 75 is the kind: 0, claimed


class Lesson(StrEnum):
    """What a practice code shows."""

    USED = "used"
    AMOUNT = "amount"
    ELSEWHERE = "elsewhere"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Exercise:
    """A code to scan, and what is to be seen."""

    lesson: Lesson
    token: Token


def exercises(campaign: Campaign, popup: Popup) -> Iterator[Exercise]:
    """Yield the exercises for which the campaign has an offer: the same ones each time."""
    here = [offer for offer in campaign.offers_at(popup) if Channel.STAND in offer.channels]
    simple = next((offer for offer in here if not offer.needs_order_total), None)
    priced = next((offer for offer in here if offer.needs_order_total), None)
    if simple is not None:
        yield _exercise(Lesson.USED, campaign, popup, simple)
    if priced is not None:
        yield _exercise(Lesson.AMOUNT, campaign, popup, priced)
    for other in campaign.popups:
        bound = (offer for offer in campaign.offers_at(other) if offer.usable_at is Reach.STAND)
        offer = next(bound, None)
        if other != popup and offer is not None:
            yield _exercise(Lesson.ELSEWHERE, campaign, other, offer)
            break
    if simple is not None:
        yield _exercise(Lesson.EXPIRED, campaign, popup, simple, SINCE + timedelta(minutes=1))


def _exercise(
    lesson: Lesson, campaign: Campaign, issued: Popup, offer: Offer, until: datetime = _FOREVER
) -> Exercise:
    said = f"training|{campaign.number}|{issued.number}|{offer.number}|{lesson}"
    digest = int.from_bytes(hashlib.sha256(said.encode()).digest()[:10])
    token = Token(
        key_id=TRAINING_KEY,
        campaign_number=campaign.number,
        offer_number=offer.number,
        popup_number=issued.number,
        issued_at=SINCE,
        expires_at=until,
        voucher_id=codes.symbols_of(digest % 2**_CLAIMED_BITS),
    )
    return Exercise(lesson, token)
