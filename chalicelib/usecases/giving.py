"""A voucher is passed on by a link, once. Opening the link changes nothing; accepting does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chalicelib.domain import gift as rules
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.gift import Link
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.voucher import Voucher

# Seals a note anew: the voucher it was sealed for, the one it goes to, the note as sealed.
Reseal = Callable[[str, str, bytes], bytes]


class Gifts(Protocol):
    """What giving needs of the tables; `chalicelib.store.gifts` fits."""

    def get(self, voucher_id: str) -> Voucher | None: ...

    def offer(self, voucher: Voucher, link: Link, *, at: datetime) -> bool:
        """Bind a link to the voucher as it was read; False where it changed meanwhile."""
        ...

    def link(self, gift_hash: str) -> Link | None: ...

    def accept(
        self, giver: Voucher, link: Link, received: Voucher, reseal: Reseal
    ) -> Voucher | None:
        """Pass the voucher on. None when done now, else what stands in the way of it.

        A re-issue takes the holder's note and choice of delivery along; a gift takes neither.
        """
        ...


@dataclass(frozen=True, slots=True)
class Offered:
    """A link that stands; `made` is False where it stood already."""

    secret: str
    until: datetime
    made: bool


@dataclass(frozen=True, slots=True)
class Received:
    """A voucher in the receiver's hand; `made` is False where it was there already."""

    voucher: Voucher
    made: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """Who takes the voucher, and when by the clocks of the world and of the stand."""

    visitor: str
    at: datetime
    local_hour: str


def give(
    gifts: Gifts,
    voucher: Voucher,
    *,
    giftable: bool,
    claim_secret: bytes,
    ends: datetime,
    at: datetime,
) -> Offered | Refusal:
    """Make the holder's link. While one stands it is the same link again.

    `ends` is when the voucher can be used no more.
    """
    refused = rules.refusal_to_give(claim_secret, voucher, giftable=giftable, at=at)
    if refused is not None:
        return refused
    stands = rules.standing(claim_secret, voucher, at)
    if stands is not None and voucher.gift_until is not None:
        return Offered(stands, voucher.gift_until, made=False)
    until = rules.until(voucher, rules.GIFT_LIFE, ends=ends, at=at)
    return _offered(gifts, voucher, until, claim_secret, at, reissue=False)


def reissue(
    gifts: Gifts, voucher: Voucher, *, claim_secret: bytes, ends: datetime, at: datetime
) -> Offered | Refusal:
    """Make a supervisor's link for the holder's new browser; any earlier link dies."""
    refused = rules.refusal_to_reissue(voucher, at)
    if refused is not None:
        return refused
    until = rules.until(voucher, rules.REISSUE_LIFE, ends=ends, at=at)
    return _offered(gifts, voucher, until, claim_secret, at, reissue=True)


def accept(
    gifts: Gifts, wish: Acceptance, link: Link, *, claim_secret: bytes, reseal: Reseal
) -> Received | Refusal:
    """Take the voucher of a link; whoever took it gets it again, anyone else is told so."""
    giver = gifts.get(link.voucher_id)
    if giver is None:
        return Refusal(Reason.NOT_FOUND)
    voucher_id = rules.received_id(claim_secret, giver.voucher_id, link.hash)
    there = gifts.get(voucher_id)
    if there is not None:
        return _taken(there, wish)
    refused = rules.refusal_to_accept(giver, link, wish.at)
    if refused is None and giver.visitor == wish.visitor:
        refused = Refusal(Reason.NOT_GIFTABLE, {"setting": "holder"})
    if refused is not None:
        return refused
    received = rules.received(
        giver,
        link,
        voucher_id=voucher_id,
        visitor=wish.visitor,
        at=wish.at,
        local_hour=wish.local_hour,
    )
    stood = gifts.accept(giver, link, received, reseal)
    if stood is None:
        return Received(received, made=True)
    if stood.voucher_id == voucher_id:
        return _taken(stood, wish)
    refused = rules.refusal_to_accept(stood, link, wish.at)
    if refused is None:
        raise TryAgain("the voucher changed while it was passed on")
    return refused


def _offered(
    gifts: Gifts,
    voucher: Voucher,
    until: datetime,
    claim_secret: bytes,
    at: datetime,
    *,
    reissue: bool,
) -> Offered:
    secret = rules.secret_of(claim_secret, voucher.voucher_id, until, reissue=reissue)
    link = Link(
        hash=rules.hash_of(secret),
        voucher_id=voucher.voucher_id,
        campaign_id=voucher.campaign_id,
        until=until,
        reissue=reissue,
    )
    if not gifts.offer(voucher, link, at=at):
        raise TryAgain("the voucher changed while its link was made")
    return Offered(secret, until, made=True)


def _taken(voucher: Voucher, wish: Acceptance) -> Received | Refusal:
    if voucher.visitor == wish.visitor:
        return Received(voucher, made=False)
    return Refusal(Reason.GIVEN_AWAY)
