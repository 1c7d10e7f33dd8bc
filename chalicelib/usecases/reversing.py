"""A use is given back: the voucher may be used again, each counter has its unit again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chalicelib.domain import redemption as rules
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.voucher import PastUse, Voucher


class Vouchers(Protocol):
    """What a reversal needs of the ledger; `chalicelib.store.vouchers` fits."""

    def get(self, voucher_id: str) -> Voucher | None: ...

    def past_use(self, voucher_id: str, number: int) -> PastUse | None: ...

    def end_use(self, voucher: Voucher, past: PastUse) -> bool:
        """Give the use back; False where the voucher is not in that use any more."""
        ...


@dataclass(frozen=True, slots=True)
class Reversed:
    """A use that was given back; `made` is False on a replay."""

    past: PastUse
    made: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which use to give back, and who asks, under which nonce.

    `supervises` is the stand whose uses the caller may give back at any time; a `shop` may give
    back its own at any time, and learns of no other.
    """

    voucher_id: str
    number: int
    nonce: str
    why: str
    device_id: str
    at: datetime
    supervises: str | None = None
    shop: bool = False


def reverse(vouchers: Vouchers, wish: Wish) -> Reversed | Refusal:
    """Give one use back, once; the same nonce again gets the first answer."""
    voucher = vouchers.get(wish.voucher_id)
    if voucher is None or wish.number > voucher.uses:
        return Refusal(Reason.NOT_FOUND)
    refused = _refusal(voucher, wish)
    if refused is not None:
        return _stored(vouchers, wish) or _told(vouchers, voucher, wish, refused)
    assert voucher.use is not None, "a use that is not there is refused above"
    past = PastUse(
        use=voucher.use,
        nonce=wish.nonce,
        device_id=wish.device_id,
        reversed_at=wish.at,
        why=wish.why,
    )
    if vouchers.end_use(voucher, past):
        return Reversed(past, made=True)
    return _stored(vouchers, wish) or Refusal(Reason.ALREADY_REVERSED)


def _refusal(voucher: Voucher, wish: Wish) -> Refusal | None:
    use = voucher.use
    own = use is not None and use.device_id == wish.device_id
    here = use is not None and use.popup_id == wish.supervises
    return rules.refusal_to_reverse(
        voucher,
        wish.number,
        device_id=wish.device_id,
        supervisor=here or (wish.shop and own),
        at=wish.at,
    )


def _told(vouchers: Vouchers, voucher: Voucher, wish: Wish, refused: Refusal) -> Refusal:
    """Keep from a shop what others did with the voucher."""
    if not wish.shop:
        return refused
    use = voucher.use if voucher.use and voucher.uses == wish.number else None
    past = None if use else vouchers.past_use(wish.voucher_id, wish.number)
    use = past.use if past else use
    own = use is not None and use.device_id == wish.device_id
    return refused if own else Refusal(Reason.NOT_FOUND)


def _stored(vouchers: Vouchers, wish: Wish) -> Reversed | None:
    """Return the reversal that this device made under this nonce, or None."""
    past = vouchers.past_use(wish.voucher_id, wish.number)
    if past and (past.device_id, past.nonce) == (wish.device_id, wish.nonce):
        return Reversed(past, made=False)
    return None
