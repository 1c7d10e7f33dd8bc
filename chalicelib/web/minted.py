"""What stands behind the code of a minted voucher, told from the code itself and its batch."""

from chalicelib.domain import mint
from chalicelib.domain.batch import Batch
from chalicelib.domain.reasons import Reason, Refusal
from chalicelib.domain.token import Token
from chalicelib.domain.voucher import Voucher, is_minted
from chalicelib.web.context import context


def behind(voucher_id: str, token: Token | None = None) -> Voucher | Refusal | None:
    """Return the voucher that a code stands for before its first use; None: it is no minted one.

    The id proves itself, typed or in a token whose signature was checked: a signing key in wrong
    hands mints nothing, and moves no code to another offer.
    """
    if token is not None and token.minted is not is_minted(voucher_id):
        return Refusal(Reason.BAD_SIGNATURE)
    if not is_minted(voucher_id):
        return None
    batch = batch_of(voucher_id)
    if batch is None or (token is not None and not batch.stands_behind(token)):
        return Refusal(Reason.BAD_SIGNATURE)
    return batch.voucher(voucher_id) or Refusal(Reason.UNKNOWN_CODE)


def batch_of(voucher_id: str) -> Batch | None:
    """Return the batch of a minted id, or None where no campaign's mint secret made it."""
    number, _ = mint.place_of(voucher_id)
    for published in context.catalog.all():
        campaign_number = published.campaign.number
        if mint.is_genuine(context.secrets.mint_secret(campaign_number), voucher_id):
            return context.catalog.batch(campaign_number, number)
    return None
