"""Marketing withdraws vouchers, as JSON: one by its code, minted ones by batch or range too."""

from chalice import Response

from chalicelib.domain import token as tokens
from chalicelib.domain import voucher as codes
from chalicelib.domain.errors import InvalidPayload
from chalicelib.domain.gift import received_id
from chalicelib.domain.live import Published
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.voucher import Voucher
from chalicelib.store import revocations
from chalicelib.usecases import revoking
from chalicelib.usecases.revoking import Revoked, Serials, Wish
from chalicelib.web import answers, journal, minted, session
from chalicelib.web.api import Routes, answer
from chalicelib.web.context import context
from chalicelib.web.schema import RevocationRequest

api = Routes(__name__)


@api.route("/api/v1/campaigns/{campaign_id}/revocations", methods=["POST"])
def post_revocation(campaign_id: str) -> Response | Refusal:
    """201 withdrawn now, 200 where the voucher was withdrawn before."""
    key = session.marketer(api, campaign_id)
    if isinstance(key, Refusal):
        return key
    body, published = api.body(RevocationRequest), context.catalog.campaign(campaign_id)
    serials = _serials(body)
    if body.code is not None:
        outcome = revoke(published, body.code, by=key.holder_id)
    else:
        outcome = revoke_minted(published, body.batch or 0, serials)
    if isinstance(outcome, Refusal):
        return outcome
    context.catalog.forget()
    if outcome.made:
        journal.event("revoked", campaign_id=campaign_id)
    document = answers.Revocation(
        campaign_id=campaign_id,
        voucher_id=outcome.voucher_id,
        batch=body.batch,
        first=body.first,
        last=body.last,
    )
    return answer(document, 201 if outcome.made else 200)


def revoke(published: Published, shown: str, *, by: str) -> Revoked | Refusal:
    """Withdraw the voucher of a code as typed, or of a QR code's text."""
    signed = tokens.read(shown)
    voucher_id = signed.token.voucher_id if signed else codes.read_code(shown)
    first = minted.behind(voucher_id) if voucher_id else None
    if voucher_id is None or isinstance(first, Refusal):
        return Refusal(Reason.UNKNOWN_CODE)
    if first is not None and first.campaign_id != published.campaign.campaign_id:
        return Refusal(Reason.UNKNOWN_CODE)
    wish = Wish(
        published=published,
        voucher_id=voucher_id,
        by=by,
        at=context.now(),
        heir_of=_heir_of,
        first=first,
    )
    return revoking.revoke(revocations, revocations, wish)


def revoke_minted(
    published: Published,
    number: int,
    serials: Serials | None,
    lists: revoking.Lists = revocations,
) -> Revoked | Refusal:
    """Withdraw a batch, or a range of its serials. `lists` is where that is kept."""
    batch = context.catalog.batch(published.campaign.number, number)
    if batch is None:
        return Refusal(Reason.NOT_FOUND)
    return revoking.revoke_minted(lists, batch, serials)


def _serials(body: RevocationRequest) -> Serials | None:
    """Return the range. Raises InvalidPayload where the body names nothing, or two things."""
    if (body.code is None) == (body.batch is None):
        raise InvalidPayload([("", "names a code, or a batch")])
    if body.first is None and body.last is None:
        return None
    if body.batch is None or body.first is None or body.last is None:
        raise InvalidPayload([("", "a range has a batch, its first and its last serial")])
    return body.first, body.last


def _heir_of(voucher: Voucher) -> str | None:
    """Return the id of the voucher to which a given one passed its unit on."""
    if voucher.gift_hash is None:
        return None
    number = context.catalog.campaign(voucher.campaign_id).campaign.number
    secret = context.secrets.claim_secret(number)
    return received_id(secret, voucher.voucher_id, voucher.gift_hash)
