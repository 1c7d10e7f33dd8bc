"""Staff and shops use vouchers and give uses back, as JSON."""

from dataclasses import dataclass
from datetime import UTC, datetime

from chalice import Response

from chalicelib import signing
from chalicelib.domain import token as tokens
from chalicelib.domain import voucher as codes
from chalicelib.domain.api_key import Shop
from chalicelib.domain.device import DeviceToken
from chalicelib.domain.errors import InvalidPayload
from chalicelib.domain.guessing import Guess
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.redemption import KeyLife, Scan, rfc3339
from chalicelib.domain.token import Token
from chalicelib.domain.voucher import PastUse, Use, Voucher
from chalicelib.store import counters, uses, vouchers
from chalicelib.usecases import redeeming, reversing
from chalicelib.web import answers, guard, journal, minted, session
from chalicelib.web.api import Routes, answer
from chalicelib.web.context import context
from chalicelib.web.schema import (
    Money,
    RedemptionRequest,
    ReversalRequest,
    ShopRedemptionRequest,
)
from chalicelib.web.tills import Asked, Till, till_of

api = Routes(__name__)


@dataclass(frozen=True, slots=True)
class Presented:
    """What was shown, as far as it is known without its window or state."""

    voucher_id: str
    campaign_number: int
    offer_number: int
    popup_number: int
    token: Token | None = None
    key: KeyLife | None = None
    first: Voucher | None = None


@api.route("/api/v1/redemptions", methods=["POST"])
def post_redemption() -> Response | Refusal:
    """201 used now, 200 replayed; a problem with the reason otherwise."""
    caller = session.till(api)
    if isinstance(caller, Refusal):
        return caller
    till = till_of(caller)
    asked = _asked_by_shop() if isinstance(caller, Shop) else _asked_by_staff(till)
    scan = scan_of(till, asked)
    if isinstance(scan, Refusal):
        return scan
    if asked.simulate:
        return redeeming.simulate(uses, counters, scan) or answer(answers.Simulation())
    outcome = redeeming.redeem(uses, scan, request_id=api.request_id())
    if isinstance(outcome, Refusal):
        return outcome
    if outcome.made:
        tell(scan, outcome.use)
    return answer(document(scan, outcome.use), 201 if outcome.made else 200)


@api.route("/api/v1/redemptions/{redemption_id}/reversal", methods=["POST"])
def post_reversal(redemption_id: str) -> Response | Refusal:
    """201 given back now, 200 replayed."""
    caller = session.till(api)
    if isinstance(caller, Refusal):
        return caller
    body = api.body(ReversalRequest)
    named = codes.read_redemption_id(redemption_id)
    if named is None:
        return Refusal(Reason.NOT_FOUND)
    wish = reversing.Wish(
        voucher_id=named[0],
        number=named[1],
        nonce=body.nonce,
        why=body.reason,
        device_id=caller.device_id,
        at=context.now(),
        supervises=_supervised(caller),
        shop=isinstance(caller, Shop),
    )
    outcome = reversing.reverse(uses, wish)
    if isinstance(outcome, Refusal):
        return outcome
    if outcome.made:
        journal.event("reversed", popup_id=outcome.past.use.popup_id)
    return answer(_reversal(named[0], outcome.past), 201 if outcome.made else 200)


def scan_of(till: Till, asked: Asked) -> Scan | Refusal:
    """Turn what was shown into a scan at this till."""
    shown = _presented(asked.scanned, till.device_id)
    if isinstance(shown, Refusal):
        return shown
    home = context.catalog.numbered(shown.campaign_number)
    offer = home.campaign.offer_numbered.get(shown.offer_number) if home else None
    issued = home.campaign.popup_numbered.get(shown.popup_number) if home else None
    if home is None or offer is None or issued is None:
        return Refusal(Reason.UNKNOWN_CODE)
    used = till.popup or issued
    total = asked.total_at(used, offer)
    if isinstance(total, Refusal):
        return total
    return Scan(
        voucher_id=shown.voucher_id,
        campaign_number=shown.campaign_number,
        home=home.live,
        published=till.published,
        offer=offer,
        issued=issued,
        used=used,
        at=context.now(),
        device_id=till.device_id,
        nonce=asked.nonce,
        scanned_at=asked.scanned_at,
        channel=till.channel,
        order_total_minor=total,
        token=shown.token,
        key=shown.key,
        shift=asked.shift,
        order=till.order(asked.order_ref),
        merchant_ids=till.merchant_ids,
        hold_seconds=asked.hold_seconds,
        first=shown.first,
    )


