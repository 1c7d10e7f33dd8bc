"""The published campaigns in memory, checked against their pointers at most every 5 s."""

import threading
import time
from collections.abc import Callable

from chalicelib.domain.batch import Batch
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.errors import NotFound, TryAgain
from chalicelib.domain.live import Live, Published
from chalicelib.domain.pointer import Pointer
from chalicelib.domain.popup import Popup
from chalicelib.store import campaigns, mints

CHECK_EVERY_SECONDS = 5.0
SERVE_UNCHECKED_SECONDS = 60.0


class Catalog:
    """What all hot paths read: no request for it while it is fresh.

    Where the check fails, the last state is served for up to 60 s, then `TryAgain` is raised.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._documents: dict[tuple[str, int], Campaign] = {}
        self._batches: dict[tuple[int, int], Batch] = {}
        self._published: dict[str, Published] = {}
        self._checked_at: float | None = None

    def all(self) -> tuple[Published, ...]:
        """Return every published campaign."""
        return tuple(self._fresh().values())

    def latest(self) -> tuple[Published, ...]:
        """Return the same as it is at this instant, for whom 5 s are too old. Raises TryAgain."""
        return tuple(self._read().values())

    def campaign(self, campaign_id: str) -> Published:
        """Return one campaign. Raises NotFound."""
        found = self._fresh().get(campaign_id)
        if found is None:
            raise NotFound(f"no campaign {campaign_id}")
        return found

    def numbered(self, campaign_number: int) -> Published | None:
        """Return the campaign that a token names, or None."""
        fresh = self._fresh().values()
        return next((p for p in fresh if p.campaign.number == campaign_number), None)

    def popup(self, popup_id: str) -> tuple[Published, Popup]:
        """Return a stand with its campaign; pop-up ids are unique. Raises NotFound."""
        for published in self._fresh().values():
            if popup_id in published.campaign.popup:
                return published, published.campaign.popup[popup_id]
        raise NotFound(f"no stand {popup_id}")

    def batch(self, campaign_number: int, number: int) -> Batch | None:
        """Return a batch of minted vouchers, or None. It never changes: one read a process."""
        key = campaign_number, number
        found = self._batches.get(key) or mints.batch(*key)
        if found is not None:
            self._batches[key] = found
        return found

    def stands(self) -> set[str]:
        """Return the ids of every published stand."""
        return {popup_id for p in self._fresh().values() for popup_id in p.campaign.popup}

    def forget(self) -> None:
        """Check again at the next use."""
        with self._lock:
            self._checked_at = None

    def _fresh(self) -> dict[str, Published]:
        with self._lock:
            now = self._clock()
            if self._checked_at is None or now - self._checked_at >= CHECK_EVERY_SECONDS:
                self._check(now)
            return self._published

    def _check(self, now: float) -> None:
        try:
            self._published = self._read()
            self._checked_at = now
        except TryAgain:
            if self._checked_at is None or now - self._checked_at > SERVE_UNCHECKED_SECONDS:
                raise

    def _read(self) -> dict[str, Published]:
        pointers, lives = campaigns.pointers(), campaigns.lives()
        return {
            campaign_id: self._as_before(
                campaign_id,
                Published(
                    campaign=self._document(campaign_id, pointer),
                    revision=pointer.revision,
                    epoch=pointer.epoch,
                    live=lives.get(campaign_id, Live()),
                ),
            )
            for campaign_id, pointer in pointers.items()
        }

    def _as_before(self, campaign_id: str, found: Published) -> Published:
        """Return the very same object while nothing changed: what was made of it stays good."""
        before = self._published.get(campaign_id)
        return before if before == found else found

    def _document(self, campaign_id: str, pointer: Pointer) -> Campaign:
        key = (campaign_id, pointer.revision)
        if key not in self._documents:
            self._documents[key] = campaigns.revision(*key)
        return self._documents[key]
