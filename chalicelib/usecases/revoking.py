"""Marketing withdraws vouchers: one of any kind, minted ones also by their serials or batch.

One voucher ends in the ledger, at once and for good; its entry in the live record lets phones
without network know. A batch or a range is an entry alone. Nothing ever takes an entry back.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from chalicelib.domain.batch import Batch
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.live import MOST_BATCHES, MOST_VOUCHERS, Published
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.redemption import evidence
from chalicelib.domain.voucher import PastUse, State, Voucher

_ROUNDS = 20  # a chain of friends, and writes that others were quicker with

Serials = tuple[int, int]


class Vouchers(Protocol):
    """What a revocation needs of the ledger; `chalicelib.store.revocations` fits."""

    def get(self, voucher_id: str) -> Voucher | None: ...

    def bury(self, voucher: Voucher) -> bool:
        """Put the tombstone of a minted voucher that has no item; False where it has one."""
        ...

    def revoke(self, voucher: Voucher, *, at: datetime) -> bool:
        """End an unused voucher; False where it is not in that state any more."""
        ...

    def revoke_held(self, voucher: Voucher, past: PastUse) -> bool:
        """End one that an order holds, and give back what the hold took; False as above."""
        ...


class Lists(Protocol):
    """What a revocation needs of the live record; `chalicelib.store.revocations` fits."""

    def list_voucher(self, campaign_id: str, voucher_id: str) -> bool:
        """List a voucher by itself; False where the record is full."""
        ...

    def list_minted(self, campaign_id: str, batch: int, serials: Serials | None) -> bool:
        """List a range of a batch, or all of it; False where the record is full."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which voucher of which campaign to withdraw, who asks, when.

    `first` is what a minted code stands for. `heir_of` names the voucher to which a given one
    passed its unit on.
    """

    published: Published
    voucher_id: str
    by: str
    at: datetime
    heir_of: Callable[[Voucher], str | None]
    first: Voucher | None = None


@dataclass(frozen=True, slots=True)
class Revoked:
    """What is withdrawn; `made` is False where it was before.

    `voucher_id` is the one that could have been used: that of the friend, where it was given.
    """

    voucher_id: str | None
    made: bool


def revoke(vouchers: Vouchers, lists: Lists, wish: Wish) -> Revoked | Refusal:
    """Withdraw one voucher; again, it is the first success again."""
    campaign_id = wish.published.campaign.campaign_id
    if not wish.published.live.may_list(wish.voucher_id):
        return _full("revoked", MOST_VOUCHERS)
    passed, outcome = _ended(vouchers, wish)
    if isinstance(outcome, Refusal):
        return outcome
    for voucher_id in passed:
        if not lists.list_voucher(campaign_id, voucher_id):
            return _full("revoked", MOST_VOUCHERS)
    return outcome


def revoke_minted(lists: Lists, batch: Batch, serials: Serials | None = None) -> Revoked | Refusal:
    """Withdraw a range of serials of a batch, or all of it, within 5 s everywhere."""
    if serials is not None and not 1 <= serials[0] <= serials[1] <= batch.count:
        return Refusal(Reason.NOT_FOUND)
    if not lists.list_minted(batch.campaign_id, batch.number, serials):
        setting = "revoked_ranges" if serials else "revoked_batches"
        return _full(setting, MOST_BATCHES)
    return Revoked(None, made=True)


def _ended(vouchers: Vouchers, wish: Wish) -> tuple[list[str], Revoked | Refusal]:
    """End the voucher, or the one to which its unit passed; return all ids on the way."""
    passed = [wish.voucher_id]
    for _ in range(_ROUNDS):
        voucher = vouchers.get(passed[-1])
        if voucher is None and len(passed) == 1 and wish.first is not None:
            if vouchers.bury(replace(wish.first, state=State.REVOKED)):
                return passed, Revoked(passed[-1], made=True)
            continue
        if voucher is None or voucher.campaign_id != wish.published.campaign.campaign_id:
            return passed, Refusal(Reason.UNKNOWN_CODE)
        heir = wish.heir_of(voucher) if voucher.state is State.GIVEN else None
        if heir is not None:
            passed.append(heir)
            continue
        outcome = _end(vouchers, wish, voucher)
        if outcome is not None:
            return passed, outcome
    raise TryAgain("the voucher changed while it was withdrawn")


def _end(vouchers: Vouchers, wish: Wish, voucher: Voucher) -> Revoked | Refusal | None:
    """End a voucher as it was read, or say why not; None: it has changed since."""
    match voucher.state:
        case State.REVOKED:
            return Revoked(voucher.voucher_id, made=False)
        case State.REDEEMED:
            return Refusal(Reason.ALREADY_REDEEMED, _evidence(wish.published.campaign, voucher))
        case State.GIVEN:
            return Refusal(Reason.GIVEN_AWAY)
        case State.LAPSED:
            return Refusal(Reason.LAPSED)
        case State.HELD:
            ended = vouchers.revoke_held(voucher, _past(wish, voucher))
        case _:
            ended = vouchers.revoke(voucher, at=wish.at)
    return Revoked(voucher.voucher_id, made=True) if ended else None


def _evidence(campaign: Campaign, voucher: Voucher) -> dict[str, str]:
    popup = campaign.popup[voucher.popup_id]
    return evidence(campaign.popup, voucher.use, popup) if voucher.use else {}


def _past(wish: Wish, voucher: Voucher) -> PastUse:
    assert voucher.use is not None, "a hold is a use"
    return PastUse(
        use=voucher.use,
        nonce=f"revoke-{voucher.use.number}",
        device_id=wish.by,
        reversed_at=wish.at,
        why="revoked",
        released=True,
    )


def _full(setting: str, most: int) -> Refusal:
    return Refusal(Reason.LIMIT_CAMPAIGN, {"setting": setting, "most": str(most)})
