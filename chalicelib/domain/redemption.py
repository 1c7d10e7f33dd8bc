"""May this voucher be used here and now? The order of checks, in one place.

Source: docs/rules.md, "Order of checks"; tests/golden/refusals.json holds a case for each.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from chalicelib.domain import gift
from chalicelib.domain.live import Live, Published
from chalicelib.domain.offer import Channel, Offer
from chalicelib.domain.popup import Popup
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.token import Token
from chalicelib.domain.voucher import State, Use, Voucher

LAST_USE = 8  # the eighth use cannot be reversed: the item's size is bounded by it
REVERSAL_WINDOW = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyLife:
    """When a signing key was valid: the issue times that it may vouch for, to the minute."""

    not_before: datetime
    not_after: datetime | None = None

    def vouches_for(self, issued_at: datetime) -> bool:
        """Tell whether a token of that issue time may carry this key's signature."""
        return self.not_before.replace(second=0, microsecond=0) <= issued_at and (
            self.not_after is None or issued_at <= self.not_after
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """One try to use a voucher: what was shown, where, when, for what order.

    `token` and `key` are None for a typed code, whose voucher is read first. `home` is the live
    record of the voucher's own campaign, `published` the campaign of the stand. `first` is the
    voucher that a minted code stands for before its first use. A shop names its `order`, the
    `merchant_ids` that it sells for (None: all), and holds for `hold_seconds` if it wants to.
    `shift` is who works with the device.
    """

    voucher_id: str
    campaign_number: int
    home: Live
    published: Published
    offer: Offer
    issued: Popup
    used: Popup
    at: datetime
    device_id: str
    nonce: str
    scanned_at: datetime
    channel: Channel = Channel.STAND
    order_total_minor: int | None = None
    token: Token | None = None
    key: KeyLife | None = None
    first: Voucher | None = None
    shift: str | None = None
    order: str | None = None
    merchant_ids: frozenset[str] | None = None
    hold_seconds: int | None = None
    taken_minor: int = 0

    @property
    def discount_minor(self) -> int:
        """The discount, never above what other vouchers left of the order (`taken_minor`)."""
        discount, total = (
            self.offer.benefit.discount(self.order_total_minor),
            self.order_total_minor,
        )
        return discount if total is None else min(discount, max(0, total - self.taken_minor))


def refusal(scan: Scan, voucher: Voucher | None) -> Refusal | None:
    """Return the first rule that this use breaks, or None.

    `voucher` is what the ledger has, or None while it was not read: its state is then left to
    the conditional write. Limits are never judged here.
    """
    return next(_refusals(scan, voucher), None)


def _refusals(scan: Scan, voucher: Voucher | None) -> Iterator[Refusal]:
    """Yield every broken rule in the order of checks."""
    yield from _key(scan)
    yield from _given_or_revoked(scan, voucher)
    yield from _place(scan)
    yield from _time(scan)
    yield from _state(scan, voucher)
    yield from _order(scan)


def _key(scan: Scan) -> Iterator[Refusal]:
    if scan.token is None or scan.key is None:
        return
    if not scan.key.vouches_for(scan.token.issued_at):
        yield Refusal(Reason.KEY_RETIRED)
    if scan.token.key_id in scan.home.withdrawn_keys:
        yield Refusal(Reason.KEY_WITHDRAWN)


def _given_or_revoked(scan: Scan, voucher: Voucher | None) -> Iterator[Refusal]:
    state = voucher.state if voucher else None
    if state is State.REVOKED or scan.home.revokes(scan.voucher_id):
        yield Refusal(Reason.REVOKED)
    if voucher is not None and state is State.GIVEN:
        yield gift.gone(voucher)


def _place(scan: Scan) -> Iterator[Refusal]:
    if scan.campaign_number != scan.published.campaign.number:
        yield Refusal(Reason.WRONG_CAMPAIGN)
    if not scan.offer.reaches(scan.issued, scan.used):
        facts = {"issued_at_city": scan.issued.city, "setting": "usable_at"}
        yield Refusal(Reason.WRONG_CITY, facts)
    if scan.merchant_ids is not None and scan.offer.merchant_id not in scan.merchant_ids:
        yield Refusal(Reason.WRONG_MERCHANT, {"setting": "merchant_id"})
    if scan.channel not in scan.offer.channels:
        yield Refusal(Reason.WRONG_CHANNEL, {"setting": "channels"})


def _time(scan: Scan) -> Iterator[Refusal]:
    campaign, zone = scan.published.campaign, {"time_zone": scan.used.time_zone}
    if scan.published.live.pauses(scan.used, scan.offer):
        yield Refusal(Reason.PAUSED)
    starts = campaign.usable_from(scan.used, scan.offer)
    if scan.at < starts:
        yield Refusal(Reason.NOT_STARTED, {"starts_at": rfc3339(starts)} | zone)
    ends = campaign.usable_until(scan.used, scan.offer)
    if scan.at >= ends or (scan.token is not None and scan.at >= scan.token.expires_at):
        yield Refusal(Reason.EXPIRED, {"ended_at": rfc3339(ends)} | zone)
    closed_until = scan.published.live.closed_until(scan.used.popup_id, scan.at)
    if scan.channel is Channel.STAND and (closed_until or not scan.used.open_at(scan.at)):
        opens = closed_until or scan.used.opens_next(scan.at)
        yield Refusal(Reason.NOT_NOW, ({"opens_at": rfc3339(opens)} if opens else {}) | zone)


def _state(scan: Scan, voucher: Voucher | None) -> Iterator[Refusal]:
    if voucher is not None:
        found = _refusal_of_state(scan, voucher)
        if found is not None:
            yield found


def _refusal_of_state(scan: Scan, voucher: Voucher) -> Refusal | None:
    """Return the reason for which the ledger's item stands in the way of a use, or None."""
    revived = scan.token is not None and scan.token.generation != voucher.generation
    if voucher.state is State.LAPSED or revived:
        return Refusal(Reason.LAPSED)
    if voucher.state is State.REDEEMED:
        return Refusal(Reason.ALREADY_REDEEMED, _evidence(scan, voucher.use))
    if voucher.held_at(scan.at):
        return Refusal(Reason.HELD_BY_ORDER)
    if scan.hold_seconds is not None and voucher.uses >= LAST_USE - 1:
        return Refusal(Reason.REVERSAL_WINDOW_CLOSED, {"setting": "last_use"})
    return None


def _order(scan: Scan) -> Iterator[Refusal]:
    benefit, total = scan.offer.benefit, scan.order_total_minor
    if total is None:
        if scan.offer.needs_order_total:
            currency = benefit.currency or scan.used.currency
            yield Refusal(Reason.ORDER_TOTAL_REQUIRED, {"currency": currency})
        return
    if benefit.minimum_minor is not None and total < benefit.minimum_minor:
        facts = {
            "minimum_minor": str(benefit.minimum_minor),
            "currency": benefit.currency or scan.used.currency,
            "setting": "minimum_minor",
        }
        yield Refusal(Reason.MINIMUM_NOT_MET, facts)
    if benefit.takes_money_off and scan.discount_minor == 0:
        yield Refusal(Reason.NO_EFFECT)


def _evidence(scan: Scan, use: Use | None) -> dict[str, str]:
    return evidence(scan.published.campaign.popup, use, scan.used) if use else {}


def evidence(popups: Mapping[str, Popup], use: Use, otherwise: Popup) -> dict[str, str]:
    """Say when, where and by which device the voucher was used."""
    place = popups.get(use.popup_id, otherwise)
    return {
        "used_at": rfc3339(use.at),
        "used_place": place.city,
        "used_popup_id": use.popup_id,
        "used_device_id": use.device_id,
        "time_zone": place.time_zone,
    }


def refusal_to_reverse(
    voucher: Voucher, number: int, *, device_id: str, supervisor: bool, at: datetime
) -> Refusal | None:
    """Return why this use may not be given back by this device now, or None."""
    if voucher.use is None or voucher.uses != number or voucher.state is not State.REDEEMED:
        held = voucher.uses == number and voucher.held_at(at)
        return Refusal(Reason.HELD_BY_ORDER if held else Reason.ALREADY_REVERSED)
    if number >= LAST_USE:
        return Refusal(Reason.REVERSAL_WINDOW_CLOSED, {"setting": "last_use"})
    if supervisor:
        return None
    if voucher.use.device_id != device_id:
        return Refusal(Reason.DEVICE_NOT_ALLOWED, {"setting": "supervisor"})
    if at - voucher.use.received_at > REVERSAL_WINDOW:
        return Refusal(Reason.REVERSAL_WINDOW_CLOSED, {"setting": "reversal_window"})
    return None


def rfc3339(at: datetime) -> str:
    """Write an instant in UTC, to the second."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
