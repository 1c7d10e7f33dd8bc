"""Staff use a voucher, once; a repeated nonce gets the first use, whatever happened since."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from chalicelib.domain import redemption as rules
from chalicelib.domain.counter import CounterId, CounterKind
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.redemption import Scan
from chalicelib.domain.token import Token
from chalicelib.domain.voucher import Draw, Use, Voucher


class Vouchers(Protocol):
    """What a redemption needs of the ledger; `chalicelib.store.vouchers` fits."""

    def get(self, voucher_id: str) -> Voucher | None: ...

    def use(
        self, voucher_id: str, use: Use, token: Token | None, draws: Sequence[Draw]
    ) -> Use | Voucher | Reason | None:
        """Return the use made now, what stands in the way, a used-up limit's reason, or None."""
        ...

    def use_under(self, voucher: Voucher, device_id: str, nonce: str) -> Use | None:
        """Return the use that this device made under this nonce, or None."""
        ...


@dataclass(frozen=True, slots=True)
class Redeemed:
    """A use that stands; `made` is False on a replay."""

    use: Use
    made: bool


def redeem(vouchers: Vouchers, scan: Scan, *, request_id: str) -> Redeemed | Refusal:
    """Use the voucher once.

    What memory refuses is checked against the ledger first: a stored nonce is never refused.
    """
    refused = rules.refusal(scan, None)
    if refused is not None:
        return _refused(vouchers, scan, vouchers.get(scan.voucher_id)) or refused
    use = _use_of(scan, request_id)
    outcome = vouchers.use(scan.voucher_id, use, scan.token, _draws(scan, use.discount_minor))
    if isinstance(outcome, Use):
        return Redeemed(outcome, made=True)
    if isinstance(outcome, Reason):
        return Refusal(outcome, {"setting": _SETTING[outcome]})
    return _stood(vouchers, scan, outcome, request_id)


def simulate(vouchers: Vouchers, scan: Scan) -> Refusal | None:
    """Judge as `redeem` would by rules and state, and change nothing. Limits are not judged."""
    voucher = vouchers.get(scan.voucher_id)
    return rules.refusal(scan, voucher) if voucher else Refusal(Reason.UNKNOWN_CODE)


_SETTING = {Reason.LIMIT_DAY: "day_limit", Reason.BUDGET_EXHAUSTED: "budget_minor"}


def _refused(vouchers: Vouchers, scan: Scan, voucher: Voucher | None) -> Redeemed | Refusal | None:
    """Answer for a scan that memory refuses: the stored use, or the first reason of all."""
    if voucher is None:
        return None
    stored = vouchers.use_under(voucher, scan.device_id, scan.nonce)
    return Redeemed(stored, made=False) if stored else rules.refusal(scan, voucher)


def _stood(
    vouchers: Vouchers, scan: Scan, voucher: Voucher | None, request_id: str
) -> Redeemed | Refusal:
    """Answer for a scan whose write met its condition: replay, or the state in the way."""
    if voucher is None:
        return Refusal(Reason.UNKNOWN_CODE)
    stored = vouchers.use_under(voucher, scan.device_id, scan.nonce)
    if stored is not None:
        return Redeemed(stored, made=stored.request_id == request_id)
    refused = rules.refusal(scan, voucher)
    if refused is None:
        raise TryAgain("the voucher changed while it was used")
    return refused


def _use_of(scan: Scan, request_id: str) -> Use:
    benefit = scan.offer.benefit
    discount = benefit.discount(scan.order_total_minor)
    return Use(
        number=0,
        nonce=scan.nonce,
        device_id=scan.device_id,
        popup_id=scan.used.popup_id,
        scanned_at=scan.scanned_at,
        received_at=scan.at,
        local_hour=scan.used.local_hour(scan.at),
        revision=scan.published.revision,
        request_id=request_id,
        discount_minor=discount,
        currency=(benefit.currency or scan.used.currency) if discount else None,
        moved=tuple((draw.counter, draw.amount) for draw in _draws(scan, discount)),
    )


def _draws(scan: Scan, discount_minor: int) -> list[Draw]:
    """Return what this use takes from which counters."""
    offer, epoch = scan.offer, scan.published.epoch
    numbers = scan.published.campaign.number, offer.number
    draws = []
    if offer.day_limit is not None:
        day = scan.used.local_day(scan.at).isoformat()
        counter = CounterId(CounterKind.DAY, *numbers, scan.used.number, day)
        draws.append(Draw(counter=counter, amount=1, cap=offer.day_limit, epoch=epoch))
    if offer.budget_minor is not None and offer.benefit.takes_money_off:
        counter = CounterId(CounterKind.BUDGET, *numbers)
        cap = offer.budget_minor
        draws.append(Draw(counter=counter, amount=discount_minor, cap=cap, epoch=epoch))
    return draws
