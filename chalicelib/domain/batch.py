"""A batch of minted vouchers: what its n codes have in common; made once, never changed."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain import mint
from chalicelib.domain.counter import CounterId
from chalicelib.domain.token import Token
from chalicelib.domain.voucher import State, Voucher

MOST_CODES = 1_000_000  # of one batch; its serials are 1 to `count`


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One batch. Its `number` is given once in an installation.

    `request` is the call that made it: the same call again finds it. `units` names each stock
    counter that it took from. `made_at` is a whole minute, as tokens say it.
    """

    number: int
    campaign_id: str
    campaign_number: int
    offer_id: str
    offer_number: int
    popup_id: str
    popup_number: int
    merchant_id: str | None
    count: int
    made_at: datetime
    local_hour: str
    expires_at: datetime
    key_id: int
    revision: int
    request: str
    units: tuple[tuple[CounterId, int], ...] = ()

    def token(self, voucher_id: str) -> Token:
        """Return what the QR code of one of its vouchers says."""
        return Token(
            key_id=self.key_id,
            campaign_number=self.campaign_number,
            offer_number=self.offer_number,
            popup_number=self.popup_number,
            issued_at=self.made_at,
            expires_at=self.expires_at,
            voucher_id=voucher_id,
            minted=True,
        )

    def stands_behind(self, token: Token) -> bool:
        """Tell whether a token promises what the batch does, and no other offer or stand."""
        promised = token.campaign_number, token.offer_number, token.popup_number
        return promised == (self.campaign_number, self.offer_number, self.popup_number)

    def voucher(self, voucher_id: str) -> Voucher | None:
        """Return the voucher that a code stands for before its first use; None: not of this batch.

        Nobody holds it, and its unit was taken by the batch.
        """
        number, serial = mint.place_of(voucher_id)
        if number != self.number or not 1 <= serial <= self.count:
            return None
        return Voucher(
            voucher_id=voucher_id,
            campaign_id=self.campaign_id,
            popup_id=self.popup_id,
            offer_id=self.offer_id,
            merchant_id=self.merchant_id,
            ordinal=serial,
            visitor="",
            state=State.ISSUED,
            issued_at=self.made_at,
            local_hour=self.local_hour,
            revision=self.revision,
        )
