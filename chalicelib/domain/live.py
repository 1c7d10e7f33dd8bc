"""What takes effect at once, outside revisions: pauses, messages, revocations, withdrawn keys."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

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
LONGEST_MESSAGE: Final = 140
EVERY_STAND: Final = "*"


class StandState(StrEnum):
    """What the manager of a stand says of it. `closed`: for today; it ends by itself."""

    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Closing:
    """A stand that its manager closed, until its next opening."""

    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Message:
    """What everybody at a stand may read. `until` None: until it is taken away."""

    text: str
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Live:
    """The live record of one campaign. A rollback never takes anything out of it.

    `revoked_ranges` are (batch, first serial, last serial) of minted vouchers; `closings` and
    `messages` are by stand, a message of all stands has the name `*`.
    """

    paused: bool = False
    paused_popups: frozenset[str] = frozenset()
    paused_offers: frozenset[str] = frozenset()
    closings: Mapping[str, Closing] = field(default_factory=dict)
    messages: Mapping[str, Message] = field(default_factory=dict)
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

    def stops(self, popup: Popup, at: datetime, offer: Offer | None = None) -> bool:
        """Tell whether it pauses, or its manager closed the stand: nothing is claimed there."""
        return self.pauses(popup, offer) or self.closed_until(popup.popup_id, at) is not None

    def state_of(self, popup_id: str, at: datetime) -> StandState:
        """Return what the stand's manager says of it."""
        if popup_id in self.paused_popups:
            return StandState.PAUSED
        return StandState.CLOSED if self.closed_until(popup_id, at) else StandState.OPEN

    def closed_until(self, popup_id: str, at: datetime) -> datetime | None:
        """Return when a stand that its manager closed is open again, or None for any other."""
        closing = self.closings.get(popup_id)
        return closing.until if closing and at < closing.until else None

    def messages_at(self, popup_id: str, at: datetime) -> list[str]:
        """Return what is to be read at a stand: what all stands say first."""
        found = (self.messages.get(name) for name in (EVERY_STAND, popup_id))
        return [one.text for one in found if one and (one.until is None or at < one.until)]

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
