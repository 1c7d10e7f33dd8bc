"""A voucher passed on: by its holder to a friend, or by a supervisor to the holder's new browser.

A link names nothing but a secret. It can be made again from the voucher and the instant at which
it ends, so that only its hash is kept and the holder's page can show it whenever it is opened.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.voucher import CLAIMED_BITS, State, Voucher, code_of, symbols_of

GIFT_LIFE = timedelta(hours=72)
REISSUE_LIFE = timedelta(minutes=15)
_SECRET_BYTES = 16
_SETTLED = {
    State.REDEEMED: Reason.ALREADY_REDEEMED,
    State.HELD: Reason.HELD_BY_ORDER,
    State.REVOKED: Reason.REVOKED,
    State.LAPSED: Reason.LAPSED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a link stands for. `reissue` moves a voucher to its holder's new browser."""

    hash: str
    voucher_id: str
    campaign_id: str
    until: datetime
    reissue: bool = False


def secret_of(claim_secret: bytes, voucher_id: str, until: datetime, *, reissue: bool) -> str:
    """Return the secret of the link that ends then, as its address shows it."""
    kind = "reissue" if reissue else "gift"
    message = f"{kind}-link|{voucher_id}|{int(until.timestamp() * 1000)}"
    digest = hmac.digest(claim_secret, message.encode(), hashlib.sha256)
    return base64.b32encode(digest[:_SECRET_BYTES]).decode().rstrip("=").lower()


def hash_of(secret: str) -> str:
    """Return the name under which a link is kept: who reads the table opens nothing."""
    return hashlib.sha256(f"gift|{secret}".encode()).hexdigest()[:32]


def received_id(claim_secret: bytes, giver_id: str, gift_hash: str) -> str:
    """Return the id of the voucher that a link makes: one, whoever opens it and how often."""
    message = f"gift|{giver_id}|{gift_hash}"
    digest = hmac.digest(claim_secret, message.encode(), hashlib.sha256)
    return symbols_of(int.from_bytes(digest) >> (256 - CLAIMED_BITS))


def until(voucher: Voucher, life: timedelta, *, ends: datetime, at: datetime) -> datetime:
    """Return when a link ends that is made now: none outlives its voucher."""
    return min(at + life, ends, _kept_until(voucher) or ends)


def standing(claim_secret: bytes, voucher: Voucher, at: datetime) -> str | None:
    """Return the secret of the holder's link while it stands; a supervisor's is not shown here."""
    until = voucher.gift_until
    if until is None or at >= until:
        return None
    secret = secret_of(claim_secret, voucher.voucher_id, until, reissue=False)
    return secret if voucher.gift_hash == hash_of(secret) else None


def gone(voucher: Voucher) -> Refusal:
    """Return why a voucher that was passed on is of no use: a friend's now, or merely moved."""
    if not voucher.reissued or voucher.heir is None:
        return Refusal(Reason.GIVEN_AWAY)
    return Refusal(Reason.GIVEN_AWAY, {"moved_to": code_of(voucher.heir)[-4:]})


def received(
    giver: Voucher, link: Link, *, voucher_id: str, visitor: str, at: datetime, local_hour: str
) -> Voucher:
    """Return the voucher that the receiver gets: the same unit, by another name.

    What only supervisors moved is its holder's as before; what was once given stays a gift.
    """
    return replace(
        giver,
        voucher_id=voucher_id,
        visitor=visitor,
        state=State.ISSUED,
        issued_at=at,
        local_hour=local_hour,
        generation=0,
        root=giver.root or giver.voucher_id,
        reissued=link.reissue and not giver.is_gift,
        hold_until=_kept_until(giver),
        uses=0,
        released=0,
        nonces=frozenset(),
        gift_hash=None,
        gift_until=None,
        source=None,
        version=1,
    )


def refusal_to_give(
    claim_secret: bytes, voucher: Voucher, *, giftable: bool, at: datetime
) -> Refusal | None:
    """Return why the holder may not pass the voucher on, or None.

    While a supervisor's link stands, the browser that was lost cannot make one of its own.
    """
    settled = _settled(voucher, at)
    if settled is not None:
        return settled
    bound = voucher.gift_until is not None and at < voucher.gift_until
    moving = bound and standing(claim_secret, voucher, at) is None
    if moving or voucher.is_gift or not giftable or voucher.state is not State.ISSUED:
        return Refusal(Reason.NOT_GIFTABLE)
    return None


def refusal_to_reissue(voucher: Voucher, at: datetime) -> Refusal | None:
    """Return why a supervisor may not move the voucher to another browser, or None."""
    settled = _settled(voucher, at)
    if settled is not None:
        return settled
    return Refusal(Reason.NOT_GIFTABLE) if voucher.minted else None


def refusal_to_accept(giver: Voucher, link: Link, at: datetime) -> Refusal | None:
    """Return why a link makes no voucher any more, or None."""
    if giver.gift_hash != link.hash:
        return Refusal(Reason.LAPSED)
    settled = _settled(giver, at)
    if settled is not None:
        return settled
    if giver.state is State.REVERSED and not link.reissue:
        return Refusal(Reason.ALREADY_REDEEMED)
    return Refusal(Reason.LAPSED) if at >= link.until else None


def _settled(voucher: Voucher, at: datetime) -> Refusal | None:
    if voucher.state is State.GIVEN:
        return gone(voucher)
    kept_until = _kept_until(voucher)
    if kept_until is not None and at >= kept_until:  # the sweeper is on its way
        return Refusal(Reason.LAPSED)
    reason = _SETTLED.get(voucher.state)
    return Refusal(reason) if reason else None


def _kept_until(voucher: Voucher) -> datetime | None:
    """Return when an unused claim goes back to the stand; what was used before is kept for good."""
    return voucher.hold_until if voucher.state is State.ISSUED else None
