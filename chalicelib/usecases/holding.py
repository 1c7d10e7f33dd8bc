"""A shop ends the hold of its order: confirmed it is a use, released the voucher is free again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.voucher import PastUse, State, Use, Voucher


class Vouchers(Protocol):
    """What a hold needs of the ledger; `chalicelib.store.vouchers` fits."""

    def get(self, voucher_id: str) -> Voucher | None: ...

    def past_use(self, voucher_id: str, number: int) -> PastUse | None: ...

    def confirm(self, voucher: Voucher, *, at: datetime) -> bool:
        """Make the hold a use; False where it is no hold any more, or ended by itself."""
        ...

    def end_use(self, voucher: Voucher, past: PastUse) -> bool:
        """Give back what the hold took; False where it holds no more."""
        ...


@dataclass(frozen=True, slots=True)
class Settled:
    """A use that was held; `made` is False where it was settled like this before."""

    use: Use
    made: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which hold to end, by whom."""

    voucher_id: str
    number: int
    device_id: str
    at: datetime


def confirm(vouchers: Vouchers, wish: Wish) -> Settled | Refusal:
    """Make the hold a use. A hold that ended by itself cannot be confirmed."""
    voucher = vouchers.get(wish.voucher_id)
    use = _own(voucher, wish)
    if voucher is None or use is None:
        return _gone(vouchers, wish)
    if voucher.state is State.REDEEMED:
        return Settled(use, made=False)
    if vouchers.confirm(voucher, at=wish.at):
        return Settled(use, made=True)
    later = vouchers.get(wish.voucher_id)
    again = _own(later, wish)
    if later is not None and again is not None and later.state is State.REDEEMED:
        return Settled(again, made=False)
    return Refusal(Reason.ALREADY_REVERSED)


def release(vouchers: Vouchers, wish: Wish) -> Settled | Refusal:
    """Give the held voucher back; releasing it again changes nothing."""
    voucher = vouchers.get(wish.voucher_id)
    use = _own(voucher, wish)
    if voucher is not None and use is not None:
        if voucher.state is State.REDEEMED:
            return Refusal(Reason.ALREADY_REDEEMED)
        past = PastUse(
            use=use,
            nonce=f"release-{wish.number}",
            device_id=wish.device_id,
            reversed_at=wish.at,
            why="released",
            released=True,
        )
        if vouchers.end_use(voucher, past):
            return Settled(use, made=True)
        if _own(vouchers.get(wish.voucher_id), wish) is not None:  # confirmed meanwhile
            return Refusal(Reason.ALREADY_REDEEMED)
    ended = vouchers.past_use(wish.voucher_id, wish.number)
    if ended is not None and ended.released and ended.use.device_id == wish.device_id:
        return Settled(ended.use, made=False)
    return _gone(vouchers, wish)


def _own(voucher: Voucher | None, wish: Wish) -> Use | None:
    """Return the caller's own current use of that number, held or confirmed, or None."""
    use = voucher.use if voucher else None
    found = use is not None and (use.number, use.device_id) == (wish.number, wish.device_id)
    return use if found else None


def _gone(vouchers: Vouchers, wish: Wish) -> Refusal:
    """Tell the caller's own use that was given back from one that is none of its business."""
    past = vouchers.past_use(wish.voucher_id, wish.number)
    own = past is not None and past.use.device_id == wish.device_id
    return Refusal(Reason.ALREADY_REVERSED if own else Reason.NOT_FOUND)
