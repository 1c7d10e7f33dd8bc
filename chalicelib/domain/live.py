"""What takes effect at once, outside revisions: pauses, revocations, withdrawn keys."""

from dataclasses import dataclass

from chalicelib.domain.campaign import Campaign
from chalicelib.domain.offer import Offer
from chalicelib.domain.popup import Popup


@dataclass(frozen=True, kw_only=True)
class Live:
    """The live record of one campaign. A rollback never takes anything out of it."""

    paused: bool = False
    paused_popups: frozenset[str] = frozenset()
    paused_offers: frozenset[str] = frozenset()
    revoked: frozenset[str] = frozenset()
    withdrawn_keys: frozenset[int] = frozenset()
    revoked_devices: frozenset[str] = frozenset()

    def pauses(self, popup: Popup, offer: Offer | None = None) -> bool:
        """Tell whether the campaign, this stand or this offer is paused."""
        return (
            self.paused
            or popup.popup_id in self.paused_popups
            or (offer is not None and offer.offer_id in self.paused_offers)
        )


@dataclass(frozen=True, kw_only=True)
class Published:
    """A campaign as it stands: its live revision, the epoch of its pointer, its live record."""

    campaign: Campaign
    revision: int
    epoch: int
    live: Live = Live()