def _presented(scanned: str, device_id: str) -> Presented | Refusal:
    """Read a QR code's text or a typed code; say what else it was."""
    signed = tokens.read(scanned)
    if signed is not None:
        key = signing.verify(context.secrets, signed)
        if isinstance(key, Refusal):
            return key
        token = signed.token
        first = minted.behind(token.voucher_id, token)
        if isinstance(first, Refusal):
            return first
        numbers = token.campaign_number, token.offer_number, token.popup_number
        return Presented(token.voucher_id, *numbers, token=token, key=key, first=first)
    return _typed(scanned, device_id)


def _typed(text: str, device_id: str) -> Presented | Refusal:
    """Read a typed code; whole codes that are nobody's are counted as guesses of this device."""
    voucher_id = codes.read_code(text)
    if voucher_id is None:
        return Refusal(Reason.UNKNOWN_CODE, _what_it_was(text))
    stopped = guard.stopped(Guess.TYPED_CODE, device_id)
    if stopped is not None:
        return stopped
    first = minted.behind(voucher_id)
    voucher = vouchers.get(voucher_id) if first is None else first
    if voucher is None or isinstance(voucher, Refusal):
        guard.wrong(Guess.TYPED_CODE, device_id)
        return voucher or Refusal(Reason.UNKNOWN_CODE)
    campaign = context.catalog.campaign(voucher.campaign_id).campaign
    offer, popup = campaign.offer[voucher.offer_id], campaign.popup[voucher.popup_id]
    numbers = campaign.number, offer.number, popup.number
    return Presented(voucher.voucher_id, *numbers, first=voucher if first else None)


def _what_it_was(scanned: str) -> dict[str, str]:
    """Say what it was in place of a voucher: a mistyped code, a stand's poster, an address."""
    typed = codes.mistyped(scanned)
    if typed is not None:
        return {"typed_code": typed}
    address = scanned.strip().lower()
    ours = f"{context.settings.public_url.lower()}/p/"
    stand = address.removeprefix(ours).split("?", maxsplit=1)[0]
    if address.startswith(ours) and stand in context.catalog.stands():
        return {"scanned_stand": context.catalog.popup(stand)[1].city}
    host = tokens.host_of(scanned)
    return {"scanned_host": host} if host else {}


def _asked_by_staff(till: Till) -> Asked:
    """Read the body of a stand's device. Raises InvalidPayload."""
    body = api.body(RedemptionRequest)
    till.check_currency(body.order_total)
    return Asked(
        scanned=body.scanned,
        nonce=body.nonce,
        scanned_at=_scanned_at(body),
        order_ref=body.order_ref,
        order_total=body.order_total,
        shift=body.shift,
        simulate=body.simulate,
    )


def _asked_by_shop() -> Asked:
    """Read the body of a shop. Raises InvalidPayload."""
    body = api.body(ShopRedemptionRequest)
    return Asked(
        scanned=body.scanned,
        nonce=body.nonce,
        scanned_at=context.now(),
        order_ref=body.order_ref,
        order_total=body.order_total,
        hold_seconds=body.hold_seconds,
        simulate=body.simulate,
    )


def _scanned_at(body: RedemptionRequest) -> datetime:
    """Return the device's instant in UTC. Raises InvalidPayload where that is no year."""
    try:
        return body.scanned_at.astimezone(UTC)
    except OverflowError as error:
        raise InvalidPayload([("/scanned_at", "is outside the years 1 to 9999")]) from error


def _supervised(caller: DeviceToken | Shop) -> str | None:
    """Return the stand whose uses the caller may give back at any time, or None."""
    if isinstance(caller, Shop) or not session.supervises(caller):
        return None
    return caller.popup_id


def tell(scan: Scan, use: Use) -> None:
    """Log a use or a hold that was made now."""
    kind = "held" if use.held_until else "redeemed"
    journal.event(kind, popup_id=use.popup_id, offer_id=scan.offer.offer_id)


def document(scan: Scan, use: Use) -> answers.Redemption:
    """Return a use as it was answered the first time, whatever became of it since."""
    return answers.Redemption(
        redemption_id=codes.redemption_id(scan.voucher_id, use.number),
        voucher_id=scan.voucher_id,
        offer_id=scan.offer.offer_id,
        popup_id=use.popup_id,
        device_id=use.device_id,
        scanned_at=rfc3339(use.scanned_at),
        received_at=rfc3339(use.received_at),
        discount=Money(use.discount_minor, use.currency) if use.currency else None,
        revision=use.revision,
        outcome="held" if use.held_until else "accepted",
        held_until=rfc3339(use.held_until) if use.held_until else None,
        shift=use.shift,
    )


def _reversal(voucher_id: str, past: PastUse) -> answers.Reversal:
    return answers.Reversal(
        redemption_id=codes.redemption_id(voucher_id, past.use.number),
        voucher_id=voucher_id,
        reversed_at=rfc3339(past.reversed_at),
        device_id=past.device_id,
        reason=past.why,
    )
