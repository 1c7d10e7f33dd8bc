"""A voucher is passed on by a link, once. Opening the link changes nothing; accepting does."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chalicelib.domain import gift as rules
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.gift import Link
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.voucher import Voucher


class Gifts(Protocol):
    """What giving needs of the tables; `chalicelib.store.gifts` fits."""

    def get(self, voucher_id: str) -> Voucher | None: ...

    def offer(self, voucher: Voucher, link: Link, *, at: datetime) -> bool:
        """Bind a link to the voucher as it was read; False where it changed meanwhile."""
        ...

    def link(self, gift_hash: str) -> Link | None: ...

    def accept(self, giver: Voucher, link: Link, received: Voucher) -> Voucher | None:
        """Pass the voucher on. None when done now, else what stands in the way of it.

        A re-issue takes the choice of delivery along and forgets the note; a gift leaves both.
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

    def settled(voucher: Voucher) -> Offered | Refusal | None:
        refused = rules.refusal_to_give(claim_secret, voucher, giftable=giftable, at=at)
        return refused or standing(voucher, claim_secret, at)

    until = rules.until(voucher, rules.GIFT_LIFE, ends=ends, at=at)
    offered = settled(voucher) or _offered(gifts, voucher, until, claim_secret, at, reissue=False)
    if offered is None:  # another tap was quicker, and its link is this one's, too
        now = gifts.get(voucher.voucher_id)
        offered = settled(now) if now else None
    return _made(offered)


def reissue(
    gifts: Gifts, voucher: Voucher, *, claim_secret: bytes, ends: datetime, at: datetime
) -> Offered | Refusal:
    """Make a supervisor's link for the holder's new browser; any earlier link dies."""
    refused = rules.refusal_to_reissue(voucher, at)
    if refused is not None:
        return refused
    until = rules.until(voucher, rules.REISSUE_LIFE, ends=ends, at=at)
    return _made(_offered(gifts, voucher, until, claim_secret, at, reissue=True))


def accept(
    gifts: Gifts, wish: Acceptance, link: Link, *, claim_secret: bytes
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
    stood = gifts.accept(giver, link, received)
    if stood is None:
        return Received(received, made=True)
    if stood.voucher_id == voucher_id:
        return _taken(stood, wish)
    refused = rules.refusal_to_accept(stood, link, wish.at)
    if refused is None:
        raise TryAgain("the voucher changed while it was passed on")
    return refused


def standing(voucher: Voucher, claim_secret: bytes, at: datetime) -> Offered | None:
    """Return the holder's link while it stands."""
    secret, until = rules.standing(claim_secret, voucher, at), voucher.gift_until
    return Offered(secret, until, made=False) if secret and until else None


def _made(offered: Offered | Refusal | None) -> Offered | Refusal:
    """Return what came of it. Raises TryAgain where the voucher changed meanwhile."""
    if offered is None:
        raise TryAgain("the voucher changed while its link was made")
    return offered


def _offered(
    gifts: Gifts,
    voucher: Voucher,
    until: datetime,
    claim_secret: bytes,
    at: datetime,
    *,
    reissue: bool,
) -> Offered | None:
    """Bind a link; None where the voucher changed since it was read."""
    secret = rules.secret_of(claim_secret, voucher.voucher_id, until, reissue=reissue)
    link = Link(
        hash=rules.hash_of(secret),
        voucher_id=voucher.voucher_id,
        campaign_id=voucher.campaign_id,
        until=until,
        reissue=reissue,
    )
    bound = gifts.offer(voucher, link, at=at)
    return Offered(secret, until, made=True) if bound else None


def _taken(voucher: Voucher, wish: Acceptance) -> Received | Refusal:
    if voucher.visitor == wish.visitor:
        return Received(voucher, made=False)
    return Refusal(Reason.GIVEN_AWAY)
