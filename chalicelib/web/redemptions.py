"""Staff use vouchers and give uses back, as JSON."""

from dataclasses import dataclass
from datetime import UTC, datetime

from chalice import Response

from chalicelib import signing
from chalicelib.domain import token as tokens
from chalicelib.domain import voucher as codes
from chalicelib.domain.device import DeviceToken, Profile
from chalicelib.domain.errors import InvalidPayload
from chalicelib.domain.popup import Popup
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.redemption import KeyLife, Scan, rfc3339
from chalicelib.domain.token import Token
from chalicelib.domain.voucher import PastUse, Use, Voucher
from chalicelib.store import counters, uses, vouchers
from chalicelib.usecases import redeeming, reversing
from chalicelib.web import answers, journal, minted, session
from chalicelib.web.api import Routes, answer
from chalicelib.web.context import context
from chalicelib.web.schema import Money, RedemptionRequest, ReversalRequest

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
    device = session.staff_device(api)
    if isinstance(device, Refusal):
        return device
    body = api.body(RedemptionRequest)
    scan = _scan(body, device)
    if isinstance(scan, Refusal):
        return scan
    if body.simulate:
        return redeeming.simulate(uses, counters, scan) or answer(answers.Simulation())
    outcome = redeeming.redeem(uses, scan, request_id=api.request_id())
    if isinstance(outcome, Refusal):
        return outcome
    if outcome.made:
        journal.event("redeemed", popup_id=scan.used.popup_id, offer_id=scan.offer.offer_id)
    status = 201 if outcome.made else 200
    return answer(_document(scan.voucher_id, scan.offer.offer_id, outcome.use), status)


@api.route("/api/v1/redemptions/{redemption_id}/reversal", methods=["POST"])
def post_reversal(redemption_id: str) -> Response | Refusal:
    """201 given back now, 200 replayed."""
    device = session.staff_device(api)
    if isinstance(device, Refusal):
        return device
    body = api.body(ReversalRequest)
    named = codes.read_redemption_id(redemption_id)
    if named is None:
        return Refusal(Reason.NOT_FOUND)
    wish = reversing.Wish(
        voucher_id=named[0],
        number=named[1],
        nonce=body.nonce,
        why=body.reason,
        device_id=device.device_id,
        at=context.now(),
        supervises=device.popup_id if device.profile is Profile.SUPERVISOR else None,
    )
    outcome = reversing.reverse(uses, wish)
    if isinstance(outcome, Refusal):
        return outcome
    if outcome.made:
        journal.event("reversed", popup_id=device.popup_id)
    return answer(_reversal(named[0], outcome.past), 201 if outcome.made else 200)


def _scan(body: RedemptionRequest, device: DeviceToken) -> Scan | Refusal:
    """Turn what was shown into a scan at this device's stand."""
    here, used = context.catalog.popup(device.popup_id)
    scanned_at, total = _scanned_at(body), _total(body, used)
    shown = _presented(body.scanned)
    if isinstance(shown, Refusal):
        return shown
    home = context.catalog.numbered(shown.campaign_number)
    offer = home.campaign.offer_numbered.get(shown.offer_number) if home else None
    issued = home.campaign.popup_numbered.get(shown.popup_number) if home else None
    if home is None or offer is None or issued is None:
        return Refusal(Reason.UNKNOWN_CODE)
    return Scan(
        voucher_id=shown.voucher_id,
        campaign_number=shown.campaign_number,
        home=home.live,
        published=here,
        offer=offer,
        issued=issued,
        used=used,
        at=context.now(),
        device_id=device.device_id,
        nonce=body.nonce,
        scanned_at=scanned_at,
        order_total_minor=total,
        token=shown.token,
        key=shown.key,
        first=shown.first,
    )


def _presented(scanned: str) -> Presented | Refusal:
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
    voucher_id = codes.read_code(scanned)
    first = minted.behind(voucher_id) if voucher_id else None
    if isinstance(first, Refusal):
        return first
    voucher = first or (vouchers.get(voucher_id) if voucher_id else None)
    if voucher is None:
        return Refusal(Reason.UNKNOWN_CODE, _what_it_was(scanned))
    campaign = context.catalog.campaign(voucher.campaign_id).campaign
    offer, popup = campaign.offer[voucher.offer_id], campaign.popup[voucher.popup_id]
    numbers = campaign.number, offer.number, popup.number
    return Presented(voucher.voucher_id, *numbers, first=first)


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


def _scanned_at(body: RedemptionRequest) -> datetime:
    """Return the device's instant in UTC. Raises InvalidPayload where that is no year."""
    try:
        return body.scanned_at.astimezone(UTC)
    except OverflowError as error:
        raise InvalidPayload([("/scanned_at", "is outside the years 1 to 9999")]) from error


def _total(body: RedemptionRequest, used: Popup) -> int | None:
    """Return the order's total. Raises InvalidPayload for another currency than the stand's."""
    if body.order_total is None:
        return None
    if body.order_total.currency != used.currency:
        raise InvalidPayload([("/order_total/currency", f"the stand's is {used.currency}")])
    return body.order_total.amount_minor


def _document(voucher_id: str, offer_id: str, use: Use) -> answers.Redemption:
    return answers.Redemption(
        redemption_id=codes.redemption_id(voucher_id, use.number),
        voucher_id=voucher_id,
        offer_id=offer_id,
        popup_id=use.popup_id,
        device_id=use.device_id,
        scanned_at=rfc3339(use.scanned_at),
        received_at=rfc3339(use.received_at),
        discount=Money(use.discount_minor, use.currency) if use.currency else None,
        revision=use.revision,
    )


def _reversal(voucher_id: str, past: PastUse) -> answers.Reversal:
    return answers.Reversal(
        redemption_id=codes.redemption_id(voucher_id, past.use.number),
        voucher_id=voucher_id,
        reversed_at=rfc3339(past.reversed_at),
        device_id=past.device_id,
        reason=past.why,
    )
