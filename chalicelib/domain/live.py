"""What takes effect at once, outside revisions: pauses, revocations, withdrawn keys."""

from dataclasses import dataclass

from chalicelib.domain import mint
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.offer import Offer
from chalicelib.domain.popup import Popup
from chalicelib.domain.voucher import is_minted

# Every process reads the whole record every 5 s, and every phone has to carry it.
MOST_VOUCHERS = 2_000  # listed one by one
MOST_BATCHES = 500  # and as many ranges
MOST_DEVICES = 500
MOST_KEYS = 255  # of a campaign: a token has one byte for it


@dataclass(frozen=True, kw_only=True)
class Live:
    """The live record of one campaign. A rollback never takes anything out of it.

    `revoked_ranges` are (batch, first serial, last serial) of minted vouchers.
    """

    paused: bool = False
    paused_popups: frozenset[str] = frozenset()
    paused_offers: frozenset[str] = frozenset()
    revoked: frozenset[str] = frozenset()
    revoked_batches: frozenset[int] = frozenset()
    revoked_ranges: frozenset[tuple[int, int, int]] = frozenset()
    withdrawn_keys: frozenset[int] = frozenset()
    revoked_devices: frozenset[str] = frozenset()

    def pauses(self, popup: Popup, offer: Offer | None = None) -> bool:
        """Tell whether the campaign, this stand or this offer is paused."""
        return (
            self.paused
            or popup.popup_id in self.paused_popups
            or (offer is not None and offer.offer_id in self.paused_offers)
        )

    def may_list(self, voucher_id: str) -> bool:
        """Tell whether a voucher may be listed by itself, or is already."""
        return voucher_id in self.revoked or len(self.revoked) < MOST_VOUCHERS

    def revokes(self, voucher_id: str) -> bool:
        """Tell whether the voucher was withdrawn: by itself, or as a minted one with others."""
        if voucher_id in self.revoked:
            return True
        if not is_minted(voucher_id):
            return False
        batch, serial = mint.place_of(voucher_id)
        return batch in self.revoked_batches or any(
            batch == named and first <= serial <= last for named, first, last in self.revoked_ranges
        )


@dataclass(frozen=True, kw_only=True)
class Published:
    """A campaign as it stands: its live revision, the epoch of its pointer, its live record."""

    campaign: Campaign
    revision: int
    epoch: int
    live: Live = Live()
